"""The list of absences as a table, for the pupil administration, which is the record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from kring.absences.day import seats_on
from kring.absences.models import Absence, Appointment, LeaveRequest
from kring.absences.rules import days_in
from kring.core.viewer import Viewer
from kring.people.models import Child
from kring.school.calendars import calendar_of
from kring.school.models import Group, School

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would reckon with it


def table_of(viewer: Viewer, school: School, first: date, last: date) -> str:
    """Return the CSV of these days: a row for each child and school day; without notes, and of care only that it was.

    With semicolons and a mark for UTF-8, as a Dutch spreadsheet wants it.
    """
    groups = {group.pk: group.name for group in Group.objects.filter(school=school, kind="class")}
    calendar = calendar_of(school, first=first, last=last)
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";")
    writer.writerow([_("Day"), _("Child"), _("Group"), _("What"), _("From"), _("Until"), _("Told by")])
    seats: dict[date, dict[int, int]] = {}
    for day, child, *rest in sorted(_rows(viewer, school, first, last), key=lambda row: (row[0], row[1].last_name)):
        if day not in seats:
            seats[day] = seats_on(list(Group.objects.in_year(day).filter(pk__in=groups)), day)
        group_id = seats[day].get(child.pk)
        if calendar.is_school_day(day, group_id=group_id):
            cells = [day.isoformat(), child.name, groups.get(group_id or 0, ""), *rest]
            writer.writerow([_safe(str(cell)) for cell in cells])
    return out.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _rows(viewer: Viewer, school: School, first: date, last: date) -> Iterator[tuple[date, Child, str, str, str, str]]:
    for absence in Absence.objects.seen_as_team(viewer).between(school, first, last):
        until = absence.back_at.strftime("%H:%M") if absence.back_at else ""
        end = absence.ends_on or max(absence.starts_on, min(last, absence.confirmed_on or absence.starts_on))
        for day in days_in(max(first, absence.starts_on), min(last, end)):
            yield day, absence.child, absence.get_reason_display(), "", until, absence.get_source_display()
    since, before = school.moment(first), school.moment(date.fromordinal(last.toordinal() + 1))
    visits = Appointment.objects.seen_as_team(viewer).standing().filter(school=school)
    for visit in visits.filter(starts_at__gte=since, starts_at__lt=before).select_related("child"):
        starts, ends = visit.starts_at.astimezone(school.zone), visit.ends_at.astimezone(school.zone)
        hours = ("", "") if visit.whole_day else (_hour(starts), _hour(ends))
        yield starts.date(), visit.child, _("Medical visit"), *hours, _("Kring")
    for leave in LeaveRequest.objects.away_as_team_sees(viewer).between(school, first, last):
        for day in days_in(max(first, leave.first_day), min(last, leave.last_day)):
            yield day, leave.child, _("Leave"), "", "", _("granted")


def _hour(moment: datetime) -> str:
    return moment.strftime("%H:%M")
