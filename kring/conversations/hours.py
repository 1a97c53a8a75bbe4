"""When the team of a group reads what is written to it, and who it is today (H1, S12)."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from kring.agreements.policy import Policy
from kring.core.viewer import GROUP_TEACHERS
from kring.notifications.hours import read_moment
from kring.people.models import TeamRole, current_on
from kring.school.models import Group

NOBODY = 0


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


def arrives_at_team(group: Group, *, now: datetime, policy: Policy) -> datetime:
    """Return from when the team has what a family writes at `now` (aware): held until it reads, if S12 says so."""
    if policy.contact_hours.outside != "held":
        return now
    return read_by_team(group, now=now) or now
