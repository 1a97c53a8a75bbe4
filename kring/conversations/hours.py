"""When the team of a group reads what is written to it, when its own words go out, and who it is today (H1, S12)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from kring.agreements.policy import Policy
from kring.conversations.rules import next_working_days
from kring.core.viewer import GROUP_TEACHERS, Viewer
from kring.notifications.hours import read_moment, send_moment
from kring.people.models import TeamRole, current_on
from kring.school.calendars import calendar_of
from kring.school.models import Group, School

NOBODY = 0
LOOK_AHEAD = timedelta(days=120)


def teachers_of(group: Group, *, on: date) -> QuerySet[TeamRole]:
    """Return the roles of who teaches the group on `on`, with persons and working days. Two queries."""
    roles = TeamRole.objects.filter(
        current_on(on), group=group, kind__in=GROUP_TEACHERS, group__school_year__ends_on__gte=on
    )
    return roles.select_related("person").prefetch_related("working_days").order_by("pk")


def read_by_team(group: Group, *, now: datetime) -> datetime | None:
    """Return when the first of the team of the group reads what is written at `now` (aware); None means now."""
    team = teachers_of(group, on=group.school.today(now)).values_list("person_id", flat=True)
    # Where nobody stands before the group yet, the hours of the school count: those of nobody in particular.
    return read_moment(group.school, set(team) or {NOBODY}, now=now)


def sends_at(viewer: Viewer, school: School) -> datetime | None:
    """Return when the words of this member of staff go out by default, outside her hours (H1); None means now."""
    return send_moment(viewer, school)


def arrives_at_team(group: Group, *, now: datetime, policy: Policy) -> datetime:
    """Return from when the team has what a family writes at `now` (aware): held until it reads, if S12 says so."""
    if policy.contact_hours.outside != "held":
        return now
    return read_by_team(group, now=now) or now


def promise_days(group: Group, *, now: datetime) -> list[date]:
    """Return the next five days with school, to promise an answer or propose a moment on. One query."""
    today = group.school.today(now)
    calendar = calendar_of(group.school, first=today, last=today + LOOK_AHEAD)
    return next_working_days(today, is_free=lambda day: not calendar.is_school_day(day, group_id=group.pk))
