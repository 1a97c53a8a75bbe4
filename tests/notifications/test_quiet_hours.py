"""Quiet hours (H1, S12): until when a notification is held, over every kind of night and day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.agreements.settings import Window
from kring.notifications import rules
from kring.notifications.rules import RoleDays, StaffHours, own_held_until, read_from, staff_held_until
from kring.notifications.rules.hours import LOOK_AHEAD
from kring.school.rules import Calendar, FreeDays

ZONE, KRALENDIJK = ZoneInfo("Europe/Amsterdam"), ZoneInfo("America/Kralendijk")
OFFICE = [Window(day, time(8), time(17)) for day in range(1, 6)]
TWICE_A_DAY = [Window(3, time(8), time(8, 30)), Window(3, time(12), time(13)), Window(4, time(15), time(17))]
TUESDAY = date(2026, 11, 24)
CALENDAR = Calendar(
    changes=(
        FreeDays("Kerstvakantie", date(2026, 12, 21), date(2027, 1, 3)),
        FreeDays("Studiedag", date(2026, 11, 26), date(2026, 11, 26)),
    )
)
A_YEAR_AGO = date(2025, 8, 1)
PART_TIME = RoleDays(A_YEAR_AGO, None, ((2, "every"), (4, "every")))
FRIDAYS_OF_ODD_WEEKS = RoleDays(A_YEAR_AGO, None, ((5, "odd"),))
UNTIL_NOVEMBER = RoleDays(A_YEAR_AGO, date(2026, 11, 25))
FROM_DECEMBER = RoleDays(date(2026, 12, 1))


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZONE)  # type: ignore[arg-type]


def bonaire(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=KRALENDIJK)  # type: ignore[arg-type]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


def school_day(day: date) -> bool:
    return CALENDAR.is_school_day(day)


def hours(**changes: object) -> StaffHours:
    return replace(StaffHours(zone=ZONE, windows=tuple(OFFICE), calendar=CALENDAR), **changes)  # type: ignore[arg-type]


TABLE: list[tuple[str, dict[str, object], datetime, datetime | None]] = [
    ("in a window", {}, at(2026, 11, 24, 10), None),
    ("the first moment of a window", {}, at(2026, 11, 24, 8), None),
    ("one second before it", {}, at(2026, 11, 24, 7, 59, 59), at(2026, 11, 24, 8)),
    ("the last second", {}, at(2026, 11, 24, 16, 59, 59), None),
    ("its end", {}, at(2026, 11, 24, 17), at(2026, 11, 25, 8)),
    ("midnight", {}, at(2026, 11, 24, 0), at(2026, 11, 24, 8)),
    ("one minute before midnight", {}, at(2026, 11, 24, 23, 59), at(2026, 11, 25, 8)),
    ("the evening before a free day", {}, at(2026, 11, 25, 21), at(2026, 11, 27, 8)),
    ("Friday evening", {}, at(2026, 11, 27, 20), at(2026, 11, 30, 8)),
    ("Saturday at ten", {}, at(2026, 11, 28, 10), at(2026, 11, 30, 8)),
    ("the first evening of a holiday", {}, at(2026, 12, 18, 18), at(2027, 1, 4, 8)),
    ("a weekday in a holiday", {}, at(2026, 12, 23, 10), at(2027, 1, 4, 8)),
    ("between two windows", {"windows": tuple(TWICE_A_DAY)}, at(2026, 12, 2, 10), at(2026, 12, 2, 12)),
    ("in the second window", {"windows": tuple(TWICE_A_DAY)}, at(2026, 12, 2, 12, 30), None),
    ("after the last window of a day", {"windows": tuple(TWICE_A_DAY)}, at(2026, 12, 2, 13), at(2026, 12, 3, 15)),
    ("a day without a window", {"windows": tuple(TWICE_A_DAY)}, at(2026, 12, 4, 10), at(2026, 12, 9, 8)),
    ("a day she does not work", {"roles": (PART_TIME,)}, at(2026, 12, 2, 10), at(2026, 12, 3, 8)),
    ("a day she works", {"roles": (PART_TIME,)}, at(2026, 12, 1, 10), None),
    ("working days do not count", {"roles": (PART_TIME,), "own_days": False}, at(2026, 12, 2, 10), None),
    ("Friday of an odd week", {"roles": (FRIDAYS_OF_ODD_WEEKS,)}, at(2026, 12, 4, 10), None),
    ("Friday of an even week", {"roles": (FRIDAYS_OF_ODD_WEEKS,)}, at(2026, 12, 11, 10), at(2026, 12, 18, 8)),
    ("either of two roles", {"roles": (PART_TIME, FRIDAYS_OF_ODD_WEEKS)}, at(2026, 12, 3, 18), at(2026, 12, 4, 8)),
    ("a role that ended", {"roles": (UNTIL_NOVEMBER, FROM_DECEMBER)}, at(2026, 11, 27, 10), at(2026, 12, 1, 8)),
    ("away today", {"away": ((TUESDAY, TUESDAY),)}, at(2026, 11, 24, 10), at(2026, 11, 25, 8)),
    ("away until the holiday", {"away": ((TUESDAY, date(2026, 12, 18)),)}, at(2026, 11, 24, 10), at(2027, 1, 4, 8)),
    ("no windows agreed", {"windows": ()}, at(2026, 11, 24, 23), None),
    # The night of 25 October 2026 has 2.30 twice, that of 28 March 2027 has none.
    ("first 2.30 of the long night", {}, utc(2026, 10, 25, 0, 30), at(2026, 10, 26, 8)),
    ("second 2.30 of the long night", {}, utc(2026, 10, 25, 1, 30), at(2026, 10, 26, 8)),
    ("Friday before the long night", {}, at(2026, 10, 23, 17), at(2026, 10, 26, 8)),
    ("Monday after it, seven by the old clock", {}, utc(2026, 10, 26, 6, 59), utc(2026, 10, 26, 7)),
    ("Monday after it", {}, utc(2026, 10, 26, 7), None),
    ("the short night", {}, utc(2027, 3, 28, 1, 30), at(2027, 3, 29, 8)),
    ("Monday after it, before eight", {}, utc(2027, 3, 29, 5, 59), utc(2027, 3, 29, 6)),
    ("Monday after the short night", {}, utc(2027, 3, 29, 6), None),
    ("a window in the long night", {"windows": (Window(7, time(1), time(4)),)}, utc(2026, 10, 25, 1, 30), None),
    # Bonaire: four hours behind UTC all year, so five or six behind Amsterdam.
    ("Bonaire in the morning", {"zone": KRALENDIJK}, bonaire(2026, 11, 24, 8), None),
    ("Bonaire while it is day in Amsterdam", {"zone": KRALENDIJK}, at(2026, 11, 24, 10), bonaire(2026, 11, 24, 8)),
    ("Bonaire while it is night in Amsterdam", {"zone": KRALENDIJK}, at(2026, 11, 24, 21, 59), None),
    ("Bonaire after hours", {"zone": KRALENDIJK}, at(2026, 11, 24, 22), bonaire(2026, 11, 25, 8)),
    ("Bonaire has no summer time", {"zone": KRALENDIJK}, utc(2027, 7, 5, 11, 59), utc(2027, 7, 5, 12)),
]


@pytest.mark.parametrize(("case", "changes", "now", "until"), TABLE, ids=[case for case, *_rest in TABLE])
def test_a_notification_to_staff_is_held_until_the_next_contact_hours(
    case: str, changes: dict[str, object], now: datetime, until: datetime | None
) -> None:
    assert staff_held_until(now, hours(**changes)) == until


def test_who_is_away_for_very_long_is_asked_about_again_later() -> None:
    now = at(2026, 11, 24, 10)
    until = staff_held_until(now, hours(away=((TUESDAY, date(2027, 11, 1)),)))
    assert until == now + timedelta(days=LOOK_AHEAD)


@given(st.datetimes(datetime(2026, 8, 1), datetime(2027, 7, 1), timezones=st.just(UTC)))
def test_what_is_held_comes_in_a_window_and_never_in_the_past(now: datetime) -> None:
    for mine in (hours(), hours(roles=(PART_TIME, FRIDAYS_OF_ODD_WEEKS)), hours(windows=tuple(TWICE_A_DAY))):
        until = staff_held_until(now, mine)
        if until is not None:
            assert until.astimezone(UTC) > now
            assert staff_held_until(until, mine) is None
            assert mine.works_on(until.date())


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(2026, 11, 24, 20, 59), None),
        (at(2026, 11, 24, 21), at(2026, 11, 25, 7)),
        (at(2026, 11, 24, 0), at(2026, 11, 24, 7)),
        (at(2026, 11, 24, 6, 59), at(2026, 11, 24, 7)),
        (at(2026, 11, 24, 7), None),
        (utc(2026, 10, 25, 0, 30), at(2026, 10, 25, 7)),
        (utc(2026, 10, 25, 1, 30), at(2026, 10, 25, 7)),
        (utc(2026, 10, 25, 6), None),
        (utc(2027, 3, 28, 4, 59), at(2027, 3, 28, 7)),
        (utc(2027, 3, 28, 5), None),
    ],
)
def test_own_quiet_hours_go_over_midnight_and_over_the_nights_of_the_clock(
    now: datetime, until: datetime | None
) -> None:
    assert own_held_until(now, zone=ZONE, quiet_from=time(21), quiet_until=time(7)) == until


def test_own_quiet_hours_within_one_day_and_none_at_all() -> None:
    noon = {"zone": ZONE, "quiet_from": time(12), "quiet_until": time(13)}
    assert own_held_until(at(2026, 11, 24, 12, 30), **noon) == at(2026, 11, 24, 13)  # type: ignore[arg-type]
    assert own_held_until(at(2026, 11, 24, 13), **noon) is None  # type: ignore[arg-type]
    same = {"zone": ZONE, "quiet_from": time(12), "quiet_until": time(12)}
    assert own_held_until(at(2026, 11, 24, 12), **same) is None  # type: ignore[arg-type]


def test_a_message_to_the_team_is_read_when_the_first_of_them_works() -> None:
    anouk, lotte = hours(roles=(PART_TIME,)), hours(roles=(FRIDAYS_OF_ODD_WEEKS,))
    wednesday = at(2026, 12, 2, 10)
    assert read_from(wednesday, [anouk]) == at(2026, 12, 3, 8)
    assert read_from(wednesday, [lotte]) == at(2026, 12, 4, 8)
    assert read_from(wednesday, [lotte, anouk]) == at(2026, 12, 3, 8)
    assert read_from(wednesday, [lotte, anouk, hours()]) is None
    assert read_from(wednesday, []) is None


def window(now: datetime) -> datetime | None:
    return rules.next_window(now, zone=ZONE, windows=OFFICE, works_on=school_day)


def test_inside_contact_hours_there_is_nothing_better_than_now() -> None:
    assert window(at(2026, 11, 24, 10)) is None
    assert window(at(2026, 11, 24, 8)) is None


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(2026, 11, 24, 17), at(2026, 11, 25, 8)),
        (at(2026, 11, 24, 7, 59), at(2026, 11, 24, 8)),
        (at(2026, 11, 27, 20), at(2026, 11, 30, 8)),
        (at(2026, 12, 18, 18), at(2027, 1, 4, 8)),
    ],
)
def test_outside_contact_hours_it_goes_out_at_the_next_window(now: datetime, opens: datetime) -> None:
    assert window(now) == opens


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("night", [datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2027, 3, 27, 22, tzinfo=UTC)])
def test_on_the_nights_that_the_clock_changes_monday_still_opens_at_eight(night: datetime, hour: int) -> None:
    opens = window(night + timedelta(hours=hour))
    assert opens is not None
    assert (opens.weekday(), opens.hour, opens.minute) == (0, 8, 0)


def test_a_window_in_the_night_of_the_clock_counts_real_time() -> None:
    night = [Window(7, time(1), time(4))]
    # On 25 October 2026 it is 2.30 twice; both lie in the window, and it lasts four real hours.
    for utc_hour in (23, 24, 25, 26):
        moment = datetime(2026, 10, 24, tzinfo=UTC) + timedelta(hours=utc_hour, minutes=30)
        assert rules.next_window(moment, zone=ZONE, windows=night, works_on=lambda _day: True) is None
    after = datetime(2026, 10, 25, 3, 30, tzinfo=UTC)
    assert rules.next_window(after, zone=ZONE, windows=night, works_on=lambda _day: True) is not None


def test_without_any_window_nothing_is_offered() -> None:
    assert rules.next_window(at(2026, 11, 24, 20), zone=ZONE, windows=[], works_on=school_day) is None


@given(st.datetimes(datetime(2026, 8, 1), datetime(2027, 7, 1), timezones=st.just(UTC)))
def test_the_next_window_never_lies_in_the_past_nor_on_a_free_day(now: datetime) -> None:
    opens = window(now)
    if opens is not None:
        assert opens.astimezone(UTC) > now
        assert school_day(opens.date())
        assert window(opens) is None
