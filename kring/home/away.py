"""When a parent's own children are away: planned visits and granted leave, for her week and her agenda.

Where a child goes and from when until when: never a note, and never the ground of leave.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from kring.absences.circle import full_child_ids
from kring.absences.models import Appointment, LeaveRequest
from kring.absences.wording import visit_hours
from kring.core.templatetags.kring import spoken_day
from kring.core.viewer import Viewer
from kring.home.rules import Stretch, place_of
from kring.home.soon import Coming
from kring.posts.cards import OwnChild
from kring.school.models import School

MOST = 200


class Gone(NamedTuple):
    """A child is away; days and `starts` are the school's own, both days included, `starts` None for whole days."""

    child_id: int
    title: str
    first: date
    last: date
    starts: time | None
    hours: str
    icon: str
    link: str


def visits_near(children: Sequence[int], since: datetime, until: datetime) -> QuerySet:
    """Return the visits of these children between two moments (aware); who may see one is asked after that."""
    return Appointment.objects.standing().starting(since, until).filter(child_id__in=children)


def leave_near(children: Sequence[int], first: date, last: date) -> QuerySet:
    """Return the granted leave of these children that touches the days; who may see it is asked after that."""
    return LeaveRequest.objects.granted_in(first, last).filter(child_id__in=children)


def visits_of(viewer: Viewer, *, first: date, last: date) -> Iterator[Gone]:
    """Yield the visits that start from `first` to `last` (both included) of the children she is a full guardian of.

    One query, none for who has no such child.
    """
    if not full_child_ids(viewer):
        return
    since, until = School().moment(first), School().moment(last + timedelta(1))
    rows = Appointment.objects.of_own_children(viewer).standing().starting(since, until)
    for row in rows.select_related("school")[:MOST]:
        local = row.starts_at.astimezone(row.school.zone)
        yield Gone(
            child_id=row.child_id,
            title=row.get_kind_display(),
            first=local.date(),
            last=local.date(),
            starts=None if row.whole_day else local.time(),
            hours=visit_hours(row, row.school),
            icon="stethoscope",
            link=reverse("absences:visit", args=[row.public_id]),
        )


def leave_of(viewer: Viewer, *, first: date, last: date) -> Iterator[Gone]:
    """Yield the granted leave that touches `first` to `last` (both included) of the children she is a full guardian of.

    One query, none for who has no such child. Leave that waits for its decision is no plan yet.
    """
    if not full_child_ids(viewer):
        return
    for row in LeaveRequest.objects.of_own_children(viewer).granted_in(first, last)[:MOST]:
        hours = _("the whole day")
        if row.last_day > row.first_day:
            hours = _("up to and including %(day)s") % {"day": spoken_day(row.last_day)}
        yield Gone(
            child_id=row.child_id,
            title=_("Leave"),
            first=row.first_day,
            last=row.last_day,
            starts=None,
            hours=hours,
            icon="calendar-check",
            link=reverse("absences:leave_request", args=[row.public_id]),
        )


def coming_away(
    viewer: Viewer, stretch: Stretch, *, children: Mapping[int, OwnChild], visits: Sequence[int], leave: Sequence[int]
) -> list[Coming]:
    """Return a line for each day of the stretch on which a child is away; longer leave stands on its first day.

    `visits` and `leave` are those that the shell found near her children: one query for each that is not empty.
    """
    last = max(stretch.last, stretch.board)
    found = list(visits_of(viewer, first=stretch.first, last=last)) if visits else []
    found += leave_of(viewer, first=stretch.first, last=last) if leave else []
    lines = []
    for gone in found:
        place = place_of(stretch, from_date=gone.first, until_date=gone.last)
        child = children.get(gone.child_id)
        if place is not None and place[0] != "going" and child is not None:
            lines.append(Coming(gone.title, gone.hours, gone.icon, [child], "", "", place[1], gone.link))
    return lines
