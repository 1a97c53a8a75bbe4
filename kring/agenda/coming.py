"""Events as lists show them: the rows of a stretch of days with as little as a line takes, and for which children.

The conditions are those of the QuerySets; see `core/prepared.py` for why they are not put together anew each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from kring.agenda.models import Event
from kring.agreements.current import closing_dates
from kring.core.prepared import made, rows_of
from kring.core.viewer import Viewer
from kring.people.models import Audience
from kring.people.reading import only_open
from kring.posts.cards import OwnChild, Whom

MOST_OF_A_DAY = 60
# Columns in the order of the model's fields.
EVENT = (
    "id", "public_id", "school_id", "audience_id", "category", "state", "title", "place", "is_important",
    "starts_on", "ends_on", "starts", "ends", "begins_at", "over_at", "rsvp", "rsvp_until", "changed_at",
    "cancelled_at", "reason",
)  # fmt: skip


def events_told_to(viewer: Viewer, *, first: date, last: date, most: int) -> list[Event]:
    """Return the events from `first` to `last` that were published to this viewer, cancelled ones too. One query."""

    def build(viewer: Viewer, first: date, last: date) -> QuerySet[Event, Any]:
        found = Event.objects.readable_by(viewer).between(first, last)
        return found.values_list(*EVENT, "audience__whole_school")[:most]

    shown = only_open(viewer, closes_on=closing_dates(viewer))
    events = []
    for row in rows_of(f"events.told.{most}", build, shown, first, last):
        event = made(Event, EVENT, row)
        audience = made(Audience, ("id", "whole_school"), (event.audience_id, bool(row[len(EVENT)])))
        event._state.fields_cache["audience"] = audience
        events.append(event)
    return events


def events_on(viewer: Viewer, day: date) -> list[Event]:
    """Return what begins on `day` for this viewer's own children and still goes on: for the evening before. One query.

    What she is told as a parent: a group that she teaches counts only when a child of hers is in it.
    """
    as_parent = replace(viewer, roles=(), kept={})
    if not as_parent.spans:
        return []
    found = events_told_to(as_parent, first=day, last=day, most=MOST_OF_A_DAY)
    return [event for event in found if event.starts_on == day and not event.is_cancelled]


def audiences_of(events: Sequence[Event]) -> dict[int, bool]:
    """Return the audiences of these events, each with whether it is the whole school."""
    return {event.audience_id: event.audience.whole_school for event in events}


def children_at(viewer: Viewer, event: Event, whom: Whom, children: Mapping[int, OwnChild]) -> list[OwnChild]:
    """Return for which of the viewer's own children the event is: those who sit there on its day."""
    found = {
        span.child_id
        for span in viewer.spans
        if span.school_id == event.school_id
        and (span.until is None or event.begins_at < span.until)
        and (
            whom.whole_school
            or span.group_id in whom.groups
            or (span.year_level + (event.begins_at >= span.year_ends)) in whom.levels
        )
        and (span.is_current or event.begins_at < span.year_ends)
    }
    return [child for pk, child in children.items() if pk in found]
