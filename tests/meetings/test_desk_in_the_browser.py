"""The office plans a round at once on a screen, changes it by hand, makes it known on a phone, and a parent sees it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from kring.meetings.actions import block, planning
from kring.meetings.models import Booking, PlanRun, Slot
from kring.meetings.rules import RunState
from tests.browsing import Browsing
from tests.cast import Cast
from tests.health import Inspector
from tests.meetings.made_plans import wish
from tests.meetings.planning import THURSDAY, a_round, party, session, slots

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def runs(browsing: Browsing, **values: Any) -> None:
    """Let the search that waits be under way."""
    with browsing.turn():
        PlanRun.objects.filter(state=RunState.QUEUED).update(state=RunState.RUNNING, **values)


def fits(page: Page) -> bool:
    page.set_viewport_size({"width": 390, "height": 844})
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def two_searches(browsing: Browsing, office: Page) -> None:
    """Let one plan be made whole, and stop the second."""
    office.locator(".planall a").click()
    office.locator(".planstart .button--primary").click()
    bar = office.locator("progress.planbar")
    expect(bar).to_have_attribute("value", "0")
    runs(browsing, progress=400)
    expect(bar).to_have_attribute("value", "400")
    browsing.work()
    expect(office.locator("#plans tbody tr")).to_have_count(1)
    expect(bar).to_have_count(0)
    office.locator(".planstart .button--primary").click()
    expect(bar).to_be_visible()
    runs(browsing, progress=200)
    office.locator("form[action$='/stop/'] button").click()
    expect(office.locator("form[action$='/stop/'] button")).to_have_count(0)
    browsing.work()
    expect(office.locator("#plans tbody tr")).to_have_count(2)


def by_hand(browsing: Browsing, office: Page, child: str, kept: Slot) -> str | None:
    """Move a child to another time, with a conflict shown, lock it, and plan the rest again; return the moment."""
    office.locator("#plans tbody th a").first.click()
    office.locator(".planline a", has_text=child).click()
    stopped = office.locator(".planline--fault", has=office.locator("time", has_text=f"{kept.starts_at:%M}")).first
    expect(stopped).to_be_visible()
    expect(stopped.locator("button")).to_have_count(0)
    free = office.locator(".planline:not(.planline--fault) button").last
    chosen = free.get_attribute("value")
    free.click()
    line = office.locator(".planline", has_text=child)
    line.locator("button[name=lock]").click()
    expect(line.locator("button[name=free]")).to_be_visible()
    office.locator(".planstart .button").click()
    expect(office.locator("progress.planbar")).to_be_visible()
    browsing.work()
    expect(office.locator("#plans tbody tr")).to_have_count(3)
    return chosen


def test_from_the_first_search_to_the_time_a_parent_sees(
    browsing: Browsing, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = planning.plan_round
    monkeypatch.setattr(planning, "plan_round", lambda given, *, seconds, **more: search(given, moves=3000, **more))
    with browsing.turn():
        made = a_round(cast, filling="school", sessions=[session(), session(THURSDAY)])
        own = party(made, cast.child)
        for moment in slots(made, cast.five)[:6]:
            wish(own, moment)
        kept = slots(made, cast.five)[8]
        block(by=cast.viewer("office"), slot=kept)
        place = [cast.school.public_id, made.public_id]
    office = browsing.open(user=cast.user("office"))
    phone = browsing.open(user=cast.user("management"), phone=True)
    for one in (office, phone):
        one.emulate_media(reduced_motion="reduce")
    look, eyes = Inspector(office, browsing.address), Inspector(phone, browsing.address)
    look.open(reverse("meetings:round", args=place), "a round that the school fills")
    two_searches(browsing, office)
    look.open(reverse("meetings:plans", args=place), "plans beside each other")
    chosen = by_hand(browsing, office, cast.child.name, kept)
    with browsing.turn():
        last = PlanRun.objects.order_by("-pk")[0]
        stays = last.planned.get(party=own)
        assert (stays.slot.public_id, stays.is_locked, stays.by_hand) == (chosen, True, True)
        where = [*place, last.public_id]
    pages = {
        "plans": place, "whole_plan": where, "move_time": [*where, own.public_id], "publish_plan": where,
    }  # fmt: skip
    for name, keys in pages.items():
        eyes.open(reverse(f"meetings:{name}", args=keys), f"{name} on a phone")
        assert fits(phone), name
    look.open(reverse("meetings:whole_plan", args=where) + "?by=day", "a plan by day")
    if phone.locator("input[name=confirmed]").count():
        phone.locator("input[name=confirmed]").check()
    phone.locator("form[action$='/publish/'] .button--primary").click()
    expect(phone.locator(".planall")).to_be_visible()
    with browsing.turn():
        booking = Booking.objects.get(party=own)
        assert booking.slot.public_id == chosen
        hour = f"{booking.starts_at.astimezone(cast.school.zone):%H:%M}"
    parent = browsing.open(user=cast.user("guardian"), phone=True)
    parent.goto(f"{browsing.address}{reverse('meetings:choose', args=[made.public_id])}")
    expect(parent.locator("main").get_by_text(hour).first).to_be_visible()
    look.open(reverse("meetings:plans", args=place), "after it is known")
    assert not (look.faults + eyes.faults), "\n".join(look.faults + eyes.faults)


def test_without_script_a_plan_is_begun_looked_at_and_stopped(browsing: Browsing, cast: Cast) -> None:
    with browsing.turn():
        made = a_round(cast, cast.five, filling="school")
    office = browsing.open(user=cast.user("office"), script=False)
    office.goto(f"{browsing.address}{reverse('meetings:plans', args=[cast.school.public_id, made.public_id])}")
    office.locator(".planstart .button--primary").click()
    office.locator("noscript a, a.button--quiet", has_text="Look how far").or_(
        office.get_by_text("Kijk hoe ver het is")
    ).first.click()
    expect(office.locator("progress.planbar")).to_be_visible()
    office.locator("form[action$='/stop/'] button").click()
    expect(office.locator("progress.planbar")).to_have_count(0)
