"""The real web server, worker and mail on this machine, in a moment that a test chooses: for what happens at night."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from kring.core.serve import web_command
from tests.browsing import COOKIE, PATIENCE, PHONE, WIDE
from tests.core.test_worker_process import House
from tests.notifications.mailbox import Mailbox

ROOT = Path(__file__).resolve().parents[1]
WAIT = 90.0
BEGIN = "from tests.moved_clock import stand_still_until_told; stand_still_until_told()\n"
SIGN_IN = """
from django.test import Client
from kring.people.models import User
client = Client()
client.force_login(User.objects.get(pk={pk}), backend="kring.accounts.backends.Backend")
print("FOUND" + __import__("json").dumps(client.session.session_key))
"""
WORK = """
from django.utils.module_loading import import_string
from config.schedule import EVERY_ROUND, SLOW_QUEUES
from kring.core import worker
def tasks(queue):
    rows = worker.claim("test", queue=queue, limit=worker.BATCH)
    return len([worker.run(row) for row in rows])
while any([import_string(look)() for look in EVERY_ROUND] + [tasks(queue) for queue in ("default", *SLOW_QUEUES)]):
    pass
"""


class MovedHouse:
    """A server with a database of its own, whose clock stands where `at` puts it and goes on from there."""

    def __init__(self, folder: Path, new_context: Callable[..., BrowserContext] | None = None) -> None:
        self.house, self.mailbox, self._new_context = House(folder), Mailbox(), new_context
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.address = f"http://localhost:{self.port}"
        self.clock = folder / "clock"
        self.house.env |= {
            "TEST_CLOCK": str(self.clock), "PORT": str(self.port), "KRING_WEB_THREADS": "4",
            "EMAIL_URL": self.mailbox.url, "KRING_BASE_URL": self.address,
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def at(self, moment: datetime) -> None:
        """Let it be `moment` (aware)."""
        draft = self.clock.with_suffix(".next")
        draft.write_text(f"{moment.astimezone(UTC).isoformat()} {time.monotonic()}")
        draft.replace(self.clock)
        time.sleep(0.2)

    def serve(self) -> None:
        """Start the web server, and wait until it answers."""
        self.house.manage("collectstatic", "--noinput", "--verbosity", "0")
        command = web_command(host="127.0.0.1", port=self.port, workers=1)
        command[-1] = "tests.moved_application:application"
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.house.env, start_new_session=True)  # noqa: S603
        until = time.monotonic() + WAIT
        while True:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the web server and the mail."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.mailbox.shutdown()
        self.mailbox.server_close()

    def shell(self, code: str) -> Any:
        """Run `code` in the moment of now; return what it printed as JSON after FOUND."""
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", BEGIN + code]
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=self.house.env, timeout=WAIT * 2, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.split("FOUND")[1]) if "FOUND" in done.stdout else None

    def work(self) -> None:
        """Do what the worker would do now."""
        self.shell(WORK)

    def letters_to(self, email: str) -> int:
        """Return how many letters came for somebody."""
        return len([to for to, _letter in self.mailbox.letters if to == email])

    def open(self, user_id: int, *, phone: bool = False) -> Page:
        """Return a page of a fresh browser in which this login is signed in."""
        assert self._new_context is not None
        context = self._new_context(**(PHONE if phone else WIDE), locale="en-GB")
        context.set_default_timeout(PATIENCE)
        key = self.shell(SIGN_IN.format(pk=user_id))
        context.add_cookies([{"name": COOKIE, "value": key, "url": self.address}])
        return context.new_page()


@pytest.fixture
def moved(tmp_path: Path, new_context: Callable[..., BrowserContext]) -> Iterator[MovedHouse]:
    """Return a house in another moment; it is stopped afterwards."""
    house = MovedHouse(tmp_path, new_context)
    try:
        yield house
    finally:
        house.stop()
