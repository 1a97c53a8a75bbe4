"""What stands on the board and in the week: days, folding, greeting. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeVar

FRIDAY, SUNDAY = 5, 7
SHOWN_IN_WEEK = 4

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days a home page looks at: the day of the board, and the days of the list below it, both ends included."""

    today: date
    board: date
    first: date
    last: date

    @property
    def is_next_week(self) -> bool:
        """Say whether the list goes beyond Sunday, so that it must not be called "this week"."""
        return self.last - self.today > timedelta(SUNDAY - self.today.isoweekday())


def stretch_of(today: date) -> Stretch:
    """Return what to look at on `today`: the board tells the next weekday, the list today and the days after.

    From Thursday on the list runs to the end of next week, because this week is nearly over.
    """
    board = today + timedelta(1)
    if today.isoweekday() in (FRIDAY, FRIDAY + 1):
        board = today + timedelta(8 - today.isoweekday())
    sunday = today + timedelta(SUNDAY - today.isoweekday())
    last = sunday if today.isoweekday() < FRIDAY - 1 else sunday + timedelta(7)
    return Stretch(today, board, today, last)


def day_in(first: date, last: date, *, from_date: date, until_date: date, skip: date) -> date | None:
    """Return the first day of something that lies in the stretch and is not `skip`, or None when there is none.

    What lasts longer than two days counts on its first day only: a goal of six weeks is not news every day.
    """
    if until_date - from_date > timedelta(1):
        return from_date if first <= from_date <= last and from_date != skip else None
    day = max(first, from_date)
    while day <= min(last, until_date):
        if day != skip:
            return day
        day += timedelta(1)
    return None


def fold(days: Sequence[tuple[date, Sequence[T]]], *, shown: int = SHOWN_IN_WEEK) -> tuple[list, list]:
    """Split days with their things into what is shown and what is folded: whole days, at least one, about `shown`."""
    open_days: list[tuple[date, Sequence[T]]] = []
    count = 0
    for place, (day, things) in enumerate(days):
        if open_days and count + len(things) > shown:
            rest = list(days[place:])
            # One small thing is not worth a fold.
            if sum(len(things) for _day, things in rest) <= 1:
                return [*open_days, *rest], []
            return open_days, rest
        open_days.append((day, things))
        count += len(things)
    return open_days, []


def part_of_day(hour: int) -> Literal["morning", "afternoon", "evening"]:
    """Return which greeting fits the hour (0 to 23) at the school."""
    if hour < 12:
        return "morning"
    return "afternoon" if hour < 18 else "evening"


def months_back(today: date, *, first: date) -> list[date]:
    """Return the first day of each month from `today`'s back to that of `first`, newest first, at most 36."""
    month = today.replace(day=1)
    found: list[date] = []
    while month >= first.replace(day=1) and len(found) < 36:
        found.append(month)
        month = (month - timedelta(1)).replace(day=1)
    return found
