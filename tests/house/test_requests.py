"""What a hostile page or address tries: forged forms, redirects away, another host's name, what error pages carry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django_tasks import default_task_backend

from kring.accounts.mails import send_invitation
from kring.posts.models import Reaction
from tests.cast import Cast
from tests.house.access_table import TABLE
from tests.house.scene import Scene, build_scene
from tests.house.test_access_matrix import address_of, ask, bare
from tests.house.test_addresses import addresses

pytestmark = pytest.mark.django_db
BACKEND = "kring.accounts.backends.Backend"
AWAY = [
    "https://kwaad.example.org/", "//kwaad.example.org/", "///kwaad.example.org", "/\\kwaad.example.org",
    "https:kwaad.example.org", "javascript:alert(1)", "http://localhost@kwaad.example.org/", "\t//kwaad.example.org",
    "data:text/html,x", "https:///kwaad.example.org",
]  # fmt: skip


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def strict(cast: Cast, role: str) -> Client:
    """Return a client that checks forms as a browser's would be."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.user(role), BACKEND)
    return client


# A mail program posts here without our cookie (RFC 8058); a signed token is what lets it turn off mail, and only that.
# So does a device whose browser gave it another address: no page is open then; a secret of the device lets it.
FROM_A_MAILBOX = {"notifications:unsubscribe", "notifications:device_renew"}


def test_no_address_is_left_out_of_the_check_on_forms() -> None:
    exempt = {name for name, pattern in addresses() if getattr(pattern.callback, "csrf_exempt", False)}
    assert exempt == FROM_A_MAILBOX


def test_a_form_without_our_token_is_refused_at_every_address(scene: Scene) -> None:
    client = strict(scene.cast, "management")
    for line in TABLE:
        if line.post is not None and "management" in line.post.yes and line.name not in FROM_A_MAILBOX:
            assert (line.name, ask(client, "POST", address_of(scene, line), {}).status_code) == (line.name, 403)


def test_the_same_form_with_our_token_from_our_page_counts_and_from_another_origin_does_not(scene: Scene) -> None:
    client = strict(scene.cast, "guardian")
    heart = reverse("posts:react", args=[scene.ids["post"]])
    client.get(reverse("posts:read", args=[scene.ids["post"]]))
    token = {"csrfmiddlewaretoken": client.cookies["kring_csrf"].value}
    assert client.post(heart, token, headers={"origin": "https://kwaad.example.org"}).status_code == 403
    assert not Reaction.objects.exists()
    assert client.post(heart, token, headers={"origin": "http://testserver"}).status_code == 302
    assert Reaction.objects.count() == 1


def test_nobody_is_signed_in_by_a_form_of_another_site(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/account/login/", {"login": "a@example.org", "password": "x"}).status_code == 403


def by_language(scene: Scene, next_: str) -> Any:
    return Client().post(reverse("accounts:language"), {"language": "en", "next": next_})


def by_signing_in(scene: Scene, next_: str) -> Any:
    user = scene.cast.user("class_parent")  # without a second step
    user.set_password("een lange zin als wachtwoord")
    user.save()
    fields = {"login": user.email, "password": "een lange zin als wachtwoord", "next": next_}
    return Client().post("/account/login/", fields)


def by_signing_out(scene: Scene, next_: str) -> Any:
    return scene.cast.client("guardian").post("/account/logout/", {"next": next_})


def by_a_photo(scene: Scene, next_: str) -> Any:
    address = reverse("photos:describe", args=[scene.ids["post.photo"]])
    return scene.cast.client("teacher").post(address, {"alt": "Bos", "next": next_})


def by_where_it_came_from(scene: Scene, next_: str) -> Any:
    return scene.cast.client("guardian").post(reverse("posts:seen"), headers={"referer": next_.strip()})


@pytest.mark.parametrize("way", [by_language, by_signing_in, by_signing_out, by_a_photo, by_where_it_came_from])
def test_no_answer_sends_a_reader_to_another_site(scene: Scene, way: Callable[[Scene, str], Any]) -> None:
    for next_ in AWAY:
        answer = way(scene, next_)
        assert (next_, answer.status_code) == (next_, 302)
        where = answer.headers["Location"]
        assert (next_, where[:1], where[:2] in ("//", "/\\"), "kwaad" in where) == (next_, "/", False, False)


def test_a_word_that_is_no_address_leads_somewhere_on_this_site(scene: Scene) -> None:
    assert by_language(scene, "zomaar").status_code == 302


@pytest.mark.parametrize("way", [by_language, by_signing_in, by_a_photo])
def test_a_place_of_our_own_is_gone_back_to(scene: Scene, way: Callable[[Scene, str], Any]) -> None:
    assert way(scene, "/more/").headers["Location"].startswith("/more/")


@pytest.mark.parametrize("header", ["x-forwarded-host", "forwarded", "x-forwarded-server", "x-host"])
def test_an_invitation_carries_our_address_whatever_the_request_says(scene: Scene, header: str) -> None:
    cast = scene.cast
    default_task_backend.clear()
    address = reverse("accounts:invite_one", args=[scene.ids["school"], scene.ids["newcomer"]])
    evil = "kwaad.example.org"
    answer = cast.client("office").post(address, headers={header: f"host={evil}" if header == "forwarded" else evil})
    assert answer.status_code == 302
    made = [r.args[0] for r in default_task_backend.results if r.task.func.__name__ == "send_invitation"]
    send_invitation.call(*made)
    assert evil not in mail.outbox[0].body
    assert "http://localhost:8000/account/invitation/" in mail.outbox[0].body


def test_a_host_that_is_not_ours_gets_nothing(db: None) -> None:
    assert Client().get("/account/login/", headers={"host": "kwaad.example.org"}).status_code == 400
    assert Client().get("/account/login/", headers={"host": "localhost"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("GET", "/posts/abc/", 404), ("POST", "/posts/{post}/edit/", 403), ("GET", "/search/?q=%00", 400)],
)
def test_error_pages_carry_the_same_headers_and_are_kept_nowhere(
    scene: Scene, method: str, address: str, status: int
) -> None:
    client = scene.cast.client("guardian")
    answer = client.generic(method, address.format(**scene.ids))
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] in ("no-store", "private, no-store")
    assert bare(answer, "guardian") == []


def test_no_address_leads_to_the_folder_with_files(scene: Scene) -> None:
    client = scene.cast.client("management")
    for address in ("/files/", "/media/", "/var/files/", "/static/../files/", "/photos/", "/documents/"):
        assert client.get(address).status_code == 404


def test_what_signed_in_people_get_never_reaches_a_shared_cache(scene: Scene) -> None:
    client, ids = scene.cast.client("guardian"), scene.ids
    picture = client.get(reverse("photos:rendition", args=[ids["post.photo"], 400]))
    paper = client.get(reverse("posts:document", args=[ids["post.document"]]))
    for answer in (picture, paper):
        list(answer)
    assert picture.headers["Cache-Control"] == "private, no-cache"
    assert picture.headers["ETag"]
    assert paper.headers["Cache-Control"] == "private, no-store"
    assert paper.headers["Content-Disposition"].startswith("attachment")
