"""Short ways to events and places, through the room's own actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from kring.agenda import actions
from kring.agenda.actions import EventInput, OfferInput
from kring.agenda.models import Event, Offer, Place, Signup
from kring.agenda.permissions import Target
from kring.people.models import Person
from kring.people.viewers import viewer_for
from tests import factories as make
from tests.cast import TODAY, Cast

LATER = TODAY + timedelta(14)  # Tuesday 8 December


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


def plan(cast: Cast, *, by: str = "teacher", groups: list[Any] | None = None, **what: Any) -> Event:
    """Put an event in the agenda: by default for groep 5, two weeks from now, all day."""
    more = {name: what.pop(name) for name in ("publish", "again") if name in what}
    return actions.make_event(by=cast.viewer(by), school=cast.school, what=wanted(cast, groups=groups, **what), **more)


def wanted(cast: Cast, *, groups: list[Any] | None = None, whole_school: bool = False, **what: Any) -> EventInput:
    chosen = frozenset(group.pk for group in ([cast.five] if groups is None else groups))
    target = what.pop("target", None) or Target(whole_school, frozenset(), frozenset() if whole_school else chosen)
    return EventInput(**({"title": "Voorleesochtend", "starts_on": LATER, "target": target} | what))


def seen_by(cast: Cast, role: str, event: Event) -> bool:
    return Event.objects.visible_to(cast.viewer(role)).filter(pk=event.pk).exists()
