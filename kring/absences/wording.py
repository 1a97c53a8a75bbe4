"""The sentences of this room: why something is refused, what the law says, how long a child is away."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kring.absences.models import Absence, Appointment, LeaveRequest
from kring.absences.rules import Fault, Reason
from kring.agreements.policy import Advice
from kring.core.templatetags.kring import spoken_day
from kring.school.models import School

FAULTS: dict[Fault, str | Promise] = {
    Fault.NO_CHILD: gettext_lazy("Choose for whom this is."),
    Fault.BEGUN: gettext_lazy("That moment has begun or is over. Please call the school."),
    Fault.TOO_FAR: gettext_lazy("That is more than a year away. Check the date."),
    Fault.ENDS_FIRST: gettext_lazy("The end is before the beginning. Check both."),
    Fault.NO_SCHOOL: gettext_lazy("On that day there is no school, so nothing needs to be reported."),
    Fault.HOURS_MISSING: gettext_lazy("Fill in from when until when, or choose the whole day."),
    Fault.TOO_LONG: gettext_lazy("That is longer than four months. Check both dates."),
    Fault.TOO_OLD: gettext_lazy("That is more than a month ago. Please talk with the management."),
    Fault.NO_LESSONS: gettext_lazy("On those days there is no school, so no leave is needed."),
}

# What the law says, in words for who asks and who decides.
LAW: dict[str, str | Promise] = {
    "not_compulsory": gettext_lazy(
        "School is not compulsory yet for a child of this age. Telling the school is enough."
    ),
    "eight_weeks": gettext_lazy("Holiday leave is asked for at least eight weeks ahead."),
    "once_a_year": gettext_lazy("Holiday leave is given once in a school year, and it was given before."),
    "ten_days": gettext_lazy("Holiday leave is at most ten school days; this is %(days)s."),
    "first_weeks": gettext_lazy("Holiday leave is not given in the first two weeks of the school year."),
    "two_days": gettext_lazy("A religious duty is reported at least two days ahead."),
    "not_five": gettext_lazy("This is for children of five years old only."),
    "attendance_officer": gettext_lazy(
        "Together that is %(days)s school days this year. Above ten the attendance officer of the municipality "
        "decides, not the school."
    ),
    "within_two_days": gettext_lazy("Leave is asked for beforehand, or within two days after it became necessary."),
}


def fault_sentence(fault: Fault) -> str:
    """Return the sentence for a fault, in the active language."""
    return str(FAULTS[fault])


def law_sentence(advice: Advice) -> str:
    """Return what the law says, in the active language."""
    return str(LAW[advice.code]) % dict(advice.values)


def clock(at: time) -> str:
    """Return 8.45 uur (Dutch) or 8:45 (English)."""
    return time_format(at, "TIME_FORMAT")


def visit_hours(visit: Appointment, school: School) -> str:
    """Return "whole day", or from when until when."""
    if visit.whole_day:
        return _("the whole day")
    starts, ends = visit.starts_at.astimezone(school.zone), visit.ends_at.astimezone(school.zone)
    return _("%(from)s to %(until)s") % {"from": clock(starts.time()), "until": clock(ends.time())}


def visit_when(visit: Appointment, school: School) -> str:
    """Return the day and the hours: "donderdag 3 december, 10.15 tot 11.30 uur"."""
    day = spoken_day(visit.starts_at.astimezone(school.zone).date())
    return _("%(day)s, %(hours)s") % {"day": day, "hours": visit_hours(visit, school)}


def absence_hours(absence: Absence, day: date) -> str:
    """Return until when the child is away, seen on `day`."""
    if absence.reason == Reason.MISSING:
        return _("not known")
    if absence.back_at is not None and absence.ends_on == absence.starts_on:
        return _("until %(time)s") % {"time": clock(absence.back_at)}
    if absence.ends_on is not None and absence.ends_on > day:
        return _("up to and including %(day)s") % {"day": spoken_day(absence.ends_on)}
    nth = (day - absence.starts_on).days + 1
    if absence.ends_on is None and nth > 1:
        return _("since %(day)s") % {"day": spoken_day(absence.starts_on)}
    return _("the whole day")


def absence_when(absence: Absence) -> str:
    """Return the day or days: "vandaag", "sinds maandag 30 november"."""
    first = spoken_day(absence.starts_on)
    if absence.ends_on is None:
        return _("from %(day)s") % {"day": first}
    if absence.ends_on == absence.starts_on:
        if absence.back_at is not None:
            return _("%(day)s, until %(time)s") % {"day": first, "time": clock(absence.back_at)}
        return first
    return _("%(first)s to %(last)s") % {"first": first, "last": spoken_day(absence.ends_on)}


def leave_when(request: LeaveRequest) -> str:
    """Return the days of a request."""
    if request.first_day == request.last_day:
        return spoken_day(request.first_day)
    return _("%(first)s to %(last)s") % {
        "first": spoken_day(request.first_day),
        "last": spoken_day(request.last_day),
    }


def how_told(absence: Absence, school: School) -> str:
    """Return how and when the school was told: "telefoon, 7.58 uur"."""
    at: datetime = absence.reported_at.astimezone(school.zone)
    how = absence.get_source_display()
    if at.date() == school.today(absence.reported_at) and at.date() == absence.starts_on:
        return _("%(how)s, %(when)s") % {"how": how, "when": clock(at.time())}
    return _("%(how)s, %(when)s") % {"how": how, "when": spoken_day(at.date())}
