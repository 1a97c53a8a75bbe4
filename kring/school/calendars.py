"""Fetching a school's calendar: the region's holidays from the `holidays` package, and the school's own changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays
from django.core.cache import caches

from kring.school.models import Holiday, School
from kring.school.rules import Calendar, FreeDays, changes_from, named_stretches


@lru_cache(maxsize=64)
def region_holidays(region: str, first_year: int, last_year: int) -> dict[date, str]:
    """Return public and school holidays of `region` by day, with Dutch names, for the calendar years given."""
    found = holidays.NL(
        years=range(first_year, last_year + 1),
        subdiv=region.capitalize(),
        categories=("public", "school"),
        language="nl",
    )
    return dict(found.items())


@lru_cache(maxsize=64)
def region_stretches(region: str, first: date, last: date) -> tuple[FreeDays, ...]:
    """Return the holidays of `region` from `first` to `last` as stretches of days, each with its name, in order."""
    return tuple(named_stretches(region_holidays(region, first.year, last.year), first, last))


def calendar_of(school: School, *, first: date, last: date) -> Calendar:
    """Return the calendar of `school` for the days `first` to `last`. One query."""
    rows = Holiday.objects.filter(school=school).touching(first, last)
    changes = changes_from(rows.values_list("name", "starts_on", "ends_on", "is_school_day", "group_id"))
    return Calendar(region=region_holidays(school.region, first.year, last.year), changes=changes)


KEPT_SECONDS = 60


def calendars_now(schools: Mapping[int, str], *, first: date, last: date) -> dict[int, Calendar]:
    """Return the calendars of schools (key -> public id) for the days `first` to `last`, for showing to a reader.

    They are kept for a minute in this process, so that a page of news asks nothing: two queries at most. Who decides
    something asks `calendar_of`.
    """
    keys = {pk: f"calendar:{public_id}:{first}:{last}" for pk, public_id in schools.items()}
    kept = caches["memory"].get_many(keys.values())
    parts = {pk: kept[key] for pk, key in keys.items() if key in kept}
    missing = [pk for pk in schools if pk not in parts]
    if missing:
        rows: dict[int, list[tuple[str, date, date, bool, int | None]]] = defaultdict(list)
        own = Holiday.objects.filter(school__in=missing).touching(first, last)
        columns = ("school_id", "name", "starts_on", "ends_on", "is_school_day", "group_id")
        for school_id, name, starts_on, ends_on, is_school_day, group_id in own.values_list(*columns):
            rows[school_id].append((name, starts_on, ends_on, is_school_day, group_id))
        for pk, region in School.objects.filter(pk__in=missing).values_list("pk", "region"):
            parts[pk] = (region, changes_from(rows[pk]))
            caches["memory"].set(keys[pk], parts[pk], KEPT_SECONDS)
    return {
        pk: Calendar(region_holidays(region, first.year, last.year), changes) for pk, (region, changes) in parts.items()
    }


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """One line of the list: a holiday of the region, or (with `change`) one of the school's own changes."""

    name: str
    first: date
    last: date
    is_school_day: bool = False
    change: Holiday | None = None
    is_changed: bool = False


def holiday_rows(
    school: School, *, first: date, last: date, changes: Sequence[Holiday] | None = None
) -> list[HolidayRow]:
    """Return the days without school from `first` to `last` in order, the region's and the school's own. One query;
    none with the school's own `changes` on these days, each with its group.

    A holiday of the region on whose days the whole school has lessons after all is marked as changed.
    """
    if changes is None:
        changes = list(Holiday.objects.filter(school=school).touching(first, last).select_related("group"))
    lessons = [c for c in changes if c.is_school_day and c.group_id is None]
    rows = [
        HolidayRow(
            stretch.name,
            stretch.first,
            stretch.last,
            is_changed=any(c.starts_on <= stretch.last and c.ends_on >= stretch.first for c in lessons),
        )
        for stretch in region_stretches(school.region, first, last)
    ]
    rows += [HolidayRow(c.name, c.starts_on, c.ends_on, is_school_day=c.is_school_day, change=c) for c in changes]
    return sorted(rows, key=lambda row: (row.first, row.last))
