"""Opening the page of an event."""

from __future__ import annotations

from django.db import transaction

from kring.agenda.models import Event
from kring.agenda.notices import TOLD_OF_EVENTS
from kring.core.viewer import Viewer
from kring.notifications.actions import mark_read_about
from kring.notifications.models import Delivery


def mark_opened(*, by: Viewer, event: Event) -> None:
    """Mark what the viewer's inbox says about this event as read; nobody else's. Writes only when a line is unread."""
    names = [kind.name for kind in TOLD_OF_EVENTS]
    unread = Delivery.objects.visible_to(by).unread()
    if not unread.filter(notice__kind__in=names, notice__subject_id=event.pk).exists():
        return
    with transaction.atomic():
        for kind in TOLD_OF_EVENTS:
            mark_read_about(by=by, kind=kind, subject_ids=[event.pk])
