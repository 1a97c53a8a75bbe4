"""An empty installation becomes a school with one command."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from kring.core.models import Installation
from kring.people.models import TeamRole
from kring.school.models import Layer, School, SchoolYear
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
GIVEN = {
    "board": "Stichting Samen",
    "school": "De Iep",
    "city": "Utrecht",
    "region": "midden",
    "admin_name": "Anna van den Berg",
    "admin_email": "anna@example.org",
}


def start(**changes: str) -> str:
    out = StringIO()
    call_command("start_school", stdout=out, **{**GIVEN, **changes})
    return out.getvalue()


def test_it_makes_a_school_and_a_link_that_lets_management_in(client: Client) -> None:
    said = start()
    school = School.objects.get(name="De Iep")
    assert (school.region, school.city, school.board.name) == ("midden", "Utrecht", "Stichting Samen")
    assert SchoolYear.objects.get(school=school).name == "2026-2027"
    assert [layer.name for layer in Layer.objects.filter(school=school)] == ["Onderbouw", "Middenbouw", "Bovenbouw"]
    person = TeamRole.objects.get(school=school, kind="management").person
    assert (person.first_name, person.infix, person.last_name) == ("Anna", "van den", "Berg")
    path = re.search(r"/account/invitation/\w+/", said)
    assert path
    client.post(path[0], {"email": "anna@example.org", "password": PASSWORD})
    person.refresh_from_db()
    assert person.user is not None


def test_the_board_may_have_an_administrator_too() -> None:
    said = start(board_admin="Bob de Wit <bob@example.org>")
    assert said.count("/account/invitation/") == 2
    assert TeamRole.objects.filter(kind="board_admin", board__name="Stichting Samen").exists()


@pytest.mark.parametrize(
    "changes",
    [{"region": "mars"}, {"admin_email": "geen adres"}, {"admin_name": "Anna"}, {"school": "x" * 121}],
)
def test_wrong_input_is_said_and_makes_nothing(changes: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        start(**changes)
    assert not School.objects.exists()


def test_twice_the_same_school_is_refused() -> None:
    start()
    with pytest.raises(CommandError):
        start()
    assert School.objects.count() == 1


def test_a_demo_database_is_refused() -> None:
    Installation.objects.create(pk=1, is_demo=True)
    with pytest.raises(CommandError):
        start()
