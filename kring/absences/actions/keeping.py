"""What the clock does with absences: asking the next morning, forgetting; and taking a list out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from kring.absences.models import Absence, Appointment, LeaveDocument, LeaveRequest
from kring.absences.notices import StillIll
from kring.absences.permissions import can_export
from kring.absences.rules import asks_still_ill
from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import require
from kring.core.viewer import Viewer, nobody
from kring.files.actions import remove_document
from kring.notifications.actions import notify
from kring.people.models import Audience
from kring.school.calendars import calendar_of
from kring.school.models import School

KEEP_DECISIONS = timedelta(days=365)


def ask_still_ill(*, school: School, now: datetime) -> int:
    """Ask the guardians of children with open illness if they are still ill, once a school day (S9); return how many.

    Called by a job; may run twice.
    """
    policy, today = policy_for(school.pk, at=now), school.today(now)
    if policy.sick_and_late.way != "app" or not policy.sick_in_app.still_ill:
        return 0
    if not calendar_of(school, first=today, last=today).is_school_day(today):
        return 0
    asked = 0
    for row in Absence.objects.open_illness(school).select_related("audience"):
        if not asks_still_ill(
            starts_on=row.starts_on, confirmed_on=row.confirmed_on, asked_on=row.asked_on, today=today
        ):
            continue
        with transaction.atomic():
            waits = Absence.objects.filter(pk=row.pk, cancelled_at__isnull=True, ends_on__isnull=True)
            if waits.filter(Q(asked_on__isnull=True) | Q(asked_on__lt=today)).update(asked_on=today):
                row.asked_on = today
                notify(StillIll(row), audience=row.audience, school=school, not_before=now)
                asked += 1
    return asked


def forget_old(*, school: School, now: datetime) -> int:
    """Forget what the school no longer keeps; return how many rows. Called by a job; may run twice.

    Visits and absences go as a whole: the pupil administration has the record. Of a request for leave the words and
    documents go after the same time, the row a year after the end of its school year.
    """
    day = school.today(now) - timedelta(days=school.keep_absences_days)
    gone = 0
    for rows in (
        Appointment.objects.over_before(school.moment(day), school),
        Absence.objects.over_before(day, school),
    ):
        gone += _remove(rows)
    words = LeaveRequest.objects.over_before(day, school)
    for attached in LeaveDocument.objects.filter(request__in=words.values("pk")).select_related("document"):
        with transaction.atomic():
            document = attached.document
            attached.delete()
            remove_document(by=nobody(now), document=document)
    gone += words.exclude(why="", decision="").update(why="", decision="")
    gone += _remove(LeaveRequest.objects.over_before(_year_before(school.today(now)), school))
    return gone


def _year_before(today: date) -> date:
    """Return the first day of the school year before that of `today`: what ended earlier was kept a year and more."""
    year = today.year if today.month >= 8 else today.year - 1
    return date(year - 1, 8, 1)


def _remove(rows: object) -> int:
    gone = 0
    for row in rows.iterator(chunk_size=200):  # type: ignore[attr-defined]
        with transaction.atomic():
            audiences = [row.audience_id, row.team_audience_id]
            row.delete()
            Audience.objects.filter(pk__in=audiences).delete()
        gone += 1
    return gone


@transaction.atomic
def take_out(*, by: Viewer, school: School, first: date, last: date) -> None:
    """Write down that the list of these days leaves Kring, for the pupil administration. Raises NotAllowed."""
    require(can_export(by, school))
    audit.record(by=by, what="absence.exported", about=school, school_id=school.pk, days=(last - first).days + 1)
