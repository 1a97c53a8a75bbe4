"""Notifications on a device: added, seen, taken away, and gone with its session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from kring.accounts.actions.profile import end_session, set_password
from kring.notifications import jobs
from kring.notifications.actions.devices import EACH
from kring.notifications.channels import vapid
from kring.notifications.devices import with_device
from kring.notifications.models import PushSubscription
from kring.people.models import User
from tests.cast import NOW, Cast
from tests.notifications.push_service import PushService

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"
AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    settings.VAPID_KEY_FILE = tmp_path / "vapid"


def sent(endpoint: str = ENDPOINT, **changed: str) -> dict[str, str]:
    return {"endpoint": endpoint, "p256dh": vapid.public_key(), "auth": "A" * 22} | changed


def turned_on(cast: Cast, role: str = "guardian", endpoint: str = ENDPOINT):
    client = cast.client(role)
    assert client.post("/devices/", sent(endpoint), headers={"user-agent": AGENT}).status_code == 302
    return client


def test_a_device_belongs_to_who_is_signed_in_and_says_what_it_is(cast):
    client = turned_on(cast)
    device = PushSubscription.objects.get()
    assert device.user == cast.user("guardian")
    assert device.session_key == client.session.session_key
    assert device.label == "Chrome, Android"
    assert with_device([device.user_id, cast.user("teacher").pk]) == {device.user_id}
    page = client.get("/devices/").content.decode()
    assert "Chrome, Android" in page
    assert vapid.public_key() in page
    assert ENDPOINT not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://127.0.0.1:8000/x"},
        {"endpoint": "https://127.0.0.1/x"},
        {"endpoint": "https://push.example.org/x"},
        {"endpoint": ""},
        {"p256dh": "AAAA"},
        {"auth": "AAAA"},
    ],
)
def test_an_address_or_key_that_is_none_is_refused_in_words(cast, wrong):
    answer = cast.client("guardian").post("/devices/", sent(**wrong))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not PushSubscription.objects.exists()


def test_nobody_can_be_subscribed_by_somebody_else(cast):
    client = cast.client("guardian")
    client.post("/devices/", sent(user=str(cast.user("teacher").pk), user_id="1"))
    assert PushSubscription.objects.get().user == cast.user("guardian")


def test_a_browser_that_somebody_else_uses_now_tells_her_only(cast):
    turned_on(cast, "guardian")
    turned_on(cast, "teacher")
    assert PushSubscription.objects.get().user == cast.user("teacher")


def test_of_too_many_devices_the_one_that_was_silent_longest_gives_way(cast):
    for number in range(EACH + 1):
        turned_on(cast, endpoint=f"{ENDPOINT}{number}")
    assert PushSubscription.objects.count() == EACH
    assert not PushSubscription.objects.filter(endpoint=f"{ENDPOINT}0").exists()


def test_signing_out_ends_the_device_of_that_session_and_no_other(cast):
    client, _other = turned_on(cast, endpoint=f"{ENDPOINT}1"), turned_on(cast, endpoint=f"{ENDPOINT}2")
    client.post("/account/logout/")
    assert [device.endpoint for device in PushSubscription.objects.all()] == [f"{ENDPOINT}2"]


def test_ending_a_session_from_elsewhere_ends_its_device(cast):
    client, user = turned_on(cast), cast.user("guardian")
    session = UserSession.objects.create(
        user=user, session_key=client.session.session_key, ip="192.0.2.1", user_agent=AGENT
    )
    end_session(by=cast.viewer("guardian"), session_id=session.pk)
    assert not PushSubscription.objects.exists()


def test_signing_out_everywhere_else_ends_the_devices_there(cast):
    away, here = turned_on(cast, endpoint=f"{ENDPOINT}1"), turned_on(cast, endpoint=f"{ENDPOINT}2")
    for client in (away, here):
        UserSession.objects.get_or_create(
            session_key=client.session.session_key, defaults={"user": cast.user("guardian"), "ip": "192.0.2.1"}
        )
    here.post("/account/sessions/")
    assert [device.endpoint for device in PushSubscription.objects.all()] == [f"{ENDPOINT}2"]


def test_a_new_password_ends_all_devices_until_she_signs_in_there_again(cast):
    turned_on(cast)
    user = cast.user("guardian")
    set_password(by=cast.viewer("guardian"), user=user, password="een-nieuw-wachtwoord-9")
    assert with_device([user.pk]) == set()
    user.refresh_from_db()
    cast.people["guardian"].refresh_from_db()
    again = cast.client("guardian")
    assert again.post("/devices/seen/", {"endpoint": ENDPOINT}).status_code == 204
    assert with_device([user.pk]) == {user.pk}


def test_a_session_that_runs_out_by_itself_leaves_the_device_on(cast):
    client = turned_on(cast, "teacher")
    client.session.flush()
    assert with_device([cast.user("teacher").pk]) == {cast.user("teacher").pk}


def test_a_device_that_was_taken_away_hears_that_it_must_stop(cast):
    client = turned_on(cast)
    device = PushSubscription.objects.get()
    cast.client("guardian").post(f"/devices/{device.public_id}/remove/")
    assert not PushSubscription.objects.exists()
    assert client.post("/devices/seen/", {"endpoint": ENDPOINT}).status_code == 410


def test_a_device_that_somebody_else_signs_in_on_stops(cast):
    turned_on(cast, "guardian")
    assert cast.client("teacher").post("/devices/seen/", {"endpoint": ENDPOINT}).status_code == 410
    assert not PushSubscription.objects.exists()


def test_the_devices_of_ended_sessions_are_forgotten_after_a_week(cast):
    turned_on(cast)
    User.objects.filter(pk=cast.user("guardian").pk).update(session_epoch=5)
    assert jobs.forget_dead_devices() == 0
    PushSubscription.objects.update(seen_at=NOW - timedelta(8))
    assert jobs.forget_dead_devices() == 1


NEW = "https://fcm.googleapis.com/fcm/send/new"


def renewal(**changed: str) -> dict[str, str]:
    return sent(NEW, old=ENDPOINT, old_auth="A" * 22, auth="B" * 22) | changed


def test_a_device_that_its_browser_gives_another_address_goes_on_without_a_session(cast):
    turned_on(cast)
    before = PushSubscription.objects.get()
    strict = Client(enforce_csrf_checks=True)
    for _ in range(2):  # the answer got lost, and it asks again
        assert strict.post("/devices/renew/", renewal()).status_code == 204
    device = PushSubscription.objects.get()
    assert (device.pk, device.user, device.session_key) == (before.pk, cast.user("guardian"), before.session_key)
    assert (device.endpoint, device.auth) == (NEW, "B" * 22)


@pytest.mark.parametrize(
    "wrong",
    [
        {"old_auth": "C" * 22},
        {"old_auth": ""},
        {"old": f"{ENDPOINT}9"},
        {"endpoint": "https://push.example.org/x"},
        {"endpoint": "http://127.0.0.1:8000/x"},
        {"endpoint": ""},
        {"p256dh": "AAAA"},
        {"auth": "AAAA"},
        {"auth": ""},
    ],
    ids=str,
)
def test_without_the_secret_of_the_device_or_with_an_address_that_is_none_nothing_changes(cast, wrong):
    turned_on(cast)
    assert Client().post("/devices/renew/", renewal(**wrong)).status_code == 410
    assert PushSubscription.objects.get().endpoint == ENDPOINT


def test_an_ended_login_renews_no_device(cast):
    turned_on(cast)
    User.objects.filter(pk=cast.user("guardian").pk).update(session_epoch=5)
    assert Client().post("/devices/renew/", renewal()).status_code == 410


def test_a_new_address_that_was_turned_on_by_hand_meanwhile_stands_once(cast):
    turned_on(cast)
    turned_on(cast, endpoint=NEW)
    assert Client().post("/devices/renew/", renewal()).status_code == 204
    assert [device.endpoint for device in PushSubscription.objects.all()] == [NEW]


@pytest.mark.parametrize("count", [0, 5])
def test_the_page_costs_as_many_queries_with_devices_as_without(cast, django_assert_max_num_queries, count):
    client = cast.client("guardian")
    for number in range(count):
        client.post("/devices/", sent(f"{ENDPOINT}{number}"))
    client.get("/devices/")
    with django_assert_max_num_queries(10):
        client.get("/devices/")


def test_the_invented_devices_of_these_tests_are_whole(cast, settings):
    service = PushService()
    settings.PUSH_ORIGINS = [service.origin]
    assert service.subscribe(cast.user("guardian")).made_at <= timezone.now()
    service.stop()
