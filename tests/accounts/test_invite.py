"""Inviting: who may, how long it works, and what the database keeps."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction

from kring.accounts import mails, rules
from kring.accounts.actions.invites import invite, invite_many, withdraw
from kring.accounts.models import Invite, Way
from kring.core.access import NotAllowed, Refused
from kring.people.models import Person
from tests import factories as make
from tests.accounts.conftest import Post
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(cast: Cast) -> Person:
    person = make.PersonFactory(school=cast.school, user=None, email="nieuw@example.org")
    make.GuardianshipFactory(child=cast.child, person=person)
    return person


def test_the_office_invites_by_mail(cast: Cast, newcomer: Person, post: Post) -> None:
    made = invite(by=cast.viewer("office"), person=newcomer, child=cast.child)
    assert made.email == "nieuw@example.org"
    assert made.expires_at - made.made_at == timedelta(days=14)
    assert post.invitations == [made.pk]


@pytest.mark.parametrize("role", ["teacher", "guardian", "second_office", "board_admin", "signed out"])
def test_nobody_else_invites(cast: Cast, newcomer: Person, role: str) -> None:
    with pytest.raises(NotAllowed):
        invite(by=cast.viewer(role), person=newcomer)


def test_the_code_has_130_bits_and_the_database_does_not_have_it(cast: Cast, newcomer: Person) -> None:
    made = invite(by=cast.viewer("management"), person=newcomer)
    assert len(made.code) * 5 >= 128
    assert made.code not in str(Invite.objects.filter(pk=made.pk).values().get())
    assert Invite.objects.with_code(made.code).get() == made


def test_two_invitations_have_two_codes(cast: Cast, newcomer: Person) -> None:
    one = invite(by=cast.viewer("office"), person=newcomer)
    other = invite(by=cast.viewer("office"), person=newcomer, way=Way.PAPER)
    assert one.code != other.code


def test_sending_again_ends_the_earlier_link(cast: Cast, newcomer: Person) -> None:
    first = invite(by=cast.viewer("office"), person=newcomer)
    invite(by=cast.viewer("office"), person=newcomer)
    first.refresh_from_db()
    assert first.withdrawn_at is not None


def test_without_an_address_there_is_paper_only(cast: Cast) -> None:
    person = make.PersonFactory(school=cast.school, user=None, email="")
    with pytest.raises(Refused):
        invite(by=cast.viewer("office"), person=person)
    assert invite(by=cast.viewer("office"), person=person, way=Way.PAPER).code


def test_who_has_joined_is_not_invited(cast: Cast) -> None:
    with pytest.raises(Refused):
        invite(by=cast.viewer("office"), person=cast.people["guardian"])


def test_inviting_a_group_leaves_out_who_has_joined_or_has_a_working_invitation(cast: Cast, newcomer: Person) -> None:
    by = cast.viewer("office")
    people = [newcomer, cast.people["guardian"]]
    assert invite_many(by=by, persons=people) == 1
    assert invite_many(by=by, persons=people) == 0
    with time_machine.travel(NOW + timedelta(days=15)):
        assert invite_many(by=cast.viewer("office"), persons=people) == 1


def test_a_withdrawn_invitation_stays_withdrawn(cast: Cast, newcomer: Person) -> None:
    made = invite(by=cast.viewer("office"), person=newcomer)
    withdraw(by=cast.viewer("office"), invite=made)
    with pytest.raises(Refused):
        withdraw(by=cast.viewer("office"), invite=made)


def test_the_mail_names_nobody_in_its_subject_and_links_to_the_configured_base(
    cast: Cast, newcomer: Person, settings: object
) -> None:
    settings.BASE_URL = "https://kring.example.org"  # type: ignore[attr-defined]
    made = invite(by=cast.viewer("office"), person=newcomer, child=cast.child)
    mails.send_invitation.func(made.pk)
    sent = mail.outbox[0]
    assert sent.to == ["nieuw@example.org"]
    assert f"https://kring.example.org/account/invitation/{made.code}/" in sent.body
    for name in (newcomer.first_name, newcomer.last_name, cast.child.first_name, cast.school.name):
        assert name not in sent.subject
    assert cast.child.first_name not in sent.body


def test_a_withdrawn_invitation_is_not_mailed_any_more(cast: Cast, newcomer: Person) -> None:
    made = invite(by=cast.viewer("office"), person=newcomer)
    withdraw(by=cast.viewer("office"), invite=made)
    mails.send_invitation.func(made.pk)
    assert not mail.outbox


@pytest.mark.both_databases
def test_the_database_keeps_one_open_invitation_per_way(cast: Cast, newcomer: Person) -> None:
    made = invite(by=cast.viewer("office"), person=newcomer)
    made.pk, made.public_id, made.token_hash = None, "another", "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


@pytest.mark.parametrize("typed", ["ABCDE-FGH0J", "abcde fgh0j", "ABCDEFGHOJ", " a b c d e f g h o j "])
def test_a_code_may_be_typed_in_any_way(typed: str) -> None:
    assert rules.tidy_code(typed) == "ABCDEFGH0J"
