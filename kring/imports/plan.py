"""What a school has (Current), and what an import would do to it (Plan). `difference.py` makes the second."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypedDict

from kring.imports.roster import (
    RosterAdult,
    RosterAssignment,
    RosterChild,
    RosterGroup,
    RosterLink,
)

# What applying writes; the rest of a Plan is for people's eyes.
WRITTEN = (
    "new_groups",
    "changed_groups",
    "new_children",
    "changed_children",
    "new_adults",
    "changed_adults",
    "new_enrolments",
    "changed_enrolments",
    "ended_enrolments",
    "new_links",
    "ended_links",
    "new_teachers",
    "ended_teachers",
)
Levels = dict[str, int | None]


class Has(NamedTuple):
    """A child or adult that the school already knows by this key."""

    pk: int
    first_name: str
    infix: str
    last_name: str
    email: str = ""
    phone: str = ""


class HasGroup(NamedTuple):
    """A group that the school already knows by this key."""

    pk: int
    name: str
    kind: str
    levels: tuple[int, ...]
    starts_on: date
    ends_on: date  # of its school year


class HasEnrolment(NamedTuple):
    """An enrolment of a known child in a known group that has not ended before today."""

    pk: int
    child: str
    group_pk: int
    level: int
    starts_on: date
    ends_on: date | None
    year_ends: date
    group_name: str


class HasTie(NamedTuple):
    """A guardianship or a group's teacher that an import made; `pk` None: ended by hand since."""

    ref: int
    pk: int | None


class GroupChange(TypedDict, total=False):
    """What becomes different about a known group; what stays the same is left out."""

    name: str
    year_levels: list[int]


@dataclass(slots=True)
class Current:
    """What the school has today, by the keys of the file. Made by current.py; tests make it by hand."""

    today: date
    children: dict[str, Has] = field(default_factory=dict)
    adults: dict[str, Has] = field(default_factory=dict)
    groups: dict[str, HasGroup] = field(default_factory=dict)
    enrolments: list[HasEnrolment] = field(default_factory=list)
    links: dict[tuple[str, str], HasTie] = field(default_factory=dict)  # child, adult
    teachers: dict[tuple[str, str], HasTie] = field(default_factory=dict)  # adult, group
    open_guardianships: set[tuple[int, int]] = field(default_factory=set)  # child pk, person pk: also made by hand
    open_roles: set[tuple[int, int]] = field(default_factory=set)  # person pk, group pk
    group_names: set[tuple[date, str]] = field(default_factory=set)  # first day of the year, name


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the preview: who, in which group, what, was, becomes. `what` is a code; words.py says it."""

    sort: str  # new | changed | moved | gone
    who: str
    what: str
    group: str = ""
    was: str = ""
    now: str = ""
    ask: bool = False


@dataclass(slots=True)
class Plan:
    """Everything that applying would do. Empty means that the file says nothing new."""

    new_groups: list[tuple[RosterGroup, str, tuple[int, ...]]] = field(default_factory=list)  # with name, levels
    changed_groups: list[tuple[int, GroupChange]] = field(default_factory=list)
    new_children: list[RosterChild] = field(default_factory=list)
    changed_children: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    new_adults: list[RosterAdult] = field(default_factory=list)
    changed_adults: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    new_enrolments: list[tuple[str, str, int, date, date | None]] = field(default_factory=list)
    changed_enrolments: list[tuple[int, int, date | None]] = field(default_factory=list)  # pk, level, last day
    ended_enrolments: list[tuple[int, date]] = field(default_factory=list)
    new_links: list[RosterLink] = field(default_factory=list)
    ended_links: list[HasTie] = field(default_factory=list)
    new_teachers: list[RosterAssignment] = field(default_factory=list)
    ended_teachers: list[HasTie] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    without_level: list[str] = field(default_factory=list)  # names of children whose year nobody can tell
    same_email: list[tuple[str, str]] = field(default_factory=list)  # two names
    kept_ended: list[tuple[str, str]] = field(default_factory=list)  # child, adult: ended by hand, stays so
    children_here: int = 0
    children_gone: int = 0
    adults_here: int = 0
    adults_gone: int = 0

    @property
    def is_empty(self) -> bool:
        """Say whether applying would change nothing."""
        return self.size == 0

    @property
    def size(self) -> int:
        """Return how many things change; what people see as "25 changes"."""
        return len(self.lines)

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of lines of each sort."""
        found = dict.fromkeys(("new", "changed", "moved", "gone"), 0)
        for line in self.lines:
            found[line.sort] += 1
        return found

    @property
    def digest(self) -> str:
        """Return a short sum of everything that would change, to tell whether it is still what somebody looked at."""
        return hashlib.sha256(repr([getattr(self, name) for name in WRITTEN]).encode()).hexdigest()[:32]

    @property
    def is_alarming(self) -> bool:
        """Say whether more than a tenth of the children or of the adults goes: then somebody must say yes twice."""
        return self.children_gone * 10 > self.children_here or self.adults_gone * 10 > self.adults_here


def name_of(person: RosterChild | RosterAdult | Has) -> str:
    """Return the whole name."""
    return " ".join(part for part in (person.first_name, person.infix, person.last_name) if part)
