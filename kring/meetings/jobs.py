"""What the clock does for this room. May run twice."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from kring.meetings.actions import clock
from kring.meetings.actions.inviting import complete_round
from kring.meetings.actions.offers import offers_over, pass_on
from kring.meetings.actions.planning import give_up_silent
from kring.meetings.models import Booking, Occupied, Round


def open_due_rounds() -> int:
    """Tell families that they can choose, each at its own moment, and remind who has not; return how many notices."""
    now = timezone.now()
    sent = 0
    for found in Round.objects.ready().filter(closes_at__gt=now).for_pages():
        sent += clock.tell_opening(round=found, now=now)
        sent += clock.remind_before_closing(round=found, now=now)
    return sent


def complete_rounds() -> int:
    """Invite children who came since, and part guardians who are kept apart since; return how many parties are new."""
    now = timezone.now()
    rounds = Round.objects.ready().not_over_at(now).for_pages()
    return sum(complete_round(round=found, now=now) for found in rounds)


def remind_of_tomorrow() -> int:
    """Tell families that their conversation is tomorrow; return how many."""
    now = timezone.now()
    soon = Booking.objects.of_families().filter(reminded_at__isnull=True).between(now, now + timedelta(days=2))
    rows = soon.for_pages().select_related("party__audience", "round__school")
    return sum(clock.remind_day_before(booking=booking, now=now) for booking in rows)


def pass_offers_on() -> int:
    """Offer moments that were kept long enough to the next who waits; return how many."""
    now = timezone.now()
    return sum(pass_on(booking=booking, now=now) for booking in offers_over(now))


def keep_order() -> int:
    """Link rows of people who joined since, and let go of what a cancelled round left; return how many."""
    now = timezone.now()
    rows = Occupied.objects.without_login().select_related("person")
    return sum(clock.link_login(row=row) for row in rows) + clock.sweep_cancelled(now=now)


def give_up_plans() -> int:
    """Let go of searches for a plan whose worker fell silent; return how many."""
    return give_up_silent(now=timezone.now())
