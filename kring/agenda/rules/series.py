"""The days of something that comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

MOST = 60
WEEKLY, FORTNIGHTLY, MONTHLY = "weekly", "fortnightly", "monthly"


def days_of_series(
    first: date, *, repeat: str, until: date, is_free: Callable[[date], bool] = lambda _day: False
) -> list[date]:
    """Return the days from `first` to `until` (both included) on which it comes back, at most 60.

    `first` always counts; later days on which `is_free` says there is no school are left out. Monthly means the same
    weekday of the month ("the second Tuesday"); a fifth one falls on the last where a month has four.
    """
    found = [first]
    step = 1
    while len(found) < MOST:
        day = (
            _nth(first, step)
            if repeat == MONTHLY
            else first + timedelta(weeks=step * (2 if repeat == FORTNIGHTLY else 1))
        )
        if day > until:
            break
        if not is_free(day):
            found.append(day)
        step += 1
    return found


def _nth(first: date, months: int) -> date:
    place = (first.day - 1) // 7
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    begin = date(year, month + 1, 1)
    day = begin + timedelta((first.isoweekday() - begin.isoweekday()) % 7 + 7 * place)
    return day if day.month == begin.month else day - timedelta(7)
