"""What is wrong with the times of a plan, or with one more: by code, with a sentence for office and management.

The same as what booking refuses, seen beforehand: who publishes a plan reads it here, and the unique keys decide after
all (decision 0024). Everything is read in a few queries, whatever the number of parties; the reckoning is plain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

from kring.meetings.members import Guest, Place, members_of
from kring.meetings.models import Booking, Occupied, Party, PlannedMeeting, PlanRun, Sitting, Slot, Wish, WishSet
from kring.meetings.rules import RoundState, Span, WishAnswer, tick_of, ticks_of, visits_of
from kring.people.models import KeepApart, Person

Taken = tuple[str, int, int]  # "person" or "login", its key, the five minutes


class Code(StrEnum):
    """What can be wrong with a planned time."""

    CANCELLED = "cancelled"
    NOT_ASKED = "not_asked"
    HAS_TIME = "has_time"
    NOBODY = "nobody"
    OTHER_GROUP = "other_group"
    PASSED = "passed"
    TOO_SHORT = "too_short"
    BOOKED = "booked"
    KEPT = "kept"
    GIVEN = "given"  # to another party of the same plan
    TEACHER = "teacher"
    FAMILY = "family"
    APART = "apart"
    CANNOT = "cannot"


class Fault(NamedTuple):
    """One thing that is wrong. `other` is the key of the party of the same plan that has the time, or is in the way."""

    code: Code
    sentence: str
    other: int | None = None

    @property
    def is_warning(self) -> bool:
        """Say whether the plan may be published all the same: a wish is no promise."""
        return self.code == Code.CANNOT


class NoTime(StrEnum):
    """Why a party has no time in a plan."""

    NO_SESSION = "no_session"
    FULL = "full"
    CLASH = "clash"
    ONLY_CANNOT = "only_cannot"
    FREE = "free"


class Facts:
    """Everything there is to know about a plan, as it is at `now` (aware). Ten queries, whatever its size.

    `plan` is party key -> moment. What somebody would change is asked with `at` and `exchanged`; nothing is written.
    """

    def __init__(self, run: PlanRun, *, now: datetime) -> None:
        self.run, self.round, self.now = run, run.round, now
        rows = PlannedMeeting.objects.filter(run=run).order_by("pk")
        self.rows = {row.party_id: row for row in rows}
        mine = Party.objects.filter(round=self.round).select_related("child", "group", "person", "audience", "booking")
        self.parties = {party.pk: party for party in mine}
        for party in self.parties.values():
            party.round = self.round
        self._read_moments()
        self.guests = members_of(self.parties.values(), on=self.round.school.today(now))
        self._read_wishes()
        self._read_taken()
        self.plan = {row.party_id: self.slots[row.slot_id] for row in rows if row.slot_id in self.slots}
        self._arrange()

    def _read_moments(self) -> None:
        slots = Slot.objects.filter(round=self.round).select_related("sitting__group", "booking")
        self.slots = {slot.pk: slot for slot in slots.order_by("starts_at", "sitting__group__name", "pk")}
        self.of_group: dict[int, list[Slot]] = defaultdict(list)
        self.following: dict[tuple[int, datetime], Slot] = {}
        sittings: dict[int, Sitting] = {}
        for slot in self.slots.values():
            self.of_group[slot.sitting.group_id].append(slot)
            self.following[slot.sitting_id, slot.starts_at] = slot
            sittings.setdefault(slot.sitting_id, slot.sitting)
        self.visits = visits_of(sitting.span for sitting in sittings.values())
        self.teachers: dict[int, list[Person]] = defaultdict(list)
        seats = Sitting.teachers.through.objects.filter(sitting__round=self.round).select_related("person")
        for seat in seats.order_by("person_id"):
            self.teachers[seat.sitting_id].append(seat.person)

    def _read_wishes(self) -> None:
        sets = WishSet.objects.filter(round=self.round)
        self.wish_sets = {one.pk: one for one in sets}
        self.by_video = {one.party_id for one in self.wish_sets.values() if one.by_video and self.round.by_video}
        self.wishes: dict[int, list[Wish]] = defaultdict(list)
        for wish in Wish.objects.filter(wish_set__round=self.round).order_by("starts_at"):
            self.wishes[self.wish_sets[wish.wish_set_id].party_id].append(wish)
        self.given = {one.party_id for one in self.wish_sets.values()}

    def _read_taken(self) -> None:
        """Read who is somewhere else: at another round, at another school too, and who must not meet."""
        self.apart: dict[int, set[int]] = defaultdict(set)
        for one, other in KeepApart.objects.filter(school=self.round.school_id).values_list("first_id", "second_id"):
            self.apart[one].add(other)
            self.apart[other].add(one)
        people = {guest.person_id for row in self.guests.values() for guest in row}
        people |= {other for one in people for other in self.apart.get(one, ())}
        logins = {guest.user_id for row in self.guests.values() for guest in row if guest.user_id}
        for row in self.teachers.values():
            people |= {one.pk for one in row}
            logins |= {one.user_id for one in row if one.user_id}
        self.taken: set[Taken] = set()
        self.there: dict[int, set[int]] = defaultdict(set)  # person -> ticks at school, for who must not meet
        if not self.visits:
            return
        first, last = tick_of(self.visits[0].starts_at), max(ticks_of(v, gap_minutes=30).stop for v in self.visits)
        rows = Occupied.objects.of(people, logins).filter(tick__gte=first, tick__lt=last)
        for person_id, user_id, tick, video in rows.values_list("person_id", "user_id", "tick", "booking__by_video"):
            self.taken.add(("person", person_id, tick))
            if user_id:
                self.taken.add(("login", user_id, tick))
            if not video:
                self.there[person_id].add(tick)

    def _arrange(self) -> None:
        """Reckon who of the plan is where."""
        self.held: dict[Taken, set[int]] = defaultdict(set)
        self.seats: dict[tuple[int, int], set[int]] = defaultdict(set)
        self.coming: dict[tuple[int, int], set[int]] = defaultdict(set)  # (person, visit) -> parties
        for key, slot in self.plan.items():
            place = self.place(self.parties[key], slot) if key in self.parties else None
            if place is None:
                continue
            for taken in self._takes(place):
                self.held[taken].add(key)
            for tick in ticks_of(place.span):
                self.seats[slot.sitting_id, tick].add(key)
            if not place.by_video:
                for guest in place.guests:
                    self.coming[guest.person_id, self._visit(place.span)].add(key)

    def place(self, party: Party, slot: Slot) -> Place | None:
        """Return the party in this moment, or None when a double length has no second moment there."""
        ends_at = slot.ends_at
        if party.is_double:
            after = self.following.get((slot.sitting_id, slot.ends_at))
            if after is None:
                return None
            ends_at = after.ends_at
        hosts = [Guest(one.pk, one.user_id) for one in self.teachers[slot.sitting_id]]
        span = Span(slot.starts_at, ends_at)
        return Place(party, slot, span, party.pk in self.by_video, self.guests[party.pk], hosts)

    def places(self) -> list[Place]:
        """Return the whole plan in the order in which moments are written. Ask for faults first."""
        found = [self.place(self.parties[key], slot) for key, slot in self.plan.items()]
        return sorted((place for place in found if place is not None), key=lambda place: place.slot.pk)

    def is_second_half(self, slot: Slot) -> bool:
        """Say whether a double length of the plan that began before it goes on in this moment."""
        return bool(self.seats.get((slot.sitting_id, tick_of(slot.starts_at))))

    def _gap(self, place: Place) -> int:
        return 0 if place.by_video else self.round.gap_minutes

    def _takes(self, place: Place) -> set[Taken]:
        return _ticks(place.hosts, place.span, 0) | _ticks(place.guests, place.span, self._gap(place))

    def _visit(self, span: Span) -> int:
        return next((n for n, visit in enumerate(self.visits) if visit.overlaps(span)), -1)

    def faults(self) -> dict[int, list[Fault]]:
        """Return party key -> what is wrong with its planned time, for each with something."""
        rows = {key: self.at(self.parties[key], slot) for key, slot in self.plan.items() if key in self.parties}
        return {key: found for key, found in rows.items() if found}

    def without_time(self) -> list[Party]:
        """Return who is asked to come and has no time, in the plan or booked: nobody stays unnoticed."""
        asked = [one for one in self.parties.values() if not one.not_needed and one.booked is None]
        return [party for party in asked if party.pk not in self.plan]

    def answer(self, party: Party, slot: Slot) -> WishAnswer | None:
        """Return how this moment suits a family, or None when it gave no wishes. The worst of its minutes counts."""
        if party.pk not in self.given:
            return None
        place = self.place(party, slot)
        span = slot.span if place is None else place.span
        said = {wish.answer for wish in self.wishes[party.pk] if Span(wish.starts_at, wish.ends_at).overlaps(span)}
        for worst in (WishAnswer.CANNOT, WishAnswer.RATHER_NOT):
            if worst in said:
                return worst
        return WishAnswer.FINE

    def at(self, party: Party, slot: Slot, *, gone: Collection[int] = ()) -> list[Fault]:
        """Return what is wrong with this moment for a party, while the parties of `gone` are thought away."""
        place = self.place(party, slot)
        found = [*self._of_party(party), *self._of_moment(party, slot, place)]
        if place is not None:
            away = {party.pk, *gone}
            given = {key for tick in ticks_of(place.span) for key in self.seats[slot.sitting_id, tick]} - away
            found += [self._given(key) for key in sorted(given)]
            found += self._of_teachers(place, away | given)
            found += self._of_family(place, away)
            found += self._of_apart(place, away)
        if self.answer(party, slot) == WishAnswer.CANNOT:
            found.append(Fault(Code.CANNOT, _("The family says that it cannot come then.")))
        return found

    def _of_party(self, party: Party) -> Iterable[Fault]:
        if self.round.state == RoundState.CANCELLED:
            yield Fault(Code.CANCELLED, _("The round is cancelled."))
        if party.not_needed:
            yield Fault(Code.NOT_ASKED, _("This family is not asked to come any more."))
        if party.booked is not None:
            yield Fault(Code.HAS_TIME, _("This family has a time already."))
        if not self.guests[party.pk]:
            yield Fault(Code.NOBODY, _("Nobody comes for this child any more: call the family."))

    def _of_moment(self, party: Party, slot: Slot, place: Place | None) -> Iterable[Fault]:
        if slot.sitting.group_id != party.group_id:
            yield Fault(Code.OTHER_GROUP, _("This time is for another group."))
        if slot.starts_at <= self.now:
            yield Fault(Code.PASSED, _("This time has passed."))
        if place is None:
            yield Fault(
                Code.TOO_SHORT, _("This conversation takes two times in a row, and after this one there is none.")
            )
        booking: Booking | None = getattr(slot, "booking", None)
        if booking is None or (party.booked is not None and booking.party_id == party.pk):
            return
        if booking.party_id is not None:
            yield Fault(Code.BOOKED, _("Somebody has booked this time meanwhile."))
        elif booking.held_for_id is not None:
            yield Fault(Code.KEPT, _("This time is kept for a family that waits for one."))
        else:
            yield Fault(Code.KEPT, _("This time is kept free."))

    def _given(self, key: int) -> Fault:
        name = self.parties[key].child.name
        return Fault(Code.GIVEN, _("%(child)s has this time in the plan.") % {"child": name}, key)

    def _of_teachers(self, place: Place, away: set[int]) -> Iterable[Fault]:
        for one in self.teachers[place.slot.sitting_id]:
            mine = _ticks([Guest(one.pk, one.user_id)], place.span, 0)
            other = self._others(mine, away)
            if other or (mine & self.taken and not self._is_own(place)):
                yield Fault(
                    Code.TEACHER, _("%(teacher)s is somewhere else then.") % {"teacher": one.display_name}, other
                )

    def _of_family(self, place: Place, away: set[int]) -> Iterable[Fault]:
        mine = _ticks(place.guests, place.span, self._gap(place))
        other = self._others(mine, away)
        if other:
            words = _("The family is at the conversation about %(child)s then, or has too little time to walk.")
            yield Fault(Code.FAMILY, words % {"child": self.parties[other].child.first_name}, other)
        elif mine & self.taken and not self._is_own(place):
            words = _("The family has another conversation then, or too little time to walk.")
            yield Fault(Code.FAMILY, words)

    def _is_own(self, place: Place) -> bool:
        """Say whether what takes them is the booking of this party or of this moment, which is said already."""
        return place.party.booked is not None or getattr(place.slot, "booking", None) is not None

    def _others(self, mine: set[Taken], away: set[int]) -> int | None:
        return min((key for taken in mine for key in self.held.get(taken, ()) if key not in away), default=None)

    def _of_apart(self, place: Place, away: set[int]) -> Iterable[Fault]:
        if place.by_video or not self.apart:
            return
        visit = self._visit(place.span)
        ticks = set(ticks_of(self.visits[visit])) if visit >= 0 else set(ticks_of(place.span))
        for guest in place.guests:
            for other in self.apart.get(guest.person_id, ()):
                if self.coming.get((other, visit), set()) - away or ticks & self.there[other]:
                    words = _("Guardians who are kept apart would be at school in one visit.")
                    yield Fault(Code.APART, words)
                    return

    def exchanged(self, changes: Mapping[int, Slot | None]) -> dict[int, list[Fault]]:
        """Return what would be wrong for these parties if each had this moment (None: no time), all at once."""
        before = self.plan
        self.plan = {key: slot for key, slot in before.items() if key not in changes}
        self.plan |= {key: slot for key, slot in changes.items() if slot is not None}
        self._arrange()
        try:
            return {key: self.at(self.parties[key], slot) for key, slot in changes.items() if slot is not None}
        finally:
            self.plan = before
            self._arrange()

    def why_none(self, party: Party) -> NoTime:
        """Return why a party has no time, as the plan stands."""
        slots = [slot for slot in self.of_group[party.group_id] if slot.starts_at > self.now]
        if not slots:
            return NoTime.NO_SESSION
        codes = [{fault.code for fault in self.at(party, slot)} for slot in slots]
        if not all(codes):
            return NoTime.FREE
        if any(found <= {Code.CANNOT} for found in codes):
            return NoTime.ONLY_CANNOT
        gone = {Code.GIVEN, Code.BOOKED, Code.KEPT, Code.TOO_SHORT}
        return NoTime.FULL if all(found & gone for found in codes) else NoTime.CLASH


def _ticks(who: Iterable[Guest], span: Span, gap: int) -> set[Taken]:
    ticks = ticks_of(span, gap_minutes=gap)
    found: set[Taken] = set()
    for guest in who:
        found |= {("person", guest.person_id, tick) for tick in ticks}
        if guest.user_id:
            found |= {("login", guest.user_id, tick) for tick in ticks}
    return found


def in_the_way(faults: Mapping[int, list[Fault]]) -> dict[int, list[Fault]]:
    """Return only what stops a plan from being published: warnings left out."""
    found = {key: [fault for fault in row if not fault.is_warning] for key, row in faults.items()}
    return {key: row for key, row in found.items() if row}
