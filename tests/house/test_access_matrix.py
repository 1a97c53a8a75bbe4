"""Every address x everybody of the cast x GET and POST: the answers are those of access_table.py, and no others.

What was answered is kept, and searched for words that the role may not meet: canaries.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

import pytest
from allauth.account.internal.flows import login
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kring.core import views as core
from tests.cast import ROLES, Cast
from tests.house.access_table import TABLE, Line, May
from tests.house.canaries import WHO, plant
from tests.house.own_login_table import OWN_LOGIN
from tests.house.scene import Scene, build_scene
from tests.house.test_addresses import PUBLIC, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FIXED = {"number": "1", "year": "2026", "size": "400", "uid": "1", "key": "abc-def", "": ""}
# Reading writes nothing but these: the session, when it was last used, and the counters of rate limits.
MAY_WRITE = ("django_session", "usersessions_usersession", "core_cache")
# A method that an address does not take is refused before anything is looked up: three roles are enough to see it.
SOME = ["signed out", "guardian", "management"]


@pytest.fixture
def scene(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Everything there is, and error pages without their text: 404 is drawn some thousand times here."""
    monkeypatch.setattr(core, "_error", lambda request, status: HttpResponse(status=status))
    scene = build_scene(cast)
    plant(scene)
    return scene


def address_of(scene: Scene, line: Line) -> str:
    known = {**FIXED, **scene.ids}
    return reverse(line.name, args=[known[name] for name in line.about.split()])


def read_all(response: Any) -> None:
    """Read a file to its end, which closes it; a test that closes it itself closes PostgreSQL's connection too."""
    if response.streaming:
        list(response)


def ask(client: Client, method: str, address: str, data: dict[str, str]) -> Any:
    """Send one request and take back whatever it did, in the database and in the client."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        response = client.get(address, data) if method == "GET" else client.post(address, data)
        read_all(response)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return response


def said(response: Any) -> str:
    """Return in a word what the answer comes down to."""
    code = response.status_code
    if code in (403, 404, 405) or code >= 500:
        return str(code)
    if code == 302 and response["Location"].startswith("/account/login/?next="):
        return "sign in"
    return "through"


def bare(response: Any, role: str) -> list[str]:
    """Return which of the headers that every answer carries are missing (security.md, R23)."""
    headers = response.headers
    policy = headers.get("Content-Security-Policy", "")
    wanted = {
        "a content security policy": "default-src" in policy and "unsafe" not in policy,
        "no frames": "frame-ancestors 'none'" in policy or "sandbox" in policy,
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "a referrer policy": headers.get("Referrer-Policy") == "same-origin",
        "same-origin resources": headers.get("Cross-Origin-Resource-Policy") == "same-origin",
    }
    is_personal = role != "signed out" and response.status_code == 200 and "html" in headers.get("Content-Type", "")
    if is_personal and response.wsgi_request.path != reverse("core:offline"):
        wanted["no-store"] = "no-store" in headers.get("Cache-Control", "")
    return [name for name, is_there in wanted.items() if not is_there]


def promised(line: Line, cell: May | None, role: str) -> str:
    if role == "signed out" and line.name not in PUBLIC:
        return "sign in"
    if cell is None:
        return "405"
    if role in cell.yes:
        return "through"
    return "403" if role in cell.refused else "404"


@contextmanager
def writes() -> Iterator[list[str]]:
    """Collect the statements that change a table which reading may not change."""
    found: list[str] = []

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not any(table in sql for table in MAY_WRITE):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


def tour(scene: Scene, role: str, lines: list[Line]) -> tuple[list[str], str]:
    """Return what this role got that the table does not say, for every line and method; and all that was answered."""
    client, found, texts = scene.cast.client(role), [], []
    if role != "signed out":  # just now, so that nobody is asked to prove it again
        session = client.session
        session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"at": time.time(), "reauthenticated": True}]
        session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(scene.cast.user(role).pk)
        session.save()
    for line in lines:
        address = address_of(scene, line)
        data = {name: scene.ids.get(thing, thing) for name, thing in line.more.items()}
        for method, cell in (("GET", line.get), ("POST", line.post)):
            if cell is None and role not in SOME:
                continue
            with writes() as written:
                response = ask(client, method, address, data)
            got = said(response)
            texts.append(b"" if response.streaming else response.content)
            texts.append(str(response.headers).encode())
            wanted = promised(line, cell, role)
            if got != wanted:
                found.append(f"{method} {line.name} ({line.about}): {got}, promised {wanted}")
            missing = bare(response, role)
            if missing:
                found.append(f"{method} {line.name} ({line.about}) has not: {', '.join(missing)}")
            if method == "GET" and written:
                found.append(f"GET {line.name} ({line.about}) writes: {written[0][:120]}")
    return found, b"\n".join(texts).decode(errors="replace")


def test_the_table_names_every_address() -> None:
    named = {line.name for line in [*TABLE, *OWN_LOGIN]}
    assert named == {name for name, _pattern in addresses()}


def test_the_table_speaks_of_the_roles_of_the_cast_only() -> None:
    spoken = {role for line in TABLE for cell in (line.get, line.post) if cell for role in cell.yes | cell.refused}
    assert spoken <= set(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_where_the_table_says_and_nowhere_else(scene: Scene, role: str) -> None:
    found, text = tour(scene, role, TABLE)
    assert not found, "\n".join(found)
    met = {word for word in WHO if word in text}
    assert met == {word for word, roles in WHO.items() if role in roles}


@pytest.mark.parametrize("role", SOME)
def test_the_pages_of_ones_own_login(scene: Scene, role: str) -> None:
    for person in scene.cast.people.values():
        person.user.set_password("een lange zin als wachtwoord")  # type: ignore[union-attr]
        person.user.save()  # type: ignore[union-attr]
    found, _text = tour(scene, role, OWN_LOGIN)
    assert not found, "\n".join(found)
