"""Open pages and the real server: one whose owner lost what she was is let go, her colleague's stays; two processes."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest

from scripts.find_postgres import LOCAL
from tests.cast import NOW
from tests.core.test_server_process import Server
from tests.core.test_worker_process import House
from tests.moved_house import SIGN_IN, MovedHouse

ENDED = b"\r\n0\r\n\r\n"
MAKE = """
import json
from tests.cast import build_cast
cast = build_cast()
print("FOUND" + json.dumps({role: cast.user(role).pk for role in ("guardian", "class_parent", "teacher", "duo")}))
"""
END = """
from datetime import timedelta
from django.utils import timezone
from kring.people.actions import end_guardianship, end_role
from kring.people.models import Guardianship, TeamRole, User
from kring.people.viewers import viewer_for
office = viewer_for(User.objects.get(email="office@example.org"), now=timezone.now())
yesterday = timezone.now().date() - timedelta(1)
for link in Guardianship.objects.filter(person__user__email="guardian@example.org"):
    end_guardianship(by=office, guardianship=link, ends_on=yesterday)
for role in TeamRole.objects.filter(person__user__email="teacher@example.org"):
    end_role(by=office, role=role, ends_on=yesterday)
"""


class OpenPage:
    """A page that listens, as the wire sees it."""

    def __init__(self, port: int, key: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        head = "GET /live/ HTTP/1.1\r\nHost: localhost\r\nHX-Request: true\r\nX-Kring-By-Itself: yes\r\n"
        self.socket.sendall(f"{head}Cookie: kring_session={key}\r\n\r\n".encode())
        self.heard = b""
        assert self.hears(b": hello\n\n", 30)

    def hears(self, piece: bytes, seconds: float) -> bool:
        """Say whether `piece` came within so many seconds."""
        until = time.monotonic() + seconds
        while piece not in self.heard:
            self.socket.settimeout(max(until - time.monotonic(), 0.01))
            try:
                self.heard += self.socket.recv(65536)
            except TimeoutError:
                return False
        return True


@pytest.fixture
def moved(tmp_path: Path) -> Iterator[MovedHouse]:
    house = MovedHouse(tmp_path)
    try:
        yield house
    finally:
        house.stop()


def test_within_a_minute_after_the_end_of_a_role_or_guardianship_the_page_is_let_go(moved: MovedHouse) -> None:
    moved.at(NOW)
    users = moved.shell(MAKE)
    keys = {role: moved.shell(SIGN_IN.format(pk=pk)) for role, pk in users.items()}
    moved.serve()
    pages = {role: OpenPage(moved.port, key) for role, key in keys.items()}
    moved.shell(END)
    moved.at(NOW + timedelta(minutes=3))  # any moment on which the next look is due
    began = time.monotonic()
    for role in ("guardian", "teacher"):
        assert pages[role].hears(ENDED, 20), role
    assert time.monotonic() - began < 20, "twenty seconds between two looks, and a few for the look itself"
    for role in ("class_parent", "duo"):
        assert not pages[role].hears(ENDED, 3), role
    moved.at(NOW + timedelta(minutes=4))
    for role in ("class_parent", "duo"):
        pages[role].heard = b""
        assert pages[role].hears(b": \n\n", 20), f"{role} is still there"


class PostgresHouse(House):
    """A house on a fresh database of PostgreSQL."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = url
        super().__init__(folder)

    def manage(self, *arguments: str) -> None:
        self.env["DATABASE_URL"] = self.url
        super().manage(*arguments)


@pytest.fixture
def on_postgres(tmp_path: Path) -> Iterator[Server]:
    base, name = os.environ.get("KRING_TEST_DATABASE_URL") or LOCAL, f"kring_live_{token_hex(4)}"
    try:
        admin = psycopg.connect(base, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip("PostgreSQL does not answer")
    with admin:
        admin.execute(f"CREATE DATABASE {name}")
    server = Server(PostgresHouse(tmp_path, f"{base.rsplit('/', 1)[0]}/{name}"))
    yield server
    with suppress(ProcessLookupError):
        os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()
    with psycopg.connect(base, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_on_postgres_a_page_hears_what_another_process_committed_and_not_what_it_rolled_back(
    on_postgres: Server,
) -> None:
    page = OpenPage(on_postgres.port, on_postgres.known["session"])
    own = on_postgres.known["user"]
    give = (
        "from django.db import transaction; from kring.notifications.live import hint; "
        "from kring.notifications.notices import InboxChanged; "
    )
    on_postgres.shell(
        f"{give}\ntry:\n  with transaction.atomic():\n    hint(InboxChanged, 'u{own}'); 1 / 0\n"
        "except ZeroDivisionError: pass"
    )
    assert not page.hears(b"data: ", 2)
    on_postgres.shell(f"{give}\nwith transaction.atomic():\n  hint(InboxChanged, 'u{own}')")
    assert page.hears(b"data: inbox\n\n", 10)
    assert page.heard.count(b"data: ") == 1
