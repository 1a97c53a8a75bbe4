"""A family gives its wishes for two children on a phone, and asks for another time once they are known."""

from __future__ import annotations

import time

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from kring.meetings.actions import decline_ask
from kring.meetings.models import Round, WishSet
from tests.browsing import Browsing
from tests.cast import Cast
from tests.health import Inspector
from tests.meetings.planning import party, slots
from tests.meetings.test_asks import a_planned_round, ask
from tests.meetings.test_wishes import THU, TUE, a_wish_round, key, said

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def where(browsing: Browsing, made: Round) -> str:
    return f"{browsing.address}{reverse('meetings:choose', args=[made.public_id])}"


def answer(page: Page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name='{name}'][value='{value}'])").click()


@pytest.mark.parametrize("script", [True, False])
def test_a_family_says_when_it_can_come_for_two_children_and_changes_it(
    browsing: Browsing, cast: Cast, script: bool
) -> None:
    with browsing.turn():
        made = a_wish_round(cast, by_video=True)
    parent = browsing.open(user=cast.user("guardian"), phone=True, script=script)
    began = time.monotonic()
    parent.goto(f"{browsing.address}{reverse('meetings:own')}")
    parent.locator("main a", has_text="Rapportgesprekken").first.click()
    answer(parent, key("visit", TUE), "rather_not")
    answer(parent, key("visit", THU), "cannot")
    parent.locator(".wish summary").first.click()
    parent.locator(".halves select").nth(1).select_option("fine")
    assert parent.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = parent.locator(".wish .segments label, .wish summary, .halves select, .wishes button").evaluate_all(
        "all => all.filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44, sizes
    parent.locator(".wishes .button--primary").click()
    expect(parent.locator("main")).to_contain_text("You gave wishes for")
    assert time.monotonic() - began < 120
    with browsing.turn():
        kept = list(WishSet.objects.filter(round=made))
        assert len(kept) == 2, "one for each child"
        assert all(said(row)[1] == ("Tue 15:30", "fine") and said(row)[-1][1] == "cannot" for row in kept)
    expect(parent.locator(f"input[name='{key('visit', THU)}'][value='cannot']")).to_be_checked()
    answer(parent, key("visit", THU), "fine")
    parent.locator(".wishes .button--primary").click()
    expect(parent.locator(f"input[name='{key('visit', THU)}'][value='fine']")).to_be_checked()
    with browsing.turn():
        assert all(said(row)[-1][1] == "fine" for row in WishSet.objects.filter(round=made))


def test_the_page_of_wishes_is_healthy_in_each_state(browsing: Browsing, cast: Cast) -> None:
    with browsing.turn():
        made = a_wish_round(cast, by_video=True)
    page = browsing.open(user=cast.user("guardian"))
    page.emulate_media(reduced_motion="reduce")
    look = Inspector(page, browsing.address)
    look.open(reverse("meetings:choose", args=[made.public_id]), "wishes")
    page.locator(".wish summary").first.click()
    look.inspect("half hours")
    answer(page, key("visit", TUE), "cannot")
    answer(page, key("visit", THU), "cannot")
    look.send(page.locator(".wishes .button--primary"), "wishes that never suit")
    look.open(reverse("meetings:own"), "own rounds")
    assert not look.faults


def test_a_family_asks_for_another_time_on_a_phone_and_the_office_moves_it(browsing: Browsing, cast: Cast) -> None:
    with browsing.turn():
        made = a_planned_round(cast)
        own, wanted = party(made, cast.child), slots(made, cast.five)[5]
    parent = browsing.open(user=cast.user("guardian"), phone=True)
    parent.goto(where(browsing, made))
    expect(parent.locator(".planned")).to_have_count(2)
    parent.locator(f"a[href='{reverse('meetings:ask', args=[own.public_id])}']").click()
    parent.locator(f"label:has(input[value='{wanted.public_id}'])").click()
    parent.locator("textarea[name=note]").fill("Ik werk tot half vier")
    parent.locator(".formpage__form .button--primary").click()
    expect(parent.locator("main")).to_contain_text("Ik werk tot half vier")
    office = browsing.open(user=cast.user("office"))
    office.goto(f"{browsing.address}{reverse('meetings:round', args=[made.school.public_id, made.public_id])}")
    office.locator("section[aria-labelledby=asks] a").click()
    office.locator("section[aria-labelledby=ask] .button--primary").click()
    expect(office.locator("section[aria-labelledby=ask]")).to_have_count(0)
    browsing.work()
    parent.goto(where(browsing, made))
    expect(parent.locator(".planned").nth(1)).to_contain_text("15:50")
    assert parent.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_pages_of_known_times_are_healthy(browsing: Browsing, cast: Cast) -> None:
    with browsing.turn():
        made = a_planned_round(cast)
        own, other = party(made, cast.child), party(made, cast.sibling)
        question = ask(cast, own, slot=slots(made, cast.five)[5])
        declined = ask(cast, other)
        decline_ask(by=cast.viewer("office"), ask=declined, answer="Alle andere tijden zijn bezet.")
        at = [made.school.public_id, made.public_id]
    page = browsing.open(user=cast.user("guardian"))
    page.emulate_media(reduced_motion="reduce")
    look = Inspector(page, browsing.address)
    look.open(reverse("meetings:choose", args=[made.public_id]), "known times")
    look.open(reverse("meetings:ask", args=[other.public_id]), "asking for another time")
    look.send(page.locator(".formpage__form .button--primary"), "asking for nothing")
    assert not look.faults
    page = browsing.open(user=cast.user("office"))
    page.emulate_media(reduced_motion="reduce")
    look = Inspector(page, browsing.address)
    look.open(reverse("meetings:round", args=at), "a round with a question")
    look.open(reverse("meetings:families", args=[*at, cast.five.public_id]), "families with a question")
    look.open(reverse("meetings:party", args=[*at, own.public_id]), "a family that asks")
    look.send(page.locator("form[action$='/decline/'] button"), "declined without a sentence")
    assert not look.faults
    assert question.state == "open"
