"""Who works at a school hears by mail that her login was used on a device that is new."""

from __future__ import annotations

import pytest
from django.core import signing
from django.test import Client

from kring.accounts.devices import COOKIE, SALT
from tests.accounts.conftest import PASSWORD, Post, sign_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db
FIREFOX = {"User-Agent": "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"}


def come_in(cast: Cast, name: str, client: Client | None = None) -> Client:
    user, client = cast.user(name), client or Client()
    user.set_password(PASSWORD)
    user.save()
    sign_in(client, email=user.email, headers=FIREFOX)
    assert client.session["_auth_user_id"] == str(user.pk)
    return client


def told(post: Post) -> list[str]:
    return [to for subject, _body, to in post.mails if "nieuw toestel" in subject]


def test_a_colleague_is_told_once_for_each_device(cast: Cast, post: Post) -> None:
    client = come_in(cast, "duo")
    assert told(post) == ["duo@example.org"]
    body = post.mails[0][1]
    assert "Firefox, Android" in body
    assert "24 november, 10.00" in body
    client.post("/account/logout/")
    come_in(cast, "duo", client)
    assert told(post) == ["duo@example.org"]
    come_in(cast, "duo")
    assert told(post) == ["duo@example.org"] * 2


@pytest.mark.parametrize(("name", "is_told"), [("guardian", False), ("class_parent", False), ("office", True)])
def test_parents_are_not_told(cast: Cast, post: Post, name: str, is_told: bool) -> None:
    come_in(cast, name)
    assert bool(told(post)) is is_told


def test_a_shared_computer_knows_several_colleagues(cast: Cast, post: Post) -> None:
    client = Client()
    for name in ("duo", "office", "duo", "office"):
        come_in(cast, name, client)
        client.post("/account/logout/")
    assert told(post) == ["duo@example.org", "office@example.org"]


@pytest.mark.parametrize(
    "value",
    ["", "nonsense", signing.dumps("no list", salt=SALT), signing.dumps([1], salt="x")],
    ids=["empty", "nonsense", "no list", "of another salt"],
)
def test_a_cookie_that_is_not_ours_counts_as_none(cast: Cast, post: Post, value: str) -> None:
    client = Client()
    client.cookies[COOKIE] = value
    come_in(cast, "duo", client)
    assert told(post) == ["duo@example.org"]
