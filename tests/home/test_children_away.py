"""A parent's week and agenda hold the visits and the granted leave of her children. Today is Tuesday 24 November."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kring.absences import actions
from kring.absences.models import LeaveRequest
from kring.agreements.actions import confirm_read
from kring.agreements.permissions import can_confirm_reading
from kring.home.dated import Line
from tests import factories as make
from tests.absences.reporting import LEAVE_IN_APP, PHONES, TOMORROW, leave, visiting
from tests.agreements.making import publish
from tests.cast import ROLES, TODAY, Cast
from tests.home.telling import board_of, soon_of, week_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
THURSDAY = TODAY + timedelta(2)


def lines(cast: Cast, role: str, title: str, query: str = "") -> list[Line]:
    """Return what the agenda of this role holds under this title."""
    answer = cast.client(role).get(f"/agenda/{query}")
    if answer.status_code != 200:
        return []
    return [line for week in answer.context["weeks"] for day in week.days for line in day.lines if line.title == title]


def on_first_page(cast: Cast, role: str, title: str) -> bool:
    answer = cast.client(role).get("/")
    news = answer.context.get("news") if answer.status_code == 200 and answer.context else None
    things = [] if news is None or news.soon is None else news.soon.board
    return any(thing.title == title for thing in things)


def leave_in_app(cast: Cast) -> None:
    """Publish the agreement that has it; who is asked to confirms it, so that nobody is led away from news."""
    publish(cast, LEAVE_IN_APP | PHONES)
    for role in ROLES:
        if can_confirm_reading(cast.viewer(role), cast.school):
            confirm_read(by=cast.viewer(role), school=cast.school)


def granted(cast: Cast, **more: object) -> LeaveRequest:
    row = leave(cast, agree=False, **more)  # type: ignore[arg-type]
    return actions.decide_leave(by=cast.viewer("management"), request=row, grant=True)


def test_a_visit_tomorrow_stands_on_the_board_and_in_the_agenda(cast: Cast) -> None:
    visiting(cast, note="Beugel", picked_up_by="Opa")
    assert board_of(cast, "guardian") == [("Tandarts", ["Joep"])]
    (thing,) = soon_of(cast, "guardian").board
    assert thing.more == "10.15 tot 11.30 uur"
    (found,) = lines(cast, "guardian", "Tandarts")
    assert (found.first, found.starts, found.hours) == (TOMORROW, time(10, 15), "10.15 tot 11.30 uur")
    assert [child.name for child in found.children] == ["Joep"]
    assert found.link == thing.link
    assert cast.client("guardian").get(found.link).status_code == 200
    for address in ("/", "/agenda/"):
        page = cast.client("guardian").get(address).content.decode()
        assert "Beugel" not in page
        assert "Opa" not in page


def test_a_withdrawn_visit_is_gone(cast: Cast) -> None:
    (visit,) = visiting(cast)
    assert board_of(cast, "guardian")
    actions.withdraw_visit(by=cast.viewer("guardian"), visit=visit)
    assert board_of(cast, "guardian") == []
    assert lines(cast, "guardian", "Tandarts") == []


def test_only_the_full_guardians_of_the_child_have_it(cast: Cast) -> None:
    make.GuardianshipFactory(child=cast.child, person=cast.people["class_parent"])
    leave_in_app(cast)
    visiting(cast)
    granted(cast, first=TOMORROW)
    for title in ("Tandarts", "Verlof"):
        assert {role for role in ROLES if lines(cast, role, title)} == {"guardian", "class_parent"}
        assert {role for role in ROLES if on_first_page(cast, role, title)} == {"guardian", "class_parent"}


def test_leave_stands_there_once_it_is_granted_and_never_with_its_ground(cast: Cast) -> None:
    leave_in_app(cast)
    row = leave(cast, agree=False, first=THURSDAY, days=2)
    assert lines(cast, "guardian", "Verlof") == []
    assert week_of(cast, "guardian") == []
    actions.decide_leave(by=cast.viewer("management"), request=row, grant=True)
    assert week_of(cast, "guardian") == [(THURSDAY.day, "Verlof", ["Joep"])]
    two = lines(cast, "guardian", "Verlof")
    assert {(line.first, line.last) for line in two} == {(THURSDAY, THURSDAY + timedelta(1))}
    for address in ("/", "/agenda/"):
        page = cast.client("guardian").get(address).content.decode()
        assert "Oma trouwt" not in page
        assert row.get_kind_display() not in page


def test_declined_leave_never_stands_there(cast: Cast) -> None:
    leave_in_app(cast)
    row = leave(cast, agree=False, first=THURSDAY)
    actions.decide_leave(by=cast.viewer("management"), request=row, grant=False, decision="Toetsweek")
    assert lines(cast, "guardian", "Verlof") == []
    assert week_of(cast, "guardian") == []


def test_longer_leave_that_began_asks_nothing_of_a_day_any_more(cast: Cast) -> None:
    leave_in_app(cast)
    granted(cast, first=TODAY, days=4)
    assert week_of(cast, "guardian") == []
    (found,) = lines(cast, "guardian", "Verlof")
    assert found.until == TODAY + timedelta(3)


def test_one_child_chosen_shows_only_her_visits(cast: Cast) -> None:
    visiting(cast, cast.child, cast.sibling)
    assert sorted(board_of(cast, "guardian")) == [("Tandarts", ["Joep"]), ("Tandarts", ["Saar"])]
    query = f"?child={cast.sibling.public_id}"
    assert board_of(cast, "guardian", query) == [("Tandarts", ["Saar"])]
    (found,) = lines(cast, "guardian", "Tandarts", query)
    assert [child.name for child in found.children] == ["Saar"]


def test_a_first_page_without_any_asks_nothing_more_and_ten_cost_as_much_as_one(cast: Cast) -> None:
    def count(address: str) -> int:
        client = cast.client("guardian")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    leave_in_app(cast)
    none, agenda = count("/"), count("/agenda/")
    visiting(cast)
    assert count("/") == none + 1
    granted(cast, first=THURSDAY)
    with_both = count("/")
    assert with_both == none + 2
    for hour in (12, 13, 14):
        visiting(cast, cast.child, cast.sibling, starts=time(hour), ends=time(hour, 30))
    granted(cast, child=cast.sibling, first=THURSDAY)
    assert count("/") == with_both
    assert count("/agenda/") == agenda
