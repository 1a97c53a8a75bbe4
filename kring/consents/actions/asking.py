"""Asking again: the yearly round, and reminders for who has not answered."""

from __future__ import annotations

from datetime import datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.consents.models import Reminder, Renewal
from kring.consents.notices import Reminded, RenewalStarted
from kring.consents.permissions import can_remind, can_start_renewal
from kring.consents.waiting import waiting_in
from kring.core.access import Refused, require
from kring.core.viewer import Operator, Viewer
from kring.notifications.actions import notify
from kring.people.actions.audience import make_audience
from kring.school.models import Group, School, SchoolYear

# What the clock begins by itself is told at an hour at which people are awake.
TOLD_FROM = time(9)


def start_renewal(*, by: Viewer, school: School) -> Renewal:
    """Ask every guardian with authority again; earlier answers count until they are changed.

    Raises Refused when it was asked already this school year, or when the school asks no consent at all.
    """
    require(can_start_renewal(by, school))
    renewal = _start(by=by, school=school, not_before=by.now)
    if renewal is None:
        raise Refused(_("The families were asked already this school year. You can remind who has not answered."))
    return renewal


def start_due_renewal(*, school: School, now: datetime) -> Renewal | None:
    """Begin this year's round by the clock; None when somebody did already. The job looks whether it is due."""
    return _start(by=Operator(now=now), school=school, not_before=_at_a_decent_hour(school, now))


def _start(*, by: Viewer, school: School, not_before: datetime) -> Renewal | None:
    if not policy_for(school.pk, at=by.now).consent_purposes.purposes:
        raise Refused(_("Your agreements ask no consent for photos, so there is nothing to ask."), clause="S5")
    year = SchoolYear.objects.covering(school.today(by.now)).filter(school=school).first()
    if year is None:
        raise Refused(_("First make the school year in which you ask."))
    try:
        with transaction.atomic():
            renewal = Renewal.objects.create(
                school=school, school_year=year, started_at=by.now, started_by_id=by.person_at(school.pk)
            )
            audit.record(by=by, what="consent.renewal_started", about=renewal)
            audience = make_audience(school=school, whole_school=True)
            notify(RenewalStarted(renewal), audience=audience, school=school, not_before=not_before)
    except IntegrityError:
        return None
    return renewal


def remind(*, by: Viewer, group: Group) -> int:
    """Remind the guardians of the children in the group on whom nobody answered yet; return how many children that are.

    Raises Refused when everything is answered, or when they were reminded today already.
    """
    require(can_remind(by, group))
    waiting = _waiting(group, by.now)
    if not waiting:
        raise Refused(_("Everybody has answered. There is nobody to remind."))
    if not _remind(by=by, group=group, not_before=by.now):
        raise Refused(_("These families were reminded today already. Tomorrow you can do it again."))
    return waiting


def remind_by_the_clock(*, group: Group, now: datetime) -> bool:
    """Remind in the same way, at a decent hour; False when nobody waits, or when it was done today already."""
    if not _waiting(group, now):
        return False
    return _remind(by=Operator(now=now), group=group, not_before=_at_a_decent_hour(group.school, now))


def _waiting(group: Group, now: datetime) -> int:
    purposes = policy_for(group.school_id, at=now).consent_purposes.purposes
    return len(waiting_in(group, purposes=purposes, today=group.school.today(now)))


def _remind(*, by: Viewer, group: Group, not_before: datetime) -> bool:
    day = group.school.today(by.now)
    try:
        with transaction.atomic():
            row = Reminder.objects.create(
                school_id=group.school_id, group=group, day=day, at=by.now, by_id=by.person_at(group.school_id)
            )
            audit.record(by=by, what="consent.reminded", about=group)
            audience = make_audience(school=group.school, groups=[group])
            notify(Reminded(row), audience=audience, school=group.school, not_before=not_before)
    except IntegrityError:
        return False
    return True


def _at_a_decent_hour(school: School, now: datetime) -> datetime:
    return max(now, school.moment(school.today(now), TOLD_FROM))
