"""Conversations of a round in the agenda: what a family booked, and the sessions of who sits ready."""

from __future__ import annotations

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kring.home.dated import Line
from kring.meetings import actions
from tests.cast import ROLES, Cast
from tests.meetings.planning import THURSDAY, TUESDAY, a_round, book, fresh, party, session, slots

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WEEK = f"?week={TUESDAY.isoformat()}"
NAME = "Rapportgesprekken"


def lines(cast: Cast, role: str, query: str = WEEK) -> list[Line]:
    """Return what the week of the round holds about it for this role."""
    answer = cast.client(role).get(f"/agenda/{query}")
    if answer.status_code != 200:
        return []
    weeks = answer.context["weeks"]
    return [line for week in weeks for day in week.days for line in day.lines if line.title == NAME]


def test_a_family_finds_its_own_conversation_with_child_hours_and_room(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    actions.place_sitting(
        by=cast.viewer("office"), sitting=slots(made, cast.five)[0].sitting, place="B2", video_link=""
    )
    booking = book(cast, made, cast.child, slots(made, cast.five)[2])
    (found,) = lines(cast, "guardian")
    assert (found.first, found.starts, found.more) == (TUESDAY, time(15, 20), "B2")
    assert found.hours == "15.20 – 15.30"
    assert [child.name for child in found.children] == ["Joep"]
    assert cast.client("guardian").get(found.link).status_code == 200
    actions.give_back(by=cast.viewer("guardian"), booking=fresh(booking))
    (found,) = lines(cast, "guardian")
    assert found.ways == (("U hebt nog geen tijd", found.link),)


def test_a_conversation_that_was_moved_stands_at_its_new_time(cast: Cast) -> None:
    made = a_round(cast, cast.five, sessions=[session(), session(THURSDAY)])
    booking = book(cast, made, cast.child, slots(made, cast.five)[0])
    later = next(slot for slot in slots(made, cast.five) if slot.starts_at.date() == THURSDAY)
    actions.move_booking(by=cast.viewer("teacher"), booking=fresh(booking), slot=later)
    assert [(line.first, line.starts) for line in lines(cast, "guardian")] == [(THURSDAY, time(15))]


def test_only_its_own_family_and_the_team_of_the_group_have_it_in_their_agenda(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    book(cast, made, cast.child, slots(made, cast.five)[0])
    asked = {"shielded_guardian", "class_parent"}
    team = {"teacher", "duo"}
    assert {role for role in ROLES if lines(cast, role)} == {"guardian"} | asked | team
    assert {role for role in ROLES if any(line.ways for line in lines(cast, role))} == asked
    book(cast, made, cast.shielded, slots(made, cast.five)[1], by="shielded_guardian")
    assert {role for role in ROLES if any(line.ways for line in lines(cast, role))} == {"class_parent"}


def test_a_teacher_finds_one_line_for_her_session_with_how_many_come(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    (empty,) = lines(cast, "teacher")
    assert (empty.hours, empty.more) == ("15.00 – 16.00", "nog geen gesprekken")
    own = slots(made, cast.five)
    actions.block(by=cast.viewer("teacher"), slot=own[3])
    book(cast, made, cast.child, own[0])
    assert lines(cast, "teacher")[0].more == "1 gesprek"
    book(cast, made, cast.shielded, own[1], by="shielded_guardian")
    (found,) = lines(cast, "teacher")
    assert (found.more, found.whom) == ("2 gesprekken", "Groep 5")
    assert found.children == ()
    assert cast.client("teacher").get(found.link).status_code == 200
    assert lines(cast, "teacher", f"{WEEK}&group={cast.five.public_id}") == [found]


def test_a_round_in_preparation_or_cancelled_is_in_nobodys_agenda(cast: Cast) -> None:
    made = a_round(cast, cast.five, ready=False)
    assert not lines(cast, "teacher")
    actions.open_round(by=cast.viewer("office"), round=made)
    book(cast, made, cast.child, slots(made, cast.five)[0])
    assert lines(cast, "teacher")
    assert lines(cast, "guardian")
    actions.cancel_round(by=cast.viewer("office"), round=made)
    assert not lines(cast, "teacher")
    assert not lines(cast, "guardian")


def test_the_agenda_of_one_child_holds_no_conversation_about_the_other(cast: Cast) -> None:
    made = a_round(cast, cast.five, cast.infants)
    book(cast, made, cast.child, slots(made, cast.five)[0])
    book(cast, made, cast.sibling, slots(made, cast.infants)[2])
    assert len(lines(cast, "guardian")) == 2
    (found,) = lines(cast, "guardian", f"{WEEK}&child={cast.sibling.public_id}")
    assert [child.name for child in found.children] == ["Saar"]


def test_who_has_a_conversation_of_her_own_has_that_one_and_not_the_other(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    own = actions.invite_apart(by=cast.viewer("office"), party=party(made, cast.child), person=cast.people["limited"])
    book(cast, made, cast.child, slots(made, cast.five)[0])
    (still,) = lines(cast, "limited")
    assert still.ways
    actions.book_for_family(by=cast.viewer("office"), party=own, slot=slots(made, cast.five)[3])
    assert [line.starts for line in lines(cast, "limited")] == [time(15, 30)]
    assert [line.starts for line in lines(cast, "guardian")] == [time(15)]


def test_ten_conversations_cost_as_much_as_one(cast: Cast) -> None:
    made = a_round(cast, cast.five, cast.infants, sessions=[session(), session(THURSDAY)])
    book(cast, made, cast.child, slots(made, cast.five)[0])

    def count(role: str) -> int:
        client = cast.client(role)
        client.get(f"/agenda/{WEEK}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/agenda/{WEEK}")
        return len(queries)

    few = {role: count(role) for role in ("guardian", "teacher")}
    book(cast, made, cast.sibling, slots(made, cast.infants)[2])
    book(cast, made, cast.shielded, slots(made, cast.five)[1], by="shielded_guardian")
    assert {role: count(role) for role in few} == few
