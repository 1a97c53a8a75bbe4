"""Rounds as the office sees them, and their forms sent wrong."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from kring.meetings.models import Booking, Party, Round, Sitting, Slot
from kring.people.models import Person
from kring.people.viewers import viewer_for
from kring.school.models import School
from tests.browsing import Browsing
from tests.health import Inspector
from tests.meetings.made_plans import a_plan

SEND = "main form .button--primary"


def preparing_a_round(look: Inspector, browsing: Browsing) -> None:
    """The office sends a new round without anything in it."""
    with browsing.turn():
        school = School.objects.get(name="De Linde")
    look.open(reverse("meetings:new_round", args=[school.public_id]), "a new round")
    look.send(look.page.locator(SEND), "a round without anything in it")


def overseeing_a_round(look: Inspector, browsing: Browsing) -> None:
    """The office looks over the round of the demo, from its families to the lists on the doors."""
    with browsing.turn():
        school = School.objects.get(name="De Linde")
        round = Round.objects.ready().filter(school=school).order_by("pk")[0]
        sitting = Sitting.objects.filter(round=round).select_related("group").order_by("pk")[0]
        party = Booking.objects.of_families().filter(round=round).order_by("pk")[0].party
        at = [school.public_id, round.public_id]
    assert party is not None
    look.open(reverse("meetings:rounds", args=at[:1]), "rounds")
    look.open(reverse("meetings:round", args=at), "a round")
    look.open(reverse("meetings:change_round", args=at), "a round, to change")
    look.open(reverse("meetings:add_session", args=at), "another afternoon")
    look.open(reverse("meetings:families", args=[*at, sitting.group.public_id]), "families of a group")
    look.open(reverse("meetings:party", args=[*at, party.public_id]), "one family")
    look.open(reverse("meetings:slip", args=[*at, party.public_id]), "the time on paper")
    look.open(reverse("meetings:sheet", args=[*at, sitting.public_id]), "the day of a teacher")
    look.open(reverse("meetings:place", args=[*at, sitting.public_id]), "where she sits")
    day = sitting.starts_at.astimezone(school.zone).date().isoformat()
    look.open(reverse("meetings:door", args=[*at, day]), "lists for the doors")


def wishing(look: Inspector, browsing: Browsing) -> None:
    """A parent gives her wishes, wrong first; once the times are known she asks for another, with nothing first."""
    with browsing.turn():
        user = Person.objects.get(school__name="De Linde", first_name="Marloes", last_name="Heuvel").user
        own = Party.objects.own_of(viewer_for(user, now=timezone.now()))
        party = own.select_related("round").order_by("-pk")[0]
        Booking.objects.filter(party__in=own.values("pk")).delete()
        Round.objects.filter(pk=party.round_id).update(filling="school")
    page = reverse("meetings:choose", args=[party.round.public_id])
    look.open(page, "wishes")
    look.page.evaluate("for (const one of document.querySelectorAll('.wish input')) one.checked = false")
    look.send(look.page.locator(SEND.replace("form", "form.wishes")), "wishes, nothing chosen", status=422)
    with browsing.turn():
        a_plan(party.round, {}, state="published")
    look.open(page, "no time yet")
    look.open(reverse("meetings:ask", args=[party.public_id]), "another time")
    look.send(look.page.locator(SEND), "another time, nothing said")


def planning_all(look: Inspector, browsing: Browsing) -> None:
    """The office looks at the plans of a round that the school fills: one that is known, and one to change by hand."""
    with browsing.turn():
        school = School.objects.get(name="De Linde")
        round = Round.objects.ready().filter(school=school).order_by("pk")[0]
        Round.objects.filter(pk=round.pk).update(filling="school")
        free = Slot.objects.filter(round=round, booking__isnull=True).select_related("sitting").order_by("pk")
        party = Party.objects.filter(round=round, booking__isnull=True, group=free[0].sitting.group_id)[0]
        run = a_plan(round, {party: free[0]})
        at = [school.public_id, round.public_id]
    look.open(reverse("meetings:plans", args=at), "plans of a round")
    at.append(run.public_id)
    look.open(reverse("meetings:whole_plan", args=at), "a plan")
    look.open(reverse("meetings:whole_plan", args=at) + "?by=day", "a plan by day")
    look.open(reverse("meetings:move_time", args=[*at, party.public_id]), "another time in a plan")
    look.open(reverse("meetings:publish_plan", args=at), "a plan, to make known")
