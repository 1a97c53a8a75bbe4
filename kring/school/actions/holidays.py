"""The school's own changes to the calendar of its region."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.school.models import Group, Holiday, School
from kring.school.permissions import can_manage_school

LONGEST = 70  # days; longer than any Dutch holiday, short enough to catch a wrong year


@transaction.atomic
def add_holiday(
    *,
    by: Viewer,
    school: School,
    name: str,
    starts_on: date,
    ends_on: date,
    is_school_day: bool = False,
    group: Group | None = None,
) -> Holiday:
    """Add days without school (or with, when `is_school_day`), first and last day included, for school or group."""
    require(can_manage_school(by, school))
    require(group is None or group.school_id == school.pk)
    if ends_on < starts_on:
        raise Refused(_("The last day is before the first day."))
    if (ends_on - starts_on).days > LONGEST:
        raise Refused(_("That is longer than ten weeks. Is the year right?"))
    if group is not None and not group.school_year.starts_on <= starts_on <= ends_on <= group.school_year.ends_on:
        values = {"group": group.name, "year": group.school_year.name}
        raise Refused(_("%(group)s is a group of school year %(year)s. Choose days in that year.") % values)
    if Holiday.objects.filter(
        school=school, group=group, starts_on=starts_on, ends_on=ends_on, is_school_day=is_school_day
    ).exists():
        raise Refused(_("These days are already in the list."))
    holiday = Holiday.objects.create(
        school=school, group=group, name=name.strip(), starts_on=starts_on, ends_on=ends_on, is_school_day=is_school_day
    )
    audit.record(by=by, what="school.holiday_added", about=holiday, days=(ends_on - starts_on).days + 1)
    return holiday


@transaction.atomic
def remove_holiday(*, by: Viewer, holiday: Holiday) -> None:
    """Take back a change, so that the region's calendar counts again on those days."""
    require(can_manage_school(by, holiday.school))
    audit.record(by=by, what="school.holiday_removed", about=holiday)
    holiday.delete()
