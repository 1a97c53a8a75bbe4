"""Talks in the agenda: appointments, and what stands of rounds of conversations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from kring.conversations.models import Meeting
from kring.home.booked import rounds_of
from kring.home.choosing import Planned
from kring.home.dated import MOST, Asked, Line
from kring.school.models import School


def meetings_of(asked: Asked, first: date, last: date) -> Iterator[Line]:
    """Yield the appointments of the reader from `first` to `last`, both included. One query."""
    viewer = asked.viewer
    if not viewer.spans and not viewer.taught_group_ids:
        return
    since, until = School().moment(first), School().moment(last + timedelta(1))
    rows = Meeting.objects.visible_to(viewer).between(since, until).select_related("school", "with_family")
    for meeting in rows[:MOST]:
        if asked.group_id is not None and meeting.group_id != asked.group_id:
            continue
        is_team = viewer.teaches(meeting.group_id)
        other = meeting.with_family if is_team else meeting.with_staff
        name = (other.name if is_team else other.display_name) if other else ""
        local = meeting.starts_at.astimezone(meeting.school.zone)
        ends = meeting.ends_at.astimezone(meeting.school.zone)
        child = asked.children.get(meeting.child_id or 0)
        yield Line(
            title=_("Appointment with %(name)s") % {"name": name} if name else _("Appointment"),
            first=local.date(),
            last=local.date(),
            icon="calendar-check",
            starts=local.time(),
            hours=f"{time_format(local.time(), 'TIME_FORMAT')} – {time_format(ends.time(), 'TIME_FORMAT')}",
            more=meeting.place,
            children=(child,) if child else (),
            whom=meeting.group.name,
            link=reverse("conversations:talk", args=[meeting.conversation.public_id]),
        )


def held_of(asked: Asked, first: date, last: date) -> Iterator[Line]:
    """Yield what she booked in rounds, and the sessions in which she or a colleague of her group sits ready."""
    for held in rounds_of(asked.viewer, first=first, last=last):
        if asked.group_id not in (None, held.group_id):
            continue
        child = asked.children.get(held.child_id or 0)
        starts, ends = held.starts_at.time(), held.ends_at.time()
        yield Line(
            title=held.title,
            first=held.starts_at.date(),
            last=held.starts_at.date(),
            icon="calendar-check",
            starts=starts,
            hours=f"{time_format(starts, 'TIME_FORMAT')} – {time_format(ends, 'TIME_FORMAT')}",
            more=held.more,
            children=(child,) if child else (),
            whom=held.group,
            link=held.link,
        )


def choosing_of(asked: Asked, planned: Iterable[Planned]) -> Iterator[Line]:
    """Yield the days of rounds on which her family can come and has no time yet."""
    for one in planned:
        children = tuple(child for pk, child in asked.children.items() if pk in one.child_ids)
        if children and asked.group_id in (None, *one.group_ids):
            yield Line(
                title=one.title,
                first=one.day,
                last=one.day,
                icon="calendar-clock",
                starts=one.starts,
                hours=one.hours,
                children=children,
                ways=((_("You have no time yet"), one.link),),
                link=one.link,
                groups=one.group_ids,
            )
