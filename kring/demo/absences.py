"""Absence in the demo: a visit to the dentist, children who are ill or late, leave that was granted, at any date."""

from __future__ import annotations

from datetime import date, time, timedelta

from kring.absences.actions import VisitInput, log_absence, report_visit, see_visit
from kring.absences.permissions import can_log, can_report_for
from kring.absences.rules import Reason, VisitKind
from kring.core.access import Refused
from kring.demo.news import Newsroom
from kring.people.models import Child, Guardianship


def tell_who_is_away(room: Newsroom) -> None:
    """Fill the list of today, and let a parent have a visit in the days to come."""
    _visit_of_joep(room)
    if room.calendar.is_school_day(room.built.school.today(room.now)):
        _calls_of_today(room)


def _visit_of_joep(room: Newsroom) -> None:
    joep = room.built.children["Joep Heuvel"]
    tie = Guardianship.objects.select_related("person__user").filter(
        child=joep, person__first_name="Marloes", person__last_name="Heuvel"
    )[0]
    told = max(room.built.school.moment(room.coming.back[1], time(19, 40)), room.now - timedelta(days=6))
    by = room.viewer(tie.person, min(told, room.now))
    visit = _next_day(room, by.now.date())
    if visit is None or not can_report_for(by, joep):
        return
    planned = VisitInput(
        day=visit, starts=time(10, 15), ends=time(11, 30), kind=VisitKind.DENTIST, picked_up_by="Opa Wim"
    )
    try:
        [row] = report_visit(by=by, children=[joep], visit=planned)
    except Refused:
        return  # in a holiday there is nothing to report
    bram = room.viewer(room.built.team["Meester Bram"], room.now)
    if bram.taught_group_ids:
        see_visit(by=bram, visit=row)


def _next_day(room: Newsroom, after: date) -> date | None:
    today = room.built.school.today(room.now)
    return next((day for day in room.coming.ahead if day > max(after, today)), None)


def _calls_of_today(room: Newsroom) -> None:
    """Let the office have taken some calls this morning, as far as the morning has come."""
    children, today = room.built.children, room.built.school.today(room.now)
    calls: list[tuple[Child | None, Reason, time, time | None, str]] = [
        (children.get("Lina Haddou"), Reason.ILL, time(7, 52), None, ""),
        (children.get("Fien Peters"), Reason.LATE, time(8, 21), time(9, 15), "Trein gemist"),
    ]
    others = Child.objects.filter(school=room.built.school, shielded=False).sitting_on(today)
    named = [child.pk for child in children.values()]
    some = others.exclude(pk__in=named).order_by("pk")[5:40:12]
    for one, reason, at in zip(
        some, (Reason.ILL, Reason.OTHER, Reason.ILL), (time(8, 2), time(8, 11), time(8, 20)), strict=False
    ):
        calls.append((one, reason, at, None, ""))
    for child, reason, at, back, note in calls:
        moment = room.built.school.moment(today, at)
        by = room.viewer(room.built.team["Wilma"], moment)
        if child is not None and moment <= room.now and can_log(by, child):
            log_absence(by=by, child=child, reason=reason, back_at=back, note=note)
