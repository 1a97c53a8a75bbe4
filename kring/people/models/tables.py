"""What a list of groups or schools shows beside each name, in one query each."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db.models import Count

from kring.core.viewer import GROUP_TEACHERS
from kring.people.models.adults import current_on, not_over_on
from kring.people.models.children import Enrolment
from kring.people.models.team import TeamRole
from kring.school.models import Board, School


def group_counts(school: School, *, on: date) -> dict[int, int]:
    """Return group id -> number of children who sit in it on the day `on`. For office and management."""
    rows = Enrolment.objects.filter(current_on(on), school=school).order_by().values("group_id")
    return {row["group_id"]: row["number"] for row in rows.annotate(number=Count("child_id", distinct=True))}


def teachers_of(school: School, *, on: date) -> dict[int, list[TeamRole]]:
    """Return group id -> the roles of its teachers on the day `on`, with person and working days. Two queries."""
    found: dict[int, list[TeamRole]] = defaultdict(list)
    rows = TeamRole.objects.filter(current_on(on), school=school, group__isnull=False, kind__in=GROUP_TEACHERS)
    for role in rows.select_related("person").prefetch_related("working_days"):
        found[role.group_id or 0].append(role)
    return found


def administrators_of(board: Board, *, now: datetime) -> list[TeamRole]:
    """Return the roles of the board's administrators that hold today or later, with person and login. One query."""
    # A board has no zone of its own; Europe/Amsterdam, the default of a school, is as good as any.
    rows = TeamRole.objects.filter(not_over_on(School().today(now)), board=board)
    return list(rows.select_related("person__user", "board"))


def managers_of(board: Board, *, now: datetime) -> dict[int, list[TeamRole]]:
    """Return school id -> the roles of management that hold today or later, with person and login. One query."""
    found: dict[int, list[TeamRole]] = defaultdict(list)
    a_day_wider = now.date() - timedelta(1)
    rows = TeamRole.objects.management_under(board).filter(not_over_on(a_day_wider))
    for role in rows.select_related("person__user", "school"):
        # A day begins in the school's own zone, which can be ahead of or behind the clock of the server.
        if role.ends_on is None or role.ends_on + timedelta(1) > role.school.today(now):  # type: ignore[union-attr]
            found[role.school_id or 0].append(role)
    return found
