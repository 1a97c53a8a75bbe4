"""From last year's calendar to next year's: where each event would lie. Pure: days in, days and reasons out.

An event keeps its week of the school year and its weekday. A week is counted in weeks with school from the nearest
holiday, so that a holiday that moves does not push half of the year along. Days that belong to a date, to Easter or to
the Christmas holidays keep to those. Whatever the year, it lands on a day with school, and the reason is told to who
checks the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kring.school.rules import Calendar

LOOK_AROUND = 21  # days; the longest school holiday but the summer's

# Words by which a title belongs to a date, in the school's own language and in English.
BY_DATE = re.compile(
    r"sinterklaas|\bsint\b|pakjes|dierendag|sint[- ]?maarten|koningsdag|koningsspelen|st\.? nicholas|king'?s day", re.I
)
BY_CHRISTMAS = re.compile(r"kerst|christmas", re.I)
BY_EASTER = re.compile(r"\bpaas|\bpasen|palmpasen|carnaval|easter|carnival", re.I)


class Why(StrEnum):
    """Why an event lies where it is put."""

    SAME_WEEK = "same_week"  # the same week of the school year and the same weekday
    SAME_DATE = "same_date"  # a day that has its date
    CHRISTMAS = "christmas"  # as long before the Christmas holidays
    EASTER = "easter"  # as long before or after Easter
    FREE = "free"  # that day is free, so the nearest day with school
    OUTSIDE = "outside"  # the new year has no such week: to be given a day by hand


@dataclass(frozen=True, slots=True)
class Year:
    """A school year: its first and last day, both included, and the days without school in it."""

    first: date
    last: date
    calendar: Calendar

    def holds(self, day: date) -> bool:
        """Say whether the day lies in the year."""
        return self.first <= day <= self.last

    def school_mondays(self) -> list[date]:
        """Return the Monday of each week with at least one day of school, in order."""
        monday = self.first - timedelta(self.first.weekday())
        found = []
        while monday <= self.last:
            days = [monday + timedelta(n) for n in range(5)]
            if any(self.holds(day) and self.calendar.is_school_day(day) for day in days):
                found.append(monday)
            monday += timedelta(7)
        return found

    def has_school(self, day: date) -> bool:
        """Say whether there is school that day, within the year."""
        return self.holds(day) and self.calendar.is_school_day(day)

    def christmas_break(self) -> date | None:
        """Return the first day of the working week or days without school that Christmas Day lies in."""
        day = date(self.first.year if self.first.month > 1 else self.last.year, 12, 25)
        if not self.holds(day):
            return None
        while not self.has_school(day - timedelta(1)) and self.holds(day - timedelta(1)):
            day -= timedelta(1)
        return day


@dataclass(frozen=True, slots=True)
class Old:
    """What is copied: its title and its first and last day, both included."""

    title: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class New:
    """Where it would lie, and why; `short` days of it have no school. `first` is None when it has no place."""

    first: date | None
    last: date | None
    why: Why
    short: int = 0


def copied(events: Iterable[Old], *, old: Year, new: Year) -> list[New]:
    """Return for each event of the `old` year where it lies in the `new` one, in the same order."""
    weeks = (old.school_mondays(), new.school_mondays())
    return [_copied(event, old, new, weeks) for event in events]


def _copied(event: Old, old: Year, new: Year, weeks: tuple[list[date], list[date]]) -> New:
    day, why = _wanted(event, old, new, weeks)
    if day is None:
        return New(None, None, Why.OUTSIDE)
    was_school_day = old.has_school(event.first)
    # What lay on a free day (a fair on Saturday, a holiday itself) may lie on one again.
    if was_school_day and not new.has_school(day):
        found = _nearest(day, new, earlier_first=why in {Why.SAME_DATE, Why.CHRISTMAS})
        if found is None:
            return New(None, None, Why.OUTSIDE)
        day, why = found, Why.FREE
    if not new.holds(day):
        return New(None, None, Why.OUTSIDE)
    last = min(day + (event.last - event.first), new.last)
    length = (last - day).days + 1
    was_free = sum(not old.has_school(event.first + timedelta(n)) for n in range((event.last - event.first).days + 1))
    is_free = sum(not new.has_school(day + timedelta(n)) for n in range(length))
    return New(day, last, why, short=max(0, is_free - was_free))


def _wanted(event: Old, old: Year, new: Year, weeks: tuple[list[date], list[date]]) -> tuple[date | None, Why]:
    if BY_DATE.search(event.title) or (event.first.month, event.first.day) in {(12, 24), (12, 25), (12, 26)}:
        return same_date(event.first, new), Why.SAME_DATE
    if BY_CHRISTMAS.search(event.title):
        breaks = (old.christmas_break(), new.christmas_break())
        if breaks[0] and breaks[1] and timedelta(0) < breaks[0] - event.first < timedelta(LOOK_AROUND):
            return _before(event.first, breaks[0], breaks[1]), Why.CHRISTMAS
        return same_date(event.first, new), Why.SAME_DATE
    if BY_EASTER.search(event.title):
        away = event.first - easter(event.first.year)
        if abs(away.days) <= 60:
            return easter(new.last.year) + away, Why.EASTER
    return same_week(event.first, weeks[0], weeks[1]), Why.SAME_WEEK


def same_date(day: date, year: Year) -> date | None:
    """Return the day of the year with the same date; 29 February becomes the 28th where there is none."""
    for number in (year.first.year, year.last.year):
        try:
            there = day.replace(year=number)
        except ValueError:
            there = date(number, 2, 28)
        if year.holds(there):
            return there
    return None


def periods(mondays: Sequence[date]) -> list[list[date]]:
    """Return the school weeks between two holidays together: those that follow each other without a free week."""
    found: list[list[date]] = []
    for monday in mondays:
        if found and monday - found[-1][-1] == timedelta(7):
            found[-1].append(monday)
        else:
            found.append([monday])
    return found


def week_in(place: int, old: int, new: int) -> int:
    """Return the week of a period of `new` weeks for week `place` of one with `old`; all count from 0.

    The first half is counted from the holiday before it, the second half to the one after it; so the last day before
    the Christmas holidays stays that. What is left in the middle stays in the middle.
    """
    half = min(old, new) // 2
    if place < half:
        return place
    if old - place <= half:
        return new - (old - place)
    return max(half, min(place, new - half - 1))


def same_week(day: date, old_mondays: Sequence[date], new_mondays: Sequence[date]) -> date | None:
    """Return the same weekday of the same school week: the one with the same place between the same holidays.

    Where the years do not have as many holidays, the weeks with school are counted through. A day in a week without
    school (a camp in the holidays) is counted from the last week with school before it; in the summer before the first
    one, back from that one. None when the new year has no such week.
    """
    if not old_mondays or not new_mondays:
        return None
    monday = _monday(day)
    before = [number for number, other in enumerate(old_mondays) if other <= monday]
    number = before[-1] if before else 0
    beyond = monday - old_mondays[number] + timedelta(day.weekday())
    old, new = periods(old_mondays), periods(new_mondays)
    if len(old) == len(new):
        for was, becomes in zip(old, new, strict=True):
            if number < len(was):
                return becomes[week_in(number, len(was), len(becomes))] + beyond
            number -= len(was)
    return new_mondays[number] + beyond if number < len(new_mondays) else None


def _before(day: date, old_break: date, new_break: date) -> date:
    """Return the same weekday, as many weeks before the new break as it was before the old one.

    A break that begins on a Saturday belongs to the week that it ends.
    """
    weeks = (_monday(old_break) - _monday(day)).days // 7
    return _monday(new_break) - timedelta(7 * weeks) + timedelta(day.weekday())


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _nearest(day: date, year: Year, *, earlier_first: bool) -> date | None:
    """Return the nearest day with school: in the same week when there is one, else the first one around it."""
    monday = _monday(day)
    in_week = [other for n in range(5) if year.has_school(other := monday + timedelta(n))]
    if in_week:
        side = (lambda other: other > day) if earlier_first else (lambda other: other < day)
        return min(in_week, key=lambda other: (side(other), abs(other - day)))
    for n in range(1, LOOK_AROUND + 1):
        steps = (-n, n) if earlier_first else (n, -n)
        for step in steps:
            if year.has_school(day + timedelta(step)):
                return day + timedelta(step)
    return None


def easter(year: int) -> date:
    """Return Easter Sunday of a calendar year (the Gregorian reckoning of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
