"""A push message in a real browser: the service worker shows it, and nothing but what it says."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_page_offers_notifications_and_the_device_shows_one_for_each_subject(browsing, cast):
    page = browsing.open(phone=True, user=cast.user("teacher"))
    page.context.grant_permissions(["notifications"], origin=browsing.address)
    page.goto(f"{browsing.address}/devices/")
    expect(page.locator("[data-push-state=off]")).to_be_visible()
    for other in ("on", "blocked", "install", "unsupported", "failed"):
        expect(page.locator(f"[data-push-state={other}]")).to_be_hidden()

    tools, found = page.context.new_cdp_session(page), []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for body in ("Nieuw bericht van Groep 5", "2 nieuwe berichten"):
        told = {"title": "De Beuk", "body": body, "url": "/inbox/", "tag": "same", "lang": "nl"}
        tools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": browsing.address, "registrationId": found[-1], "data": json.dumps(told).ljust(1200)},
        )
        page.wait_for_timeout(1000)
    shown = page.evaluate(
        "navigator.serviceWorker.ready.then(one => one.getNotifications())"
        ".then(all => all.map(one => [one.title, one.body, one.data.url]))"
    )
    assert shown == [["De Beuk", "2 nieuwe berichten", "/inbox/"]]
