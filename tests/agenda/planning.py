"""Short ways to events and places, through the room's own actions."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from kring.agenda import actions
from kring.agenda.actions import OfferInput
from kring.agenda.models import Event, Offer, Place, Signup
from kring.people.models import Person
from kring.people.viewers import viewer_for
from tests import factories as make
from tests.cast import Cast


def ask(cast: Cast, *, event: Event | None = None, by: str = "teacher", **what: Any) -> Offer:
    """Ask for help, by default for six places without an event."""
    wanted = OfferInput(**({"title": "Chauffeurs", "places": 6} | what))
    return actions.make_offer(
        by=cast.viewer(by), school=cast.school, what=wanted, event=event, link="" if event else "/hulp/"
    )


def take(cast: Cast, offer: Offer, by: str = "guardian", **more: Any) -> Signup:
    return actions.take_place(by=cast.viewer(by), offer=offer, **more)


def families(cast: Cast, number: int) -> list[Person]:
    """Return so many parents of children in groep 5, each with a login."""
    found = []
    for n in range(number):
        person = make.PersonFactory(school=cast.school, user=make.UserFactory(email=f"ouder{n}@example.org"))
        child = make.ChildFactory(school=cast.school, first_name=f"Kind{n}", last_name="Van Vijf")
        make.EnrolmentFactory(child=child, group=cast.five, year_level=5)
        make.GuardianshipFactory(child=child, person=person)
        found.append(person)
    return found


def take_as(person: Person, offer: Offer, **more: Any) -> Signup:
    by = viewer_for(person.user, now=timezone.now())
    return actions.take_place(by=by, offer=Offer.objects.get(pk=offer.pk), **more)


def numbers(offer: Offer) -> list[int]:
    return list(Place.objects.filter(offer=offer).order_by("number").values_list("number", flat=True))
