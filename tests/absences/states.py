"""States of absence that no link leads to: the forms of a school that has illness and leave in the app, a decision."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from kring.absences.actions import ask_leave
from kring.absences.rules import LeaveKind
from kring.agreements.actions import publish_draft, save_draft
from kring.agreements.current import version_in_force
from kring.people.models import Child, Person
from kring.people.viewers import viewer_for
from kring.school.calendars import calendar_of
from kring.school.models import School
from tests.browsing import Browsing
from tests.health import Inspector

BUTTON = "main form .button--primary"
FIRST_WAYS = {"sick_and_late.way": "app", "leave.way": "app"}


def _let_the_app_take_it(school: School) -> None:
    now = timezone.now()
    head = viewer_for(Person.objects.get(school=school, first_name="Ineke").user, now=now)
    version = version_in_force(school, at=now)
    assert version
    save_draft(by=head, school=school, values=version.values | FIRST_WAYS, confirmed=version.confirmed)
    publish_draft(by=head, school=school, in_force_from=school.today(now))


def reporting(look: Inspector, browsing: Browsing) -> None:
    """A parent finds the telephone, and after another agreement the forms, with and without faults."""
    look.open(reverse("absences:report"), "ill, by telephone")
    look.open(reverse("absences:leave"), "leave, with the form of the school")
    with browsing.turn():
        school = School.objects.get(name="De Linde")
        _let_the_app_take_it(school)
    look.open(reverse("absences:new_visit"), "a visit")
    look.send(look.page.locator(BUTTON), "a visit, empty", status=422)
    look.open(reverse("absences:report"), "ill, in the app")
    look.send(look.page.locator(BUTTON), "ill, nothing chosen", status=422)
    look.page.locator("input[name=reason][value=ill]").check(force=True)
    look.send(look.page.locator(BUTTON), "ill, reported")
    look.open(reverse("absences:leave"), "leave, asked here")
    look.send(look.page.locator(BUTTON), "leave, empty", status=422)
    with browsing.turn():
        request = _asked(school)
    look.open(reverse("absences:leave_request", args=[request]), "a request for leave")


def _asked(school: School) -> str:
    joep = Child.objects.select_related("school").get(school=school, first_name="Joep", last_name="Heuvel")
    parent = Person.objects.get(school=school, first_name="Marloes", last_name="Heuvel")
    by = viewer_for(parent.user, now=timezone.now())
    today: date = school.today(by.now)
    calendar = calendar_of(school, first=today, last=today + timedelta(days=120))
    day = calendar.next_school_day(today + timedelta(days=7))
    asked = ask_leave(
        by=by, child=joep, first_day=day, last_day=day, kind=LeaveKind.WEDDING, why="Opa en oma zijn 50 jaar getrouwd"
    )
    return asked.public_id


def deciding(look: Inspector, browsing: Browsing) -> None:
    """Management decides, once without a reason."""
    with browsing.turn():
        school = School.objects.get(name="De Linde")
        place = school.public_id
    look.open(reverse("absences:export", args=[place]), "the list as a file")
    look.open(reverse("absences:leave_requests", args=[place]), "requests for leave")
    look.send(look.page.locator("main a.row").first, "a request, to decide")
    look.send(look.page.locator(BUTTON), "a request, nothing chosen", status=422)
    look.page.locator("input[name=answer][value=decline]").check(force=True)
    look.send(look.page.locator(BUTTON), "a request, declined without a reason", status=422)
    look.page.locator("input[name=answer][value=grant]").check(force=True)
    look.send(look.page.locator(BUTTON), "a request, granted")
