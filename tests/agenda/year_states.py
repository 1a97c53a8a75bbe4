"""States of a school year in preparation: copies of last year, a file with faults, a plan about to be published."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from kring.agenda.actions.importing import read_calendar
from kring.agenda.actions.year import Planned, plan_events
from kring.agenda.permissions import Target
from kring.people.models import Person
from kring.people.viewers import viewer_for
from kring.school.actions import make_school_year
from kring.school.models import School, SchoolYear
from tests.agenda.feeding import put
from tests.browsing import Browsing
from tests.health import Inspector

SEND = "main form .button--primary"
SHEET = """Datum;Titel;Begintijd;Groepen
{day};Ouderavond;19:30;
{day};Schoolreisje;;Groep 99
31 februari;Bestaat niet;;
"""


def planning(look: Inspector, browsing: Browsing) -> None:
    """The office prepares next year: empty, copied, typed wrong, read from a file, and ready to publish."""
    with browsing.turn():
        school = School.objects.get(name="De Linde")
        office = Person.objects.get(school=school, first_name="Wilma").user
        by = viewer_for(office, now=timezone.now())
        this = SchoolYear.objects.filter(school=school).covering(school.today(by.now)).get()
        coming = SchoolYear.objects.filter(school=school, starts_on__gt=this.starts_on).order_by("starts_on").first()
        if coming is None:
            coming = make_school_year(by=by, school=school, day=this.ends_on.replace(month=9, day=1))
        put(school, "Ouderavond", this.starts_on.replace(month=9, day=15))
        first_year = coming.starts_on.year
    place = [school.public_id, first_year]
    year = f"{reverse('agenda:year', args=place[:1])}?year={first_year}"
    look.open(year, "next year")
    look.open(reverse("agenda:publish_year", args=place), "nothing to publish")
    look.open(reverse("agenda:copy_year", args=place), "copy last year")
    typed = {"form-0-title": "Studiedag"}
    look.open(reverse("agenda:several", args=place), "several at once")
    look.send(look.page.locator(SEND), "several at once, empty", status=422)
    look.send(look.page.locator(SEND), "several at once, without a day", status=422, fill=typed)
    look.open(reverse("agenda:import_calendar", args=place), "a file")
    look.send(look.page.locator(SEND), "a file, none chosen", status=422)
    day = coming.starts_on.replace(month=9, day=22)
    with browsing.turn():
        by = viewer_for(office, now=timezone.now())
        data = SHEET.format(day=day.isoformat()).encode()
        read = read_calendar(by=by, school=school, year=coming, name="jaar.csv", data=data)
        stopped = read_calendar(by=by, school=school, year=coming, name="foto.csv", data=b"\xff\xd8\xff\x00")
        plan_events(
            by=by, school=school, year=coming, events=[Planned("Sportdag", day, day, Target(whole_school=True))]
        )
    look.open(reverse("agenda:read_calendar", args=[school.public_id, read.public_id]), "a file, to check")
    look.open(reverse("agenda:read_calendar", args=[school.public_id, stopped.public_id]), "a file, no use")
    look.open(year, "next year, with a plan")
    look.open(reverse("agenda:publish_year", args=place), "ready to publish")


def subscribing(look: Inspector, browsing: Browsing) -> None:
    """A teacher has an address for her own agenda and one for her group."""
    look.open(reverse("agenda:on_phone"), "no address yet")
    look.send(look.page.locator(SEND).first, "an address of her own")
    look.send(look.page.locator("main form[action$='/start/'] .button").first, "an address for a group")
