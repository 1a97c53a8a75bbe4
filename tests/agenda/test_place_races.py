"""Many at once: exactly the number of places, beside the same without its guard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kring.agenda import actions
from kring.agenda.actions import places
from kring.agenda.models import Offer, Place, Signup
from kring.core.access import Refused
from kring.people.viewers import viewer_for
from tests.agenda.planning import ask, families, numbers, take, take_as
from tests.cast import NOW, Cast
from tests.photos.test_withdrawing_races import at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def quietly(job: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            job()
        except Refused:
            return

    return run


def test_the_seventh_of_six_places_at_the_same_second_waits(cast: Cast) -> None:
    offer = ask(cast, places=6)
    at_once(*[lambda person=person: take_as(person, offer) for person in families(cast, 7)])  # type: ignore[misc]
    assert numbers(offer) == [1, 2, 3, 4, 5, 6]
    assert Signup.objects.waiting().count() == 1


def test_fifty_families_get_exactly_the_number_of_places(cast: Cast) -> None:
    offer = ask(cast, places=20, has_waiting_list=False)
    at_once(*[quietly(lambda person=person: take_as(person, offer)) for person in families(cast, 50)])  # type: ignore[misc]
    assert numbers(offer) == list(range(1, 21))
    assert Signup.objects.held().count() == 20


def test_without_its_turn_the_number_still_exists_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_take_turn", lambda offer: offer.refresh_from_db())
    offer = ask(cast, places=3, has_waiting_list=False)
    at_once(*[quietly(lambda person=person: take_as(person, offer)) for person in families(cast, 8)])  # type: ignore[misc]
    assert len(numbers(offer)) <= 3
    assert len(set(numbers(offer))) == len(numbers(offer))


def test_counting_alone_would_give_the_last_place_twice(cast: Cast) -> None:
    """Both read "5 of 6" before either writes: what the constraint stops."""
    offer = ask(cast, places=6)
    for person in families(cast, 5):
        take_as(person, offer)
    free = [6 - Place.objects.filter(offer=offer).count() for _reader in range(2)]
    assert free == [1, 1], "each believes that the place is hers"
    one, other = take(cast, offer), Signup.objects.create(school=cast.school, offer=offer, name="Zevende", said_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.create(offer=offer, signup=other, number=one.filled.get().number)


def test_one_person_signs_up_once_whatever_she_taps(cast: Cast) -> None:
    offer = ask(cast)
    (person,) = families(cast, 1)
    at_once(*[quietly(lambda: take_as(person, offer))] * 5)
    assert numbers(offer) == [1]


def test_a_place_that_comes_free_goes_to_one_who_waits_and_no_place_stays_empty(cast: Cast) -> None:
    offer = ask(cast, places=2)
    people = families(cast, 6)
    held = [take_as(person, offer) for person in people[:2]]
    late = [lambda person=person: take_as(person, offer) for person in people[2:]]  # type: ignore[misc]

    back = [
        lambda signup=signup: actions.give_back(  # type: ignore[misc]
            by=viewer_for(signup.person.user, now=timezone.now()), signup=Signup.objects.get(pk=signup.pk)
        )
        for signup in held
    ]
    at_once(*late[:2], *back, *late[2:])
    assert numbers(offer) == [1, 2]
    assert Signup.objects.waiting().count() == 2


def test_closing_while_somebody_signs_up_leaves_a_list_that_agrees(cast: Cast) -> None:
    offer = ask(cast, places=2)
    people = families(cast, 4)

    def close() -> None:
        actions.close_offer(by=cast.viewer("teacher"), offer=Offer.objects.get(pk=offer.pk))

    at_once(*[quietly(lambda person=person: take_as(person, offer)) for person in people], close)  # type: ignore[misc]
    assert len(numbers(offer)) == Signup.objects.held().count()
