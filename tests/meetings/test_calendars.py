"""Conversations of a round in calendars outside Kring: one thing with one name, whatever happens to its time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import icalendar
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from kring.agenda.models import Feed
from kring.core.viewer import Viewer
from kring.meetings import actions
from kring.meetings.actions import clock
from kring.meetings.models import Booking, Party, Round, Sitting
from kring.meetings.rules import RoundState
from tests.agenda.feeding import feed_of, fetched, local
from tests.agenda.test_real_clients import Clients, clients_of, needs_clients
from tests.agreements.making import publish
from tests.cast import NOW, ROLES, Cast
from tests.meetings.planning import (
    THURSDAY,
    TUESDAY,
    a_round,
    at,
    book,
    fresh,
    party,
    session,
    setup,
    sittings,
    slots,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NAME = "Rapportgesprekken (Groep 5)"
GONE = f"Vervalt: {NAME}"


@pytest.fixture
def opened(cast: Cast) -> Cast:
    """A school that lets appointments into the calendars of families."""
    publish(cast, {"year_planning.feed_details": True})
    return cast


def talks(feed: Feed) -> list[icalendar.Event]:
    return [event for event in fetched(feed) if NAME in str(event["SUMMARY"])]


def only(feed: Feed) -> icalendar.Event:
    (found,) = talks(feed)
    return found


def later(cast: Cast, role: str, minutes: int) -> Viewer:
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        return cast.viewer(role)


def said(event: icalendar.Event) -> tuple[str, str, int]:
    return str(event["SUMMARY"]), str(event["STATUS"]), int(event["SEQUENCE"])


def test_a_conversation_keeps_its_name_when_it_moves_goes_and_comes_back(opened: Cast) -> None:
    cast, feed = opened, feed_of(opened, "guardian")
    made = a_round(cast, cast.five, sessions=[session(), session(THURSDAY)])
    actions.place_sitting(by=cast.viewer("office"), sitting=sittings(made, cast.five)[0], place="B2", video_link="")
    own = slots(made, cast.five)
    assert talks(feed) == []
    booking = book(cast, made, cast.child, own[2])
    booked = only(feed)
    assert said(booked) == (NAME, "CONFIRMED", 1)
    assert (local(booked.start, cast.school), local(booked.end, cast.school)) == (
        datetime(2026, 12, 8, 15, 20), datetime(2026, 12, 8, 15, 30),
    )  # fmt: skip
    assert booked["LOCATION"] == "B2"
    assert str(booked["URL"]).endswith(reverse("meetings:choose", args=[made.public_id]))
    actions.move_booking(by=later(cast, "teacher", 1), booking=fresh(booking), slot=own[6])
    moved = only(feed)
    assert said(moved) == (NAME, "CONFIRMED", 2)
    assert local(moved.start, cast.school) == datetime(2026, 12, 10, 15)
    actions.give_back(by=later(cast, "guardian", 2), booking=fresh(booking))
    gone = only(feed)
    assert said(gone) == (GONE, "CANCELLED", 3)
    assert local(gone.start, cast.school) == datetime(2026, 12, 10, 15)
    book(cast, made, cast.child, own[0], viewer=later(cast, "guardian", 3))
    again = only(feed)
    assert said(again) == (NAME, "CONFIRMED", 4)
    all_four = (booked, moved, gone, again)
    assert len({str(event["UID"]) for event in all_four}) == 1
    stamps = [event["LAST-MODIFIED"].dt for event in all_four]
    assert stamps == sorted(set(stamps))
    assert [event["DTSTAMP"].dt for event in all_four] == stamps


def cancel(cast: Cast, made: Round, booking: Booking) -> None:
    actions.cancel_booking(by=cast.viewer("teacher"), booking=fresh(booking))


def close(cast: Cast, made: Round, booking: Booking) -> None:
    actions.close_sitting(by=cast.viewer("teacher"), sitting=sittings(made, cast.five)[0])


def end_round(cast: Cast, made: Round, booking: Booking) -> None:
    actions.cancel_round(by=cast.viewer("office"), round=made)


def sweep(cast: Cast, made: Round, booking: Booking) -> None:
    # Booked at the very moment in which the round was cancelled.
    Round.objects.filter(pk=made.pk).update(state=RoundState.CANCELLED)
    clock.sweep_cancelled(now=NOW)


@pytest.mark.parametrize("lose", [cancel, close, end_round, sweep])
def test_however_a_conversation_is_lost_the_calendar_says_so(opened: Cast, lose: object) -> None:
    made, feed = a_round(opened, opened.five), feed_of(opened, "guardian")
    booking = book(opened, made, opened.child, slots(made, opened.five)[2])
    before = only(feed)
    lose(opened, made, booking)  # type: ignore[operator]
    assert not Booking.objects.of_families().exists()
    after = only(feed)
    assert said(after) == (GONE, "CANCELLED", 2)
    assert (after["UID"], after.start, after.end) == (before["UID"], before.start, before.end)


def test_a_time_from_the_waiting_list_another_room_and_another_name(opened: Cast) -> None:
    cast = opened
    made, feed = a_round(cast, cast.five), feed_of(cast, "shielded_guardian")
    own, office = slots(made, cast.five), cast.viewer("office")
    waits = party(made, cast.shielded)
    booking = book(cast, made, cast.child, own[0])
    actions.wait_for_moment(by=cast.viewer("shielded_guardian"), party=waits)
    actions.give_back(by=cast.viewer("guardian"), booking=fresh(booking))
    assert talks(feed) == []  # what is only kept for her is no conversation yet
    held = Booking.objects.for_pages().select_related("held_for__round__school").get(held_for=waits)
    actions.accept_offer(by=cast.viewer("shielded_guardian"), booking=held)
    assert said(only(feed)) == (NAME, "CONFIRMED", 1)
    actions.place_sitting(by=office, sitting=own[0].sitting, place="Aula", video_link="")
    assert (only(feed)["LOCATION"], only(feed)["SEQUENCE"]) == ("Aula", 2)
    made.refresh_from_db()
    actions.change_round(by=office, round=made, setup=setup(name="Gesprekken"))
    (found,) = [event for event in fetched(feed) if "Gesprekken (" in str(event["SUMMARY"])]
    assert said(found) == ("Gesprekken (Groep 5)", "CONFIRMED", 3)
    actions.change_round(by=office, round=made, setup=setup(name="Gesprekken", closes_at=at(TUESDAY, 10)))
    assert Party.objects.get(pk=waits.pk).talk_version == 3  # nothing that a calendar shows


def test_families_each_have_their_own_and_the_team_its_sessions(opened: Cast) -> None:
    cast = opened
    made = a_round(cast, cast.five)
    book(cast, made, cast.child, slots(made, cast.five)[0])
    feeds = {role: feed_of(cast, role) for role in ROLES if _may_have(cast, role)}

    def hours() -> dict[str, str]:
        found = {role: talks(feed) for role, feed in feeds.items()}
        return {
            role: f"{local(event.start, cast.school):%H.%M}-{local(event.end, cast.school):%H.%M}"
            for role, events in found.items()
            for event in events
        }

    assert hours() == {"guardian": "15.00-15.10", "teacher": "15.00-16.00"}
    book(cast, made, cast.shielded, slots(made, cast.five)[3], by="shielded_guardian")
    both = {"guardian": "15.00-15.10", "teacher": "15.00-16.00", "shielded_guardian": "15.30-15.40"}
    assert hours() == both
    own = actions.invite_apart(by=cast.viewer("office"), party=party(made, cast.child), person=cast.people["limited"])
    actions.book_for_family(by=cast.viewer("office"), party=own, slot=slots(made, cast.five)[5])
    assert hours() == {**both, "limited": "15.50-16.00"}


def _may_have(cast: Cast, role: str) -> bool:
    return role != "signed out" and bool(cast.viewer(role).spans or cast.viewer(role).staff_school_ids)


def test_where_appointments_may_not_leave_a_family_has_none_and_the_team_its_sessions(cast: Cast) -> None:
    made, feed = a_round(cast, cast.five), feed_of(cast, "guardian")
    book(cast, made, cast.child, slots(made, cast.five)[0])
    assert talks(feed) == []
    assert said(only(feed_of(cast, "teacher"))) == (NAME, "CONFIRMED", 0)
    publish(cast, {"year_planning.feed_details": True})
    assert said(only(feed)) == (NAME, "CONFIRMED", 1)


def test_no_child_no_guardian_and_no_teacher_is_named(opened: Cast) -> None:
    cast = opened
    made = a_round(cast, cast.five, note="Neem het rapport mee")
    booking = book(cast, made, cast.child, slots(made, cast.five)[0])
    raw = [Client().get(feed_of(cast, role).path).content for role in ("guardian", "teacher")]
    raw.append(cast.client("guardian").get(reverse("meetings:calendar_file", args=[booking.public_id])).content)
    everybody = [cast.child, *cast.people.values()]
    names = {name for one in everybody for name in (one.first_name, one.last_name)}
    for text in (body.decode().replace("\r\n ", "") for body in raw):
        assert "Rapportgesprekken" in text
        assert not {name for name in names if name and name in text}
    assert "Neem het rapport mee" in raw[0].decode()


def test_sessions_of_a_group_in_its_own_calendar(cast: Cast) -> None:
    made = a_round(cast, cast.five, ready=False)
    own, group = feed_of(cast, "duo"), feed_of(cast, "duo", cast.five)
    other = feed_of(cast, "other_teacher", cast.six)
    assert (talks(own), talks(group)) == ([], [])
    actions.open_round(by=cast.viewer("office"), round=made)
    assert talks(own) == []  # her colleague sits there
    before = only(group)
    assert talks(other) == []
    actions.place_sitting(by=cast.viewer("office"), sitting=sittings(made, cast.five)[0], place="B2", video_link="")
    assert (only(group)["LOCATION"], only(group)["SEQUENCE"]) == ("B2", 1)
    made.refresh_from_db()
    actions.cancel_round(by=cast.viewer("office"), round=made)
    assert said(only(group)) == (GONE, "CANCELLED", 2)
    assert only(group)["UID"] == before["UID"]


def test_a_round_that_never_was_ready_leaves_nothing_when_it_is_cancelled(cast: Cast) -> None:
    made = a_round(cast, cast.five, ready=False)
    actions.cancel_round(by=cast.viewer("office"), round=made)
    assert Sitting.objects.exists()
    assert talks(feed_of(cast, "teacher")) == []


def test_the_page_of_a_conversation_gives_it_to_her_own_calendar(cast: Cast) -> None:
    made = a_round(cast, cast.five, by_video=True)
    booking = book(cast, made, cast.child, slots(made, cast.five)[2])
    address = reverse("meetings:calendar_file", args=[booking.public_id])
    page = cast.client("guardian").get(reverse("meetings:choose", args=[made.public_id])).content.decode()
    assert address in page
    assert "Zet in mijn agenda" in page
    answer = cast.client("guardian").get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer["Content-Disposition"] == 'attachment; filename="gesprek.ics"'
    read = icalendar.Calendar.from_ical(answer.content)
    assert read["METHOD"] == "PUBLISH"
    assert "X-WR-CALNAME" not in read
    (event,) = read.events
    assert said(event) == (NAME, "CONFIRMED", 1)
    assert local(event.start, cast.school) == datetime(2026, 12, 8, 15, 20)
    assert read.timezones[0]["TZID"] == "Europe/Amsterdam"
    publish(cast, {"year_planning.feed_details": True})
    assert only(feed_of(cast, "guardian"))["UID"] == event["UID"]  # taken twice is one thing in her calendar
    actions.give_back(by=cast.viewer("guardian"), booking=fresh(booking))
    assert cast.client("guardian").get(address).status_code == 404


def test_what_families_and_sessions_ask_does_not_grow(opened: Cast, django_assert_num_queries: object) -> None:
    from kring.agenda.feed_entries import entries_for

    cast = opened
    made = a_round(cast, cast.five, cast.infants, sessions=[session(), session(THURSDAY)])
    book(cast, made, cast.child, slots(made, cast.five)[0])
    entries_for(cast.viewer("guardian"))
    with django_assert_num_queries(9) as one:  # type: ignore[operator]
        entries_for(cast.viewer("guardian"))
    book(cast, made, cast.sibling, slots(made, cast.infants)[2])
    with django_assert_num_queries(len(one)):  # type: ignore[operator]
        entries_for(cast.viewer("guardian"))


@needs_clients
@pytest.mark.django_db(transaction=True)
def test_real_calendar_programs_follow_a_conversation(opened: Cast, tmp_path: Path, live_server: object) -> None:
    cast, made = opened, a_round(opened, opened.five, sessions=[session(), session(THURSDAY)])
    programs: Clients = clients_of(cast, tmp_path, live_server)
    own = slots(made, cast.five)
    booking = book(cast, made, cast.child, own[2])
    programs.sync()
    assert programs.shown("2026-12-08") == [f"2026-12-08 15:20 2026-12-08 15:30 {NAME} CONFIRMED"]
    actions.move_booking(by=cast.viewer("teacher"), booking=fresh(booking), slot=own[6])
    programs.sync()
    assert programs.shown("2026-12-08") == []
    assert programs.shown("2026-12-10") == [f"2026-12-10 15:00 2026-12-10 15:10 {NAME} CONFIRMED"]
    actions.cancel_booking(by=cast.viewer("teacher"), booking=fresh(booking))
    programs.sync()
    assert programs.shown("2026-12-10") == [f"2026-12-10 15:00 2026-12-10 15:10 {GONE} CANCELLED"]
    file = tmp_path / "one.ics"
    again = book(cast, made, cast.child, own[1])
    file.write_bytes(cast.client("guardian").get(reverse("meetings:calendar_file", args=[again.public_id])).content)
    assert programs.read(file) == [f"2026-12-08 15:10 2026-12-08 15:20 {NAME} CONFIRMED"]


def test_whoever_writes_a_booking_marks_it_for_calendars() -> None:
    folder = Path(actions.__file__).parent
    writes = re.compile(
        r"Booking\.objects[^\n]*\b(bulk_create|delete)\(|Booking\.objects[\s\S]{0,80}\.update\(\s*(party|slot)="
    )
    found = {file.name for file in folder.glob("*.py") if writes.search(file.read_text())}
    marking = {file.name for file in folder.glob("*.py") if "actions.marking import" in file.read_text()}
    # An empty common party hands its conversation over: another party is another thing in a calendar.
    assert found - marking == {"inviting.py"}
    assert {"booking.py", "moments.py", "rounds.py", "publishing.py"} <= found
