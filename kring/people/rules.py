"""Plain reckoning with stretches of days and working days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def overlaps(first: date, last: date | None, other_first: date, other_last: date | None) -> bool:
    """Say whether two stretches share a day. The last day is included; an open stretch (None) goes on."""
    return (last is None or other_first <= last) and (other_last is None or first <= other_last)


def works_on(day: date, working_days: Iterable[tuple[int, str]]) -> bool:
    """Say whether somebody works on `day`, given pairs of weekday (1 = Monday) and weeks (every, odd, even).

    Odd and even are ISO week numbers. Without any pair every working day counts (a role without rows).
    """
    pairs = list(working_days)
    if not pairs:
        return day.isoweekday() <= 5
    parity = "odd" if day.isocalendar().week % 2 else "even"
    return any(weekday == day.isoweekday() and weeks in ("every", parity) for weekday, weeks in pairs)
