"""What the clock does for this room."""

from __future__ import annotations

from datetime import date, timedelta

import structlog
from django.db import DatabaseError
from django.utils import timezone

from kring.agenda.actions import prepare_reminder
from kring.agenda.actions.importing import forget_read_calendars
from kring.agenda.models import Event
from kring.agenda.notices import DayTold
from kring.agenda.rules import READY_DAYS
from kring.posts.jobs import has_items
from kring.posts.jobs import tell_tomorrow as tell_of_messages
from kring.school.models import School

log = structlog.get_logger(__name__)
FURTHEST = timedelta(weeks=12 + 4, days=READY_DAYS)  # A2 allows twelve weeks


def tell_tomorrow() -> int:
    """Tell families of what is on tomorrow, in messages and in the agenda, at the hour they chose; see posts."""

    def has_something(school: School, day: date) -> bool:
        return has_items(school, day) or Event.objects.beginning_on(school, day).exists()

    return tell_of_messages(kind=DayTold, has_something=has_something)


def prepare_reminders() -> int:
    """Make the reminders of important events ready (A2); return how many are new. May run twice, also at once."""
    now = timezone.now()
    made = 0
    for event in Event.objects.without_reminder(now, until=now + FURTHEST)[:500]:
        try:
            made += prepare_reminder(event=event, now=now) is not None
        except DatabaseError:
            # One reminder that cannot be written must not keep the others; the next round tries it again.
            log.exception("reminder_not_prepared", event=event.pk)
    return made


def forget_calendars() -> int:
    """Throw away what was read from a file and never taken over within its hour; return how many."""
    return forget_read_calendars(now=timezone.now())
