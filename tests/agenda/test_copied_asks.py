"""What an event of last year asked is asked again when it is copied: who comes, and help, with all places free (A1)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kring.agenda.actions.year import Planned, plan_events
from kring.agenda.models import Event, Offer, Rsvp, Signup
from kring.agenda.permissions import Target
from kring.school.models import SchoolYear
from tests import factories as make
from tests.agenda.planning import ask, plan
from tests.cast import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SCHOOL = Target(whole_school=True)
OLD, NEW = date(2026, 12, 8), date(2027, 12, 7)
ZONE = NOW.tzinfo


@pytest.fixture
def next_year(cast: Cast) -> SchoolYear:
    return make.SchoolYearFactory(
        school=cast.school, name="2027-2028", starts_on=date(2027, 8, 1), ends_on=date(2028, 7, 31)
    )


def copied(cast: Cast, year: SchoolYear, event: Event, day: date = NEW) -> Event:
    one = Planned.copy_of(event, first=day, last=day, target=SCHOOL)
    plan_events(by=cast.viewer("office"), school=cast.school, year=year, events=[one])
    return Event.objects.get(copied_from=event)


def test_help_is_asked_again_with_all_places_free(cast: Cast, next_year: SchoolYear) -> None:
    event = plan(cast, title="Kerstmarkt", starts_on=OLD)
    opens = datetime(2026, 12, 1, 20, tzinfo=ZONE)
    offer = ask(cast, event=event, title="Chauffeurs", places=4, day=OLD, starts=time(9), ends=time(10), most_each=2)
    Offer.objects.filter(pk=offer.pk).update(opens_at=opens)
    Signup.objects.create(school=cast.school, offer=offer, name="Opa Jan", said_at=NOW)
    copy = copied(cast, next_year, event)
    new = Offer.objects.get(event=copy)
    assert (new.title, new.places, new.most_each, new.day, new.starts, new.ends) == (
        "Chauffeurs", 4, 2, NEW, time(9), time(10),
    )  # fmt: skip
    assert new.opens_at == datetime(2027, 11, 30, 20, tzinfo=ZONE)
    assert not Signup.objects.filter(offer=new).exists()
    assert not new.filled.exists()


def test_who_comes_is_asked_again_and_no_answer_comes_along(cast: Cast, next_year: SchoolYear) -> None:
    until = datetime(2026, 12, 4, 12, tzinfo=ZONE)
    event = plan(cast, title="Feest", starts_on=OLD, rsvp="family")
    Event.objects.filter(pk=event.pk).update(rsvp_until=until)
    event.refresh_from_db()
    Rsvp.objects.create(
        school=cast.school, event=event, person=cast.people["guardian"], answer="yes", number=2, answered_at=NOW
    )
    copy = copied(cast, next_year, event)
    assert (copy.rsvp, copy.rsvp_until) == ("family", datetime(2027, 12, 3, 12, tzinfo=ZONE))
    assert not Rsvp.objects.filter(event=copy).exists()


def test_the_hour_stays_the_same_across_the_night_in_which_the_clock_is_moved(
    cast: Cast, next_year: SchoolYear
) -> None:
    event = plan(cast, title="Feest", starts_on=OLD, rsvp="person")
    Event.objects.filter(pk=event.pk).update(rsvp_until=datetime(2026, 12, 4, 12, tzinfo=ZONE))
    event.refresh_from_db()
    copy = copied(cast, next_year, event, date(2028, 4, 25))
    assert copy.rsvp_until is not None
    assert copy.rsvp_until.astimezone(cast.school.zone).hour == 12


def test_many_copies_cost_as_many_statements_as_one(cast: Cast, next_year: SchoolYear) -> None:
    def cost(number: int) -> int:
        events = [plan(cast, title=f"Feest {number} {n}", starts_on=OLD + timedelta(n)) for n in range(number)]
        for event in events:
            ask(cast, event=event)
        wanted = [
            Planned.copy_of(event, first=NEW + timedelta(n), last=NEW + timedelta(n), target=SCHOOL)
            for n, event in enumerate(events)
        ]
        with CaptureQueriesContext(connection) as queries:
            plan_events(by=cast.viewer("office"), school=cast.school, year=next_year, events=wanted)
        return len(queries)

    cost(1)
    assert cost(2) == cost(6)
