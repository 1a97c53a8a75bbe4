"""Session lengths, the second factor that the school asks, and who reaches which page."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from kring.accounts.actions.invites import invite
from kring.accounts.hashers import HashingBusy, Places
from kring.accounts.models import Way, counts_by_group
from tests import factories as make
from tests.accounts.conftest import sign_in
from tests.cast import NOW, ROLES, TODAY, Cast

pytestmark = pytest.mark.django_db
PROFILE = "/account/"


def opens(client: Client) -> bool:
    return client.get(PROFILE).status_code == 200


@pytest.mark.parametrize(
    ("role", "hours", "still"),
    [
        ("teacher", 3, True),
        ("teacher", 5, False),
        ("office", 5, False),
        ("board_admin", 5, False),
        ("guardian", 5, True),
        ("guardian", 24 * 59, True),
        ("guardian", 24 * 61, False),
    ],
)
def test_an_idle_session_lasts_as_long_as_the_role_allows(cast: Cast, role: str, hours: int, still: bool) -> None:
    client = cast.client(role)
    assert opens(client)
    with time_machine.travel(NOW + timedelta(hours=hours)):
        assert opens(client) is still


def test_a_busy_working_session_ends_after_twelve_hours(cast: Cast) -> None:
    client = cast.client("teacher")
    for hour in range(0, 12, 3):
        with time_machine.travel(NOW + timedelta(hours=hour)):
            assert opens(client)
    with time_machine.travel(NOW + timedelta(hours=12, minutes=1)):
        assert not opens(client)


def test_the_session_is_written_rarely(cast: Cast, django_assert_max_num_queries: object) -> None:
    client = cast.client("guardian")
    opens(client)
    with django_assert_max_num_queries(8) as queries:  # type: ignore[operator]
        opens(client)
    assert not [query for query in queries.captured_queries if query["sql"].startswith(("UPDATE", "INSERT"))]


@pytest.mark.parametrize("role", ["office", "management", "board_admin"])
def test_a_school_that_asks_it_sends_them_to_the_second_step(cast: Cast, role: str) -> None:
    cast.school.needs_second_factor = True
    cast.school.save()
    client = cast.client(role)
    answer = client.get(PROFILE)
    assert answer.status_code == 302
    assert answer.url == "/account/2fa/?needed=1"
    assert client.get("/account/2fa/").status_code == 200
    assert client.get("/account/logout/").status_code == 200
    Authenticator.objects.create(user=cast.user(role), type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert opens(client)


@pytest.mark.parametrize("role", ["guardian", "teacher", "class_parent"])
def test_the_others_are_offered_it_and_not_forced(cast: Cast, role: str) -> None:
    cast.school.needs_second_factor = True
    cast.school.save()
    assert opens(cast.client(role))


def test_a_school_may_leave_it_free(cast: Cast) -> None:
    assert opens(cast.client("office"))


def test_sessions_are_listed_and_can_be_ended(user: object, client: Client) -> None:
    other = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) Safari/604"})
    sign_in(client)
    sign_in(other)
    page = client.get("/account/sessions/")
    assert "iPhone" in page.content.decode()
    found = next(session for session in page.context["sessions"] if "iPhone" in session.user_agent)
    assert client.post(f"/account/sessions/{found.pk}/end/").status_code == 302
    assert not opens(other)
    assert opens(client)


def test_nobody_ends_a_session_of_somebody_else(cast: Cast, user: object, client: Client) -> None:
    sign_in(client)
    found = client.get("/account/sessions/").context["sessions"][0]
    cast.client("office").post(f"/account/sessions/{found.pk}/end/")
    assert opens(client)


def test_more_sign_ins_than_places_wait_and_a_full_queue_says_so() -> None:
    places = Places(places=1, queue=0)
    with places.one(), pytest.raises(HashingBusy), places.one():
        pass
    waiting = Places(places=1, queue=1)
    with waiting.one(), pytest.raises(HashingBusy), waiting.one(longest_wait=0.01):
        pass


@pytest.mark.both_databases
def test_the_office_counts_who_has_not_joined(cast: Cast) -> None:
    stranger = make.PersonFactory(school=cast.school, user=None, email="")
    make.GuardianshipFactory(child=cast.child, person=stranger)
    make.GuardianshipFactory(child=cast.child, person=make.PersonFactory(school=cast.school, user=None), level="none")
    counts = {count.group.name: (count.guardians, count.joined) for count in counts_by_group(cast.school, on=TODAY)}
    # Joep: guardian, limited and the stranger; Noor: shielded_guardian; Bo: class_parent. Former and none do not count.
    assert counts["Groep 5"] == (5, 4)
    assert "Groep 6" in counts


def test_printed_pages_have_the_link_as_a_square_and_the_code(cast: Cast) -> None:
    stranger = make.PersonFactory(school=cast.school, user=None, email="")
    make.GuardianshipFactory(child=cast.child, person=stranger)
    client = cast.client("office")
    where = f"/school/{cast.school.public_id}/invitations/print/"
    answer = client.post(where, {"group": cast.five.public_id}, follow=True)
    text = answer.content.decode()
    assert stranger.name in text
    assert "<svg" in text
    assert "style=" not in text
    again = client.get(answer.redirect_chain[-1][0]).content.decode()
    assert text.count("letter__qr") == again.count("letter__qr") == 1


SIGNED_IN = [role for role in ROLES if role != "signed out"]
KEEPERS = {"office", "management"}


@pytest.mark.both_databases
@pytest.mark.parametrize("role", ROLES)
def test_access(cast: Cast, role: str) -> None:
    """Each address of this room, for everybody: 200, 302 to the sign-in page, or 404."""
    client, school = cast.client(role), cast.school.public_id
    stranger = make.PersonFactory(school=cast.school, user=None, email="nieuw@example.org")
    make.GuardianshipFactory(child=cast.child, person=stranger)
    made = invite(by=cast.viewer("office"), person=stranger, way=Way.PAPER)
    own = cast.people["guardian"].public_id
    signed_in = role != "signed out"
    office = 302 if not signed_in else (200 if role in KEEPERS else 404)
    moved = 302 if not signed_in or role in KEEPERS else 404
    got = {
        "login": client.get("/account/login/").status_code,
        "profile": client.get(PROFILE).status_code,
        "welcome": client.get("/account/welcome/").status_code,
        "ready": client.get("/account/welcome/ready/").status_code,
        "code": client.get("/account/invitation/").status_code,
        "invitation": client.get(made.path).status_code,
        "phone of guardian": client.get(f"/account/phone/{own}/").status_code,
        "factors": client.get("/account/2fa/").status_code,
        "sessions": client.get("/account/sessions/").status_code,
        "address": client.get("/account/email/").status_code,
        "overview": client.get(f"/school/{school}/invitations/").status_code,
        "people": client.get(f"/school/{school}/invitations/?group={cast.five.public_id}").status_code,
        "print": client.get(f"/school/{school}/invitations/print/?group=team").status_code,
        "send": client.post(f"/school/{school}/invitations/send/", {"group": "team"}).status_code,
        "send one": client.post(f"/school/{school}/invitations/person/{stranger.public_id}/").status_code,
        "answer": client.post(f"/school/{school}/invitations/{made.public_id}/answer/").status_code,
        "withdraw": client.post(f"/school/{school}/invitations/{made.public_id}/withdraw/").status_code,
    }
    private = 200 if signed_in else 302
    assert got == {
        "login": 302 if signed_in else 200,
        "profile": private,
        "welcome": private,
        "ready": private,
        "code": 200,
        "invitation": 200,
        "phone of guardian": 302 if not signed_in else (200 if role == "guardian" else 404),
        "factors": private,
        "sessions": private,
        "address": private,
        "overview": office,
        "people": office,
        "print": office,
        "send": moved,
        "send one": moved,
        "answer": moved,
        "withdraw": moved,
    }


def test_the_overview_costs_the_same_for_many_people(cast: Cast, django_assert_max_num_queries: object) -> None:
    for _number in range(30):
        make.GuardianshipFactory(child=cast.child, person=make.PersonFactory(school=cast.school, user=None))
    client = cast.client("office")
    client.get(PROFILE)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        client.get(f"/school/{cast.school.public_id}/invitations/?group={cast.five.public_id}")
