"""Colleagues who are away, and who stands in."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import Viewer
from kring.people.models import Person, StaffAbsence
from kring.people.permissions import can_manage_people
from kring.people.rules import overlaps


@transaction.atomic
def report_staff_absence(
    *, by: Viewer, person: Person, starts_on: date, ends_on: date, substitute: Person | None = None
) -> StaffAbsence:
    """Write down that a colleague is away, first and last day included, and who stands in. The reason is not kept.

    Standing in gives no access by itself: a substitute who must read along gets the role of substitute.
    """
    school = person.school
    if school is None:
        raise NotAllowed
    require(can_manage_people(by, school))
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
def remove_staff_absence(*, by: Viewer, absence: StaffAbsence) -> None:
    """Take back an absence: the colleague is there after all."""
    require(can_manage_people(by, absence.school))
    audit.record(by=by, what="people.absence_removed", about=absence)
    absence.delete()
