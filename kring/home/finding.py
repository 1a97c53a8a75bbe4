"""What a search finds besides messages: events of the agenda."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import localtime

from kring.agenda.models import Event
from kring.core.viewer import Viewer

MOST = 12


def found_events(viewer: Viewer, words: str) -> dict[str, Any]:
    """Return `events` that she may read with each of the words, and `more_events`: whether there are more than shown.

    What is still to come stands first, the nearest on top; then what was, the latest on top. At most two queries.
    """
    today = localtime(viewer.now).date()
    rows = Event.objects.readable_by(viewer).matching(words)
    found = list(rows.filter(ends_on__gte=today).in_order()[: MOST + 1])
    if len(found) <= MOST:
        past = rows.filter(ends_on__lt=today).order_by("-starts_on", "title", "pk")
        found += past[: MOST + 1 - len(found)]
    return {"events": found[:MOST], "more_events": len(found) > MOST}
