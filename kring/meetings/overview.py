"""What the team sees of a round: who sits when, whether there are enough moments, who has chosen, and the sheets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q

from kring.core.viewer import Level, Viewer
from kring.meetings.members import members_of, team_on
from kring.meetings.models import Booking, Party, Round, Sitting, Slot
from kring.meetings.rules import Capacity, Span
from kring.people.models import Guardianship, Person, Relation, current_on
from kring.school.models import Group


class Cell(NamedTuple):
    """One session of one group: who sits there with how many moments, and who could."""

    span: Span
    sittings: list[Sitting]
    slots: int
    could: list[Person]


@dataclass(frozen=True, slots=True)
class Row:
    """One group of a round."""

    group: Group
    teachers: str
    cells: list[Cell]
    capacity: Capacity
    chosen: int
    wished: int

    @property
    def open(self) -> int:
        """Return how many families have no moment yet."""
        return self.capacity.needed - self.chosen


def spans_of(round: Round) -> list[Span]:
    """Return the afternoons and evenings of the round, in order. One query."""
    rows = Sitting.objects.filter(round=round).order_by("starts_at", "ends_at")
    return [Span(*row) for row in dict.fromkeys(rows.values_list("starts_at", "ends_at"))]


def rows_of(round: Round, groups: Sequence[Group]) -> list[Row]:
    """Return a row per group, with what it needs and has. Six queries."""
    spans = spans_of(round)
    days = {round.school.today(span.starts_at) for span in spans}
    team = team_on(groups, days)
    sittings: dict[tuple[int, datetime, datetime], list[Sitting]] = defaultdict(list)
    counted = Sitting.objects.filter(round=round, group__in=groups).prefetch_related("teachers")
    for sitting in counted.annotate(number=Count("slots")).order_by("pk"):
        sittings[sitting.group_id, sitting.starts_at, sitting.ends_at].append(sitting)
    asked = {row["group"]: row for row in _needs(round)}
    free = dict(
        Slot.objects.filter(round=round, booking__isnull=True)
        .order_by()
        .values_list("sitting__group")
        .annotate(number=Count("pk"))
    )
    found = []
    for group in groups:
        cells = []
        for span in spans:
            here = sittings[group.pk, span.starts_at, span.ends_at]
            number = sum(sitting.number for sitting in here)  # type: ignore[attr-defined]
            cells.append(Cell(span, here, number, team[group.pk, round.school.today(span.starts_at)]))
        need = asked.get(group.pk, {"single": 0, "double": 0, "chosen": 0, "wished": 0})
        capacity = Capacity(need["single"] + need["double"], sum(cell.slots for cell in cells), free.get(group.pk, 0))
        names = {one.display_name for cell in cells for one in cell.could}
        found.append(Row(group, ", ".join(sorted(names)), cells, capacity, need["chosen"], need["wished"]))
    return found


def _needs(round: Round) -> list[Any]:
    rows = Party.objects.filter(round=round).invited().order_by().values("group")  # type: ignore[attr-defined]
    return list(
        rows.annotate(
            single=Count("pk"),
            double=Count("pk", filter=Q(is_double=True)),
            chosen=Count("booking"),
            wished=Count("wish_set"),
        )
    )


class Guest(NamedTuple):
    """An adult in a list of the team: her name, and what she is to the child."""

    person: Person
    words: str
    level: str


@dataclass(frozen=True, slots=True)
class Family:
    """One party in the list of a group."""

    party: Party
    guests: list[Guest]

    @property
    def words(self) -> str:
        """Return who comes, as the sheet says it: "moeder en vader"."""
        return ", ".join(dict.fromkeys(guest.words for guest in self.guests))


def families_of(round: Round, parties: Sequence[Party], *, now: datetime) -> list[Family]:
    """Return these parties with the adults who belong to them. One query, and one for who belongs."""
    today = round.school.today(now)
    members = members_of(parties, on=today)
    held = Guardianship.objects.filter(
        current_on(today), child__in={party.child_id for party in parties}, level__in=[Level.FULL, Level.LIMITED]
    ).select_related("person")
    known: dict[tuple[int, int], Guest] = {}
    for row in held:
        words = str(Relation(row.relation).label).lower()
        known[row.child_id, row.person_id] = Guest(row.person, words, row.level)
    return [
        Family(party, [known[key] for one in members[party.pk] if (key := (party.child_id, one.person_id)) in known])
        for party in parties
    ]


def guardians_of(party: Party, *, now: datetime) -> list[Guest]:
    """Return the full and limited guardians of the child of a party who have no party of their own. Two queries."""
    own = set(Party.objects.filter(round=party.round_id, child=party.child_id).values_list("person_id", flat=True))
    rows = Guardianship.objects.filter(
        current_on(party.round.school.today(now)), child=party.child_id, level__in=[Level.FULL, Level.LIMITED]
    ).select_related("person")
    return [
        Guest(row.person, str(Relation(row.relation).label).lower(), row.level)
        for row in rows
        if row.person_id not in own
    ]


class Entry(NamedTuple):
    """One line of a day sheet: a conversation, or a stretch without one."""

    starts_at: datetime
    ends_at: datetime
    family: Family | None
    is_break: bool
    more: str

    @property
    def minutes(self) -> int:
        """Return how long it takes."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


def sittings_on(sitting: Sitting) -> list[Sitting]:
    """Return what the same teachers sit ready for on that day in this round, in order. Two queries."""
    teachers = [teacher.pk for teacher in sitting.teachers.all()]
    same = Sitting.objects.filter(round=sitting.round_id, teachers__in=teachers).distinct().with_teachers()  # type: ignore[attr-defined]
    day = sitting.round.school.today(sitting.starts_at)
    return [one for one in same.order_by("starts_at") if sitting.round.school.today(one.starts_at) == day]


def day_sheet(sitting: Sitting, *, now: datetime) -> list[Entry]:
    """Return the day of the teachers of a sitting: conversations, breaks and free stretches. Six queries."""
    here = sittings_on(sitting)
    rows = Booking.objects.filter(slot__sitting__in=here).for_pages()  # type: ignore[attr-defined]
    bookings = sorted(rows, key=lambda booking: booking.starts_at)
    parties = [booking.party for booking in bookings if booking.party is not None]
    families = {family.party.pk: family for family in families_of(sitting.round, parties, now=now)}
    slots = list(Slot.objects.filter(sitting__in=here).order_by("starts_at"))
    entries: list[Entry] = []
    busy = {booking.slot_id: booking for booking in bookings}
    until: datetime | None = None
    for slot in slots:
        if until is not None and slot.starts_at > until:
            entries.append(Entry(until, slot.starts_at, None, True, ""))
        if until is not None and slot.starts_at < until:
            continue  # the second half of a double length
        booking = busy.get(slot.pk)
        family = families.get(booking.party_id or 0) if booking else None
        ends = booking.ends_at if booking else slot.ends_at
        note = _more(booking) if booking else ""
        is_kept = bool(booking and booking.party_id is None)
        last = entries[-1] if entries else None
        if booking is None and last and last.family is None and not last.is_break and last.ends_at == slot.starts_at:
            entries[-1] = last._replace(ends_at=ends)  # one free stretch is one line
        else:
            entries.append(Entry(slot.starts_at, ends, family, is_kept, note))
        until = ends
    return entries


def _more(booking: Booking) -> str:
    return booking.party.note if booking.party else ""


def days_of(round: Round) -> list[date]:
    """Return the days of the round. One query."""
    return sorted({round.school.today(span.starts_at) for span in spans_of(round)})


def door_list(round: Round, day: date) -> list[tuple[Sitting, list[Booking]]]:
    """Return for each sitting of a day its conversations, for the door: first names only. Four queries."""
    first, last = round.school.moment(day), round.school.moment(date.fromordinal(day.toordinal() + 1))
    sittings = Sitting.objects.filter(round=round, starts_at__gte=first, starts_at__lt=last).with_teachers()  # type: ignore[attr-defined]
    rows = Booking.objects.filter(slot__sitting__in=sittings).of_families().select_related("party__child", "slot")  # type: ignore[attr-defined]
    by_sitting: dict[int, list[Booking]] = defaultdict(list)
    for booking in rows.order_by("starts_at"):
        by_sitting[booking.slot.sitting_id].append(booking)
    return [(sitting, by_sitting[sitting.pk]) for sitting in sittings.order_by("group__name", "starts_at")]


def own_sittings(viewer: Viewer, round: Round) -> list[Sitting]:
    """Return what she sits ready for herself, and what her groups have. Two queries."""
    rows = Sitting.objects.visible_to(viewer).filter(round=round).with_teachers()
    return list(rows.order_by("starts_at", "group__name"))
