"""Quiet hours (H1, S12): when somebody is told of things, and when she is left in peace. Wall-clock time of the school.

All comparing is done in UTC: two moments of one zone compare by wall clock, which is wrong on the nights that the
clock changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from kring.agreements.settings import Window
from kring.people.rules import works_on
from kring.school.rules import Calendar

LOOK_AHEAD = 120
"""Days in which the next window is looked for; longer than any school holiday."""


@dataclass(frozen=True, slots=True)
class RoleDays:
    """The days of one role: from `first` to `last` (both included; open when empty), on these weekdays and weeks.

    Without `days` ((1 = Monday, "every", "odd" or "even"), ...) it is carried out every school day.
    """

    first: date
    last: date | None = None
    days: tuple[tuple[int, str], ...] = ()

    def holds_on(self, day: date) -> bool:
        """Say whether the role is held on `day`, a working day or not."""
        return self.first <= day and (self.last is None or day <= self.last)

    def works_on(self, day: date) -> bool:
        """Say whether the role is carried out on `day`, if there is school."""
        return not self.days or works_on(day, self.days)


@dataclass(frozen=True, slots=True)
class StaffHours:
    """When one member of staff can be reached at one school.

    `windows` are the agreement's, or her own where it lets her choose; `own_days` says whether her working days count
    (H1); `away` are the first and last days of absences.
    """

    zone: tzinfo
    windows: tuple[Window, ...]
    calendar: Calendar
    roles: tuple[RoleDays, ...] = ()
    own_days: bool = True
    away: tuple[tuple[date, date], ...] = ()

    def works_on(self, day: date) -> bool:
        """Say whether `day` is a working day: no holiday, she works, and she is not away. The windows decide about
        weekends: a school that agreed on Saturdays is there then."""
        if self.calendar.holiday_on(day) or any(first <= day <= last for first, last in self.away):
            return False
        if not self.own_days or not self.roles:
            return True
        # Between two roles nothing is expected of her; a role that begins in January says nothing about December.
        return any(role.holds_on(day) and role.works_on(day) for role in self.roles)


def next_window(
    now: datetime, *, zone: tzinfo, windows: Iterable[Window], works_on: Callable[[date], bool]
) -> datetime | None:
    """Return the start of the next contact window (aware, in `zone`), or None when `now` lies in one.

    `windows` (H1) are in the school's wall-clock time; `works_on` says whether a day counts at all (holidays,
    own working days). Also None when no window comes within 120 days: then there is nothing better to offer.
    """
    opens = _opening(now, zone=zone, windows=list(windows), works_on=works_on)
    return None if opens is now else opens


def _opening(
    now: datetime, *, zone: tzinfo, windows: list[Window], works_on: Callable[[date], bool]
) -> datetime | None:
    """Return `now` inside a window, else the start of the next one, or None when none comes in LOOK_AHEAD days."""
    moment, today = now.astimezone(UTC), now.astimezone(zone).date()
    for ahead in range(LOOK_AHEAD):
        day = today + timedelta(days=ahead)
        if not works_on(day):
            continue
        for window in sorted(window for window in windows if window.weekday == day.isoweekday()):
            opens = datetime.combine(day, window.starts, tzinfo=zone)
            closes = datetime.combine(day, window.ends, tzinfo=zone)
            if opens.astimezone(UTC) <= moment < closes.astimezone(UTC):
                return now
            if moment < opens.astimezone(UTC):
                return opens
    return None


def staff_held_until(now: datetime, hours: StaffHours) -> datetime | None:
    """Return until when a notification to this member of staff is held (aware), or None when she may have it now.

    Where a school agreed no windows at all there is nothing to hold for. Somebody who is away for longer than we look
    ahead is asked about again then.
    """
    if not hours.windows:
        return None
    opens = _opening(now, zone=hours.zone, windows=list(hours.windows), works_on=hours.works_on)
    if opens is None:
        return now + timedelta(days=LOOK_AHEAD)
    return None if opens is now else opens


def own_held_until(now: datetime, *, zone: tzinfo, quiet_from: time, quiet_until: time) -> datetime | None:
    """Return until when somebody's own quiet hours last (aware), or None outside them. Equal hours mean none.

    `quiet_until` may lie after midnight: 21:00 to 7:00.
    """
    if quiet_from == quiet_until:
        return None
    moment, today = now.astimezone(UTC), now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        begins = datetime.combine(day, quiet_from, tzinfo=zone)
        last_day = day if quiet_until > quiet_from else day + timedelta(days=1)
        ends = datetime.combine(last_day, quiet_until, tzinfo=zone)
        if begins.astimezone(UTC) <= moment < ends.astimezone(UTC):
            return ends
    return None


def read_from(now: datetime, team: Iterable[StaffHours]) -> datetime | None:
    """Return when the first of `team` can read what is written at `now` (aware): None means she can now.

    An empty team gives None too: then there is nobody to wait for, and the page says so in its own words.
    """
    moments = [staff_held_until(now, hours) for hours in team]
    if not moments or None in moments:
        return None
    return min((moment for moment in moments if moment is not None), key=lambda moment: moment.astimezone(UTC))
