"""A round as the planner wants it: what the database knows becomes numbers, and a plan becomes rows again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from kring.meetings.members import Guest, members_of, teachers_of
from kring.meetings.models import Booking, Occupied, Party, PlannedMeeting, Round, Slot, Wish
from kring.meetings.rules import TICK, WishAnswer, ticks_of, visits_of
from kring.meetings.solver.problem import BrokenFile
from kring.meetings.solver.whole import AGAINST, FINE, RATHER_NOT, Input, Talk, Way, figures
from kring.people.models import KeepApart

# Why a party got no time: nobody comes for the child, its group has no free moment, it can come at none of them, it is
# somewhere else at all of them, or others got what there was.
NOBODY, NO_MOMENT, NO_WISH, TAKEN, LEFT_OVER = "nobody", "no_moment", "cannot_come", "taken_elsewhere", "left_over"


@dataclass
class Whole:
    """A round in numbers: `given` is what the planner wants, `parties` who each conversation is, in the same order.

    `why` says for a party without any way what is the reason (a code); `slots` are the moments by their key; `against`
    has for each party the free moments at which it said it cannot come: the planner leaves them, people may not.
    """

    given: Input
    parties: list[Party]
    slots: dict[int, Slot]
    why: dict[int, str] = field(default_factory=dict)
    against: dict[int, list[Way]] = field(default_factory=dict)
    booked: frozenset[int] = frozenset()  # moments that families have already

    def place_of(self) -> dict[int, int]:
        """Return party key -> its place among the conversations."""
        return {party.pk: number for number, party in enumerate(self.parties)}

    def chosen_by(self, planned: Iterable[PlannedMeeting]) -> dict[int, Way]:
        """Return planned rows as ways of the planner, and what is booked already; rows that do not fit are left out."""
        places = self.place_of()
        chosen = {n: talk.held for n, talk in enumerate(self.given.talks) if talk.held is not None}
        for row in planned:
            number = places.get(row.party_id)
            if number is None or number in chosen:
                continue
            ways = [*self.given.talks[number].ways, *self.against.get(row.party_id, ())]
            way = next((way for way in ways if way.key == row.slot_id), None)
            if way is not None:
                chosen[number] = way
        return chosen


def whole_round(round: Round, *, now: datetime, plan: Iterable[PlannedMeeting] = ()) -> Whole:
    """Return everything that planning the round at `now` (aware) depends on. A fixed number of queries.

    `plan` is where to begin: its locked rows stay where they are, the others may move. Raises BrokenFile when a locked
    time is no longer free.
    """
    asked = Party.objects.filter(round=round).invited()
    parties = list(asked.select_related("child", "group", "person", "wish_set"))
    reader = _Reader(round, parties, now)
    locked = {row.party_id: row for row in plan}
    talks = [reader.talk(party, locked.get(party.pk)) for party in parties]
    return Whole(reader.input(talks), parties, reader.slots, reader.why, reader.against, reader.booked_slots)


class _Reader:
    """What is read once for all parties of a round."""

    def __init__(self, round: Round, parties: Sequence[Party], now: datetime) -> None:
        self.round, self.now = round, now
        self.gap = -(-round.gap_minutes // TICK)
        slots = list(Slot.objects.filter(round=round).select_related("sitting", "booking").order_by("starts_at", "pk"))
        self.slots = {slot.pk: slot for slot in slots}
        self.visits = visits_of({slot.sitting_id: slot.sitting.span for slot in slots}.values())
        self.hosts = teachers_of({slot.sitting_id for slot in slots})
        self.guests = members_of(parties, on=round.school.today(now))
        taken = [slot.booking for slot in slots if hasattr(slot, "booking")]
        self.booked: dict[int | None, Booking] = {one.party_id: one for one in taken if one.party_id is not None}
        self.booked_slots = frozenset(one.slot_id for one in self.booked.values())
        self.by_group: dict[int, list[Slot]] = defaultdict(list)
        for slot in slots:
            self.by_group[slot.sitting.group_id].append(slot)
        self.after = {(slot.sitting_id, slot.starts_at): slot for slot in slots}
        self.wishes = _wishes_of(parties)
        self.apart = list(KeepApart.objects.filter(school=round.school_id).values_list("first_id", "second_id"))
        self._read_occupied(slots)
        self.sits: dict[int, set[int]] = defaultdict(set)
        for slot in slots:
            for host in self.hosts.get(slot.sitting_id, ()):
                self.sits[_number(host)] |= set(ticks_of(slot.span))
        self.why: dict[int, str] = {}
        self.against: dict[int, list[Way]] = defaultdict(list)

    def _read_occupied(self, slots: Sequence[Slot]) -> None:
        """Read when everybody is taken already, whatever by, at whatever school."""
        everybody = {guest for found in [*self.guests.values(), *self.hosts.values()] for guest in found}
        self.numbers = {guest.person_id: _number(guest) for guest in everybody}
        persons = {guest.person_id for guest in everybody} | {one for pair in self.apart for one in pair}
        logins = {guest.user_id for guest in everybody if guest.user_id}
        self.taken: dict[int, set[int]] = defaultdict(set)
        self.at_school: dict[int, set[int]] = defaultdict(set)  # person -> ticks, as far as not by video
        if not slots:
            return
        # Who is elsewhere right after the last moment has no time to walk there.
        first, last = ticks_of(slots[0].span).start, max(ticks_of(slot.span).stop for slot in slots) + self.gap
        rows = Occupied.objects.of(persons, logins).filter(tick__gte=first, tick__lt=last)
        for person_id, user_id, tick, by_video in rows.values_list("person_id", "user_id", "tick", "booking__by_video"):
            self.taken[_number(Guest(person_id, user_id))].add(tick)
            if not by_video:
                self.at_school[person_id].add(tick)

    def input(self, talks: Sequence[Talk]) -> Input:
        """Return what the planner wants."""
        visits = [(ticks_of(visit).start, ticks_of(visit).stop) for visit in self.visits]
        pairs = [(self.numbers.get(one, -one), self.numbers.get(other, -other)) for one, other in self.apart]
        return Input(talks=talks, visits=visits, gap=self.gap, apart=pairs)

    def talk(self, party: Party, begin: PlannedMeeting | None) -> Talk:
        """Return the conversation of a party, with the ways it can be held."""
        guests = frozenset(_number(guest) for guest in self.guests[party.pk])
        booking = self.booked.get(party.pk)
        if booking is not None:
            hosts = self._sitting(self.slots[booking.slot_id])
            ticks = ticks_of(booking.span)
            held = Way(booking.slot_id, ticks.start, ticks.stop, hosts)
            return Talk(guests, booking.by_video, [], held)
        by_video = self.round.by_video and hasattr(party, "wish_set") and party.wish_set.by_video
        ways = self._ways(party, guests, by_video)
        stays = None
        if begin is not None and begin.is_locked:
            stays = next((way for way in [*ways, *self.against[party.pk]] if way.key == begin.slot_id), None)
            if stays is None:
                raise BrokenFile(f"The locked time of party {party.public_id} is no longer free.")
        return Talk(guests, by_video, ways, stays, begin.slot_id if begin else None)

    def _ways(self, party: Party, guests: frozenset[int], by_video: bool) -> list[Way]:
        if not guests:
            self.why[party.pk] = NOBODY
            return []
        gap = 0 if by_video else self.gap
        busy = set().union(*(self.taken[one] | self.sits.get(one, set()) for one in guests))
        met = self._visits_of_others(party) if not by_video else []
        found, reasons = [], set()
        for slot in self.by_group[party.group_id]:
            way = self._way(party, slot)
            if way is None:
                continue
            if busy & set(range(way.start, way.end + gap)) or any(a <= way.start < b for a, b in met):
                reasons.add(TAKEN)
            elif way.cost == AGAINST:
                reasons.add(NO_WISH)
                self.against[party.pk].append(way)
            else:
                found.append(way)
        if not found:
            self.why[party.pk] = next((code for code in (NO_WISH, TAKEN) if code in reasons), NO_MOMENT)
        return found

    def _way(self, party: Party, slot: Slot) -> Way | None:
        """Return how the party can have the moment, with what its wish costs; None when it is not free."""
        last: Slot | None = slot
        if party.is_double:
            last = self.after.get((slot.sitting_id, slot.ends_at))
        if last is None or slot.starts_at <= self.now or any(hasattr(one, "booking") for one in {slot, last}):
            return None
        hosts = self._sitting(slot)
        start, end = ticks_of(slot.span).start, ticks_of(last.span).stop
        if any(self.taken[host] & set(range(start, end)) for host in hosts):
            return None
        answers = {wish.answer for wish in self.wishes[party.pk] if _overlap(wish, slot, last)}
        cost = RATHER_NOT if WishAnswer.RATHER_NOT in answers else FINE
        if WishAnswer.CANNOT in answers:
            cost = AGAINST
        return Way(slot.pk, start, end, hosts, cost)

    def _sitting(self, slot: Slot) -> tuple[int, ...]:
        return tuple(sorted(_number(host) for host in self.hosts.get(slot.sitting_id, ())))

    def _visits_of_others(self, party: Party) -> list[tuple[int, int]]:
        """Return the visits in which somebody from whom a guardian is kept apart is at school already."""
        own = {guest.person_id for guest in self.guests[party.pk]}
        others = {b if a in own else a for a, b in self.apart if own & {a, b}}
        ticks = set().union(*(self.at_school[one] for one in others)) if others else set()
        spans = [ticks_of(visit) for visit in self.visits]
        return [(span.start, span.stop) for span in spans if ticks & set(span)]


def _number(guest: Guest) -> int:
    """Return the number of somebody: her login, because a person of two schools is one, else the person herself."""
    return guest.user_id if guest.user_id else -guest.person_id


def _wishes_of(parties: Sequence[Party]) -> Mapping[int, list[Wish]]:
    found: dict[int, list[Wish]] = defaultdict(list)
    rows = Wish.objects.filter(wish_set__party__in=[party.pk for party in parties]).select_related("wish_set")
    for wish in rows.exclude(answer=WishAnswer.FINE):
        found[wish.wish_set.party_id].append(wish)
    return found


def _overlap(wish: Wish, first: Slot, last: Slot) -> bool:
    return wish.starts_at < last.ends_at and first.starts_at < wish.ends_at


def figures_of(whole: Whole, planned: Iterable[PlannedMeeting]) -> dict[str, Any]:
    """Return the figures of a plan as they are kept in `PlanRun.figures`: numbers, and who has no time and why."""
    return figures_for(whole, whole.chosen_by(planned))


def figures_for(whole: Whole, chosen: Mapping[int, Way]) -> dict[str, Any]:
    """Return the same for ways of the planner. `without` maps the public id of a party to the code of the reason."""
    without = {
        party.public_id: whole.why.get(party.pk, LEFT_OVER)
        for number, party in enumerate(whole.parties)
        if number not in chosen
    }
    return {**asdict(figures(whole.given, chosen)), "without": without}
