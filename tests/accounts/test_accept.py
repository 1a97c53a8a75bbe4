"""Accepting: once, by the right address, and never with a child's name before it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from kring.accounts.actions.accept import Outcome, accept_invite
from kring.accounts.actions.invites import approve_claim, invite, refuse_claim, withdraw
from kring.accounts.models import Invite, Way
from kring.core.access import NotAllowed, Refused
from kring.core.viewer import nobody
from kring.people.actions import end_guardianship
from kring.people.models import Guardianship, Person, User
from tests import factories as make
from tests.accounts.conftest import PASSWORD, Post
from tests.cast import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(cast: Cast) -> Person:
    person = make.PersonFactory(school=cast.school, user=None, email="nieuw@example.org")
    make.GuardianshipFactory(child=cast.child, person=person)
    return person


@pytest.fixture
def mailed(cast: Cast, newcomer: Person) -> Invite:
    return invite(by=cast.viewer("office"), person=newcomer, child=cast.child)


@pytest.fixture
def paper(cast: Cast, newcomer: Person) -> Invite:
    return invite(by=cast.viewer("office"), person=newcomer, way=Way.PAPER)


def test_the_link_from_the_mail_makes_a_login_and_signs_in(client: Client, mailed: Invite, newcomer: Person) -> None:
    answer = client.post(mailed.path, {"email": "Nieuw@example.org", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.url == "/account/welcome/"
    newcomer.refresh_from_db()
    assert newcomer.user is not None
    assert newcomer.user.email == "nieuw@example.org"
    assert newcomer.user.check_password(PASSWORD)
    assert newcomer.joined_at is not None
    assert "Joep" in client.get("/account/welcome/").content.decode()


def test_without_a_password_there_is_still_a_login(client: Client, mailed: Invite, newcomer: Person) -> None:
    client.post(mailed.path, {"email": "nieuw@example.org", "password": ""})
    newcomer.refresh_from_db()
    assert newcomer.user is not None
    assert not newcomer.user.has_usable_password()


def test_a_weak_password_is_refused_and_the_address_stays(client: Client, mailed: Invite, newcomer: Person) -> None:
    answer = client.post(mailed.path, {"email": "nieuw@example.org", "password": "wachtwoord"})
    assert answer.status_code == 200
    assert 'value="nieuw@example.org"' in answer.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.user is None


def test_the_second_use_says_so_without_any_name(cast: Cast, client: Client, mailed: Invite) -> None:
    client.post(mailed.path, {"email": "nieuw@example.org", "password": PASSWORD})
    answer = Client().get(mailed.path)
    assert answer.status_code == 410
    nameless(cast, answer.content.decode())


def nameless(cast: Cast, text: str) -> None:
    for child in (cast.child, cast.sibling):
        assert not re.search(rf"\b{child.first_name}\b|\b{child.last_name}\b", text)


def test_no_page_before_accepting_names_a_child(cast: Cast, client: Client, mailed: Invite, paper: Invite) -> None:
    for path in (mailed.path, paper.path, "/account/invitation/AAAAAAAAAAAAAAAAAAAAAAAAAA/", "/account/invitation/"):
        nameless(cast, client.get(path).content.decode())


def test_an_unknown_code_is_a_404_in_words(client: Client, db: None) -> None:
    answer = client.get("/account/invitation/0000000000/")
    assert answer.status_code == 404
    assert "/account/invitation/" in answer.content.decode()


def test_after_14_days_it_has_expired(client: Client, mailed: Invite) -> None:
    with time_machine.travel(NOW + timedelta(days=13, hours=23)):
        assert client.get(mailed.path).status_code == 200
    with time_machine.travel(NOW + timedelta(days=14, minutes=1)):
        assert client.get(mailed.path).status_code == 410
        assert client.post(mailed.path, {"email": "nieuw@example.org", "password": PASSWORD}).status_code == 410


def test_a_withdrawn_one_is_gone(cast: Cast, client: Client, mailed: Invite) -> None:
    withdraw(by=cast.viewer("office"), invite=mailed)
    assert client.get(mailed.path).status_code == 410


def test_accepting_while_signed_in_attaches_the_second_person_to_the_same_login(cast: Cast) -> None:
    user = cast.user("second_guardian")
    person = make.PersonFactory(school=cast.school, user=None, email=user.email)
    made = invite(by=cast.viewer("office"), person=person)
    answer = cast.client("second_guardian").post(made.path)
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.user == user
    assert user.persons.count() == 2


def test_a_login_has_one_person_at_a_school(cast: Cast) -> None:
    person = make.PersonFactory(school=cast.school, user=None, email=cast.user("guardian").email)
    made = invite(by=cast.viewer("office"), person=person)
    with pytest.raises(Refused):
        accept_invite(by=cast.viewer("guardian"), invite=made, user=cast.user("guardian"))
    made.refresh_from_db()
    assert made.used_at is None


def test_a_known_address_is_asked_to_sign_in_first(cast: Cast) -> None:
    person = make.PersonFactory(school=cast.school, user=None, email=cast.user("second_guardian").email)
    made = invite(by=cast.viewer("office"), person=person)
    answer = Client().post(made.path, {"email": person.email, "password": PASSWORD})
    assert "/account/login/?next=" in answer.content.decode()
    person.refresh_from_db()
    assert person.user is None


def prove(client: Client, made: Invite, email: str, post: Post) -> object:
    answer = client.post(made.path, {"email": email, "password": ""})
    assert answer.status_code == 302, answer.content.decode()
    code = re.search(r"\b\d{6}\b", post.mails[-1][1])
    assert code
    assert post.mails[-1][2] == email
    return client.post(f"{made.path}proof/", {"code": code[0], "password": PASSWORD})


def test_paper_asks_a_code_from_the_mailbox(client: Client, paper: Invite, newcomer: Person, post: Post) -> None:
    prove(client, paper, "nieuw@example.org", post)
    newcomer.refresh_from_db()
    assert newcomer.user is not None
    assert newcomer.user.email == "nieuw@example.org"


def test_three_wrong_codes_end_it(client: Client, paper: Invite, newcomer: Person) -> None:
    client.post(paper.path, {"email": "nieuw@example.org", "password": ""})
    for _time in range(3):
        client.post(f"{paper.path}proof/", {"code": "not it", "password": PASSWORD})
    answer = client.get(f"{paper.path}proof/")
    assert answer.status_code == 302
    newcomer.refresh_from_db()
    assert newcomer.user is None


def test_another_address_waits_for_the_office(
    cast: Cast, client: Client, mailed: Invite, newcomer: Person, post: Post
) -> None:
    answer = prove(client, mailed, "anders@example.org", post)
    newcomer.refresh_from_db()
    assert newcomer.user is None
    nameless(cast, client.get(answer.url).content.decode())  # type: ignore[attr-defined]
    mailed.refresh_from_db()
    approve_claim(by=cast.viewer("office"), invite=mailed)
    newcomer.refresh_from_db()
    assert newcomer.user is not None
    assert newcomer.user.email == "anders@example.org"
    assert "Joep" in client.get("/account/welcome/").content.decode()


def test_signed_in_with_another_address_waits_too(cast: Cast, mailed: Invite, newcomer: Person) -> None:
    viewer, user = cast.viewer("second_guardian"), cast.user("second_guardian")
    assert accept_invite(by=viewer, invite=mailed, user=user) == Outcome.WAITING
    newcomer.refresh_from_db()
    assert newcomer.user is None


def test_a_refused_claim_leaves_nothing_and_the_invitation_works(
    cast: Cast, client: Client, mailed: Invite, newcomer: Person, post: Post
) -> None:
    prove(client, mailed, "anders@example.org", post)
    mailed.refresh_from_db()
    refuse_claim(by=cast.viewer("office"), invite=mailed)
    assert not User.objects.filter(email="anders@example.org").exists()
    Client().post(mailed.path, {"email": "nieuw@example.org", "password": PASSWORD})
    newcomer.refresh_from_db()
    assert newcomer.user is not None


def test_a_waiting_claim_does_not_keep_the_invited_one_out(
    client: Client, mailed: Invite, newcomer: Person, post: Post
) -> None:
    prove(client, mailed, "anders@example.org", post)
    Client().post(mailed.path, {"email": "nieuw@example.org", "password": PASSWORD})
    newcomer.refresh_from_db()
    assert newcomer.user is not None
    assert newcomer.user.email == "nieuw@example.org"
    assert not User.objects.filter(email="anders@example.org").exists()


@pytest.mark.parametrize(("role", "allowed"), [("teacher", False), ("second_office", False), ("office", True)])
def test_only_the_office_answers_a_claim(cast: Cast, mailed: Invite, role: str, allowed: bool) -> None:
    accept_invite(by=cast.viewer("second_guardian"), invite=mailed, user=cast.user("second_guardian"))
    mailed.refresh_from_db()
    if allowed:
        approve_claim(by=cast.viewer(role), invite=mailed)
    else:
        with pytest.raises(NotAllowed):
            approve_claim(by=cast.viewer(role), invite=mailed)


@pytest.mark.both_databases
def test_of_twenty_claims_at_once_one_wins(cast: Cast, mailed: Invite) -> None:
    """All twenty have read the invitation as open before the first of them writes."""
    stale = [Invite.objects.get(pk=mailed.pk) for _claim in range(20)]
    Invite.objects.filter(pk=mailed.pk).update(email="")
    for one in stale:
        one.email = ""
    assert sum(claims(one) for one in stale) == 1


def claims(stale: Invite) -> bool:
    user = make.UserFactory()
    try:
        accept_invite(by=nobody(NOW), invite=stale, user=user)
    except Refused:
        return False
    return True


@pytest.mark.both_databases
def test_without_the_guard_all_twenty_would_win(cast: Cast, mailed: Invite) -> None:
    """The twin of the test above: reading the state and then writing it lets everybody in."""
    stale = [Invite.objects.get(pk=mailed.pk) for _claim in range(20)]
    winners = 0
    for one in stale:
        if one.used_at is None:
            one.used_at = NOW
            one.save()
            winners += 1
    assert winners == 20


@pytest.mark.both_databases
@pytest.mark.parametrize("ended", ["guardianship", "level"])
def test_who_lost_her_last_child_here_cannot_use_the_invitation_any_more(
    cast: Cast, mailed: Invite, newcomer: Person, ended: str
) -> None:
    held = Guardianship.objects.get(person=newcomer)
    if ended == "guardianship":
        end_guardianship(by=cast.viewer("office"), guardianship=held, ends_on=TODAY)
    else:
        Guardianship.objects.filter(pk=held.pk).update(level="none")
    user = make.UserFactory(email="nieuw@example.org")
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        with pytest.raises(Refused):
            accept_invite(by=nobody(NOW + timedelta(days=1)), invite=mailed, user=user)
        newcomer.refresh_from_db()
        assert newcomer.user is None
        Guardianship.objects.filter(pk=held.pk).update(ends_on=None, level="limited")
        assert accept_invite(by=nobody(NOW + timedelta(days=1)), invite=mailed, user=user) == Outcome.JOINED


def test_an_invitation_is_bound_to_the_child_of_the_invited_one(cast: Cast, newcomer: Person) -> None:
    made = invite(by=cast.viewer("office"), person=newcomer)
    assert made.child == cast.child
    colleague = make.PersonFactory(school=cast.school, user=None, email="collega@example.org")
    make.TeamRoleFactory(person=colleague, kind="office")
    assert invite(by=cast.viewer("office"), person=colleague).child is None
