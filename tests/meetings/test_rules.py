"""Plain reckoning: opening, ticks, moments, visits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kring.meetings.rules import (
    Phase,
    Span,
    booking_opens_at,
    moments_in,
    nearest,
    phase_of,
    session_fault,
    ticks_of,
    visits_of,
)

ZONE = ZoneInfo("Europe/Amsterdam")


def at(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def opens(opens_at: datetime, children: int, *, days: int = 1, is_early: bool = True) -> datetime:
    return booking_opens_at(opens_at, children=children, is_early=is_early, days=days, least=2, zone=ZONE)


def test_with_two_children_it_opens_a_day_earlier_at_the_same_hour() -> None:
    assert opens(at(8, 16), 2) == at(7, 16)
    assert opens(at(8, 16), 1) == at(8, 16)
    assert opens(at(8, 16), 2, days=0) == at(8, 16)
    assert opens(at(8, 16), 3, is_early=False) == at(8, 16)


@pytest.mark.parametrize(("day", "month"), [(26, 10), (29, 3)])
def test_over_a_night_in_which_the_clock_is_moved_it_is_the_same_hour(day: int, month: int) -> None:
    year = 2026
    opening = datetime(year, month, day, 16, tzinfo=ZONE) + timedelta(0)
    early = opens(opening, 2).astimezone(ZONE)
    assert (early.day, early.hour) == (day - 1, 16)


def test_the_second_of_opening_is_open_and_that_of_closing_is_closed() -> None:
    first, last = at(8, 16), at(9, 16)
    phases = [phase_of(opens_at=first, closes_at=last, now=now) for now in (first - timedelta(seconds=1), first, last)]
    assert phases == [Phase.NOT_YET, Phase.OPEN, Phase.CLOSED]


def test_ticks_hold_the_time_to_walk() -> None:
    span = Span(at(8, 15), at(8, 15, 10))
    assert len(ticks_of(span)) == 2
    assert len(ticks_of(span, gap_minutes=5)) == 3
    assert ticks_of(span, gap_minutes=5).stop == ticks_of(Span(at(8, 15, 15), at(8, 15, 25))).start
    assert ticks_of(Span(span.starts_at.astimezone(UTC), span.ends_at)) == ticks_of(span)


def test_moments_stand_around_breaks() -> None:
    pause = Span(at(8, 15, 20), at(8, 15, 35))
    found = moments_in(Span(at(8, 15), at(8, 16)), minutes=10, breaks=[pause])
    assert [moment.starts_at.minute for moment in found] == [0, 10, 35, 45]


def test_sessions_close_to_each_other_are_one_visit() -> None:
    afternoon = [Span(at(8, 15), at(8, 17)), Span(at(8, 16), at(8, 17, 30))]
    assert len(visits_of([*afternoon, Span(at(8, 18, 30), at(8, 20))])) == 2


def test_the_nearest_free_moments_in_the_order_of_time() -> None:
    free = [(at(8, hour), hour) for hour in (9, 14, 16, 17, 20)]
    assert nearest(free, at(8, 15), most=3) == [14, 16, 17]


def test_what_is_wrong_with_a_session() -> None:
    faults = [
        session_fault(Span(at(8, 15), at(8, *until)), minutes=10) for until in ((15, 0), (15, 5), (20, 30), (17, 0))
    ]
    assert faults == ["ends_before_start", "too_short", "too_long", ""]
    assert session_fault(Span(at(8, 15, 3), at(8, 16)), minutes=10) == "not_on_five"
