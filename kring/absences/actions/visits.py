"""Reporting a planned visit, changing it until it starts, withdrawing it, and saying that it was seen (N3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, time, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.absences.circle import groups_of
from kring.absences.models import Appointment
from kring.absences.notices import VisitToFamily, VisitToTeam, VisitWithdrawnToFamily, VisitWithdrawnToTeam
from kring.absences.permissions import can_acknowledge, can_change_visit, can_report_for
from kring.absences.rules import MAX_NOTE, MAX_PICKED_UP, Fault, Stretch, VisitKind, visit_fault
from kring.absences.wording import fault_sentence
from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import Viewer
from kring.notifications.actions import notify
from kring.notifications.notice import NoticeKind
from kring.people.actions.audience import make_audience
from kring.people.models import Child
from kring.school.calendars import calendar_of
from kring.school.models import Group, LessonHours, School


@dataclass(frozen=True, slots=True)
class VisitInput:
    """What a guardian fills in. Day and hours are the school's own; without hours it is the whole day."""

    day: date
    starts: time | None = None
    ends: time | None = None
    kind: VisitKind = VisitKind.DOCTOR
    note: str = ""
    picked_up_by: str = ""


@transaction.atomic
def report_visit(*, by: Viewer, children: Sequence[Child], visit: VisitInput, token: str = "") -> list[Appointment]:
    """Report that these children of one school go to a doctor, dentist or other care; each has a row of its own.

    The other full guardians and the teachers are told. Raises NotAllowed for a child that is not hers, Refused when the
    school wants to hear it by telephone (N3), for a moment that has begun, a day without school, and two visits at the
    same time. The same `token` is kept once.
    """
    if not children:
        raise Refused(fault_sentence(Fault.NO_CHILD))
    require(all(can_report_for(by, child) for child in children))
    school = children[0].school
    require(all(child.school_id == school.pk for child in children))
    if not policy_for(school.pk, at=by.now).medical_visit.in_app:
        raise Refused(_("Our school likes to hear this by telephone. Please call."), clause="N3")
    return [_report(by, school, child, visit, token) for child in children]


def _report(by: Viewer, school: School, child: Child, visit: VisitInput, token: str) -> Appointment:
    known = Appointment.objects.filter(child=child, token=token).first() if token else None
    if known is not None:
        return known
    groups = groups_of(child, on=school.today(by.now))
    stretch = _stretch(by, school, groups, visit)
    try:
        with transaction.atomic():
            row = Appointment.objects.create(
                school=school,
                child=child,
                reported_by_id=by.person_at(school.pk),
                reported_at=by.now,
                token=token or None,
                audience=make_audience(school=school, children=[child]),
                team_audience=make_audience(school=school, groups=groups),
                **_columns(stretch, visit),
            )
    except IntegrityError:
        known = Appointment.objects.filter(child=child, token=token).first() if token else None
        if known is not None:
            return known
        raise Refused(_same_time(child)) from None
    audit.record(by=by, what="absence.visit_reported", about=row)
    _tell(by, row, VisitToFamily(row), VisitToTeam(row))
    return row


def _same_time(child: Child) -> str:
    return _("For %(child)s there already is a visit at that time.") % {"child": child.first_name}


def _columns(stretch: Stretch, visit: VisitInput) -> dict[str, object]:
    return {
        "starts_at": stretch.starts,
        "ends_at": stretch.ends,
        "whole_day": stretch.whole_day,
        "kind": visit.kind,
        "note": visit.note.strip()[:MAX_NOTE],
        "picked_up_by": visit.picked_up_by.strip()[:MAX_PICKED_UP],
    }


def _stretch(by: Viewer, school: School, groups: Sequence[Group], visit: VisitInput) -> Stretch:
    """Return the moments of a visit that can be reported now, or raise Refused."""
    group_id = groups[0].pk if groups else None
    if (visit.starts is None) != (visit.ends is None):
        raise Refused(fault_sentence(Fault.HOURS_MISSING))
    if visit.starts is None or visit.ends is None:
        begins = _lessons_begin(by, school, group_id, visit.day)
        ends = school.moment(visit.day + timedelta(days=1))
        stretch = Stretch(school.moment(visit.day, begins), ends, whole_day=True)
    else:
        stretch = Stretch(school.moment(visit.day, visit.starts), school.moment(visit.day, visit.ends), whole_day=False)
    calendar = calendar_of(school, first=visit.day, last=visit.day)
    is_school_day = calendar.is_school_day(visit.day, group_id=group_id)
    fault = visit_fault(_in_utc(stretch), now=by.now, is_school_day=is_school_day)
    if fault is not None:
        raise Refused(fault_sentence(fault))
    return stretch


def _in_utc(stretch: Stretch) -> Stretch:
    # Two moments of one zone compare by their wall clocks; on the night that the clock goes back that is not time.
    return Stretch(stretch.starts.astimezone(UTC), stretch.ends.astimezone(UTC), stretch.whole_day)


def _lessons_begin(by: Viewer, school: School, group_id: int | None, day: date) -> time:
    """Return when a whole day begins: with the lessons of the group, else at the hour for reporting illness (N2)."""
    hours = LessonHours.objects.filter(group_id=group_id or 0, weekday=day.isoweekday()).first()
    return hours.starts if hours else policy_for(school.pk, at=by.now).sick_and_late.until


@transaction.atomic
def change_visit(*, by: Viewer, visit: Appointment, to: VisitInput) -> Appointment:
    """Change a visit that has not begun; the other guardians and the teachers are told, and see to it anew.

    Raises NotAllowed for who may not (any more), Refused as for reporting.
    """
    _require_open(by, visit)
    groups = groups_of(visit.child, on=visit.school.today(by.now))
    stretch = _stretch(by, visit.school, groups, to)
    fresh = _columns(stretch, to) | {"changed_at": by.now, "seen_by": None, "seen_at": None}
    open_still = Appointment.objects.filter(pk=visit.pk, withdrawn_at__isnull=True, starts_at__gt=by.now)
    try:
        with transaction.atomic():
            changed = open_still.update(**fresh)
    except IntegrityError:
        raise Refused(_same_time(visit.child)) from None
    if not changed:
        raise Refused(fault_sentence(Fault.BEGUN))
    visit.team_audience.groups.set(groups)
    visit.refresh_from_db()
    audit.record(by=by, what="absence.visit_changed", about=visit)
    _tell(by, visit, VisitToFamily(visit), VisitToTeam(visit))
    return visit


@transaction.atomic
def withdraw_visit(*, by: Viewer, visit: Appointment) -> None:
    """Withdraw a visit that has not begun; everybody who knew of it is told. Withdrawn twice is told once."""
    if visit.withdrawn_at is not None:
        return
    _require_open(by, visit)
    open_still = Appointment.objects.filter(pk=visit.pk, withdrawn_at__isnull=True, starts_at__gt=by.now)
    if not open_still.update(withdrawn_at=by.now):
        return
    visit.refresh_from_db()
    audit.record(by=by, what="absence.visit_withdrawn", about=visit)
    _tell(by, visit, VisitWithdrawnToFamily(visit), VisitWithdrawnToTeam(visit))


def _require_open(by: Viewer, visit: Appointment) -> None:
    """Refuse in words what has begun, and with a 403 who may not at all."""
    if can_change_visit(by, visit):
        return
    if visit.starts_at <= by.now and visit.withdrawn_at is None and can_report_for(by, visit.child):
        raise Refused(fault_sentence(Fault.BEGUN))
    raise NotAllowed


@transaction.atomic
def see_visit(*, by: Viewer, visit: Appointment) -> None:
    """Say for the team that the visit was seen; the first one counts."""
    require(can_acknowledge(by, visit))
    seen = {"seen_by_id": by.person_at(visit.school_id), "seen_at": by.now}
    if Appointment.objects.filter(pk=visit.pk, seen_at__isnull=True).update(**seen):
        audit.record(by=by, what="absence.visit_seen", about=visit)


def _tell(by: Viewer, row: Appointment, family: NoticeKind, team: NoticeKind) -> None:
    notify(family, audience=row.audience, school=row.school, not_before=by.now, by=by)
    notify(team, audience=row.team_audience, school=row.school, not_before=by.now, by=by)
