"""The real web server as a process of its own: uploads and downloads pass whole, open pages are told, and it stops."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from kring.core.serve import web_command
from tests.core.test_worker_process import House

ROOT = Path(__file__).resolve().parents[2]
WAIT = 60.0
MAKE = """
import json
from datetime import date, timedelta
from tests import factories as make
today = date.today()
school = make.SchoolFactory()
year = make.SchoolYearFactory(school=school, starts_on=today - timedelta(60), ends_on=today + timedelta(200))
group = make.GroupFactory(school_year=year)
user = make.UserFactory()
person = make.PersonFactory(school=school, user=user)
make.TeamRoleFactory(person=person, school=school, group=group, kind="teacher", starts_on=today - timedelta(30))
print("FOUND" + json.dumps({"user": user.pk,
    "upload": f"/school/{school.public_id}/groups/{group.public_id}/photos/"}))
"""
SIGN_IN = """
from django.test import Client
from kring.people.models import User
client = Client()
client.force_login(User.objects.get(), backend="kring.accounts.backends.Backend")
print("FOUND" + client.session.session_key)
"""


class Server:
    """The web server of a house, and somebody who is signed in there."""

    def __init__(self, house: House) -> None:
        self.house = house
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        house.env |= {"PORT": str(self.port), "KRING_WEB_THREADS": "2"}
        house.manage("collectstatic", "--noinput", "--verbosity", "0")
        self.known: dict[str, Any] = json.loads(self.shell(MAKE).split("FOUND")[1])
        self.sign_in()
        self.start()

    def start(self) -> None:
        command = web_command(host="127.0.0.1", port=self.port, workers=1)
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.house.env, start_new_session=True)  # noqa: S603
        until = time.monotonic() + WAIT
        while not self.answers():
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.1)

    def sign_in(self) -> None:
        self.known["session"] = self.shell(SIGN_IN).split("FOUND")[1].strip()

    def shell(self, code: str) -> str:
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=self.house.env, check=True, timeout=WAIT * 3, capture_output=True, text=True
        )
        return done.stdout

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz")[0] == 200
        except OSError:
            return False

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        cookies = f"kring_session={self.known['session']}; kring_csrf={'t' * 32}"
        sent = {"Host": "localhost", "Cookie": cookies, "X-CSRFToken": "t" * 32, "HX-Request": "true"}
        connection.request(method, path, body=body or None, headers=sent | headers)
        answer = connection.getresponse()
        found = (answer.status, answer.read())
        connection.close()
        return found

    def listen(self) -> Listener:
        return Listener(self)


class Listener:
    """An open page."""

    def __init__(self, server: Server) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=WAIT)
        head = "GET /live/ HTTP/1.1\r\nHost: localhost\r\nHX-Request: true\r\nX-Kring-By-Itself: yes\r\n"
        self.socket.sendall(f"{head}Cookie: kring_session={server.known['session']}\r\n\r\n".encode())
        self.heard = b""
        self.wait_for(b": hello\n\n")

    def wait_for(self, piece: bytes, seconds: float = WAIT) -> float:
        """Read until `piece` has come; return how many seconds that took."""
        began = time.monotonic()
        self.socket.settimeout(seconds)
        while piece not in self.heard:
            read = self.socket.recv(65536)
            assert read, self.heard
            self.heard += read
        return time.monotonic() - began

    def hear_for(self, seconds: float) -> None:
        """Read what comes within that time."""
        self.socket.settimeout(seconds)
        with suppress(TimeoutError):
            self.heard += self.socket.recv(65536)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(House(tmp_path_factory.mktemp("served")))
    yield server
    with suppress(ProcessLookupError):
        os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()


@pytest.fixture
def server(running: Server) -> Server:
    """The server; started again where a test before let it stop."""
    if running.process.poll() is not None:
        running.start()
    return running


def multipart(content: bytes, name: str = "foto.jpg") -> tuple[bytes, str]:
    mark = "grens"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="photo_files"; filename="{name}"\r\n'
    body = head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content + f"\r\n--{mark}--\r\n".encode()
    return body, f"multipart/form-data; boundary={mark}"


@pytest.mark.parametrize("padding", [10, 200_000, 8_000_000])
def test_an_upload_arrives_whole(server, padding):
    from tests.photos import pictures

    picture = pictures.jpeg(61)
    # Whatever stands behind the end of a JPEG is left alone by who reads it, and makes the file as long as wanted.
    body, kind = multipart(picture + os.urandom(padding // 2) + bytes(padding // 2))
    status, page = server.ask("POST", server.known["upload"], body, **{"Content-Type": kind})
    assert status == 200, page[:500]
    assert page.count(b"data-photo=") == 1, page[:2000]


def test_an_upload_that_breaks_off_leaves_the_server_as_it_was(server):
    body, kind = multipart(os.urandom(3_000_000))
    for part in (len(body) // 2, 70_000, 100):
        with socket.create_connection(("127.0.0.1", server.port)) as cut:
            head = f"POST {server.known['upload']} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
            head += (
                f"Cookie: kring_session={server.known['session']}; kring_csrf={'t' * 32}\r\nX-CSRFToken: {'t' * 32}\r\n"
            )
            cut.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:part])
    assert [server.answers() for _ in range(4)] == [True] * 4, "a thread was lost"


def test_a_page_that_is_open_is_told_at_once_and_of_its_own_things_only(server):
    page = server.listen()
    page.hear_for(1)  # what was said in the last seconds is said to a page that opens
    page.heard = b""
    own, other = server.known["user"], server.known["user"] + 1
    give = "from kring.notifications.live import hint; from kring.notifications.notices import InboxChanged; "
    server.shell(f"{give} hint(InboxChanged, 'u{other}'); hint(InboxChanged, 'u{own}')")
    page.wait_for(b"data: inbox\n\n")
    assert page.heard.count(b"data: ") == 1
    page.socket.close()


def test_a_page_whose_session_ended_hears_nothing_and_is_let_go_within_a_minute(server):
    page, before = server.listen(), dict(server.known)
    page.hear_for(1)  # what was said in the last seconds is said to a page that opens
    known = len(page.heard)
    server.shell(
        "from django.contrib.sessions.models import Session; "
        f"Session.objects.filter(pk='{before['session']}').delete(); "
        "from kring.notifications.live import hint; from kring.notifications.notices import InboxChanged; "
        f"hint(InboxChanged, 'u{before['user']}')"
    )
    assert page.wait_for(b"\r\n0\r\n\r\n", 60) < 60
    assert b"data: " not in page.heard[known:]
    server.sign_in()


def test_it_stops_within_seconds_while_pages_are_open(server):
    pages = [server.listen() for _ in range(3)]
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(WAIT) == 0
    # The kill timeout is three seconds: less says that the server itself let the pages go.
    assert time.monotonic() - began < 3
    for page in pages:
        assert page.wait_for(b"\r\n0\r\n\r\n") < 1


def test_digests_of_what_was_sent_and_what_came_are_those_of_the_bridge():
    """The bridge by itself: a body of many pieces, read as the application likes."""
    from kring.core.bridge import Upload

    pieces = [os.urandom(size) for size in (1, 65_536, 3, 200_000)]
    assert hashlib.sha256(b"".join(pieces)).digest() == hashlib.sha256(read_all(Upload, pieces)).digest()


def read_all(upload: type, pieces: list[bytes]) -> bytes:
    import asyncio
    import io
    import threading

    class Protocol:
        def __aiter__(self):
            self.left = iter(pieces)
            return self

        async def __anext__(self):
            try:
                return next(self.left)
            except StopIteration:
                raise StopAsyncIteration from None

    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    body = io.BufferedReader(upload(Protocol(), loop), 1000)
    found = b"".join(iter(lambda: body.read(7777), b""))
    loop.call_soon_threadsafe(loop.stop)
    return found
