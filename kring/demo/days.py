"""The school days around which the demo's news is dated. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kring.school.rules import Calendar, school_year_of

DAYS_BACK, DAYS_AHEAD = 18, 12
FEWEST, SOON = 3, timedelta(7)
LOOK = 130


@dataclass(frozen=True, slots=True)
class Days:
    """School days around `today`: `back` the newest first, `ahead` the nearest first; `today` itself is in `back`."""

    today: date
    back: list[date]
    ahead: list[date]


def school_days(calendar: Calendar, today: date) -> Days:
    """Return the last and next school days, skipping holidays and weekends of the school."""
    back = [d for n in range(LOOK) if calendar.is_school_day(d := today - timedelta(n))][:DAYS_BACK]
    ahead = [d for n in range(1, LOOK) if calendar.is_school_day(d := today + timedelta(n))][:DAYS_AHEAD]
    return Days(today, back, ahead)


def days_of_one_year(calendar: Calendar, today: date) -> Days:
    """Return the days around which messages tell what comes; those ahead lie in one school year, at least three.

    A message about the next school year cannot go to the groups of this one. So near the summer holidays these are
    the days around an earlier day, and what was told has passed; in the last week of the holidays it is the new year.
    """
    days = school_days(calendar, today)
    year = school_year_of(days.back[0])
    if days.ahead[0] - today <= SOON and school_year_of(today) == school_year_of(days.ahead[0]):
        year = school_year_of(days.ahead[0])
    for n in range(LOOK):
        days = school_days(calendar, today - timedelta(n))
        ahead = [day for day in days.ahead if school_year_of(day) == year]
        if len(ahead) >= FEWEST:
            return Days(days.today, days.back, ahead)
    raise ValueError("No school days in sight.")
