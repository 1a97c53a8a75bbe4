"""What taking over a calendar would do: pure, rows and what is here already in, lines out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from kring.agenda.incoming.rows import Row

COMPARED = ("title", "first", "last", "starts", "ends", "place", "text", "category", "is_important", "whom")


class Sort(StrEnum):
    """What happens with a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    KEPT = "kept"  # it differs, but families have seen it: that is changed in the agenda itself, so that they are told
    UNKNOWN = "unknown"  # for a group or layer that the year does not have


@dataclass(frozen=True, slots=True)
class Line:
    """One row, and what happens with it. `fields` are the names of what differs, or the names that nobody knows."""

    sort: Sort
    row: Row
    fields: tuple[str, ...] = ()


def compared(
    rows: Iterable[Row], *, here: Mapping[str, Row], published: frozenset[str], known: frozenset[str]
) -> list[Line]:
    """Return a line for each row.

    `here` are the events of an earlier reading by key, as rows; `published` the keys that families see; `known` the
    names of groups and layers of the year, in lower case.
    """
    lines = []
    for row in rows:
        unknown = tuple(name for name in row.whom if name.casefold() not in known)
        if unknown:
            lines.append(Line(Sort.UNKNOWN, row, unknown))
            continue
        was = here.get(row.key)
        if was is None:
            lines.append(Line(Sort.NEW, row))
            continue
        fields = tuple(name for name in COMPARED if _value(row, name) != _value(was, name))
        sort = Sort.SAME if not fields else Sort.KEPT if row.key in published else Sort.CHANGED
        lines.append(Line(sort, row, fields))
    return lines


def _value(row: Row, name: str) -> object:
    if name == "whom":
        return sorted(part.casefold() for part in row.whom)
    return getattr(row, name)


def counts_of(lines: Iterable[Line]) -> dict[str, int]:
    """Return how many rows there are of each sort."""
    counts = dict.fromkeys((sort.value for sort in Sort), 0)
    for line in lines:
        counts[line.sort.value] += 1
    return counts


def digest_of(lines: Iterable[Line]) -> str:
    """Return a mark that is another one as soon as something would happen that was not looked at."""
    told = [(line.sort.value, line.fields, replace(line.row, row=0).as_json()) for line in lines]
    return sha256(repr(told).encode()).hexdigest()[:24]
