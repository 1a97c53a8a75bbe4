"""Illness and lateness: reported in the app where the agreement has it (S9), or written down by the school."""

from __future__ import annotations

from datetime import date, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.absences.circle import groups_of
from kring.absences.models import Absence
from kring.absences.notices import ReportedToFamily, ReportedToTeam
from kring.absences.permissions import (
    can_acknowledge,
    can_answer_for,
    can_log,
    can_report_for,
    can_settle_absence,
    can_take_back,
    is_family,
)
from kring.absences.rules import MAX_NOTE, Fault, Reason, Source, report_days
from kring.absences.wording import fault_sentence
from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.notifications.actions import notify
from kring.people.actions.audience import make_audience
from kring.people.models import Child
from kring.school.calendars import calendar_of


@transaction.atomic
def report_absence(
    *, by: Viewer, child: Child, reason: Reason, day: date, back_at: time | None = None, note: str = ""
) -> Absence:
    """Report in the app that the child is ill or late on `day`, where the agreement has it (N2, S9).

    Illness stays open until it is well again, or is for this day alone where the school asks for each day. Raises
    NotAllowed for a child that is not hers, Refused when the school wants a call, after the hour, and for a child that
    was reported already.
    """
    require(can_report_for(by, child))
    require(reason in (Reason.ILL, Reason.LATE))
    school, policy = child.school, policy_for(child.school_id, at=by.now)
    if policy.sick_and_late.way != "app":
        raise Refused(_("Our school likes to hear this by telephone. Please call."), clause="N2")
    if day not in days_open(by=by, child=child):
        raise Refused(_("For this day it is too late to report it here. Please call the school."), clause="N2")
    ends_on = None if reason == Reason.ILL and policy.sick_in_app.still_ill else day
    row = _write(
        by, child, reason, Source.APP, day, ends_on, back_at=back_at if reason == Reason.LATE else None, note=note
    )
    audit.record(by=by, what="absence.reported", about=row, reason=reason.value)
    notify(ReportedToFamily(row), audience=row.audience, school=school, not_before=by.now, by=by)
    notify(ReportedToTeam(row), audience=row.team_audience, school=school, not_before=by.now, by=by)
    return row


def days_open(*, by: Viewer, child: Child) -> tuple[date, ...]:
    """Return the days for which the child can be reported in the app at this moment. Three queries."""
    school, policy = child.school, policy_for(child.school_id, at=by.now)
    local = by.now.astimezone(school.zone)
    today = local.date()
    groups = groups_of(child, on=today)
    group_id = groups[0].pk if groups else None
    calendar = calendar_of(school, first=today, last=date.fromordinal(today.toordinal() + 8))
    return report_days(
        local,
        until=policy.sick_and_late.until,
        is_school_day=lambda day: calendar.is_school_day(day, group_id=group_id),
    )


def _write(
    by: Viewer,
    child: Child,
    reason: Reason,
    source: Source,
    day: date,
    ends_on: date | None,
    *,
    back_at: time | None,
    note: str,
) -> Absence:
    school = child.school
    standing = Absence.objects.standing().filter(child=child)
    if standing.on(school, day).exists():
        raise Refused(_already(child))
    try:
        with transaction.atomic():
            return Absence.objects.create(
                school=school,
                child=child,
                reason=reason,
                source=source,
                starts_on=day,
                ends_on=ends_on,
                back_at=back_at,
                note=note.strip()[:MAX_NOTE],
                reported_by_id=by.person_at(school.pk),
                reported_at=by.now,
                audience=make_audience(school=school, children=[child]),
                team_audience=make_audience(school=school, groups=groups_of(child, on=school.today(by.now))),
            )
    except IntegrityError:
        raise Refused(_already(child)) from None


def _already(child: Child) -> str:
    return _("%(child)s was reported already for that day.") % {"child": child.first_name}


@transaction.atomic
def log_absence(
    *, by: Viewer, child: Child, reason: Reason, until: date | None = None, back_at: time | None = None, note: str = ""
) -> Absence:
    """Write down today what somebody called about, or that a child did not come (`Reason.MISSING`).

    `until` is the last day (today when left out), `back_at` the hour at which the child comes. A child that was missed
    and is called about now keeps its row, with the reason. Raises NotAllowed for who does not teach the child or keep
    the school, Refused for a child that was reported already and an end before today.
    """
    require(can_log(by, child))
    school = child.school
    today = school.today(by.now)
    ends_on = until or today
    if ends_on < today:
        raise Refused(fault_sentence(Fault.ENDS_FIRST))
    if (ends_on - today).days > 60:
        raise Refused(_("That is more than two months away. Check the date."))
    source = Source.PHONE if by.is_manager(school.pk) and reason != Reason.MISSING else Source.TEAM
    back = back_at if ends_on == today and reason != Reason.MISSING else None
    missed = Absence.objects.standing().filter(child=child, starts_on=today, reason=Reason.MISSING)
    known = {
        "reason": reason, "source": source, "ends_on": ends_on, "back_at": back, "note": note.strip()[:MAX_NOTE],
        "reported_by_id": by.person_at(school.pk), "reported_at": by.now, "seen_by": None, "seen_at": None,
    }  # fmt: skip
    if reason != Reason.MISSING and missed.update(**known):
        row = Absence.objects.standing().get(child=child, starts_on=today)
    else:
        row = _write(by, child, reason, source, today, ends_on, back_at=back, note=note)
    audit.record(by=by, what="absence.logged", about=row, reason=reason.value)
    if reason != Reason.MISSING:
        notify(ReportedToFamily(row), audience=row.audience, school=school, not_before=by.now, by=by)
    return row


@transaction.atomic
def change_absence(
    *, by: Viewer, absence: Absence, reason: Reason, until: date | None, back_at: time | None, note: str
) -> Absence:
    """Correct what the school wrote down: the reason, the last day (None: not known yet), the hour, the note."""
    require(can_settle_absence(by, absence))
    if until is not None and until < absence.starts_on:
        raise Refused(fault_sentence(Fault.ENDS_FIRST))
    if until is None and reason != Reason.ILL:
        until = absence.starts_on
    back = back_at if until == absence.starts_on and reason != Reason.MISSING else None
    fresh = {"reason": reason, "ends_on": until, "back_at": back, "note": note.strip()[:MAX_NOTE]}
    try:
        with transaction.atomic():
            changed = Absence.objects.filter(pk=absence.pk, cancelled_at__isnull=True).update(**fresh)
    except IntegrityError:
        raise Refused(_already(absence.child)) from None
    if not changed:
        raise Refused(_("This was taken back in the meantime."))
    audit.record(by=by, what="absence.changed", about=absence, reason=reason.value)
    absence.refresh_from_db()
    return absence


@transaction.atomic
def cancel_absence(*, by: Viewer, absence: Absence) -> None:
    """Say as the school that the child is there after all. Said twice is once."""
    if absence.cancelled_at is not None and can_log(by, absence.child):
        return
    require(can_settle_absence(by, absence))
    if Absence.objects.filter(pk=absence.pk, cancelled_at__isnull=True).update(cancelled_at=by.now):
        audit.record(by=by, what="absence.cancelled", about=absence)


@transaction.atomic
def take_back_absence(*, by: Viewer, absence: Absence) -> None:
    """Take back, as a guardian, what was reported for a day that has not begun. Raises Refused on the day itself."""
    if not can_take_back(by, absence):
        require(is_family(by, absence.child_id) and absence.source == Source.APP)
        raise Refused(_("This day has begun. Please call the school."))
    if Absence.objects.filter(pk=absence.pk, cancelled_at__isnull=True).update(cancelled_at=by.now):
        audit.record(by=by, what="absence.taken_back", about=absence)


@transaction.atomic
def say_still_ill(*, by: Viewer, absence: Absence) -> None:
    """Say that the child is ill today as well (S9). Raises Refused when it was reported well meanwhile."""
    if not can_answer_for(by, absence):
        require(is_family(by, absence.child_id))
        raise Refused(_("This was answered in the meantime."))
    today = absence.school.today(by.now)
    open_still = Absence.objects.filter(pk=absence.pk, cancelled_at__isnull=True, ends_on__isnull=True)
    if open_still.update(confirmed_on=today):
        audit.record(by=by, what="absence.still_ill", about=absence)


@transaction.atomic
def say_well(*, by: Viewer, absence: Absence) -> None:
    """Report the child well again: yesterday was its last day, or today where it was reported for today.

    Raises Refused when somebody did it already.
    """
    if not can_answer_for(by, absence):
        require(is_family(by, absence.child_id))
        raise Refused(_("This was answered in the meantime."))
    today = absence.school.today(by.now)
    last = max(absence.starts_on, date.fromordinal(today.toordinal() - 1))
    open_still = Absence.objects.filter(pk=absence.pk, cancelled_at__isnull=True, ends_on__isnull=True)
    if open_still.update(ends_on=last):
        audit.record(by=by, what="absence.well_again", about=absence)


@transaction.atomic
def see_absence(*, by: Viewer, absence: Absence) -> None:
    """Say for the team that the absence was seen; the first one counts."""
    require(can_acknowledge(by, absence))
    seen = {"seen_by_id": by.person_at(absence.school_id), "seen_at": by.now}
    if Absence.objects.filter(pk=absence.pk, seen_at__isnull=True).update(**seen):
        audit.record(by=by, what="absence.seen", about=absence)
