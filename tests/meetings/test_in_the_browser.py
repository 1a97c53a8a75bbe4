"""A family with three children chooses on a phone; who is too late hears it in place; the waiting list."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from kring.meetings.actions import block
from kring.meetings.models import Booking, Occupied
from tests import factories as make
from tests.browsing import Browsing
from tests.cast import Cast
from tests.meetings.planning import THURSDAY, a_round, book, party, session, slots

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_family_with_three_children_takes_adjoining_times_on_a_phone_in_a_few_taps(
    browsing: Browsing, cast: Cast
) -> None:
    with browsing.turn():
        make.GuardianshipFactory(child=cast.other_child, person=cast.people["guardian"])
        made = a_round(cast, sessions=[session(end=17), session(THURSDAY, end=17)])
    parent = browsing.open(user=cast.user("guardian"), phone=True)
    began = time.monotonic()
    parent.goto(f"{browsing.address}{reverse('meetings:own')}")
    parent.locator("main a", has_text="Rapportgesprekken").first.click()
    expect(parent.locator(".plan--best .visit__talk")).to_have_count(3)
    parent.locator(".plan--best button.button--primary").click()
    expect(parent.locator("#best")).to_have_count(0)
    seconds = time.monotonic() - began
    assert seconds < 60, seconds
    assert parent.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with browsing.turn():
        booked = list(Booking.objects.filter(round=made).order_by("starts_at"))
        assert len(booked) == 3
        gaps = [(later.starts_at - before.ends_at).total_seconds() / 60 for before, later in pairwise(booked)]
        assert all(5 <= gap <= 10 for gap in gaps), gaps
        mine = Occupied.objects.filter(person=cast.people["guardian"]).values_list("tick", flat=True)
        assert len(set(mine)) == len(mine)


def test_who_is_too_late_hears_it_in_place_and_takes_the_nearest_moment(browsing: Browsing, cast: Cast) -> None:
    with browsing.turn():
        make.GuardianshipFactory(child=cast.other_child, person=cast.people["guardian"])
        made = a_round(cast, cast.five)
        lost, near = slots(made, cast.five)[2:4]
    browsing.expected.add(409)
    parent = browsing.open(user=cast.user("guardian"), phone=True)
    parent.goto(f"{browsing.address}{reverse('meetings:choose', args=[made.public_id])}")
    button = parent.locator(f"button[data-slots='{lost.public_id}']")
    expect(button).to_be_enabled()
    parent.evaluate("document.querySelector('[data-taken-at]').dataset.takenAt = '/nowhere/'")  # it does not hear of it
    browsing.expected.add(404)
    with browsing.turn():
        book(cast, made, cast.shielded, lost, by="shielded_guardian")
    parent.evaluate("window.same = true")
    button.click()
    refusal = parent.locator("#refused [role=alert]")
    expect(refusal).to_be_in_viewport()
    expect(refusal.locator("button.time")).to_have_count(4)
    assert parent.evaluate("window.same"), "the page was drawn anew"
    expect(parent.locator(".toast")).to_have_count(0)
    refusal.locator(f"button[data-slots='{near.public_id}']").click()
    expect(parent.locator("#refused [role=alert]")).to_have_count(0)
    with browsing.turn():
        assert Booking.objects.get(party=party(made, cast.child)).slot == near


def test_a_full_round_has_a_waiting_list_whose_offer_is_taken_with_one_tap(browsing: Browsing, cast: Cast) -> None:
    with browsing.turn():
        made = a_round(cast, cast.five)
        moments = slots(made, cast.five)
        theirs = book(cast, made, cast.shielded, moments[0], by="shielded_guardian")
        for slot in moments[1:]:
            block(by=cast.viewer("office"), slot=slot)
    parent = browsing.open(user=cast.user("guardian"), phone=True)
    where = f"{browsing.address}{reverse('meetings:choose', args=[made.public_id])}"
    parent.goto(where)
    parent.locator("form[action$='/wait/'] button").click()
    expect(parent.locator("form[action$='/stop-waiting/'] button")).to_be_visible()
    other = browsing.open(user=cast.user("shielded_guardian"), phone=True)
    other.goto(where)
    other.locator("form[action$='/give-back/'] button").click()
    other.locator("[data-confirm-yes]").click()
    expect(other.locator(".planned")).to_have_count(0)
    with browsing.turn():
        assert not Booking.objects.filter(pk=theirs.pk, party__isnull=False).exists()
    browsing.work()
    parent.goto(where)
    parent.locator("form[action*='accept'] button").click()
    expect(parent.locator("form[action*='accept']")).to_have_count(0)
    with browsing.turn():
        assert Booking.objects.get(party=party(made, cast.child)).slot == moments[0]
