"""A roster as Kring understands it, whatever file it came from: only the fields listed here are ever kept.

Every key is the other system's stable id. Nothing in this file knows a database or a file format.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class RosterSchool:
    """The school in the file for which the roster was read."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class RosterYear:
    """A school year, 1 August to 31 July, named by its first day."""

    starts_on: date

    @property
    def ends_on(self) -> date:
        """Return the last day."""
        return date(self.starts_on.year + 1, 7, 31)

    @property
    def name(self) -> str:
        """Return "2026-2027"."""
        return f"{self.starts_on.year}-{self.starts_on.year + 1}"


@dataclass(frozen=True, slots=True)
class RosterGroup:
    """A class or an extra group of one year. `grades` are the file's own codes."""

    key: str
    name: str
    kind: str  # class | extra
    year: RosterYear
    grades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterChild:
    """A pupil: what she is called, and the file's code for her year."""

    key: str
    first_name: str
    infix: str
    last_name: str
    grade: str = ""


@dataclass(frozen=True, slots=True)
class RosterAdult:
    """A parent or a teacher. `email` or `phone` None: the file says nothing usable, so what is here stays."""

    key: str
    first_name: str
    infix: str
    last_name: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class RosterEnrolment:
    """A child sits in a group; empty dates mean "as the year goes"."""

    child: str
    group: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class RosterAssignment:
    """A teacher has a group, as first teacher or beside one."""

    adult: str
    group: str
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class RosterLink:
    """An adult looks after a child: parent or guardian."""

    child: str
    adult: str
    relation: str = "parent"


Pair = tuple[str, str]


@dataclass(slots=True)
class Removed:
    """What the file itself says is over (status `tobedeleted` or `inactive`, or a last day that has passed)."""

    children: set[str] = field(default_factory=set)
    adults: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    enrolments: set[Pair] = field(default_factory=set)  # child, group
    assignments: set[Pair] = field(default_factory=set)  # adult, group
    links: set[Pair] = field(default_factory=set)  # child, adult


@dataclass(slots=True)
class Untouched:
    """Whose rows had a fault: what is here about them stays exactly as it is."""

    children: set[str] = field(default_factory=set)
    adults: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    enrolments_of: set[str] = field(default_factory=set)  # children and adults of whom an enrolment row had a fault


@dataclass(slots=True)
class Whole:
    """Of which subjects the file is complete (bulk), so that what is missing from it is gone."""

    people: bool = False
    enrolments: bool = False
    links: bool = False


@dataclass(slots=True)
class Roster:
    """Everything one upload says about one school."""

    school: RosterSchool
    groups: list[RosterGroup] = field(default_factory=list)
    children: list[RosterChild] = field(default_factory=list)
    adults: list[RosterAdult] = field(default_factory=list)
    enrolments: list[RosterEnrolment] = field(default_factory=list)
    assignments: list[RosterAssignment] = field(default_factory=list)
    links: list[RosterLink] = field(default_factory=list)
    removed: Removed = field(default_factory=Removed)
    untouched: Untouched = field(default_factory=Untouched)
    whole: Whole = field(default_factory=Whole)

    @property
    def grades(self) -> list[str]:
        """Return the codes for years that occur, sorted."""
        codes = {child.grade for child in self.children} | {code for group in self.groups for code in group.grades}
        return sorted(code for code in codes if code)


PARTS: dict[str, type] = {
    "children": RosterChild,
    "adults": RosterAdult,
    "enrolments": RosterEnrolment,
    "assignments": RosterAssignment,
    "links": RosterLink,
}


def to_json(roster: Roster) -> dict[str, Any]:
    """Return `roster` as plain lists, for the hour between preview and apply."""
    plain: dict[str, Any] = {"school": [roster.school.key, roster.school.name]}
    plain["groups"] = [
        [group.key, group.name, group.kind, group.year.starts_on.isoformat(), list(group.grades)]
        for group in roster.groups
    ]
    for part, kind in PARTS.items():
        names = [f.name for f in fields(kind)]
        plain[part] = [[_plain(getattr(row, name)) for name in names] for row in getattr(roster, part)]
    for part in ("removed", "untouched", "whole"):
        record = getattr(roster, part)
        plain[part] = {
            f.name: sorted(value) if isinstance(value := getattr(record, f.name), set) else value
            for f in fields(record)
        }
    return plain


def from_json(plain: dict[str, Any]) -> Roster:
    """Return the roster that `to_json` wrote down."""
    roster = Roster(RosterSchool(*plain["school"]))
    roster.groups = [
        RosterGroup(key, name, kind, RosterYear(date.fromisoformat(start)), tuple(grades))
        for key, name, kind, start, grades in plain["groups"]
    ]
    for part, kind in PARTS.items():
        setattr(roster, part, [kind(*row) for row in plain[part]])
    roster.enrolments = [
        RosterEnrolment(child, group, _day(first), _day(last)) for child, group, first, last in plain["enrolments"]
    ]
    for part in ("removed", "untouched"):
        record = getattr(roster, part)
        for name, values in plain[part].items():
            setattr(record, name, {tuple(v) if isinstance(v, list) else v for v in values})
    roster.whole = Whole(**plain["whole"])
    return roster


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
