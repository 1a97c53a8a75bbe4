"""School-day arithmetic: which days have school, in region, school and group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY = 6


@dataclass(frozen=True, slots=True)
class FreeDays:
    """A named stretch without school (or with, when `is_school_day`), both days included."""

    name: str
    first: date
    last: date
    is_school_day: bool = False
    group_id: int | None = None

    def covers(self, day: date) -> bool:
        """Say whether `day` lies in the stretch."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a school: the region's holidays by day, and the school's own changes."""

    region: Mapping[date, str] = field(default_factory=dict)
    changes: tuple[FreeDays, ...] = ()

    def holiday_on(self, day: date, *, group_id: int | None = None) -> str:
        """Return the name of the holiday on `day`, or "" when there is school or it is a weekend.

        A group's own row wins over the school's, and the school's over the region's.
        """
        for wanted in (group_id, None) if group_id is not None else (None,):
            covering = [change for change in self.changes if change.group_id == wanted and change.covers(day)]
            if covering:
                # Of two that overlap the shorter one says most about this day: one day of school in a free week.
                change = min(covering, key=lambda stretch: stretch.last - stretch.first)
                return "" if change.is_school_day else change.name
        return self.region.get(day, "")

    def is_school_day(self, day: date, *, group_id: int | None = None) -> bool:
        """Say whether there is school on `day`: not a weekend, not a holiday."""
        return day.isoweekday() < SATURDAY and not self.holiday_on(day, group_id=group_id)

    def school_days_between(self, first: date, last: date, *, group_id: int | None = None) -> int:
        """Count the school days after `first` up to and including `last`; 0 when `last` is not later."""
        days = (first + timedelta(n) for n in range(1, (last - first).days + 1))
        return sum(self.is_school_day(day, group_id=group_id) for day in days)

    def next_school_day(self, after: date, *, group_id: int | None = None) -> date:
        """Return the first school day later than `after`, looking at most 120 days ahead."""
        for n in range(1, 121):
            day = after + timedelta(n)
            if self.is_school_day(day, group_id=group_id):
                return day
        return after + timedelta(1)

    def is_free_week(self, monday: date, *, group_id: int | None = None) -> bool:
        """Say whether the working week that starts on `monday` has no school day at all (G1: expects no posts)."""
        return not any(self.is_school_day(monday + timedelta(n), group_id=group_id) for n in range(5))


def school_year_of(day: date) -> tuple[date, date]:
    """Return the first and last day of the school year in which `day` lies: 1 August to 31 July."""
    first_year = day.year if day.month >= 8 else day.year - 1
    return date(first_year, 8, 1), date(first_year + 1, 7, 31)


def named_stretches(region: Mapping[date, str], first: date, last: date) -> tuple[FreeDays, ...]:
    """Return the region's holidays from `first` to `last` as stretches, in order, for a list that people read.

    Days of one name that follow each other become one stretch; one that lies wholly inside a longer one (Christmas Day
    in the Christmas holidays) is left out. Several names on a day are joined by "; " in `region`.
    """
    open_since: dict[str, date] = {}
    found: list[FreeDays] = []
    day = first
    while day <= last + timedelta(1):
        names = set(region.get(day, "").split("; ")) - {""} if day <= last else set()
        for name in set(open_since) - names:
            found.append(FreeDays(name, open_since.pop(name), day - timedelta(1)))
        for name in names - set(open_since):
            open_since[name] = day
        day += timedelta(1)
    longest_first = sorted(found, key=lambda stretch: stretch.first - stretch.last)
    kept: list[FreeDays] = []
    for stretch in longest_first:
        if not any(other.first <= stretch.first and stretch.last <= other.last for other in kept):
            kept.append(stretch)
    return tuple(sorted(kept, key=lambda stretch: (stretch.first, stretch.name)))


def changes_from(rows: Iterable[tuple[str, date, date, bool, int | None]]) -> tuple[FreeDays, ...]:
    """Return the calendar changes for rows of name, first day, last day, is-school-day and group."""
    return tuple(FreeDays(*row) for row in rows)
