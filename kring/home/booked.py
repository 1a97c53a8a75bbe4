"""Rounds of conversations in the agenda: what a family booked, and when the team of a group sits ready."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, Count, Q, QuerySet, When
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kring.core.prepared import rows_of
from kring.core.viewer import Viewer
from kring.home.dated import MOST
from kring.home.soon import Coming
from kring.meetings.models import Booking, Sitting
from kring.meetings.rules import RoundState
from kring.school.models import School

BOOKED = (
    "starts_at", "ends_at", "by_video", "slot__sitting__place", "slot__sitting__group__name",
    "slot__sitting__group_id", "party__child_id", "round__name", "round__public_id", "school__timezone",
)  # fmt: skip
SITTING = (
    "starts_at", "ends_at", "place", "group__name", "group_id", "public_id", "round__name", "round__public_id",
    "school__public_id", "school__timezone", "number", "is_own",
)  # fmt: skip


class Held(NamedTuple):
    """A conversation of a family, or a session of a teacher (`child_id` is None); moments are in the school's zone."""

    title: str
    starts_at: datetime
    ends_at: datetime
    more: str
    group_id: int
    group: str
    child_id: int | None
    link: str
    is_own: bool = True  # she is there herself
    school_id: str = ""  # of a session: the public id


def rounds_of(viewer: Viewer, *, first: date, last: date) -> Iterator[Held]:
    """Yield the conversations that the viewer booked as a guardian from `first` to `last` (both included), the sessions
    in which she sits ready herself, and those of her groups at a time at which she does not. One query for who has
    children, one for who works at a school."""
    since, until = School().moment(first), School().moment(last + timedelta(1))
    if viewer.spans:
        for row in rows_of("rounds.booked", _booked, viewer, since, until):
            yield _of_family(dict(zip(BOOKED, row, strict=True)))
    if viewer.staff_school_ids:
        yield from _sessions(viewer, since, until)


def sessions_of(viewer: Viewer, school: School, *, first: date, last: date, among: Sequence[int]) -> list[Coming]:
    """Return the sessions of the school in which the viewer sits ready herself from `first` to `last` (both included),
    as lines of the board. One query; none when the shell found nothing (`among`: Names.sittings)."""
    if not among:
        return []
    since, until = school.moment(first), school.moment(last + timedelta(1))
    return [
        Coming(
            title=held.title,
            more=f"{time_format(held.starts_at)} – {time_format(held.ends_at)}, {held.more}",
            icon="calendar-check",
            children=[],
            whom=held.group,
            public_id="",
            day=held.starts_at.date(),
            link=held.link,
        )
        for held in _sessions(viewer, since, until)
        if held.is_own and held.school_id == school.public_id
    ]


def _sessions(viewer: Viewer, since: datetime, until: datetime) -> Iterator[Held]:
    rows = [dict(zip(SITTING, row, strict=True)) for row in rows_of("rounds.sittings", _sittings, viewer, since, until)]
    own = {(row["round__public_id"], row["group_id"], row["starts_at"]) for row in rows if row["is_own"]}
    for row in rows:
        # Of two colleagues who each have their own moments, one finds hers.
        if row["is_own"] or (row["round__public_id"], row["group_id"], row["starts_at"]) not in own:
            yield _of_teacher(row)


def _booked(viewer: Viewer, since: datetime, until: datetime) -> QuerySet[Booking, Any]:
    return Booking.objects.own_of(viewer).between(since, until).values_list(*BOOKED)[:MOST]


def _sittings(viewer: Viewer, since: datetime, until: datetime) -> QuerySet[Sitting, Any]:
    own = Sitting.objects.held_by(viewer).order_by().values("pk")
    found = Sitting.objects.filter(Q(pk__in=own) | Q(group_id__in=viewer.taught_group_ids))
    found = found.filter(round__state=RoundState.READY, starts_at__gte=since, starts_at__lt=until)
    found = found.annotate(is_own=Case(When(pk__in=own, then=True), default=False)).order_by("starts_at", "pk")
    # A moment that is only kept free has a booking without a party, and is no conversation.
    return found.annotate(number=Count("slots__booking__party")).values_list(*SITTING)[:MOST]


def _of_family(row: Mapping[str, Any]) -> Held:
    zone = School(timezone=row["school__timezone"]).zone
    return Held(
        title=row["round__name"],
        starts_at=row["starts_at"].astimezone(zone),
        ends_at=row["ends_at"].astimezone(zone),
        more=_("by video") if row["by_video"] else row["slot__sitting__place"],
        group_id=row["slot__sitting__group_id"],
        group=row["slot__sitting__group__name"],
        child_id=row["party__child_id"],
        link=reverse("meetings:choose", args=[row["round__public_id"]]),
    )


def _of_teacher(row: Mapping[str, Any]) -> Held:
    zone, number = School(timezone=row["school__timezone"]).zone, row["number"]
    planned = ngettext("%(n)s conversation", "%(n)s conversations", number) % {"n": number}
    if not number:
        planned = _("no conversations yet")
    return Held(
        title=row["round__name"],
        starts_at=row["starts_at"].astimezone(zone),
        ends_at=row["ends_at"].astimezone(zone),
        more=", ".join(part for part in (planned, row["place"]) if part),
        group_id=row["group_id"],
        group=row["group__name"],
        child_id=None,
        link=reverse("meetings:sheet", args=[row["school__public_id"], row["round__public_id"], row["public_id"]]),
        is_own=bool(row["is_own"]),
        school_id=row["school__public_id"],
    )
