"""Agreed moments to talk, as lines of the board and the week: for a parent, and for the team of a school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from kring.conversations.models import Meeting, Participant
from kring.core.viewer import Viewer
from kring.home.soon import Coming
from kring.meetings.models import Booking
from kring.posts.cards import OwnChild
from kring.school.models import School


def appointments_of(
    viewer: Viewer,
    *,
    first: date,
    last: date,
    children: Mapping[int, OwnChild],
    among: Sequence[int],
    school: School | None = None,
) -> list[Coming]:
    """Return the viewer's appointments from `first` to `last` (both included), at one school if given.

    `among` are those that the shell found near her (Names.meetings, fifteen days ahead). One query; none when there
    are none. The day is that of the school.
    """
    if not among:
        return []
    zone = school or School()
    since, until = zone.moment(first), zone.moment(last + timedelta(days=1))
    rows = Meeting.objects.visible_to(viewer).between(since, until).filter(pk__in=list(among))
    if school is not None:
        rows = rows.filter(school=school)
    return [_line(meeting, viewer, children) for meeting in rows.select_related("school", "with_family")]


def near(persons: Sequence[int], taught: Sequence[int], since: datetime, until: datetime) -> QuerySet:
    """Return the appointments near these persons; who may see one is asked after that."""
    found = Q(conversation__in=Participant.objects.staying().filter(person_id__in=persons).values("conversation_id"))
    if taught:
        found |= Q(group_id__in=taught)
    return Meeting.objects.filter(found, cancelled_at__isnull=True, starts_at__gte=since, starts_at__lt=until)


def booked_near(children: Sequence[int], since: datetime, until: datetime) -> QuerySet:
    """Return the conversations of rounds about these children; who may see one is asked after that."""
    return Booking.objects.filter(party__child_id__in=children, starts_at__gte=since, starts_at__lt=until)


def booked_of(
    viewer: Viewer, *, first: date, last: date, children: Mapping[int, OwnChild], among: Sequence[int]
) -> list[Coming]:
    """Return what she booked in rounds of conversations from `first` to `last` (both included). One query; none when
    the shell found nothing (`among`: Names.booked)."""
    if not among:
        return []
    since, until = School().moment(first), School().moment(last + timedelta(days=1))
    rows = Booking.objects.own_of(viewer).filter(pk__in=list(among)).between(since, until)
    return [_booked(booking, children) for booking in rows.for_pages()]


def _booked(booking: Booking, children: Mapping[int, OwnChild]) -> Coming:
    local = booking.starts_at.astimezone(booking.round.school.zone)
    at = time_format(local.time(), "TIME_FORMAT")
    place = _("by video") if booking.by_video else booking.slot.sitting.place
    child = children.get(booking.party.child_id) if booking.party else None
    return Coming(
        title=booking.round.name,
        more=_("%(time)s, %(place)s") % {"time": at, "place": place} if place else at,
        icon="calendar-check",
        children=[child] if child else [],
        whom=booking.slot.sitting.group.name,
        public_id="",
        day=local.date(),
        link=reverse("meetings:choose", args=[booking.round.public_id]),
    )


def _line(meeting: Meeting, viewer: Viewer, children: Mapping[int, OwnChild]) -> Coming:
    local = meeting.starts_at.astimezone(meeting.school.zone)
    time = time_format(local.time(), "TIME_FORMAT")
    more = _("%(time)s, %(place)s") % {"time": time, "place": meeting.place} if meeting.place else time
    is_team = viewer.teaches(meeting.group_id)
    other = meeting.with_family if is_team else meeting.with_staff
    if other is None:
        title = _("Appointment")
    else:
        title = _("Appointment with %(name)s") % {"name": other.name if is_team else other.display_name}
    child = children.get(meeting.child_id or 0)
    return Coming(
        title=title,
        more=more,
        icon="calendar-check",
        children=[child] if child else [],
        whom=meeting.group.name,
        public_id="",
        day=local.date(),
        link=reverse("conversations:talk", args=[meeting.conversation.public_id]),
    )
