"""Whose absence somebody sees: conditions that every list of this room shares.

A full guardian sees her own children, a teacher who sits in her group today, office and management all of their
school. Limited guardians, other colleagues and other parents see nothing (issue: absences and leave).
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from kring.core.viewer import GROUP_TEACHERS, Level, Viewer
from kring.people.models import Child, Enrolment, KeepApart, TeamRole, User, current_on
from kring.people.reading import NOTHING
from kring.school.models import Group, School


def full_child_ids(viewer: Viewer) -> frozenset[int]:
    """Return the children she is a full guardian of."""
    return frozenset(span.child_id for span in viewer.spans if span.level == Level.FULL)


def current_child_ids(viewer: Viewer) -> frozenset[int]:
    """Return the children she is a full guardian of and who sit in a group now: she reports for these."""
    return frozenset(span.child_id for span in viewer.spans if span.level == Level.FULL and span.is_current)


def of_family(viewer: Viewer) -> Q:
    """Return the condition that a row with a child is about a child of this full guardian."""
    own = full_child_ids(viewer)
    return Q(child_id__in=own) if own else NOTHING


def of_team(viewer: Viewer) -> Q:
    """Return the condition that a row is about a child in her groups, or of a school she keeps."""
    found = NOTHING
    if viewer.taught_group_ids:
        found |= Q(child_id__in=taught_children(viewer))
    if viewer.managed_school_ids:
        found |= Q(school_id__in=viewer.managed_school_ids)
    return found


def taught_children(viewer: Viewer) -> QuerySet:
    """Return the keys of the children who sit in her groups today."""
    today = School().today(viewer.now)
    return Enrolment.objects.filter(current_on(today), group_id__in=viewer.taught_group_ids).values("child_id")


def groups_of(child: Child, *, on: date) -> list[Group]:
    """Return the groups the child sits in on `on`, of a school year that goes on."""
    seats = Enrolment.objects.filter(current_on(on), child=child, group__school_year__ends_on__gte=on)
    return list(Group.objects.filter(pk__in=seats.values("group_id")).order_by("pk"))


def teacher_logins(child: Child, *, on: date) -> QuerySet[User]:
    """Return the logins of who teaches the child on `on`."""
    seats = Enrolment.objects.filter(current_on(on), child=child, group__school_year__ends_on__gte=on)
    roles = TeamRole.objects.filter(current_on(on), group_id__in=seats.values("group_id"), kind__in=GROUP_TEACHERS)
    return User.objects.filter(persons__in=roles.values("person_id"), is_active=True).distinct()


def is_hidden_from(viewer: Viewer, person_id: int | None) -> bool:
    """Say whether this adult is kept apart from the viewer: then her words are not shown either."""
    return person_id is not None and KeepApart.objects.hidden_from(viewer).filter(pk=person_id).exists()
