"""Adjoining options for one family in a round that is being booked: its free moments in, its best plans out.

The search is that of `adjoining.py`. A problem of the planner is put together for this family alone, with five minutes
as its slot, so that conversations begin where the teachers' moments begin and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .adjoining import BEST, NEVER, Book, Family, Way
from .problem import Conversation, Option, Party, Problem, Session, Teacher

WEIGHTS = {
    "unserved": 1000,
    "extra_visit": 60,
    "wait_slot": 2,
    "preference": 0,
    "teacher_idle_slot": 0,
    "teacher_session": 0,
}


class Moment(NamedTuple):
    """A moment that a conversation can have: its ticks (the end not included), and the teachers who sit there."""

    key: int
    start: int
    end: int
    teachers: tuple[int, ...]


class Talk(NamedTuple):
    """One conversation of the family: the moments it can have, or the one it has already."""

    moments: Sequence[Moment]
    held: Moment | None = None


class Plan(NamedTuple):
    """One way to hold them all: a moment for each conversation that had none (by its place), and what it costs."""

    chosen: dict[int, int]
    cost: int


@dataclass(frozen=True)
class Booked(Problem):
    """A problem in which a conversation begins only where a moment begins."""

    begins: list[list[Option]] = field(default_factory=list)

    def options(self, c: int) -> list[Option]:
        """Return the ways to hold conversation c."""
        return self.begins[c]


def family_plans(talks: Sequence[Talk], visits: Sequence[tuple[int, int]], *, gap: int) -> list[Plan]:
    """Return at most five plans for all conversations together, best first; none when not all can be held.

    `visits` are the afternoons and evenings of the round as ticks, in order; `gap` is the ticks between two
    conversations. What is held already stays where it is. The first plans are the best of each visit, so that a family
    sees different days before variations of one.
    """
    if not talks or all(talk.held for talk in talks):
        return []
    built = _Builder(talks, visits, gap)
    problem, placed = built.problem(), built.placed
    if len(placed) != sum(1 for talk in talks if talk.held):
        return []  # what is held lies outside the visits of this round: nothing adjoins it
    family = Family(Book(problem, placed), 0)
    ways = _varied(family, len(visits))
    return [
        Plan({c: built.keys[c, slot, team] for c, slot, team in way.held if c not in placed}, way.cost) for way in ways
    ]


def _varied(family: Family, visits: int) -> list[Way]:
    """Return the best way of each visit, and the best of all when that needs several; then variations, best first."""
    everything = (1 << len(family.own)) - 1
    each = [family.sequences(s, everything, NEVER) for s in range(visits)]
    first = sorted({*(found[0] for found in each if found), *family.ways()[:1]})
    begins = {way.held[0][1] for way in first}
    others: list[Way] = []
    same: list[Way] = []
    for way in sorted(way for found in each for way in found[1:]):
        (same if way.held[0][1] in begins else others).append(way)
        begins.add(way.held[0][1])
    return list(dict.fromkeys([*first, *others, *same]))[:BEST]


class _Builder:
    """Numbers everything as the planner wants it."""

    def __init__(self, talks: Sequence[Talk], visits: Sequence[tuple[int, int]], gap: int) -> None:
        self.talks, self.gap = talks, gap
        self.sessions: list[Session] = []
        self.starts: list[tuple[int, int, int]] = []  # first tick, last tick, offset
        offset = 0
        for n, (first, last) in enumerate(visits):
            self.sessions.append(Session(str(n), offset, last - first))
            self.starts.append((first, last, offset))
            offset += last - first
        self.length = offset
        self.people: dict[int, int] = {}
        self.teams: dict[tuple[int, ...], int] = {}
        self.keys: dict[tuple[int, int, int], int] = {}
        self.placed: dict[int, tuple[int, int]] = {}

    def problem(self) -> Booked:
        """Return the problem of this family."""
        begins, conversations = [], []
        for c, talk in enumerate(self.talks):
            found = [talk.held] if talk.held else talk.moments
            slots = max((moment.end - moment.start for moment in found), default=1)
            options = [option for moment in found if (option := self._option(c, moment)) is not None]
            begins.append(options)
            conversations.append(Conversation(str(c), 0, slots, tuple(sorted({option.team for option in options}))))
            if talk.held and options:
                self.placed[c] = (options[0].slot, options[0].team)
        always = tuple((1 << session.slots) - 1 for session in self.sessions)
        return Booked(
            name="family",
            slot_minutes=5,
            rooms=None,
            weights=WEIGHTS,
            sessions=self.sessions,
            teachers=[Teacher(str(n), self.length + 1, always) for n in range(len(self.people))],
            parties=[Party("family", False, self.gap, (0,) * self.length)],
            teams=list(self.teams),
            conversations=conversations,
            of_party=[list(range(len(self.talks)))],
            rivals=[[]],
            session_of=[n for n, session in enumerate(self.sessions) for _slot in range(session.slots)],
            begins=begins,
        )

    def _option(self, c: int, moment: Moment) -> Option | None:
        place = next((start for start in self.starts if start[0] <= moment.start and moment.end <= start[1]), None)
        if place is None:
            return None
        team = tuple(sorted(self.people.setdefault(one, len(self.people)) for one in moment.teachers))
        number = self.teams.setdefault(team, len(self.teams))
        slot = place[2] + moment.start - place[0]
        self.keys[c, slot, number] = moment.key
        return Option(slot, number, 0)
