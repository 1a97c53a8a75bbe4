"""What stands on a day of the agenda: its lines, the days, and what was asked for. Plain values, no query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from kring.core.viewer import Viewer
from kring.posts.cards import OwnChild

MOST = 600
WEEKEND = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """An event that asks who comes: its address, and for a family with how many that would probably be (0 where each
    adult answers for herself)."""

    event_id: str
    likely: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in the agenda, with the children of the reader it is for."""

    title: str
    first: date
    last: date
    icon: str
    starts: time | None = None
    hours: str = ""
    more: str = ""
    children: tuple[OwnChild, ...] = ()
    whom: str = ""
    link: str = ""
    is_off: bool = False
    reason: str = ""
    is_free: bool = False
    asks: tuple[str, ...] = ()  # "Are you coming?", "3 of 6 places taken"
    answer: Answer | None = None  # what can be answered here, with one tap
    ways: tuple[tuple[str, str], ...] = ()  # what it asks that is done on another page: the words, and its address
    until: date | None = None  # the last day, of what lasts longer than two days
    groups: frozenset[int] = frozenset()
    on_paper: str = ""  # what stands on the fridge instead of the title, which visitors need not read

    @property
    def css(self) -> str:
        """Return the classes that colour it: of its child, of two of them, or none."""
        if self.is_off:
            return "event--off"
        if self.is_free:
            return "event--free"
        if not self.children:
            return "event--school"
        if len(self.children) == 1:
            return self.children[0].css
        return f"event--two {self.children[0].css} {self.children[1].css}-also"

    @property
    def pip(self) -> str:
        """Return the classes for a cell of the month."""
        if self.is_off:
            return "pip--off"
        if self.is_free:
            return "pip--plain"
        return " ".join(part for part in self.css.split() if not part.startswith("event"))


@dataclass(frozen=True, slots=True)
class Day:
    """One day with its lines."""

    day: date
    lines: list[Line] = field(default_factory=list)
    is_today: bool = False
    is_past: bool = False
    is_other: bool = False  # of another month
    free: str = ""

    @property
    def is_free_day(self) -> bool:
        """Say whether there is no school for anybody she looks at."""
        return bool(self.free) and self.day.isoweekday() < WEEKEND

    @property
    def specks(self) -> list[str]:
        """Return the colours of the children who have something that day, each once, at most four."""
        found = dict.fromkeys(child.css for line in self.lines if not line.is_off for child in line.children)
        if not found and any(not line.is_free for line in self.lines):
            return [""]
        return list(found)[:4]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the agenda was asked for: the reader, her children for colours, and which of it she wants to see."""

    viewer: Viewer
    children: Mapping[int, OwnChild]
    schools: Mapping[int, str]  # id -> public id
    group_id: int | None = None
    levels: frozenset[int] = frozenset()  # of that group
    is_team: bool = False

    @property
    def is_whole(self) -> bool:
        """Say whether somebody without a group or child of her own looks at the whole school."""
        return self.is_team and self.group_id is None and not self.children and not self.viewer.taught_group_ids


def by_day(lines: Iterable[Line], *, first: date, last: date, today: date, month: int = 0) -> list[Day]:
    """Return each day from `first` to `last` with its lines. What lasts longer than two days stands once a week."""
    days: dict[date, list[Line]] = defaultdict(list)
    free: dict[date, str] = {}
    for line in lines:
        for day in _days_of(line, first, last):
            days[day].append(line)
        if line.is_free and not line.is_off:
            length = (min(last, line.last) - max(first, line.first)).days + 1
            free |= {max(first, line.first) + timedelta(n): line.title for n in range(length)}
    return [
        Day(
            day,
            days[day],
            is_today=day == today,
            is_past=day < today,
            is_other=bool(month) and day.month != month,
            free=free.get(day, ""),
        )
        for day in (first + timedelta(n) for n in range((last - first).days + 1))
    ]


def _days_of(line: Line, first: date, last: date) -> Iterator[date]:
    day, seen = max(first, line.first), None
    while day <= min(last, line.last):
        week = day - timedelta(day.isoweekday() - 1)
        if line.until is None or week != seen:
            yield day
        seen = week
        day += timedelta(1)
