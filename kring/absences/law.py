"""What the law says about one request: fetched here, reckoned in rules."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Sum

from kring.absences.circle import groups_of
from kring.absences.models import LeaveRequest
from kring.absences.rules import Leave, LeaveKind, LeaveState, leave_advice
from kring.absences.wording import law_sentence
from kring.school.calendars import calendar_of
from kring.school.rules import school_year_of

ALIKE = {LeaveKind.WORK: [LeaveKind.WORK], LeaveKind.RELIGIOUS: [LeaveKind.RELIGIOUS], LeaveKind.FIVE: [LeaveKind.FIVE]}
WEIGHTY = [LeaveKind.WEDDING, LeaveKind.DEATH, LeaveKind.MOVING, LeaveKind.JUBILEE, LeaveKind.OTHER]


def law_on(request: LeaveRequest) -> list[str]:
    """Return the sentences of the law that fit the request, as it stood on the day of asking. Three queries."""
    school, kind = request.school, LeaveKind(request.kind)
    asked = school.today(request.asked_at)
    first, last = school_year_of(request.first_day)
    same = LeaveRequest.objects.filter(
        child=request.child_id, state=LeaveState.GRANTED, kind__in=ALIKE.get(kind, WEIGHTY),
        first_day__gte=first, first_day__lte=last,
    ).exclude(pk=request.pk)  # fmt: skip
    granted = same.aggregate(days=Sum("lessons"))["days"] or 0
    groups = groups_of(request.child, on=asked)
    leave = Leave(
        kind=kind,
        first=request.first_day,
        lessons=request.lessons,
        granted=granted,
        born=request.child.birth_date,
        year_begins=_first_lesson(request, first, groups[0].pk if groups else None),
    )
    return [law_sentence(advice) for advice in leave_advice(leave, today=asked)]


def _first_lesson(request: LeaveRequest, year_starts: date, group_id: int | None) -> date:
    """Return the first day with lessons of the school year: the summer holiday reaches into it."""
    calendar = calendar_of(request.school, first=year_starts, last=year_starts + timedelta(days=60))
    return calendar.next_school_day(year_starts - timedelta(days=1), group_id=group_id)
