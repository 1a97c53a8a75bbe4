"""What the clock does for this room: the yearly round, and its reminders. May run twice."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from kring.agreements.current import policies_for
from kring.agreements.models import Agreement
from kring.consents import rules
from kring.consents.actions import note_authority_again, remind_by_the_clock, start_due_renewal, tell_of_lapsed
from kring.consents.models import Reminder, Renewal, Standing
from kring.core.access import Refused
from kring.people.models import Child
from kring.school.calendars import calendar_of
from kring.school.models import School


def ask_again() -> int:
    """Begin this year's round at every school whose month has come; return how many began.

    Only at a school that published its agreements, because they say the month.
    """
    now = timezone.now()
    agreed = Agreement.objects.begun(now.date()).order_by().values("school_id")
    schools = list(School.objects.filter(pk__in=agreed))
    policies = policies_for([school.pk for school in schools], at=now)
    begun = 0
    for school in schools:
        today = school.today(now)
        month = policies[school.pk].consent_purposes.renewal_month
        if today.month != month or Renewal.objects.in_year_of([school.pk], today):
            continue
        calendar = calendar_of(school, first=today, last=today)
        if rules.is_renewal_due(month=month, today=today, is_school_day=calendar.is_school_day(today)):
            try:
                begun += start_due_renewal(school=school, now=now) is not None
            except Refused:
                continue  # asks no consent, or has no school year yet: then there is nothing to begin
    return begun


def remind_again() -> int:
    """Remind, in the groups of every running round, who has not answered; return in how many groups that was."""
    now = timezone.now()
    sent = 0
    running = Renewal.objects.filter(started_at__gt=now - rules.REMIND_AFTER[-1] - rules.ROUND_OPENS)
    for renewal in running.select_related("school"):
        school = renewal.school
        today, asked_on = school.today(now), school.today(renewal.started_at)
        groups = list(school.groups.in_year(today).select_related("school"))
        before = Reminder.objects.by_the_clock_since(renewal.started_at, groups)
        due = [
            group
            for group in groups
            if rules.is_reminder_due(asked_on=asked_on, today=today, sent=before.get(group.pk, 0))
        ]
        if due and calendar_of(school, first=today, last=today).is_school_day(today):
            sent += sum(remind_by_the_clock(group=group, now=now) for group in due)
    return sent


def look_for_lapsed() -> int:
    """Tell the teams of each yes that ended because authority ended; return of how many children.

    Nobody answers then, so nothing else notices it: a guardianship ends on its day, or the office takes authority away.
    """
    now = timezone.now()
    told = 0
    for school in School.objects.all():
        today = school.today(now)
        rows = Standing.objects.filter(school=school)
        for child in _children(rows.filter(lapsed_at__isnull=False).counting_on(today)):
            note_authority_again(child=child, now=now)
        for child in _children(rows.just_lapsed(on=today)):
            told += tell_of_lapsed(child=child, now=now)
    return told


def _children(rows: QuerySet[Standing]) -> QuerySet[Child]:
    return Child.objects.filter(pk__in=rows.values("child_id")).select_related("school")
