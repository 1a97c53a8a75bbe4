"""When the team of a group reads what is written to it, and who it is today (H1, S12)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from kring.agreements.current import policy_for
from kring.agreements.policy import Policy
from kring.core.viewer import GROUP_TEACHERS
from kring.people.models import TeamRole, current_on
from kring.people.rules import works_on
from kring.school.calendars import calendar_of
from kring.school.models import Group

LOOK_AHEAD = timedelta(days=120)


def teachers_of(group: Group, *, on: date) -> QuerySet[TeamRole]:
    """Return the roles of who teaches the group on `on`, with persons and working days. Two queries."""
    roles = TeamRole.objects.filter(
        current_on(on), group=group, kind__in=GROUP_TEACHERS, group__school_year__ends_on__gte=on
    )
    return roles.select_related("person").prefetch_related("working_days").order_by("pk")


def read_by_team(group: Group, *, now: datetime) -> datetime | None:
    """Return when the first of the team of the group reads what is written at `now` (aware); None means now."""
    school, today = group.school, group.school.today(now)
    windows = policy_for(school.pk, at=now).contact_hours.windows
    calendar = calendar_of(school, first=today, last=today + LOOK_AHEAD)
    team = [[(day.weekday, day.weeks) for day in role.working_days.all()] for role in teachers_of(group, on=today)]
    for ahead in range(LOOK_AHEAD.days):
        day = today + timedelta(days=ahead)
        if not calendar.is_school_day(day) or (team and not any(works_on(day, days) for days in team)):
            continue
        for window in sorted(window for window in windows if window.weekday == day.isoweekday()):
            if now < school.moment(day, window.starts):
                return school.moment(day, window.starts)
            if now < school.moment(day, window.ends):
                return None
    return None


def arrives_at_team(group: Group, *, now: datetime, policy: Policy) -> datetime:
    """Return from when the team has what a family writes at `now` (aware): held until it reads, if S12 says so."""
    if policy.contact_hours.outside != "held":
        return now
    return read_by_team(group, now=now) or now
