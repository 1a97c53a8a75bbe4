"""What the clock writes: telling families at their own moment, reminders, and keeping what nobody looks at in order.

Each may run twice, and beside itself: what was done is marked by a conditional change in the transaction of the notice.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction

from kring.agreements.current import policy_for
from kring.meetings.actions.marking import mark_gone
from kring.meetings.models import Booking, Occupied, Round
from kring.meetings.notices import ChooseReminder, DayBefore, RoundOpened, RoundOpenedEarly, WishesOpened, WishReminder
from kring.meetings.permissions import families_fill
from kring.meetings.rules import REMIND_BEFORE_CLOSING, RoundState, booking_opens_at
from kring.notifications.actions import notify

MORNING = time(9)  # of the school: from then on families hear that tomorrow is their conversation


@transaction.atomic
def tell_opening(*, round: Round, now: datetime) -> int:
    """Tell families that choosing has opened: those with several children at theirs, everybody at the round's (C3);
    or that they can give their wishes, everybody at once.

    Returns how many notices went out: none, one or two.
    """
    sent = 0
    policy = policy_for(round.school_id, at=now)
    priority = policy.sibling_priority
    early = booking_opens_at(
        round.opens_at,
        children=priority.children,
        is_early=round.is_early and families_fill(round, policy),
        days=priority.days,
        least=priority.children,
        zone=round.school.zone,
    )
    ready = Round.objects.filter(pk=round.pk, state=RoundState.READY)
    is_early = early < round.opens_at and early <= now < round.opens_at
    if is_early and ready.filter(told_early_at__isnull=True).update(told_early_at=now):
        notify(RoundOpenedEarly(round), audience=round.audience, school=round.school, not_before=now)
        sent += 1
    if round.opens_at <= now and ready.filter(told_at__isnull=True).update(told_at=now):
        kind = RoundOpened(round) if families_fill(round, policy) else WishesOpened(round)
        notify(kind, audience=round.audience, school=round.school, not_before=now)
        sent += 1
    return sent


@transaction.atomic
def remind_before_closing(*, round: Round, now: datetime) -> bool:
    """Ask once more, two days before the round closes, who has not chosen or gave no wishes. Once for a round, and not
    in a short one."""
    due = round.closes_at - REMIND_BEFORE_CLOSING
    if now < due or now >= round.closes_at or due <= round.opens_at:
        return False
    mine = Round.objects.filter(pk=round.pk, state=RoundState.READY, reminded_at__isnull=True)
    if not mine.update(reminded_at=now):
        return False
    policy = policy_for(round.school_id, at=now)
    kind = ChooseReminder(round) if families_fill(round, policy) else WishReminder(round)
    notify(kind, audience=round.audience, school=round.school, not_before=now)
    return True


@transaction.atomic
def remind_day_before(*, booking: Booking, now: datetime) -> bool:
    """Tell a family that tomorrow is its conversation: time, room and link stand behind it. Once."""
    party, school = booking.party, booking.round.school
    day = school.today(booking.starts_at) - timedelta(days=1)
    if party is None or now < school.moment(day, MORNING):
        return False
    if not Booking.objects.filter(pk=booking.pk, party=party, reminded_at__isnull=True).update(reminded_at=now):
        return False
    notify(DayBefore(booking), audience=party.audience, school=school, not_before=now)
    return True


def link_login(*, row: Occupied) -> bool:
    """Put the login of who joined since with a row made before, so that she is not in two places at two schools.

    When she is, both conversations stand, and the schools see it in their own lists.
    """
    try:
        with transaction.atomic():
            return bool(Occupied.objects.filter(pk=row.pk, user__isnull=True).update(user_id=row.person.user_id))
    except IntegrityError:
        return False


@transaction.atomic
def sweep_cancelled(*, now: datetime) -> int:
    """Let go of what somebody booked at the very moment in which its round was cancelled; return how many."""
    found = Booking.objects.filter(round__state=RoundState.CANCELLED, ends_at__gt=now)
    for booking in found.filter(party__isnull=False):
        mark_gone(booking.party_id or 0, booking.span, now=now)
    return found.delete()[0]
