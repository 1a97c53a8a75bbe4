"""Who hears a hint, asked at that moment; and when a page that listens is let go."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.utils import timezone

from kring.notifications.hub import EACH, Hub, heard, still_signed_in, still_standing
from kring.notifications.live import Topic
from kring.notifications.stream import LONGEST, WAITING, House, PageStream, ticket_for
from kring.people.actions import end_guardianship, end_role
from kring.people.models import Guardianship, TeamRole, User
from kring.people.viewers import viewers_for
from tests.cast import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


class SchoolTouched(Topic):
    """Everybody who is something at the school, whatever the key."""

    name = "tests.school"

    @classmethod
    def listeners(cls, key, *, among, now) -> Iterable[int]:
        viewers = viewers_for(User.objects.filter(pk__in=list(among)), now=now)
        return [pk for pk, viewer in viewers.items() if viewer.school_ids]


class Unnamed(SchoolTouched):
    name = "tests.unnamed"
    tells_key = False


def page(cast: Cast, role: str) -> PageStream:
    """Return a page that somebody has open, as the view makes it."""
    client = cast.client(role)
    user = cast.user(role)
    key = str(client.session.session_key)
    return PageStream(ticket_for(cast.viewer(role), user, session_key=key, session_ends=None), House())


def hear(pages: list[PageStream], topic: type[Topic] = SchoolTouched) -> list[bytes | None]:
    found = heard([(topic.name, "abc")], pages, now=timezone.now())
    return [found.get(one, b"") for one in pages]


def test_a_hint_says_what_changed_and_to_whom_it_may_be_said(cast):
    assert hear([page(cast, "guardian"), page(cast, "former_guardian")]) == [b"data: tests.school:abc\n\n", b""]
    assert hear([page(cast, "guardian")], Unnamed) == [b"data: tests.unnamed\n\n"]


def test_the_same_hint_twice_is_heard_once_and_an_unknown_one_not_at_all(cast):
    one = page(cast, "guardian")
    found = heard([("tests.school", "a"), ("tests.school", "a"), ("gone", "b")], [one], now=timezone.now())
    assert found == {one: b"data: tests.school:a\n\n"}


def test_after_the_removal_of_a_guardianship_nothing_is_heard_and_the_page_is_let_go(cast):
    guardian, other = page(cast, "guardian"), page(cast, "other_guardian")
    for link in Guardianship.objects.filter(person=cast.people["guardian"]):
        end_guardianship(by=cast.viewer("office"), guardianship=link, ends_on=(NOW - timedelta(1)).date())
    assert hear([guardian, other]) == [b"", b"data: tests.school:abc\n\n"]
    assert still_standing([guardian, other], now=timezone.now()) == {other}


def test_after_the_end_of_a_role_nothing_is_heard_and_the_page_is_let_go(cast):
    teacher, duo = page(cast, "teacher"), page(cast, "duo")
    for role in TeamRole.objects.filter(person=cast.people["teacher"]):
        end_role(by=cast.viewer("office"), role=role, ends_on=(NOW - timedelta(1)).date())
    assert hear([teacher, duo]) == [b"", b"data: tests.school:abc\n\n"]
    assert still_standing([teacher, duo], now=timezone.now()) == {duo}


def test_a_role_that_ran_out_by_its_date_lets_the_page_go_too(cast):
    teacher, duo = page(cast, "teacher"), page(cast, "duo")
    TeamRole.objects.filter(person=cast.people["teacher"]).update(ends_on=NOW.date())
    assert still_standing([teacher, duo], now=timezone.now()) == {teacher, duo}
    with time_machine.travel(NOW + timedelta(hours=15)):
        for one in (teacher, duo):
            one.ticket = dataclasses.replace(one.ticket, ends_at=timezone.now() + LONGEST)
        assert hear([teacher, duo])[0] == b""
        assert still_standing([teacher, duo], now=timezone.now()) == {duo}


@pytest.mark.parametrize("how", ["session", "epoch", "inactive", "expired"])
def test_after_the_end_of_a_session_nothing_is_heard_and_the_page_is_let_go(cast, how):
    guardian, other = page(cast, "guardian"), page(cast, "other_guardian")
    user = User.objects.filter(pk=guardian.ticket.user_id)
    session = Session.objects.filter(pk=guardian.ticket.session_key)
    if how == "session":
        session.delete()
    elif how == "epoch":
        user.update(session_epoch=7)
    elif how == "inactive":
        user.update(is_active=False)
    else:
        session.update(expire_date=NOW - timedelta(1))
    assert hear([guardian, other]) in ([None, b"data: tests.school:abc\n\n"], [b"", b"data: tests.school:abc\n\n"])
    assert still_signed_in([guardian, other], now=timezone.now()) == {other}
    assert still_standing([guardian, other], now=timezone.now()) == {other}


def test_a_page_asks_again_after_a_while_and_never_outlives_its_session(cast):
    one = page(cast, "guardian")
    assert still_standing([one], now=timezone.now() + LONGEST + timedelta(seconds=1)) == set()
    soon = timezone.now() + timedelta(minutes=1)
    ticket = ticket_for(cast.viewer("guardian"), cast.user("guardian"), session_key="x", session_ends=soon)
    assert ticket.ends_at == soon


@pytest.mark.parametrize("count", [1, 12])
def test_a_hint_costs_as_many_queries_for_one_page_as_for_many(cast, django_assert_num_queries, count):
    pages = [page(cast, "guardian") for _ in range(count)]
    with django_assert_num_queries(5):  # three of this topic, one for sessions, one for logins
        hear(pages)
    with django_assert_num_queries(5):
        still_standing(pages, now=timezone.now())


class Wire:
    def __init__(self) -> None:
        self.sent: list[bytes] = []

    async def send(self, piece: bytes) -> None:
        self.sent.append(piece)


def run_with(stream: PageStream, act) -> Wire:
    wire = Wire()

    async def both() -> None:
        talk = asyncio.create_task(stream.run(wire.send))
        await asyncio.sleep(0.01)
        act(stream)
        await asyncio.wait_for(talk, 2)

    asyncio.run(both())
    return wire


def test_what_is_said_goes_out_and_nothing_after_the_end(cast):
    def act(stream: PageStream) -> None:
        stream.say(b"one")
        asyncio.get_running_loop().call_later(0.05, stream.end)

    assert run_with(page(cast, "guardian"), act).sent == [b": hello\n\n", b"one"]

    def end_at_once(stream: PageStream) -> None:
        stream.say(b"too late")
        stream.end()

    assert run_with(page(cast, "guardian"), end_at_once).sent == [b": hello\n\n"]


def test_a_page_that_does_not_listen_any_more_is_let_go(cast):
    def act(stream: PageStream) -> None:
        for _ in range(WAITING + 1):
            stream.say(b"x")

    assert run_with(page(cast, "guardian"), act).sent == [b": hello\n\n"]


def test_of_too_many_pages_of_one_login_the_oldest_gives_way(cast, monkeypatch):
    monkeypatch.setattr(Hub, "_read_hints", lambda self: None)
    monkeypatch.setattr(Hub, "_look_after", lambda self: None)
    hub = Hub()
    pages = [page(cast, "guardian") for _ in range(EACH + 1)]
    other = page(cast, "teacher")
    for one in [other, *pages]:
        hub.enter(one)
    assert [one.over for one in pages] == [True] + [False] * EACH
    assert not other.over


def test_a_server_that_knows_no_streams_says_so_and_who_is_signed_out_hears_it(cast):
    by_page = {"HX-Request": "true", "X-Kring-By-Itself": "yes"}
    assert cast.client("guardian").get("/live/", headers=by_page).status_code == 204
    assert cast.client("signed out").get("/live/", headers=by_page).status_code == 401
    assert cast.client("guardian").post("/live/").status_code == 405


@pytest.mark.parametrize(("headers", "counts"), [({}, True), ({"X-Kring-By-Itself": "yes"}, False)])
def test_listening_does_not_keep_a_session_alive(cast, headers, counts):
    client = cast.client("teacher")
    client.get("/inbox/")
    session = client.session
    session["kring.seen"] = before = (NOW - timedelta(hours=1)).timestamp()
    session.save()
    client.get("/live/", headers=headers)
    assert (client.session["kring.seen"] > before) == counts
