"""Writing down who is where: the rows whose unique keys let one of two at once win (house.md, "two at once")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from kring.core.access import Refused
from kring.core.viewer import Viewer
from kring.meetings.members import Guest, Place, members_of, teachers_of
from kring.meetings.models import Booking, Occupied, Party, Slot
from kring.meetings.models.rounds import Sitting
from kring.meetings.rules import Span, ticks_of, visits_of
from kring.people.models import KeepApart


class JustTaken(Refused):
    """Somebody else was first, or somebody would be in two places. `wanted` is the moment that did not go through."""

    def __init__(self, sentence: str, *, wanted: datetime) -> None:
        super().__init__(sentence)
        self.wanted = wanted


def places_for(choices: Sequence[tuple[Party, Slot, bool]], *, now: datetime) -> list[Place]:
    """Return the places for these choices of party, moment and video. Two queries, one more for double lengths.

    Raises Refused when a moment has passed, belongs to another group or round, or is too short.
    """
    hosts = teachers_of(slot.sitting_id for _party, slot, _video in choices)
    today = choices[0][0].round.school.today(now)
    guests = members_of([party for party, _slot, _video in choices], on=today)
    found = []
    for party, slot, video in choices:
        if slot.round_id != party.round_id or slot.sitting.group_id != party.group_id:
            raise Refused(_("This moment is for another group."))
        if slot.starts_at <= now:
            raise JustTaken(_("This moment has passed."), wanted=slot.starts_at)
        if not guests[party.pk]:
            raise Refused(_("Nobody comes for this child any more. Please call the school."))
        span = Span(slot.starts_at, _end_of(party, slot))
        by_video = video and party.round.by_video
        found.append(Place(party, slot, span, by_video, guests[party.pk], hosts.get(slot.sitting_id, [])))
    return sorted(found, key=lambda place: place.slot.pk)


def _end_of(party: Party, slot: Slot) -> datetime:
    if not party.is_double:
        return slot.ends_at
    following = Slot.objects.filter(sitting=slot.sitting_id, starts_at=slot.ends_at).first()
    if following is None:
        raise Refused(_("This conversation takes two moments in a row. Choose one with a free moment after it."))
    return following.ends_at


def booking_for(place: Place, *, by: Viewer) -> Booking:
    """Return the booking of a place, taken by the viewer at her moment. Not written yet."""
    return Booking(
        school_id=place.party.school_id,
        round_id=place.slot.round_id,
        slot=place.slot,
        party=place.party,
        starts_at=place.span.starts_at,
        ends_at=place.span.ends_at,
        by_video=place.by_video,
        booked_by_id=by.person_at(place.party.school_id),
        booked_at=by.now,
    )


def rows_for(booking: Booking, place: Place) -> list[Occupied]:
    """Return who is taken when, for a booking that has its key. Who joins by video needs no time to walk."""
    gap = 0 if place.by_video else place.party.round.gap_minutes
    return [*_taken(booking, place.hosts, place.span, 0), *_taken(booking, place.guests, place.span, gap)]


def _taken(booking: Booking, who: Iterable[Guest], span: Span, gap: int) -> list[Occupied]:
    ticks = ticks_of(span, gap_minutes=gap)
    return [
        Occupied(person_id=guest.person_id, user_id=guest.user_id, tick=tick, booking=booking)
        for guest in dict.fromkeys(who)
        for tick in ticks
    ]


def write_down(rows: Iterable[Occupied]) -> None:
    """Insert the rows. Raises IntegrityError when somebody is taken already.

    Always in the same order, so that on PostgreSQL two at once wait for each other in one direction only.
    """
    by_login = sorted(rows, key=lambda row: (row.user_id is None, row.user_id or row.person_id, row.tick))
    Occupied.objects.bulk_create(by_login)


def hosts_only(booking: Booking, slot: Slot) -> None:
    """Write down that the teachers are taken in a moment that is kept free."""
    hosts = teachers_of([slot.sitting_id]).get(slot.sitting_id, [])
    write_down(_taken(booking, hosts, slot.span, 0))


def refuse_meeting(places: Sequence[Place]) -> None:
    """Raise Refused when guardians who are kept apart would be at school in one visit.

    Call it inside the transaction. The marks are locked, so that of two at once the second sees the first; SQLite has
    one writer anyway. Costs one query when nobody is kept apart.
    """
    onsite = [place for place in places if not place.by_video]
    children = {place.party.child_id for place in onsite}
    persons = {guest.person_id for place in onsite for guest in place.guests}
    marks = KeepApart.objects.filter(Q(first__in=persons) | Q(second__in=persons), school__in=_schools(onsite))
    pairs = list(marks.select_for_update().order_by("pk").values_list("first_id", "second_id"))
    if not pairs or not children:
        return
    visits = visits_of(
        sitting.span for sitting in Sitting.objects.filter(round__in={place.slot.round_id for place in onsite})
    )
    for place in onsite:
        own = {guest.person_id for guest in place.guests}
        others = {second if first in own else first for first, second in pairs if {first, second} & own}
        visit = next((visit for visit in visits if visit.overlaps(place.span)), place.span)
        ticks = ticks_of(visit)
        there = Occupied.objects.filter(
            person__in=others, tick__gte=ticks.start, tick__lt=ticks.stop, booking__by_video=False
        )
        if there.exclude(booking__party=place.party).exists():
            raise JustTaken(
                _("This afternoon or evening does not suit the planning. Choose another one, or call the school."),
                wanted=place.slot.starts_at,
            )


def _schools(places: Iterable[Place]) -> set[int]:
    return {place.party.school_id for place in places}


def refuse_taken(slots: Iterable[Slot]) -> None:
    """Raise JustTaken when one of the moments is taken as far as can be seen. One query.

    Ask it first of all, before the transaction: who comes too late then costs little and keeps no writer waiting. Of
    two who both see a free moment the unique key decides.
    """
    wanted = sorted(slots, key=lambda slot: slot.pk)
    taken = set(Booking.objects.filter(slot__in=[slot.pk for slot in wanted]).values_list("slot_id", flat=True))
    first = next((slot for slot in wanted if slot.pk in taken), None)
    if first is not None:
        raise JustTaken(_("This time was just taken."), wanted=first.starts_at)


def why_not(places: Sequence[Place]) -> JustTaken:
    """Return what to say after a unique key refused: asked of the database as it is now. Three queries at most."""
    try:
        refuse_taken(place.slot for place in places)
    except JustTaken as late:
        return late
    booked = Booking.objects.filter(party__in=[place.party.pk for place in places]).first()
    if booked is not None:
        return JustTaken(_("There is a time already. Change it, or give it back first."), wanted=booked.starts_at)
    for place in places:
        ticks = ticks_of(place.span, gap_minutes=place.party.round.gap_minutes)
        people = [guest.person_id for guest in place.guests]
        logins = [guest.user_id for guest in place.guests if guest.user_id]
        own = Q(person__in=people) | Q(user__in=logins)
        if Occupied.objects.filter(own, tick__gte=ticks.start, tick__lt=ticks.stop).exists():
            return JustTaken(
                _("You have another conversation then, or too little time to walk there."), wanted=place.slot.starts_at
            )
    return JustTaken(_("This time was just taken."), wanted=places[0].slot.starts_at)


def offered_until(slot: Slot, *, now: datetime, hours: int) -> datetime:
    """Return until when a moment that came free is kept: some hours, and no longer than an hour before it begins."""
    return min(now + timedelta(hours=hours), slot.starts_at - timedelta(hours=1))
