"""The waiting list: a moment that comes free is offered to who waits longest, and kept for some hours."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.meetings.actions.marking import mark_planned
from kring.meetings.actions.placing import (
    hosts_only,
    offered_until,
    places_for,
    refuse_meeting,
    rows_for,
    why_not,
    write_down,
)
from kring.meetings.models import Booking, Occupied, Party, Slot, Waiting
from kring.meetings.notices import MomentOffered, RoundChanged
from kring.meetings.permissions import can_book
from kring.meetings.rules import OFFER_HOURS
from kring.notifications.actions import notify
from kring.notifications.live import hint


@transaction.atomic
def wait_for_moment(*, by: Viewer, party: Party) -> None:
    """Stand on the waiting list of the group. Twice is once. Raises Refused for who has a time already."""
    require(can_book(by, party))
    if Booking.objects.filter(party=party).exists():
        raise Refused(_("There is a time already. Change it, or give it back first."))
    _row, made = Waiting.objects.get_or_create(party=party, defaults={"school_id": party.school_id, "since": by.now})
    if made:
        audit.record(by=by, what="meeting.waits", about=party)


@transaction.atomic
def stop_waiting(*, by: Viewer, party: Party) -> None:
    """Leave the waiting list; what was offered goes to the next one."""
    require(can_book(by, party))
    Waiting.objects.filter(party=party).delete()
    for booking in Booking.objects.filter(held_for=party).select_related("slot__sitting", "round"):
        pass_on(booking=booking, now=by.now)


def offer_on(*, slot: Slot, now: datetime) -> Booking | None:
    """Offer a free moment to who waits longest for its group, and keep it for her; return that, or None.

    Inside the transaction of what made it free.
    """
    until = offered_until(slot, now=now, hours=OFFER_HOURS)
    if until <= now:
        return None
    waiting = Waiting.objects.filter(
        party__round=slot.round_id, party__group=slot.sitting.group_id, party__is_double=False,
        party__not_needed=False, party__booking__isnull=True, party__offers__isnull=True,
    )  # fmt: skip
    first = waiting.select_related("party__round__school", "party__audience").first()
    if first is None:
        return None
    party = first.party
    try:
        with transaction.atomic():
            held = Booking.objects.create(
                school_id=slot.school_id, round_id=slot.round_id, slot=slot, starts_at=slot.starts_at,
                ends_at=slot.ends_at, booked_at=now, held_for=party, held_until=until,
            )  # fmt: skip
            hosts_only(held, slot)
    except IntegrityError:
        return None  # taken meanwhile, or the teacher is somewhere else then
    notify(MomentOffered(held), audience=party.audience, school=party.round.school, not_before=now)
    return held


def accept_offer(*, by: Viewer, booking: Booking) -> Booking:
    """Take the moment that is kept for one's party. Raises Refused when it is not any more, or does not go."""
    party = booking.held_for
    require(party is not None and can_book(by, party))
    assert party is not None  # noqa: S101  said above
    place = places_for([(party, booking.slot, False)], now=by.now)[0]
    try:
        with transaction.atomic():
            refuse_meeting([place])
            mine = Booking.objects.filter(pk=booking.pk, held_for=party, party__isnull=True, held_until__gt=by.now)
            taken = mine.update(
                party=party, held_for=None, held_until=None, booked_at=by.now,
                booked_by_id=by.person_at(party.school_id),
            )  # fmt: skip
            if not taken:
                raise Refused(_("This time is not kept for you any more."))
            Occupied.objects.filter(booking=booking.pk).delete()
            write_down(rows_for(booking, place))
            Waiting.objects.filter(party=party).delete()
            mark_planned([party.pk], now=by.now)
            audit.record(by=by, what="meeting.booked", about=booking, number=1)
            hint(RoundChanged, party.round.public_id)
    except IntegrityError:
        raise why_not([place]) from None
    booking.refresh_from_db()
    return booking


@transaction.atomic
def decline_offer(*, by: Viewer, booking: Booking) -> None:
    """Let the moment go to the next one; she keeps waiting, at the end of the list."""
    require(booking.held_for is not None and can_book(by, booking.held_for))
    pass_on(booking=booking, now=by.now)


@transaction.atomic
def pass_on(*, booking: Booking, now: datetime) -> bool:
    """Let a kept moment go, once: to the next who waits, or free for everybody. For the clock, and for declining."""
    slot, party_id = booking.slot, booking.held_for_id
    deleted, _by_model = Booking.objects.filter(pk=booking.pk, held_for__isnull=False).delete()
    if not deleted:
        return False
    Waiting.objects.filter(party=party_id).update(since=now)
    offer_on(slot=slot, now=now)
    hint(RoundChanged, booking.round.public_id)
    return True


def offers_over(now: datetime) -> list[Booking]:
    """Return what is kept for somebody longer than was promised at `now` (aware)."""
    return list(Booking.objects.filter(held_until__lte=now).select_related("slot__sitting", "round"))
