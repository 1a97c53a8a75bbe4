"""Keeping moments free, and what happens when a teacher cannot come."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import require
from kring.core.viewer import Viewer
from kring.meetings.actions.booking import let_choose_again
from kring.meetings.actions.marking import mark_gone
from kring.meetings.actions.offers import offer_on
from kring.meetings.actions.placing import JustTaken, hosts_only
from kring.meetings.models import Booking, Occupied, Sitting, Slot
from kring.meetings.notices import RoundChanged
from kring.meetings.permissions import can_keep_free
from kring.meetings.rules import ticks_of
from kring.notifications.live import hint


def block(*, by: Viewer, slot: Slot) -> Booking:
    """Keep a moment free. Raises JustTaken when a family has it, so that nobody is lost in silence."""
    require(can_keep_free(by, slot.sitting))
    try:
        with transaction.atomic():
            kept = _kept(slot, now=by.now, booked_by_id=by.person_at(slot.school_id))
            hosts_only(kept, slot)
            audit.record(by=by, what="meeting.kept_free", about=slot)
            hint(RoundChanged, slot.round.public_id)
    except IntegrityError:
        raise JustTaken(_("This time was just taken."), wanted=slot.starts_at) from None
    return kept


def _kept(slot: Slot, *, now: datetime, booked_by_id: int | None = None) -> Booking:
    return Booking.objects.create(
        school_id=slot.school_id,
        round_id=slot.round_id,
        slot=slot,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        booked_by_id=booked_by_id,
        booked_at=now,
    )


@transaction.atomic
def unblock(*, by: Viewer, slot: Slot) -> None:
    """Give a moment free again that was kept; who waits is offered it. Twice is once."""
    require(can_keep_free(by, slot.sitting))
    kept = Booking.objects.filter(slot=slot, party__isnull=True, held_for__isnull=True)
    deleted, _by_model = kept.delete()
    if deleted:
        audit.record(by=by, what="meeting.freed", about=slot)
        hint(RoundChanged, slot.round.public_id)
        offer_on(slot=slot, now=by.now)


@transaction.atomic
def close_sitting(*, by: Viewer, sitting: Sitting) -> int:
    """Keep the rest of a session free because its teacher cannot come: every family in it is told and chooses again.

    Returns how many families that are. The moments stay with the teacher; nobody can take them.
    """
    require(can_keep_free(by, sitting))
    cancelled = 0
    coming = Booking.objects.of_families().filter(slot__sitting=sitting, starts_at__gt=by.now)
    for booking in coming.for_pages().select_related("party__round__school", "party__audience"):
        party = booking.party
        if party is None or not Booking.objects.filter(pk=booking.pk, party=party).update(party=None):
            continue
        mark_gone(party.pk, booking.span, now=by.now)
        hosts = sitting.teachers.values("pk")
        Occupied.objects.filter(booking=booking).exclude(person__in=hosts).delete()
        let_choose_again(by=by, party=party)
        cancelled += 1
    Booking.objects.filter(slot__sitting=sitting, held_for__isnull=False).update(held_for=None, held_until=None)
    for slot in Slot.objects.filter(sitting=sitting, starts_at__gt=by.now, booking__isnull=True):
        try:
            with transaction.atomic():
                _take_what_is_left(_kept(slot, now=by.now), slot)
        except IntegrityError:
            continue  # taken at this very moment: it stands in the list of the office
    audit.record(by=by, what="meeting.sitting_closed", about=sitting, families=cancelled)
    hint(RoundChanged, sitting.round.public_id)
    return cancelled


def _take_what_is_left(kept: Booking, slot: Slot) -> None:
    """Write the teachers down where nothing else takes them: the second half of a double length does already."""
    ticks = ticks_of(slot.span)
    teachers = list(slot.sitting.teachers.values_list("pk", flat=True))
    taken = Occupied.objects.filter(person__in=teachers, tick__gte=ticks.start, tick__lt=ticks.stop)
    if not taken.exists():
        hosts_only(kept, slot)
