"""Taking moments, changing them and giving them back: by families, and by the team for them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.meetings.actions.asks import settle_ask
from kring.meetings.actions.marking import mark_gone, mark_planned
from kring.meetings.actions.offers import offer_on
from kring.meetings.actions.placing import (
    booking_for,
    places_for,
    refuse_meeting,
    refuse_taken,
    rows_for,
    why_not,
    write_down,
)
from kring.meetings.members import Place
from kring.meetings.models import Booking, Occupied, Party, Slot, Waiting
from kring.meetings.notices import (
    ChangedForTeam,
    MeetingBooked,
    MeetingCalledOff,
    MeetingCancelled,
    MeetingMoved,
    RoundChanged,
)
from kring.meetings.permissions import can_book, can_change, can_help, families_fill
from kring.notifications.actions import notify
from kring.notifications.live import hint

MOST_AT_ONCE = 12
Choice = tuple[Party, Slot, bool]


def book_slots(*, by: Viewer, choices: Sequence[Choice]) -> list[Booking]:
    """Take these moments for these parties, all or nothing: (party, moment, by video).

    Who may is decided at `by.now`, the clock of the server (C2, C3). Raises JustTaken when somebody was first or when
    somebody would be in two places, Refused when a moment does not fit.
    """
    require(bool(choices) and len(choices) <= MOST_AT_ONCE)
    require(all(can_book(by, party) for party, _slot, _video in choices))
    return _take(by=by, choices=choices)


def book_for_family(*, by: Viewer, party: Party, slot: Slot, by_video: bool = False) -> Booking:
    """Take a moment for a family, as its teacher or as the office; the family is told. Raises as `book_slots`."""
    require(can_help(by, party) and not party.not_needed)
    return _take(by=by, choices=[(party, slot, by_video)])[0]


def _take(*, by: Viewer, choices: Sequence[Choice]) -> list[Booking]:
    # Everything is read before the transaction, so that on SQLite the one writer is kept waiting for nothing.
    refuse_taken(slot for _party, slot, _video in choices)
    places = places_for(choices, now=by.now)
    try:
        with transaction.atomic():
            refuse_meeting(places)
            bookings = Booking.objects.bulk_create(booking_for(place, by=by) for place in places)
            write_down(row for booking, place in zip(bookings, places, strict=True) for row in rows_for(booking, place))
            Waiting.objects.filter(party__in=[place.party.pk for place in places]).delete()
            mark_planned([place.party.pk for place in places], now=by.now)
            if can_help(by, places[0].party):
                settle_ask(by=by, party=places[0].party)
            audit.record(by=by, what="meeting.booked", about=bookings[0], number=len(bookings))
            for booking, place in zip(bookings, places, strict=True):
                _tell_family(by, place, MeetingBooked(booking))
            _hint_rounds(places)
    except IntegrityError:
        raise why_not(places) from None
    return bookings


def _tell_family(by: Viewer, place: Place, kind: MeetingBooked | MeetingMoved) -> None:
    """Tell who comes along; who chose it herself and comes alone is told nothing."""
    if any(guest.user_id and guest.user_id != by.user_id for guest in place.guests):
        party = place.party
        notify(kind, audience=party.audience, school=party.round.school, not_before=by.now, by=by)


def _hint_rounds(places: Sequence[Place]) -> None:
    for key in {place.party.round.public_id for place in places}:
        hint(RoundChanged, key)


def change_booking(*, by: Viewer, booking: Booking, slot: Slot, by_video: bool = False) -> Booking:
    """Take another moment instead, as a guardian; the old one is given back. All or nothing; raises as `book_slots`."""
    require(can_change(by, booking))
    return _move(by=by, booking=booking, slot=slot, by_video=by_video)


def move_booking(*, by: Viewer, booking: Booking, slot: Slot, by_video: bool = False) -> Booking:
    """Put a conversation at another moment, as its teacher or as the office; the family is told (with emphasis)."""
    party = booking.party
    require(party is not None and can_help(by, party))
    return _move(by=by, booking=booking, slot=slot, by_video=by_video)


def _move(*, by: Viewer, booking: Booking, slot: Slot, by_video: bool) -> Booking:
    party = booking.party
    if party is None or booking.slot_id == slot.pk:
        raise Refused(_("This is the time that was chosen already."))
    place = places_for([(party, slot, by_video)], now=by.now)[0]
    before = booking.slot
    try:
        with transaction.atomic():
            Occupied.objects.filter(booking=booking.pk).delete()
            refuse_meeting([place])
            moved = Booking.objects.filter(pk=booking.pk, slot=before, party=party).update(
                slot=slot,
                starts_at=place.span.starts_at,
                ends_at=place.span.ends_at,
                by_video=place.by_video,
                reminded_at=None,
            )
            if not moved:
                raise Refused(_("This conversation was changed meanwhile. Look again."))
            booking.refresh_from_db()
            write_down(rows_for(booking, place))
            mark_planned([party.pk], now=by.now)
            audit.record(by=by, what="meeting.moved", about=booking)
            _tell_family(by, place, MeetingMoved(booking))
            if can_help(by, party):
                settle_ask(by=by, party=party)
            else:
                _tell_team(by, party)
            hint(RoundChanged, party.round.public_id)
            offer_on(slot=before, now=by.now)
    except IntegrityError:
        raise why_not([place]) from None
    return booking


def give_back(*, by: Viewer, booking: Booking) -> None:
    """Give a moment back, as a guardian: it is free for who waits, or for everybody."""
    require(can_change(by, booking))
    party = booking.party
    assert party is not None  # noqa: S101  can_change said so
    with transaction.atomic():
        if _let_go(by, booking, party, what="meeting.given_back"):
            _tell_team(by, party)


def cancel_booking(*, by: Viewer, booking: Booking) -> None:
    """Cancel a conversation as its teacher or as the office: the family is told and may choose another time, also
    after the round has closed for choosing."""
    party = booking.party
    require(party is not None and can_help(by, party))
    assert party is not None  # noqa: S101  said above
    with transaction.atomic():
        if _let_go(by, booking, party, what="meeting.cancelled"):
            let_choose_again(by=by, party=party)


def _let_go(by: Viewer, booking: Booking, party: Party, *, what: str) -> bool:
    """Delete the booking once, and pass its moment on."""
    slot, span = booking.slot, booking.span
    deleted, _by_model = Booking.objects.filter(pk=booking.pk, party=party, slot=slot).delete()
    if not deleted:
        return False
    mark_gone(party.pk, span, now=by.now)
    audit.record(by=by, what=what, about=party)
    hint(RoundChanged, party.round.public_id)
    offer_on(slot=slot, now=by.now)
    return True


def let_choose_again(*, by: Viewer, party: Party) -> None:
    """Tell the family that it has to choose again, and let it do so until the last moment of the round; or that the
    school looks for another time. Inside a transaction of the caller, who has asked whether `by` may."""
    last = Slot.objects.filter(round=party.round_id).order_by("-starts_at").values_list("starts_at", flat=True).first()
    Party.objects.filter(pk=party.pk).update(choose_until=last)
    by_families = families_fill(party.round, policy_for(party.school_id, at=by.now))
    kind = MeetingCancelled(party) if by_families else MeetingCalledOff(party)
    notify(kind, audience=party.audience, school=party.round.school, not_before=by.now, by=by)


def _tell_team(by: Viewer, party: Party) -> None:
    audience = party.round.audience
    notify(ChangedForTeam(party), audience=audience, school=party.round.school, not_before=by.now, by=by)
