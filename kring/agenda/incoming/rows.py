"""What a file is read into: rows with days and hours of the school, and what is wrong, with the place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date, time
from enum import StrEnum
from typing import Any

from kring.agenda.rules import MAX_TEXT, MAX_TITLE, Category, Span, span_fault

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 1_000  # a full year of a large school has about three hundred
MAX_PLACE = 120
MOST_FAULTS = 200
MAX_KEY = 255


class Effect(StrEnum):
    """What a fault means."""

    STOP = "stop"  # nothing of this file can be taken over
    ROW = "row"  # this row stays out
    VALUE = "value"  # the row comes along without this
    NOTE = "note"  # worth knowing


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: a code, the row as a spreadsheet (or the line as a text editor) counts it, and what stood there."""

    code: str
    effect: str
    row: int = 0
    value: str = ""


class Faults:
    """Collects faults over a whole reading; what comes after MOST_FAULTS is only counted."""

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self.dropped = 0

    def add(self, code: str, effect: Effect, *, row: int = 0, value: str = "") -> None:
        """Remember a fault. `value` is what stood there, cut to 80 characters."""
        if len(self.found) < MOST_FAULTS:
            self.found.append(Fault(code, effect.value, row, tidied(value)[:80]))
        else:
            self.dropped += 1

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.found)

    @property
    def stops(self) -> bool:
        """Say whether nothing can be taken over."""
        return any(fault.effect == Effect.STOP for fault in self.found)


@dataclass(frozen=True, slots=True)
class Row:
    """One event as a file tells it. `key` is the same at the next reading of the same thing.

    `whom` are the names of groups and layers as they were written; none means the whole school.
    """

    row: int
    key: str
    title: str
    first: date
    last: date
    starts: time | None = None
    ends: time | None = None
    place: str = ""
    text: str = ""
    category: str = Category.ACTIVITY.value
    is_important: bool = False
    whom: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        """Return its days and hours, for the rules."""
        return Span(self.first, self.last, self.starts, self.ends)

    def as_json(self) -> dict[str, Any]:
        """Return plain values; days and hours as ISO 8601."""
        values = asdict(self)
        for name in ("first", "last", "starts", "ends"):
            values[name] = None if values[name] is None else values[name].isoformat()
        values["whom"] = list(self.whom)
        return values


def row_from_json(values: dict[str, Any]) -> Row:
    """Return the row that `as_json` wrote down."""
    values = dict(values)
    for name in ("first", "last"):
        values[name] = date.fromisoformat(values[name])
    for name in ("starts", "ends"):
        values[name] = None if values[name] is None else time.fromisoformat(values[name])
    return Row(**{**values, "whom": tuple(values["whom"])})


@dataclass(slots=True)
class Reading:
    """What came out of a file."""

    rows: list[Row] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)


def stopped(code: str, value: str = "") -> Reading:
    """Return the reading of a file of which nothing can be used."""
    reading = Reading()
    reading.faults.add(code, Effect.STOP, value=value)
    return reading


def checked(reading: Reading, *, year: tuple[date, date]) -> Reading:
    """Return the reading with every row that cannot stand taken out, and why.

    `year` is the first and last day of the school year that the calendar is for. Two rows with the same key in one
    file are one thing written twice: the first counts.
    """
    kept: list[Row] = []
    seen: set[str] = set()
    for row in reading.rows:
        fault = "no_title" if not row.title else span_fault(row.span, year=year)
        if not fault and row.key in seen:
            fault = "twice"
        if fault:
            reading.faults.add(fault, Effect.ROW, row=row.row, value=row.title)
            continue
        seen.add(row.key)
        kept.append(_fitting(row, reading.faults))
    reading.rows = kept
    if not kept and not reading.faults.stops:
        reading.faults.add("nothing", Effect.STOP)
    return reading


def _fitting(row: Row, faults: Faults) -> Row:
    """Cut what is too long for its place, and say so."""
    most = {"title": MAX_TITLE, "place": MAX_PLACE, "text": MAX_TEXT}
    long = {name: size for name, size in most.items() if len(getattr(row, name)) > size}
    for name in long:
        faults.add(f"long_{name}", Effect.VALUE, row=row.row, value=getattr(row, name))
    return replace(row, **{name: getattr(row, name)[:size].rstrip() for name, size in long.items()})


CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def tidied(text: str) -> str:
    """Return one line without control characters and double spaces."""
    return " ".join(CONTROL.sub("", text).split())


def tidied_text(text: str) -> str:
    """Return a text of several lines without control characters."""
    lines = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


# The first that fits counts. Dutch first: the files are those of Dutch schools.
WORDS: tuple[tuple[Category, re.Pattern[str]], ...] = tuple(
    (category, re.compile(words, re.I))
    for category, words in (
        (Category.STUDY_DAY, r"studie(mid)?dag|study day"),
        (Category.CONVERSATIONS, r"gesprek|conversation"),
        (Category.PARENTS_EVENING, r"(ouder|informatie|info|kijk)[- ]?avond|parents'? evening"),
        (Category.COUNCIL, r"\bmr\b|\bor\b|ouderraad|medezeggenschap|council"),
        (Category.TESTS, r"toets|cito|leerlingvolg|\btests?\b"),
        (Category.OUTING, r"schoolreis|excursie|\bkamp|uitje|uitstap|museum|outing|trip"),
        (Category.HOLIDAY, r"vakantie|\bvrij\b|vrije (mid)?dag|hemelvaart|pinkster|margedag|holiday|no school"),
        (Category.CELEBRATION, r"sint|kerst|\bpaas|\bpasen|carnaval|koning|feest|viering|musical|party|celebration"),
    )
)


def category_of(words: str, title: str) -> Category:
    """Return the category that `words` (what the file says) or the title points to; an activity when neither does."""
    named = {category.value: category for category in Category}
    if words.strip().casefold() in named:
        return named[words.strip().casefold()]
    for text in (words, title):
        for category, pattern in WORDS:
            if text and pattern.search(text):
                return category
    return Category.ACTIVITY
