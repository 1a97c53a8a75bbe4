"""What office and management see of plans: the wishes given, plans beside each other, and a plan by group or session.

Whoever asks has made sure that the viewer may plan the round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from kring.meetings.faults import Code, Facts, Fault, NoTime
from kring.meetings.models import Party, PlannedMeeting, PlanRun, Round, Sitting, Slot, WishSet
from kring.meetings.rules import RunState, WishAnswer


class Wishes(NamedTuple):
    """How many of the parties that are asked to come said when they can."""

    given: int
    asked: int


def wishes_of(round: Round) -> Wishes:
    """Return how many gave their wishes. Two queries."""
    asked = Party.objects.filter(round=round).invited()  # type: ignore[attr-defined]
    given = WishSet.objects.filter(round=round, party__not_needed=False).count()
    return Wishes(given, asked.count())


class Planning(NamedTuple):
    """How far planning a round at once is."""

    wishes: Wishes
    going: bool
    made: int
    published: bool


def planning_of(round: Round) -> Planning:
    """Return how far it is, for the page of the round. Three queries."""
    states = list(PlanRun.objects.filter(round=round).values_list("state", flat=True))
    going = RunState.QUEUED in states or RunState.RUNNING in states
    return Planning(wishes_of(round), going, states.count(RunState.DONE), RunState.PUBLISHED in states)


class Figure(NamedTuple):
    """One number of a plan, of how many, and whether no other plan of the round has a better one."""

    value: int
    of: int | None
    is_best: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A plan in the list: its numbers beside those of the others."""

    run: PlanRun
    number: int
    served: Figure
    adjoining: Figure
    wishes: Figure
    waiting: Figure
    idle: Figure
    is_best: bool

    @property
    def without(self) -> int:
        """Return how many have no time in it."""
        return (self.served.of or 0) - self.served.value


def compared(runs: Sequence[PlanRun]) -> list[Compared]:
    """Return the plans that ended with a plan, in the same order, with the best of each number marked.

    `runs` are all of the round, the newest first: that gives each its number.
    """
    numbers = {run.pk: number for number, run in enumerate(reversed(runs), start=1)}
    plans = [run for run in runs if run.state in (RunState.DONE, RunState.PUBLISHED) and "served" in run.figures]
    rows = [_numbers(run.figures) for run in plans]
    several = len(plans) > 1

    def figure(row: dict[str, int], name: str, of: str = "") -> Figure:
        best = max(one[name] for one in rows)
        differs = any(one[name] != best for one in rows)
        return Figure(abs(row[name]), row[of] if of else None, several and differs and row[name] == best)

    order = ("served", "against", "adjoining", "wishes", "waiting", "idle")
    values = [[row[name] for name in order] for row in rows]
    best = [one for one in values if one == max(values)]
    return [
        Compared(
            run,
            numbers[run.pk],
            figure(row, "served", "total"),
            figure(row, "adjoining", "families"),
            figure(row, "wishes", "served"),
            figure(row, "waiting"),
            figure(row, "idle"),
            several and len(best) == 1 and value == best[0],
        )
        for run, row, value in zip(plans, rows, values, strict=True)
    ]


def number_of(run: PlanRun) -> int:
    """Return the number of a plan among those of its round. One query."""
    return PlanRun.objects.filter(round=run.round_id, pk__lte=run.pk).count()


def _numbers(figures: dict[str, int]) -> dict[str, int]:
    """Return the numbers such that more is better: minutes and what is against a wish count downwards."""
    found = {name: int(figures.get(name, 0)) for name in ("served", "total", "families", "adjoining")}
    rather_not, against = int(figures.get("rather_not", 0)), int(figures.get("against", 0))
    found["wishes"] = found["served"] - rather_not - against
    return {**found, "against": -against, "waiting": -int(figures.get("waiting", 0)), "idle": -int(figures["idle"])}


@dataclass(slots=True)
class Line:
    """One conversation of a plan, or a free moment (without a party)."""

    slot: Slot
    party: Party | None = None
    planned: PlannedMeeting | None = None
    wish: WishAnswer | None = None
    faults: list[Fault] = field(default_factory=list)
    moments: int = 1  # a free stretch is one line
    ends_at: datetime | None = None  # of a free stretch


@dataclass(slots=True)
class Section:
    """A part of a plan: a group, or a session of one."""

    key: str  # "group:abc" or "sitting:abc", as the button that locks all of it says
    name: str
    sitting: Sitting | None
    teachers: str
    lines: list[Line] = field(default_factory=list)

    @property
    def planned(self) -> list[Line]:
        """Return its conversations."""
        return [line for line in self.lines if line.planned is not None]

    @property
    def is_locked(self) -> bool:
        """Say whether each of its conversations is locked."""
        return bool(self.planned) and all(line.planned and line.planned.is_locked for line in self.planned)

    @property
    def free(self) -> int:
        """Return how many moments nobody has."""
        return sum(line.moments for line in self.lines if line.party is None)

    def add_free(self, slot: Slot) -> None:
        """Add a free moment, to the stretch before it if that is free too."""
        last = self.lines[-1] if self.lines else None
        if last is not None and last.party is None and last.ends_at == slot.starts_at:
            last.moments, last.ends_at = last.moments + 1, slot.ends_at
        else:
            self.lines.append(Line(slot, ends_at=slot.ends_at))


class Missing(NamedTuple):
    """A party without a time in the plan, and why (a code)."""

    party: Party
    why: NoTime
    sentence: str


def sections_by_group(facts: Facts, faults: dict[int, list[Fault]]) -> list[Section]:
    """Return the plan by group, each in the order of time."""
    found: dict[int, Section] = {}
    keys = {key: facts.parties[key].group for key in facts.plan if key in facts.parties}
    for key, slot in sorted(facts.plan.items(), key=lambda row: (keys[row[0]].name, row[1].starts_at, row[1].pk)):
        group = keys[key]
        section = found.setdefault(group.pk, Section(f"group:{group.public_id}", group.name, None, ""))
        section.lines.append(_line(facts, faults, key, slot))
    return list(found.values())


def sections_by_sitting(facts: Facts, faults: dict[int, list[Fault]]) -> list[tuple[date, list[Section]]]:
    """Return the plan by day and session, free moments too: the day of each teacher."""
    holder = {slot.pk: key for key, slot in facts.plan.items()}
    found: dict[int, Section] = {}
    for slot in facts.slots.values():
        sitting = slot.sitting
        section = found.get(sitting.pk)
        if section is None:
            names = ", ".join(one.display_name for one in facts.teachers[sitting.pk])
            section = Section(f"sitting:{sitting.public_id}", sitting.group.name, sitting, names)
            found[sitting.pk] = section
        if slot.pk in holder:
            section.lines.append(_line(facts, faults, holder[slot.pk], slot))
        elif not facts.is_second_half(slot) and getattr(slot, "booking", None) is None:
            section.add_free(slot)
    days: dict[date, list[Section]] = defaultdict(list)
    for section in found.values():
        assert section.sitting is not None  # noqa: S101  made above
        days[facts.round.school.today(section.sitting.starts_at)].append(section)
    return [(day, sorted(rows, key=_place)) for day, rows in sorted(days.items())]


def _place(section: Section) -> tuple[str, object]:
    return section.name, section.sitting.starts_at if section.sitting else None


def _line(facts: Facts, faults: dict[int, list[Fault]], key: int, slot: Slot) -> Line:
    party = facts.parties[key]
    return Line(slot, party, facts.rows.get(key), facts.answer(party, slot), faults.get(key, []))


def missing_of(facts: Facts, words: dict[NoTime, str]) -> list[Missing]:
    """Return who has no time in the plan, by group and name, each with the sentence for its reason."""
    rows = sorted(facts.without_time(), key=lambda party: (party.group.name, party.child.first_name, party.pk))
    return [Missing(party, why, words[why]) for party in rows for why in [facts.why_none(party)]]


class Choice(NamedTuple):
    """One moment that a party could have instead: what is wrong with it, and who would change places."""

    slot: Slot
    wish: WishAnswer | None
    faults: list[Fault]
    other: Party | None
    is_now: bool

    @property
    def stops(self) -> list[Fault]:
        """Return what makes it impossible."""
        return [fault for fault in self.faults if not fault.is_warning]


def choices_of(facts: Facts, party: Party) -> list[tuple[date, list[Choice]]]:
    """Return every moment of its group that is still to come, by day, with what choosing it would mean."""
    mine = facts.plan.get(party.pk)
    days: dict[date, list[Choice]] = defaultdict(list)
    for slot in facts.of_group[party.group_id]:
        if slot.starts_at <= facts.now:
            continue
        is_now = mine is not None and mine.pk == slot.pk
        days[facts.round.school.today(slot.starts_at)].append(_choice(facts, party, slot, mine, is_now))
    return sorted(days.items())


def _choice(facts: Facts, party: Party, slot: Slot, mine: Slot | None, is_now: bool) -> Choice:
    found = facts.at(party, slot)
    other = next(
        (one.other for one in found if one.code == Code.GIVEN and facts.plan.get(one.other or 0) == slot), None
    )
    if other is None:
        return Choice(slot, facts.answer(party, slot), found, None, is_now)
    found = facts.at(party, slot, gone=[other])
    if mine is not None:
        # What stands in the way of the other one is said as well: both change, or neither.
        found = [*found, *(fault for fault in facts.at(facts.parties[other], mine, gone=[party.pk]))]
    return Choice(slot, facts.answer(party, slot), found, facts.parties[other], is_now)
