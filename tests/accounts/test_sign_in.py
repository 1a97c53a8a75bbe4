"""Signing in: the ways, the limits, and what a stranger can learn (nothing)."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from kring.core.models import Installation
from kring.people.models import User
from tests.accounts.conftest import PASSWORD, Post, sign_in

pytestmark = pytest.mark.django_db


def shape(text: str) -> str:
    """Return a page without what differs by nature: tokens and the typed address."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    return re.sub(r"[\w.]+@example\.org", "ADDRESS", text)


def test_address_and_password_sign_in(client: Client, user: User) -> None:
    answer = sign_in(client)
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_keeps_the_address_and_says_so(client: Client, user: User) -> None:
    answer = sign_in(client, password="wrong")
    assert answer.status_code == 200
    assert 'value="iemand@example.org"' in answer.content.decode()


def test_a_wrong_password_looks_the_same_for_an_unknown_address(user: User) -> None:
    known, unknown = sign_in(Client(), password="wrong"), sign_in(Client(), email="niemand@example.org")
    assert known.status_code == unknown.status_code
    assert shape(known.content.decode()) == shape(unknown.content.decode())


def test_a_mailed_code_signs_in(client: Client, user: User, post: Post) -> None:
    answer = client.post("/account/login/code/", {"email": user.email})
    assert answer.status_code == 302
    code = re.search(r"\b\d{6}\b", post.mails[0][1])
    assert code
    client.post("/account/login/code/confirm/", {"code": code[0]})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_asking_a_code_looks_the_same_for_an_unknown_address(user: User, post: Post) -> None:
    pages = []
    for email in (user.email, "niemand@example.org"):
        client = Client()
        answer = client.post("/account/login/code/", {"email": email})
        pages.append((answer.status_code, answer.url, shape(client.get(answer.url).content.decode())))
    assert pages[0] == pages[1]
    assert len(post.mails) == 2
    assert not re.search(r"\b\d{6}\b", post.mails[1][1])


def test_asking_a_reset_looks_the_same_for_an_unknown_address(user: User, post: Post) -> None:
    pages = []
    for email in (user.email, "niemand@example.org"):
        client = Client()
        answer = client.post("/account/password/reset/", {"email": email})
        pages.append((answer.status_code, answer.url, shape(client.get(answer.url).content.decode())))
    assert pages[0] == pages[1]


def reset_link(client: Client, user: User, post: Post, **extra: str) -> str:
    client.post("/account/password/reset/", {"email": user.email}, **extra)
    found = re.search(r"https?://\S+/password/reset/key/\S+", post.mails[-1][1])
    assert found
    return found[0]


def test_a_reset_link_works_once_and_ends_other_sessions(client: Client, user: User, post: Post) -> None:
    other = Client()
    sign_in(other)
    epoch = user.session_epoch
    path = re.sub(r"^https?://[^/]+", "", reset_link(client, user, post))
    page = client.get(path)
    new = "een heel andere lange zin"
    answer = client.post(page.url, {"password1": new, "password2": new})
    assert answer.status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)
    assert user.session_epoch == epoch + 1
    assert other.get("/account/").status_code == 302
    assert Client().get(path).status_code == 410
    assert any("password" in body or "wachtwoord" in body for _subject, body, to in post.mails[1:] if to == user.email)


def test_a_reset_link_dies_after_an_hour(
    client: Client, user: User, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = re.sub(r"^https?://[^/]+", "", reset_link(client, user, post))
    assert client.get(path).status_code == 302
    import datetime

    import time_machine

    from tests.cast import NOW

    with time_machine.travel(NOW + datetime.timedelta(minutes=61)):
        assert Client().get(path).status_code == 410


@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED"])
def test_a_poisoned_host_never_reaches_the_mail(client: Client, user: User, post: Post, header: str) -> None:
    client.post("/account/password/reset/", {"email": user.email}, **{header: "evil.example"})
    assert all("evil" not in body for _subject, body, _to in post.mails)


def test_the_link_comes_from_the_settings_even_for_another_allowed_host(
    client: Client, user: User, post: Post, settings: object
) -> None:
    settings.BASE_URL = "https://kring.example.org"  # type: ignore[attr-defined]
    assert reset_link(client, user, post, HTTP_HOST="localhost").startswith("https://kring.example.org/")


def test_a_thousand_guesses_from_fifty_addresses_are_hardly_looked_at(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = []
    monkeypatch.setattr(User, "check_password", lambda self, raw: looked_at.append(raw) or False)
    for number in range(200):
        sign_in(Client(), password=f"guess {number}", REMOTE_ADDR=f"10.0.0.{number % 50}")
    assert len(looked_at) <= 20


def test_the_second_allowed_host_gives_no_second_set_of_guesses(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []
    monkeypatch.setattr(User, "check_password", lambda self, raw: looked_at.append(raw) or False)
    for number in range(20):
        sign_in(Client(), password=f"guess {number}", HTTP_HOST=["localhost", "127.0.0.1"][number % 2])
    assert len(looked_at) == 5


def test_too_many_codes_is_a_429_in_our_own_words(user: User) -> None:
    answers = [Client().post("/account/login/code/", {"email": user.email}).status_code for _time in range(4)]
    assert answers == [302, 302, 302, 429]


@pytest.mark.parametrize("path", ["/account/signup/", "/account/2fa/webauthn/signup/", "/account/3rdparty/"])
def test_nobody_signs_up(client: Client, path: str, db: None) -> None:
    assert client.get(path).status_code in {302, 404}
    before = User.objects.count()
    client.post(path, {"email": "nieuw@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.count() == before


def test_demo_accounts_stand_at_the_door_of_a_demo_only(client: Client, db: None) -> None:
    assert client.get("/account/login/").context["is_demo"] is False
    Installation.objects.create(pk=1, is_demo=True)
    assert client.get("/account/login/").context["is_demo"] is True


def test_signing_out_lets_the_browser_forget(client: Client, user: User) -> None:
    sign_in(client)
    answer = client.post("/account/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/account/").status_code == 302


def test_a_closed_login_gets_in_nowhere(client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    sign_in(client)
    assert "_auth_user_id" not in client.session


def totp(secret: str) -> str:
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


def test_a_second_step_stands_between_password_and_kring(client: Client, user: User) -> None:
    sign_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert client.post(reverse("mfa_activate_totp"), {"code": totp(secret)}).status_code == 302
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    again = Client()
    assert sign_in(again).url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in again.session
    time.sleep(0)
    from django.core.cache import cache

    cache.clear()  # a code counts once; the next half minute has not come yet
    assert again.post(reverse("mfa_authenticate"), {"code": totp(secret)}).status_code == 302
    assert again.session["_auth_user_id"] == str(user.pk)


def test_the_secret_of_the_app_is_locked_in_the_database(client: Client, user: User) -> None:
    from allauth.mfa.models import Authenticator

    sign_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": totp(secret)})
    assert secret not in str(list(Authenticator.objects.values()))
