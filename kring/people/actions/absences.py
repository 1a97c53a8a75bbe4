"""Colleagues who are away, and who stands in."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import GROUP_TEACHERS, RoleKind, Viewer
from kring.people.models import Person, StaffAbsence, TeamRole, current_on
from kring.people.permissions import can_manage_people, can_report_away
from kring.people.rules import overlaps
from kring.school.models import Group


@transaction.atomic
def report_staff_absence(
    *, by: Viewer, person: Person, starts_on: date, ends_on: date, substitute: Person | None = None
) -> StaffAbsence:
    """Write down that a colleague is away, first and last day included, and who stands in. The reason is not kept.

    Standing in gives no access by itself: a substitute who must read along gets the role of substitute (`stand_in`).
    """
    school = person.school
    if school is None:
        raise NotAllowed
    require(can_report_away(by, person))
    require(substitute is None or substitute.school_id == person.school_id)
    if ends_on < starts_on:
        raise Refused(_("The last day is before the first day."))
    if substitute is not None and substitute.pk == person.pk:
        raise Refused(_("Somebody cannot stand in for herself."))
    Person.objects.select_for_update().get(pk=person.pk)
    for other in StaffAbsence.objects.filter(person=person):
        if overlaps(starts_on, ends_on, other.starts_on, other.ends_on):
            raise Refused(_("%(name)s is already away on some of those days.") % {"name": person.name})
    absence = StaffAbsence.objects.create(
        school=school, person=person, substitute=substitute, starts_on=starts_on, ends_on=ends_on
    )
    audit.record(by=by, what="people.absence_reported", about=absence, days=(ends_on - starts_on).days + 1)
    return absence


@transaction.atomic
def stand_in(*, by: Viewer, absence: StaffAbsence, group: Group) -> TeamRole | None:
    """Let the substitute of an absence read and write with the group, on the days of the absence and not longer.

    Returns None when she teaches the group on those days already. Only somebody who works at the school stands in this
    way; who is new gets her role from the office first. Raises NotAllowed for who may not report this absence, and for
    a group that the colleague does not teach.
    """
    person = absence.substitute
    require(can_report_away(by, absence.person))
    if person is None:
        raise NotAllowed
    first, last = max(absence.starts_on, absence.school.today(by.now)), absence.ends_on
    roles = TeamRole.objects.filter(group=group, kind__in=GROUP_TEACHERS)
    require(roles.filter(current_on(first), person=absence.person).exists())
    works = Person.objects.filter(pk=person.pk, school=absence.school).team_on(absence.school.today(by.now))
    if person.school_id != absence.school_id or not works.exists():
        raise Refused(_("Only somebody who works at the school takes over. Ask the office to add her first."))
    Person.objects.select_for_update().get(pk=person.pk)
    held = roles.filter(person=person)
    if any(role.starts_on <= first and (role.ends_on is None or role.ends_on >= last) for role in held):
        return None
    if any(overlaps(first, last, role.starts_on, role.ends_on) for role in held.filter(kind=RoleKind.SUBSTITUTE)):
        raise Refused(_("%(name)s already has this role on those days.") % {"name": person.name})
    role = TeamRole.objects.create(
        school=absence.school, person=person, kind=RoleKind.SUBSTITUTE, group=group, starts_on=first, ends_on=last
    )
    audit.record(by=by, what="people.role_given", about=role, kind=role.kind)
    return role


@transaction.atomic
def remove_staff_absence(*, by: Viewer, absence: StaffAbsence) -> None:
    """Take back an absence: the colleague is there after all."""
    require(can_manage_people(by, absence.school))
    audit.record(by=by, what="people.absence_removed", about=absence)
    absence.delete()
