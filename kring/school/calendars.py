"""Fetching a school's calendar: the region's holidays from the `holidays` package, and the school's own changes."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays

from kring.school.models import Holiday, School
from kring.school.rules import Calendar, changes_from


@lru_cache(maxsize=64)
def region_holidays(region: str, first_year: int, last_year: int) -> dict[date, str]:
    """Return public and school holidays of `region` by day, with Dutch names, for the calendar years given."""
    found = holidays.NL(  # type: ignore[attr-defined]
        years=range(first_year, last_year + 1),
        subdiv=region.capitalize(),
        categories=("public", "school"),
        language="nl",
    )
    return dict(found.items())


def calendar_of(school: School, *, first: date, last: date) -> Calendar:
    """Return the calendar of `school` for the days `first` to `last`. One query."""
    rows = Holiday.objects.filter(school=school).touching(first, last)
    changes = changes_from(rows.values_list("name", "starts_on", "ends_on", "is_school_day", "group_id"))
    return Calendar(region=region_holidays(school.region, first.year, last.year), changes=changes)
