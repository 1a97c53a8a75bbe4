"""Faults and lines of a calendar from a file, and the reasons of copied days, in the words of the reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kring.agenda.incoming.compare import Line, Sort
from kring.agenda.incoming.rows import Effect, Row
from kring.agenda.models import CategoryChoice
from kring.agenda.rules.copying import Why
from kring.core.templatetags.kring import spoken_day

# Each sentence may use %(value)s.
FAULTS: dict[str, str | Promise] = {
    "too_large": gettext_lazy("This file is larger than a calendar can be."),
    "too_many": gettext_lazy("There are %(value)s events in this file; a year has a few hundred. At most 1,000 go in."),
    "not_ics": gettext_lazy("This is not an iCalendar file, or it is damaged."),
    "not_csv": gettext_lazy("This file cannot be read: it is not a calendar and not a spreadsheet."),
    "not_xlsx": gettext_lazy("This spreadsheet is damaged, or is something else."),
    "old_excel": gettext_lazy(
        "This is a spreadsheet of the old kind (.xls). Save it as .xlsx or .csv and choose it again."
    ),
    "no_header": gettext_lazy("The columns are not known. There must be a row with at least “Datum” and “Titel”."),
    "nothing": gettext_lazy("There is no event in this file that can be taken over."),
    "broken_zone": gettext_lazy("The description of a time zone in this file is broken. Check the hours below."),
    "unknown_zone": gettext_lazy("Nobody knows the time zone “%(value)s”. The hours are read as those of the school."),
    "no_start": gettext_lazy("“%(value)s” has no day, or one that cannot be read."),
    "no_day": gettext_lazy("“%(value)s” has no day."),
    "day": gettext_lazy("“%(value)s” is not a day."),
    "hour": gettext_lazy("“%(value)s” is not an hour."),
    "no_title": gettext_lazy("An event has no name."),
    "order": gettext_lazy("“%(value)s” ends on a day before it begins."),
    "hours": gettext_lazy("“%(value)s” ends before it begins."),
    "end_without_start": gettext_lazy("“%(value)s” has an hour at which it ends, and none at which it begins."),
    "too_long": gettext_lazy("“%(value)s” lasts longer than a hundred days."),
    "outside_year": gettext_lazy("“%(value)s” does not lie in this school year."),
    "twice": gettext_lazy("“%(value)s” stands in the file more than once; the first one counts."),
    "cancelled": gettext_lazy("“%(value)s” was cancelled, and stays out."),
    "unknown_rule": gettext_lazy(
        "“%(value)s” comes back in a way that Kring does not know. Only the first time is taken over."
    ),
    "too_often": gettext_lazy("“%(value)s” comes back more often than there are days of school."),
    "long_title": gettext_lazy("The name “%(value)s…” is too long and is cut off."),
    "long_place": gettext_lazy("The place “%(value)s…” is too long and is cut off."),
    "long_text": gettext_lazy("An explanation is too long and is cut off: “%(value)s…”"),
    "unknown_column": gettext_lazy("Kring does not know the column “%(value)s” and leaves it out."),
}
THEN: dict[str, str | Promise] = {
    Effect.STOP: gettext_lazy("Nothing of this file can be taken over."),
    Effect.ROW: gettext_lazy("It stays out."),
    Effect.VALUE: "",
    Effect.NOTE: "",
}
FIELDS: dict[str, str | Promise] = {
    "title": gettext_lazy("name"),
    "first": gettext_lazy("day"),
    "last": gettext_lazy("last day"),
    "starts": gettext_lazy("begin"),
    "ends": gettext_lazy("end"),
    "place": gettext_lazy("place"),
    "text": gettext_lazy("explanation"),
    "category": gettext_lazy("kind"),
    "is_important": gettext_lazy("important"),
    "whom": gettext_lazy("for whom"),
}
REASONS: dict[str, str | Promise] = {
    Why.SAME_WEEK: gettext_lazy("same school week"),
    Why.SAME_DATE: gettext_lazy("same date"),
    Why.CHRISTMAS: gettext_lazy("as long before the Christmas holidays"),
    Why.EASTER: gettext_lazy("as far from Easter"),
    Why.FREE: gettext_lazy("the nearest day with school"),
    Why.OUTSIDE: gettext_lazy("choose a day"),
}


@dataclass(frozen=True, slots=True)
class SaidFault:
    """A fault as the page shows it. `row` is 0 for one of the whole file."""

    row: int
    what: str
    stops: bool


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A row as the page shows it."""

    row: int
    title: str
    when: str
    whom: str
    kind: str
    what: str


def say_faults(faults: Iterable[dict[str, Any]]) -> list[SaidFault]:
    """Return the faults of a reading in words, the gravest first."""
    order = [effect.value for effect in Effect]
    ranked = sorted(faults, key=lambda fault: (order.index(fault["effect"]), fault["row"]))
    return [
        SaidFault(
            fault["row"],
            f"{str(FAULTS[fault['code']]) % {'value': fault['value'] or '–'}} {THEN[fault['effect']]}".strip(),
            fault["effect"] == Effect.STOP,
        )
        for fault in ranked
    ]


def say_lines(lines: Iterable[Line], sort: Sort) -> list[SaidLine]:
    """Return the lines of one sort in words, by day."""
    wanted = sorted((line for line in lines if line.sort == sort), key=lambda line: (line.row.first, line.row.title))
    return [
        SaidLine(
            line.row.row,
            line.row.title,
            when_of_row(line.row),
            ", ".join(name[:1].upper() + name[1:] for name in line.row.whom) or _("The whole school"),
            str(CategoryChoice(line.row.category).label),
            ", ".join(line.fields if sort == Sort.UNKNOWN else (str(FIELDS[name]) for name in line.fields)),
        )
        for line in wanted
    ]


def when_of_row(row: Row) -> str:
    """Return its days and hours in one line."""
    days = spoken_day(row.first)
    if row.last != row.first:
        days = _("%(first)s until %(last)s") % {"first": days, "last": spoken_day(row.last)}
    if row.starts is None:
        return days
    hours = time_format(row.starts, "TIME_FORMAT")
    return f"{days}, {hours}" if row.ends is None else f"{days}, {hours} – {time_format(row.ends, 'TIME_FORMAT')}"
