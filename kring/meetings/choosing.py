"""What a guardian sees of a round: her conversations, the moments of each, and plans for all of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q

from kring.core.viewer import Viewer
from kring.meetings.members import Guest, members_of
from kring.meetings.models import Ask, Booking, Occupied, Party, Round, Sitting, Slot
from kring.meetings.permissions import belongs_to
from kring.meetings.rules import Span, nearest, tick_of, ticks_of, visits_of
from kring.meetings.solver import Moment as Free
from kring.meetings.solver import Talk as Wanted
from kring.meetings.solver import family_plans
from kring.people.models import KeepApart, Person


class Offered(NamedTuple):
    """One moment in the list: whether it can be taken, and whether it adjoins what was chosen."""

    slot: Slot
    is_free: bool
    adjoins: bool
    teachers: str


@dataclass(slots=True)
class Talk:
    """One conversation on the page: of which child, with whom, and what there is to choose from."""

    party: Party
    guests: list[Guest]
    css: str = ""  # the colour of the child on the pages of this reader
    teachers: str = ""
    booking: Booking | None = None
    offer: Booking | None = None
    is_waiting: bool = False
    ask: Ask | None = None  # the last question for another time, in a round that the school fills
    may_ask: bool = False
    is_apart: bool = False  # some afternoons or evenings are another's, from whom the school keeps a guest apart
    days: list[tuple[date, list[Offered]]] = field(default_factory=list)
    nearest: list[Slot] = field(default_factory=list)

    @property
    def free(self) -> int:
        """Return how many moments can be taken."""
        return sum(offered.is_free for _day, row in self.days for offered in row)

    @property
    def minutes(self) -> int:
        """Return how long it takes."""
        return self.party.round.minutes * self.party.slots_needed


class Line(NamedTuple):
    """One conversation of a plan, with the minutes from the one before it."""

    talk: Talk
    slot: Slot
    teachers: str
    is_held: bool
    walk: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to hold all conversations: in order, on one day or more."""

    lines: list[Line]
    adjoins: bool

    @property
    def starts_at(self) -> datetime:
        """Return when the first begins."""
        return self.lines[0].slot.starts_at

    @property
    def ends_at(self) -> datetime:
        """Return when the last ends."""
        return max(line.slot.ends_at for line in self.lines)

    @property
    def is_one_visit(self) -> bool:
        """Say whether all of them are on one day."""
        return self.starts_at.date() == self.ends_at.date()

    @property
    def minutes(self) -> int:
        """Return how long the visit takes."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def chosen(self) -> list[tuple[Party, Slot]]:
        """Return what has still to be taken."""
        return [(line.talk.party, line.slot) for line in self.lines if not line.is_held]


class Sheet:
    """Everything that the page of one round needs for these parties. Eight queries, whatever their number."""

    def __init__(self, round: Round, parties: Sequence[Party], *, now: datetime) -> None:
        self.round, self.now = round, now
        guests = members_of(parties, on=round.school.today(now))
        for party in parties:
            party.round = round
        self.talks = [Talk(party, guests[party.pk], booking=party.booked) for party in parties if guests[party.pk]]
        groups = {talk.party.group_id for talk in self.talks}
        rows = Slot.objects.filter(round=round, sitting__group__in=groups).with_booking().order_by("starts_at", "pk")
        self.slots: dict[int, list[Slot]] = defaultdict(list)
        for slot in rows:
            self.slots[slot.sitting.group_id].append(slot)
        self.teachers = _teachers_of({slot.sitting_id for row in self.slots.values() for slot in row})
        self.visits = visits_of({slot.sitting_id: slot.sitting.span for slot in rows}.values())
        self.taken = self._taken()
        self.barred = self._barred()
        self._offers()
        for talk in self.talks:
            self._fill(talk)

    def _taken(self) -> dict[int, set[int]]:
        """Return person key -> the ticks for which she is taken, among everybody on the page. One query."""
        found: dict[int, set[int]] = defaultdict(set)
        if not self.visits:
            return found
        people = {guest.person_id for talk in self.talks for guest in talk.guests}
        logins = {guest.user_id: guest.person_id for talk in self.talks for guest in talk.guests if guest.user_id}
        people |= {teacher.pk for row in self.teachers.values() for teacher in row}
        first, last = tick_of(self.visits[0].starts_at), ticks_of(self.visits[-1], gap_minutes=30).stop
        rows = Occupied.objects.of(people, logins).filter(tick__gte=first, tick__lt=last)
        for person_id, user_id, tick in rows.values_list("person_id", "user_id", "tick"):
            found[person_id].add(tick)
            if user_id in logins:
                found[logins[user_id]].add(tick)
        return found

    def _barred(self) -> dict[int, list[Span]]:
        """Return person key -> the visits in which somebody is at school from whom she is kept apart.

        One query, two more when somebody is. The same as `refuse_meeting` asks, so that nothing is offered that it
        refuses.
        """
        people = {guest.person_id for talk in self.talks for guest in talk.guests}
        marks = KeepApart.objects.filter(Q(first__in=people) | Q(second__in=people), school=self.round.school_id)
        found: dict[int, list[Span]] = defaultdict(list)
        pairs = list(marks.values_list("first_id", "second_id"))
        if not pairs:
            return found
        visits = visits_of(sitting.span for sitting in Sitting.objects.filter(round=self.round))
        others = {person for pair in pairs for person in pair}
        there: dict[int, set[int]] = defaultdict(set)
        first = tick_of(visits[0].starts_at) if visits else 0
        rows = Occupied.objects.filter(person__in=others, booking__by_video=False, tick__gte=first)
        for person_id, tick in rows.values_list("person_id", "tick"):
            there[person_id].add(tick)
        for pair in pairs:
            for own, other in (pair, pair[::-1]):
                found[own] += [visit for visit in visits if there[other] & set(ticks_of(visit))]
        return found

    def is_barred(self, talk: Talk, span: Span) -> bool:
        """Say whether it lies in an afternoon or evening that is another's, of whom a guest is kept apart."""
        return any(visit.overlaps(span) for guest in talk.guests for visit in self.barred[guest.person_id])

    def _offers(self) -> None:
        by_party = {talk.party.pk: talk for talk in self.talks}
        for talk in self.talks:
            talk.is_waiting = getattr(talk.party, "waiting", None) is not None
        for row in self.slots.values():
            for slot in row:
                held = getattr(slot, "booking", None)
                if held is not None and held.held_for_id in by_party and held.held_until > self.now:
                    held.slot = slot
                    by_party[held.held_for_id].offer = held

    def _fill(self, talk: Talk) -> None:
        """List the moments of one conversation by day."""
        names = {name for slot in self.slots[talk.party.group_id] for name in [self.names(slot)]}
        talk.teachers = " / ".join(sorted(name for name in names if name))
        own = [other.booking for other in self.talks if other is not talk and other.booking]
        by_day: dict[date, list[Offered]] = defaultdict(list)
        for slot in self.slots[talk.party.group_id]:
            if slot.starts_at <= self.now:
                continue
            span = self.span_of(talk.party, slot)
            is_free = span is not None and self.is_free(talk, slot, span)
            if span is not None and self.is_barred(talk, span):
                talk.is_apart = True
                is_free = is_free and self.round.by_video  # by video nobody meets
            adjoins = is_free and span is not None and any(self._adjoins(span, other) for other in own)
            by_day[self.round.school.today(slot.starts_at)].append(Offered(slot, is_free, adjoins, self.names(slot)))
        talk.days = sorted(by_day.items())

    def _adjoins(self, span: Span, other: Booking) -> bool:
        gaps = (span.starts_at - other.ends_at, other.starts_at - span.ends_at)
        return any(0 <= gap.total_seconds() // 60 <= self.round.gap_minutes + self.round.minutes - 1 for gap in gaps)

    def names(self, slot: Slot) -> str:
        """Return who sits there, as parents call them."""
        return ", ".join(teacher.display_name for teacher in self.teachers[slot.sitting_id])

    def span_of(self, party: Party, slot: Slot) -> Span | None:
        """Return from when until when it would take, or None when there is no second moment for a double length."""
        if not party.is_double:
            return slot.span
        same = (s for s in self.slots[party.group_id] if s.sitting_id == slot.sitting_id)
        following = next((s for s in same if s.starts_at == slot.ends_at), None)
        return None if following is None else Span(slot.starts_at, following.ends_at)

    def is_free(self, talk: Talk, slot: Slot, span: Span) -> bool:
        """Say whether nobody has the moment, and everybody could be there. What she has for it already does not count:
        that is given back when she changes."""
        if getattr(slot, "booking", None) is not None:
            return False
        mine = _own_ticks(talk.booking, self.round.gap_minutes)
        needed = set(ticks_of(span))
        if any(needed & (self.taken[one.pk] - mine) for one in self.teachers[slot.sitting_id]):
            return False
        with_walk = set(ticks_of(span, gap_minutes=self.round.gap_minutes))
        return not any(with_walk & (self.taken[guest.person_id] - mine) for guest in talk.guests)

    def plans(self) -> list[Plan]:
        """Return the best plans for all conversations together, for a family with at least two and one still open."""
        asked = [talk for talk in self.talks if not talk.party.not_needed]
        if len(asked) < 2 or all(talk.booking for talk in asked):
            return []
        by_key = {slot.pk: slot for row in self.slots.values() for slot in row}
        wanted = [Wanted(self._free(talk), self._held(talk)) for talk in asked]
        visits = [(tick_of(visit.starts_at), ticks_of(visit).stop) for visit in self.visits]
        gap = -(-self.round.gap_minutes // 5)
        found = []
        for plan in family_plans(wanted, visits, gap=gap):
            rows = [
                (talk, by_key[plan.chosen[n]] if n in plan.chosen else self._slot_of(talk))
                for n, talk in enumerate(asked)
            ]
            found.append(self._plan(rows, set(plan.chosen), asked))
        return found

    def _slot_of(self, talk: Talk) -> Slot:
        assert talk.booking is not None  # noqa: S101  a plan names every conversation that is not held
        return talk.booking.slot

    def _free(self, talk: Talk) -> list[Free]:
        found = []
        for _day, row in talk.days:
            for offered in row:
                span = self.span_of(talk.party, offered.slot)
                if offered.is_free and span is not None and not self.is_barred(talk, span):
                    found.append(self._moment(offered.slot, span))
        return found

    def _held(self, talk: Talk) -> Free | None:
        return self._moment(talk.booking.slot, talk.booking.span) if talk.booking else None

    def _moment(self, slot: Slot, span: Span) -> Free:
        ticks = ticks_of(span)
        return Free(slot.pk, ticks.start, ticks.stop, tuple(one.pk for one in self.teachers[slot.sitting_id]))

    def _plan(self, rows: list[tuple[Talk, Slot]], chosen: set[int], asked: list[Talk]) -> Plan:
        lines: list[Line] = []
        adjoins, ended = True, None
        for talk, slot in sorted(rows, key=lambda row: row[1].starts_at):
            span = self.span_of(talk.party, slot) or slot.span
            walk = int((span.starts_at - ended).total_seconds()) // 60 if ended else 0
            # The moments of teachers stand apart: the next one after the time to walk is as near as it gets.
            adjoins = adjoins and walk < self.round.gap_minutes + self.round.minutes
            lines.append(Line(talk, slot, self.names(slot), asked.index(talk) not in chosen, walk))
            ended = span.ends_at
        return Plan(lines, adjoins)

    def nearest_to(self, wanted: datetime, talks: Iterable[Talk]) -> None:
        """Put the free moments nearest to a missed one with these conversations."""
        for talk in talks:
            free = [
                (offered.slot.starts_at, offered.slot)
                for _day, row in talk.days
                for offered in row
                if offered.is_free and not self.is_barred(talk, offered.slot.span)
            ]
            talk.nearest = nearest(free, wanted)


def _own_ticks(booking: Booking | None, gap: int) -> set[int]:
    return set() if booking is None else set(ticks_of(booking.span, gap_minutes=gap))


def _teachers_of(sittings: Iterable[int]) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = defaultdict(list)
    rows = Sitting.teachers.through.objects.filter(sitting_id__in=set(sittings)).select_related("person")
    for row in rows.order_by("person_id"):
        found[row.sitting_id].append(row.person)
    return found


def own_sheet(viewer: Viewer, round: Round) -> Sheet:
    """Return the sheet of the viewer's own conversations in a visible round."""
    rows = Party.objects.own_of(viewer).filter(round=round).for_pages().select_related("waiting")
    return Sheet(round, [party for party in rows if belongs_to(viewer, party)], now=viewer.now)


def sheet_of(viewer: Viewer, round: Round, parties: Sequence[Party]) -> Sheet:
    """Return the sheet of some of her own conversations: who else of her family is where counts for what is free."""
    keys = [party.pk for party in parties]
    rows = Party.objects.filter(pk__in=keys).for_pages().select_related("waiting")
    return Sheet(round, [party for party in rows if belongs_to(viewer, party)], now=viewer.now)


def sheet_for(round: Round, party: Party, *, now: datetime) -> Sheet:
    """Return the sheet of one party, for who helps it; the caller has asked whether she may."""
    return Sheet(round, [party], now=now)
