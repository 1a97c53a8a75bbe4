"""The demo's next school year: in preparation, so that the office sees a plan that no parent sees yet (A1)."""

from __future__ import annotations

from kring.agenda.actions.year import Planned, plan_events
from kring.agenda.planning import offers_from
from kring.demo.news import Newsroom
from kring.school.actions import make_school_year
from kring.school.models import SchoolYear
from kring.school.rules import school_year_of

MOST = 10  # the rest is left to copy


def plan_coming_year(room: Newsroom) -> None:
    """Copy the first events of this year to the next one, as the office would in spring."""
    school = room.built.school
    by = room.viewer(room.built.team["Wilma"], room.now)
    first, last = school_year_of(school.today(room.now))
    this = SchoolYear.objects.filter(school=school, starts_on=first).first()
    if this is None:
        return
    coming = SchoolYear.objects.filter(school=school, starts_on__gt=last).order_by("starts_on").first()
    if coming is None:
        coming = make_school_year(by=by, school=school, day=last.replace(month=9, day=1))
    offers = [one for one in offers_from(school, this, coming) if one.can_be_copied][:MOST]
    copies = [
        Planned.copy_of(one.event, first=one.new.first, last=one.new.last, target=one.target)
        for one in offers
        if one.new.first is not None and one.new.last is not None and one.target is not None
    ]
    if copies:
        plan_events(by=by, school=school, year=coming, events=copies)
