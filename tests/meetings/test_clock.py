"""What the clock does for rounds: each thing once, and nothing before its moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from kring.meetings import actions, jobs
from kring.meetings.actions import clock
from kring.meetings.models import Booking, Occupied, Party, Round, Waiting
from kring.notifications import outbox
from kring.notifications.models import Delivery, Notice
from tests import factories as make
from tests.cast import NOW, Cast
from tests.meetings.planning import TUESDAY, a_round, at, book, fresh, party, slots

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def told(kind: str) -> int:
    return Notice.objects.filter(kind=f"meetings.{kind}").count()


def test_the_opening_is_told_once_and_reaches_who_can_choose(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    assert jobs.open_due_rounds() == 1
    assert jobs.open_due_rounds() == 0
    notice = Notice.objects.get(kind="meetings.opened")
    outbox.expand(notice)
    users = set(Delivery.objects.filter(notice=notice).values_list("user__persons__first_name", flat=True))
    assert users == {"Guardian", "Shielded guardian", "Class parent"}
    for delivery in Delivery.objects.filter(notice=notice, channel="inbox", user=cast.user("guardian")):
        response = cast.client("guardian").post(reverse("notifications:open", args=[delivery.public_id]))
        assert response["Location"] == reverse("meetings:choose", args=[made.public_id])


def test_nobody_is_told_of_a_round_in_preparation(cast: Cast) -> None:
    a_round(cast, cast.five, ready=False)
    assert jobs.open_due_rounds() == 0


def test_two_days_before_closing_who_has_not_chosen_is_reminded_once(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    assert not clock.remind_before_closing(round=made, now=made.closes_at - timedelta(days=3))
    assert clock.remind_before_closing(round=made, now=made.closes_at - timedelta(days=2))
    assert not clock.remind_before_closing(round=made, now=made.closes_at - timedelta(days=1))


def test_the_day_before_a_family_is_reminded_once_from_nine_on(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    book(cast, made, cast.child, slots(made, cast.five)[0])
    for moment, sent in (((8, 59), 0), ((9, 0), 1), ((12, 0), 0)):
        with time_machine.travel(at(TUESDAY - timedelta(days=1), *moment), tick=False):
            assert jobs.remind_of_tomorrow() == sent
    assert told("day_before") == 1


def test_a_moment_that_was_kept_long_enough_goes_to_the_next(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    slot = slots(made, cast.five)[0]
    booking = fresh(book(cast, made, cast.child, slot))
    for role in ("shielded_guardian", "class_parent"):
        own = next(iter(party_of(cast, role, made)))
        actions.wait_for_moment(by=cast.viewer(role), party=own)
    actions.give_back(by=cast.viewer("guardian"), booking=booking)
    assert jobs.pass_offers_on() == 0
    with time_machine.travel(NOW + timedelta(hours=13), tick=False):
        assert jobs.pass_offers_on() == 1
    held = Booking.objects.get(slot=slot)
    assert held.held_for in party_of(cast, "class_parent", made)
    assert Waiting.objects.count() == 2
    assert told("offered") == 2


def party_of(cast: Cast, role: str, made: Round) -> list[Party]:
    return list(Party.objects.own_of(cast.viewer(role)).filter(round=made).select_related("round__school"))


def test_who_gets_a_login_later_is_in_one_place_too(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    booking = book(cast, made, cast.child, slots(made, cast.five)[0])
    Occupied.objects.filter(booking=booking, person=cast.people["guardian"]).update(user=None)
    assert jobs.keep_order() == 3
    assert not Occupied.objects.without_login().exists()


def test_children_who_come_later_are_invited(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    child = make.ChildFactory(school=cast.school)
    make.EnrolmentFactory(child=child, group=cast.five)
    assert jobs.complete_rounds() == 1
    assert party(made, child).audience is not None
