"""Reading the log with names: who did it, and to whom. The log itself holds no names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kring.audit.models import AuditEvent
from kring.audit.words import sentence
from kring.people.models import Person
from kring.school.models import School

# How an event's subject is named: model -> the row that has a name, reached from it.
NAMED_BY = {
    "people.Person": "",
    "people.Child": "",
    "people.Enrolment": "child",
    "people.Guardianship": "person",
    "people.KeepApart": "child",
    "people.TeamRole": "person",
    "people.StaffAbsence": "person",
    "school.Board": "",
    "school.School": "",
    "school.Group": "",
    "school.Layer": "",
    "school.Holiday": "",
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One event as people read it."""

    at: datetime
    sentence: str


def log_lines(events: Iterable[AuditEvent], school: School) -> list[LogLine]:
    """Return the events as sentences. One query for the names of who did it, one per kind of subject on the page."""
    events = list(events)
    who, about = _actors(events, school), _subjects(events)
    return [
        LogLine(
            event.at,
            sentence(
                event.what,
                who=who.get(event.user_id, _("somebody who left")) if event.user_id else _("Kring"),
                about=about.get(event.about, ""),
            ),
        )
        for event in events
    ]


def _actors(events: list[AuditEvent], school: School) -> dict[int | None, str]:
    ids = {event.user_id for event in events if event.user_id}
    persons = Person.objects.filter(Q(school=school) | Q(board=school.board_id), user_id__in=ids)
    return {person.user_id: person.name for person in persons}


def _subjects(events: list[AuditEvent]) -> dict[str, str]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for event in events:
        label, _colon, public_id = event.about.partition(":")
        if label in NAMED_BY:
            wanted[label].add(public_id)
    found = {}
    for label, public_ids in wanted.items():
        path = NAMED_BY[label]
        rows: QuerySet[Any] = apps.get_model(label)._default_manager.filter(public_id__in=public_ids)
        for row in rows.select_related(path) if path else rows:
            named = getattr(row, path) if path else row
            found[f"{label}:{row.public_id}"] = named.name
    return found
