"""The demo is loaded into an empty database only, never in production, and its buttons exist nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from kring.core.access import Refused
from kring.core.models import Installation
from kring.demo.accounts import demo_accounts
from kring.demo.actions import load_demo
from kring.people.models import Person
from kring.school.models import Board
from tests import factories as make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_school_marked_as_demo(cast: Cast) -> Person:
    """The cast's school in a database made as a demo, with one person who is on the list of accounts."""
    Installation.objects.create(pk=1, is_demo=True)
    person = make.PersonFactory(school=cast.school, first_name="Marloes", last_name="Heuvel")
    make.GuardianshipFactory(child=cast.child, person=person)
    return person


def test_a_database_with_people_is_refused_and_left_as_it_is(cast: Cast) -> None:
    before = Person.objects.count()
    with pytest.raises(Refused):
        load_demo(now=NOW)
    call_command("load_demo", verbosity=0)
    assert Person.objects.count() == before
    assert not Installation.objects.exists()
    assert demo_accounts() == []


def test_a_database_made_as_a_real_one_is_refused_before_anybody_is_in_it() -> None:
    Installation.objects.create(pk=1, is_demo=False)
    with pytest.raises(CommandError):
        call_command("load_demo", verbosity=0)
    assert not Board.objects.exists()


def test_a_demo_is_not_loaded_a_second_time(a_school_marked_as_demo: Person) -> None:
    before = Person.objects.count()
    with pytest.raises(Refused):
        load_demo(now=NOW)
    call_command("load_demo", verbosity=0)
    assert Person.objects.count() == before


def test_production_never_loads_it(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="Production"):
        call_command("load_demo", verbosity=0)
    assert not Board.objects.exists()


def test_make_run_loads_the_demo_and_make_serve_does_not() -> None:
    recipes = dict(
        part.split(":", 1) for part in (Path(configured.BASE_DIR) / "Makefile").read_text().split("\n\n") if ":" in part
    )
    run, serve = (next(text for name, text in recipes.items() if name.strip() == want) for want in ("run", "serve"))
    assert "load_demo" in run
    assert "manage.py serve" in serve or "$(MANAGE) serve" in serve
    assert "load_demo" not in serve
    assert "KRING_MODE := production" in serve


def test_the_button_signs_in_on_a_demo_and_is_nowhere_on_a_real_school(a_school_marked_as_demo: Person) -> None:
    person, button = a_school_marked_as_demo, reverse("demo:sign_in")
    assert person.public_id in Client().get(reverse("account_login")).content.decode()
    assert Client().post(button, {"person": person.public_id}).status_code == 302
    Installation.objects.update(is_demo=False)
    assert person.public_id not in Client().get(reverse("account_login")).content.decode()
    client = Client()
    assert client.post(button, {"person": person.public_id}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_only_the_offered_accounts_can_be_chosen(cast: Cast, a_school_marked_as_demo: Person) -> None:
    button = reverse("demo:sign_in")
    for wanted in (cast.people["management"].public_id, str(cast.people["management"].pk), "", "nobody"):
        client = Client()
        assert client.post(button, {"person": wanted}).status_code == 404
        assert "_auth_user_id" not in client.session
    assert Client().get(button, {"person": a_school_marked_as_demo.public_id}).status_code == 405
