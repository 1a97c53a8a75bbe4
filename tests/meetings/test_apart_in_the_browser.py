"""Parents who live apart, each with her own phone: two conversations that never meet, or one conversation together."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from kring.meetings.models import Booking, Round
from tests.browsing import Browsing
from tests.cast import Cast
from tests.meetings.planning import THURSDAY, a_round, party, second_parent, session, slots

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def phone_of(browsing: Browsing, cast: Cast, name: str, made: Round) -> Page:
    """Return the page of the round on somebody's phone."""
    page = browsing.open(user=cast.user(name), phone=True)
    page.goto(f"{browsing.address}{reverse('meetings:choose', args=[made.public_id])}")
    return page


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_two_who_are_kept_apart_each_book_on_their_phone_and_never_meet(browsing: Browsing, cast: Cast) -> None:
    with browsing.turn():
        second_parent(cast, apart=True)
        made = a_round(cast, cast.five, sessions=[session(), session(THURSDAY)])
        moments = slots(made, cast.five)
        hers, his = (party(made, cast.child, cast.people[name]) for name in ("guardian", "father"))
    browsing.expected |= {404, 409}
    mother, father = (phone_of(browsing, cast, name, made) for name in ("guardian", "father"))
    # His page stands open and hears of nothing: he taps what looks free.
    father.evaluate("document.querySelector('[data-taken-at]').dataset.takenAt = '/nowhere/'")
    mother.locator(f"button[data-slots='{moments[0].public_id}']").click()
    expect(mother.locator(".planned")).to_have_count(1)
    same_day = moments[2]
    father.locator(f"button[data-slots='{same_day.public_id}']").click()
    refusal = father.locator("#refused [role=alert]")
    expect(refusal).to_be_in_viewport()
    expect(refusal).to_contain_text("afternoon or evening")
    with browsing.turn():
        other_day = {slot.public_id for slot in moments if slot.starts_at.date() == THURSDAY}
        assert not Booking.objects.filter(party=his).exists()
    offered = refusal.locator("button.time")
    expect(offered).to_have_count(4)
    assert {offered.nth(n).get_attribute("data-slots") for n in range(4)} <= other_day, "none in the same afternoon"
    fits(father)
    offered.first.click()
    expect(father.locator(".planned")).to_have_count(1)
    for page, name in ((mother, "guardian"), (father, "father")):
        page.goto(f"{browsing.address}{reverse('meetings:choose', args=[made.public_id])}")
        expect(page.locator(".planned")).to_have_count(1)
        fits(page)
        with browsing.turn():
            own = Booking.objects.get(party__person=cast.people[name])
            other = Booking.objects.exclude(pk=own.pk).get()
            assert own.starts_at.date() != other.starts_at.date()
            day = str(own.starts_at.day)
        expect(page.locator(".planned .plan__date")).to_contain_text(day)
        assert other.public_id not in page.content()
    with browsing.turn():
        assert Booking.objects.get(party=hers).slot == moments[0]


def test_who_comes_second_sees_that_an_afternoon_does_not_suit_and_why_not_to_ask(
    browsing: Browsing, cast: Cast
) -> None:
    with browsing.turn():
        second_parent(cast, apart=True)
        made = a_round(cast, cast.five, sessions=[session(), session(THURSDAY)])
        moments = slots(made, cast.five)
    mother = phone_of(browsing, cast, "guardian", made)
    mother.locator(f"button[data-slots='{moments[0].public_id}']").click()
    expect(mother.locator(".planned")).to_have_count(1)
    father = phone_of(browsing, cast, "father", made)
    expect(father.locator(f"button[data-slots='{moments[2].public_id}']")).to_be_disabled()
    expect(father.locator(f"button[data-slots='{moments[-1].public_id}']")).to_be_enabled()
    expect(father.locator(".hint", has_text="afternoon or evening")).to_be_visible()
    expect(father.get_by_text("Guardian Cast")).to_have_count(0)
    fits(father)


def test_one_conversation_together_is_seen_by_both_and_both_are_told(browsing: Browsing, cast: Cast) -> None:
    with browsing.turn():
        second_parent(cast, apart=False)
        made = a_round(cast, cast.five)
        first, second = slots(made, cast.five)[:2]
    mother = phone_of(browsing, cast, "guardian", made)
    mother.locator(f"button[data-slots='{first.public_id}']").click()
    expect(mother.locator(".planned")).to_have_count(1)
    browsing.work()
    father = phone_of(browsing, cast, "father", made)
    expect(father.locator(".planned")).to_have_count(1)
    where = f"{browsing.address}{reverse('notifications:inbox')}"
    father.goto(where)
    expect(father.locator("main")).to_contain_text("There is a time for your conversation")
    # He takes another time; then it is she who hears of it.
    father.goto(f"{browsing.address}{reverse('meetings:choose', args=[made.public_id])}")

    father.locator(f"button[data-slots='{second.public_id}']").click()
    expect(father.locator(".plan__span").first).to_contain_text(second.starts_at.strftime("%M"))
    browsing.work()
    mother.goto(where)
    expect(mother.locator("main")).to_contain_text("Your conversation is at another time")
    mother.goto(f"{browsing.address}{reverse('meetings:choose', args=[made.public_id])}")
    expect(mother.locator(".planned")).to_have_count(1)
    fits(mother)
    with browsing.turn():
        assert Booking.objects.get(party__isnull=False).slot == second
