"""Places: taken one by one, waited for, given back; by hand too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kring.agenda import actions
from kring.agenda.actions import OfferInput
from kring.agenda.models import Offer, Signup
from kring.agenda.rules import Door, Waiting, door, free_numbers, moving_up
from kring.core.access import NotAllowed, Refused
from kring.notifications.models import Notice
from tests.agenda.planning import ask, families, numbers, take, take_as
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def test_who_takes_a_place_has_the_first_free_number(cast: Cast) -> None:
    offer = ask(cast)
    assert take(cast, offer).state == "held"
    assert take(cast, offer, by="class_parent").state == "held"
    assert numbers(offer) == [1, 2]


def test_two_taps_are_one(cast: Cast) -> None:
    offer = ask(cast)
    assert take(cast, offer) == take(cast, offer)
    assert numbers(offer) == [1]


def test_seats_are_several_places_of_one_driver(cast: Cast) -> None:
    offer = ask(cast, kind="seats", places=6, most_each=4)
    take(cast, offer, amount=4)
    assert numbers(offer) == [1, 2, 3, 4]
    with pytest.raises(Refused, match="nog maar 2 plekken"):
        take(cast, offer, by="class_parent", amount=4)
    take(cast, offer, by="class_parent", amount=2)
    assert numbers(offer) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("amount", [0, -1, 3])
def test_nobody_takes_more_than_one_may(cast: Cast, amount: int) -> None:
    with pytest.raises(Refused, match="1 tot en met 2"):
        take(cast, ask(cast, most_each=2), amount=amount)


def test_who_comes_too_late_waits_and_moves_up_with_a_notice(cast: Cast) -> None:
    offer = ask(cast, places=1)
    first = take(cast, offer)
    second = take(cast, offer, by="class_parent")
    assert second.state == "waiting"
    actions.give_back(by=cast.viewer("guardian"), signup=first)
    second.refresh_from_db()
    assert (second.state, numbers(offer)) == ("held", [1])
    notice = Notice.objects.get(kind="agenda.moved_up")
    assert list(notice.audience.persons.all()) == [cast.people["class_parent"]]


def test_who_waits_longest_goes_first_and_a_newcomer_does_not_jump_the_line(cast: Cast) -> None:
    offer = ask(cast, places=2, most_each=2)
    first = take(cast, offer, amount=2)
    big = take(cast, offer, by="class_parent", amount=2)
    small = take(cast, offer, by="shielded_guardian", amount=1)
    assert {big.state, small.state} == {"waiting"}
    actions.change_offer(by=cast.viewer("teacher"), offer=offer, what=OfferInput("Chauffeurs", 3, most_each=2))
    small.refresh_from_db()
    assert small.state == "held", "one place came free, and only she asked for one"
    assert take(cast, offer, by="other_guardian").state == "waiting", "behind who waits already"
    actions.give_back(by=cast.viewer("guardian"), signup=first)
    big.refresh_from_db()
    assert (big.state, numbers(offer)) == ("held", [1, 2, 3])


def test_without_a_waiting_list_full_is_full(cast: Cast) -> None:
    offer = ask(cast, places=1, has_waiting_list=False)
    take(cast, offer)
    with pytest.raises(Refused, match="bezet"):
        take(cast, offer, by="class_parent")


def test_it_opens_at_a_moment_and_closes_at_one(cast: Cast) -> None:
    for times, words in (
        ({"opens_at": NOW + timedelta(hours=1)}, "nog niet opgeven"),
        ({"closes_at": NOW}, "kan niet meer"),
    ):
        with pytest.raises(Refused, match=words):
            take(cast, ask(cast, **times))
    assert take(cast, ask(cast, opens_at=NOW, closes_at=NOW + timedelta(hours=1))).state == "held"


def test_closed_by_hand_and_open_again(cast: Cast) -> None:
    offer = ask(cast)
    actions.close_offer(by=cast.viewer("teacher"), offer=offer)
    with pytest.raises(Refused, match="kan niet meer"):
        take(cast, offer)
    actions.reopen_offer(by=cast.viewer("teacher"), offer=offer)
    assert take(cast, offer).state == "held"


def test_somebody_at_the_school_gate_is_written_down_by_name(cast: Cast) -> None:
    offer = ask(cast, places=2, opens_at=NOW + timedelta(days=1))
    found = actions.add_by_hand(by=cast.viewer("teacher"), offer=offer, name="Opa van Joep", amount=2)
    assert (found.who, found.person, found.added_by) == ("Opa van Joep", None, cast.people["teacher"])
    with pytest.raises(Refused, match="bezet"):
        actions.add_by_hand(by=cast.viewer("teacher"), offer=offer, name="Oma van Joep")
    with pytest.raises(Refused, match="wie het is"):
        actions.add_by_hand(by=cast.viewer("teacher"), offer=offer, name=" ")
    actions.take_off(by=cast.viewer("teacher"), signup=found)
    assert numbers(offer) == []


def test_only_ones_own_places_are_given_back(cast: Cast) -> None:
    signup = take(cast, ask(cast))
    for other in ("class_parent", "second_guardian", "signed out"):
        with pytest.raises(NotAllowed):
            actions.give_back(by=cast.viewer(other), signup=signup)
    actions.give_back(by=cast.viewer("guardian"), signup=signup)
    assert not Signup.objects.current().exists()


def test_nobody_of_another_school_takes_a_place(cast: Cast) -> None:
    offer = ask(cast)
    for other in ("second_guardian", "second_teacher", "signed out", "board_admin"):
        with pytest.raises(NotAllowed):
            take(cast, offer, by=other)
    assert take(cast, offer).state == "held"


def test_fewer_places_than_are_taken_cannot_be(cast: Cast) -> None:
    offer = ask(cast, places=3)
    for person in families(cast, 3):
        take_as(person, offer)
    with pytest.raises(Refused, match="3 plekken bezet"):
        actions.change_offer(by=cast.viewer("teacher"), offer=offer, what=OfferInput("Chauffeurs", 2))
    offer.refresh_from_db()
    assert offer.places == 3


def test_numbers_stay_within_the_places(cast: Cast) -> None:
    offer = ask(cast, places=3)
    people = families(cast, 3)
    signups = [take_as(person, offer) for person in people]
    actions.take_off(by=cast.viewer("teacher"), signup=signups[0])
    actions.change_offer(by=cast.viewer("teacher"), offer=offer, what=OfferInput("Chauffeurs", 2))
    assert numbers(offer) == [1, 2]


@pytest.mark.parametrize(
    "what",
    [
        {"title": " "},
        {"places": 0},
        {"places": 501},
        {"most_each": 7},
        {"opens_at": NOW, "closes_at": NOW},
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, what: dict[str, object]) -> None:
    with pytest.raises(Refused):
        ask(cast, **what)
    assert not Offer.objects.exists()


def test_taken_and_waiting_are_counted_for_a_page(cast: Cast) -> None:
    offer = ask(cast, places=2, most_each=2)
    take(cast, offer, amount=2)
    take(cast, offer, by="class_parent")
    found = Offer.objects.with_counts().get()
    assert (found.taken, found.waiting) == (2, 1)


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, Door.OPEN),
        ({"free": 0}, Door.WAITING),
        ({"free": 0, "has_waiting_list": False}, Door.FULL),
        ({"is_awaited": True}, Door.WAITING),
        ({"is_awaited": True, "has_waiting_list": False}, Door.OPEN),
        ({"opens_at": NOW}, Door.OPEN),
        ({"opens_at": NOW + timedelta(microseconds=1)}, Door.NOT_YET),
        ({"closes_at": NOW}, Door.CLOSED),
        ({"is_closed": True}, Door.CLOSED),
    ],
)
def test_the_door(more: dict[str, object], found: Door) -> None:
    usual = {
        "now": NOW, "opens_at": None, "closes_at": None, "is_closed": False, "free": 1, "has_waiting_list": True,
    }  # fmt: skip
    assert door(**(usual | more)) == found  # type: ignore[arg-type]


def test_free_numbers_and_moving_up() -> None:
    assert free_numbers(4, [2, 4]) == [1, 3]
    line = [Waiting(1, 3), Waiting(2, 1), Waiting(3, 2)]
    assert moving_up(line, free=2) == [2]
    assert moving_up(line, free=4) == [1, 2]
    assert moving_up(line, free=0) == []
