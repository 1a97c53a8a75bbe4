"""A push message in a real browser: the service worker shows it, and nothing but what it says."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from kring.notifications.channels import vapid
from kring.notifications.models import PushSubscription
from tests.cast import NOW

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


CHANGED = """(before) => new Promise((done) => {
  const told = new Event("pushsubscriptionchange");
  told.oldSubscription = before.has_old ? { toJSON: () => before.old, options: {} } : null;
  told.newSubscription = { toJSON: () => before.fresh, unsubscribe: () => done("stopped") };
  told.waitUntil = (work) => work.then(() => done("renewed"), (problem) => done(String(problem)));
  self.dispatchEvent(told);
})"""
KEPT = """async (kept) => {
  await (await caches.open("kring-device")).put("/devices/renew/", new Response(JSON.stringify(kept)));
}"""


@pytest.mark.parametrize("has_old", [True, False], ids=["the browser says the old one", "only the app knows it"])
def test_a_device_that_gets_another_address_tells_the_server(browsing, cast, settings, tmp_path, has_old):
    settings.VAPID_KEY_FILE = tmp_path / "vapid"
    address = "https://fcm.googleapis.com/fcm/send/"
    old = {"endpoint": f"{address}old", "keys": {"p256dh": vapid.public_key(), "auth": "A" * 22}}
    fresh = {"endpoint": f"{address}new", "keys": {"p256dh": vapid.public_key(), "auth": "B" * 22}}
    user = cast.user("guardian")
    with browsing.turn():
        device = PushSubscription.objects.create(
            user=user, endpoint=old["endpoint"], **old["keys"], label="Chrome", session_key="x",
            session_epoch=user.session_epoch, made_at=NOW, seen_at=NOW,
        )  # fmt: skip
    page = browsing.open(phone=True, user=user)
    page.goto(f"{browsing.address}/devices/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    (worker,) = page.context.service_workers
    if not has_old:
        worker.evaluate(KEPT, old)
    assert worker.evaluate(CHANGED, {"old": old, "fresh": fresh, "has_old": has_old}) == "renewed"
    with browsing.turn():
        device.refresh_from_db()
    assert (device.endpoint, device.auth) == (fresh["endpoint"], "B" * 22)
    stranger = {"old": fresh | {"keys": old["keys"]}, "fresh": old, "has_old": True}
    browsing.expected.add(410)
    assert worker.evaluate(CHANGED, stranger) == "stopped", "who does not know the secret stops"
