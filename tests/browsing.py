"""Browsers in tests: everybody has her own, all of them are watched, and the day is that of the other tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.test import Client
from django.utils.module_loading import import_string
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, expect
from pytest_django.fixtures import Settings

from config.schedule import EVERY_ROUND
from kring.core import worker
from kring.people.models import User
from tests.cast import NOW

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
WIDE = {"viewport": {"width": 1280, "height": 900}}
PATIENCE = 15_000  # milliseconds: a busy machine is slow, and that is no fault of the page
QUEUES = ("photos", "default", "push", "plans")
COOKIE = "kring_session"

expect.set_options(timeout=PATIENCE)


class Browsing:
    """Opens browsers, and remembers what no page may do: complain in the console, fail, or reach another host.

    The server's threads and the test share one connection to the database in memory, so they take turns: what the
    test itself reads or writes while a page is open stands in `with browsing.turn():`.
    """

    def __init__(self, address: str, new_context: Callable[..., BrowserContext], clock: Any) -> None:
        self.address, self.clock = address, clock
        self.problems: list[str] = []
        self.expected = {422}  # answers that a test asks for; Chromium writes each in the console
        self.loses_requests = False  # a test that cuts the connection: Chromium writes that down too
        self._new_context = new_context
        self._turn = threading.RLock()

    def open(self, *, phone: bool = False, script: bool = True, user: User | None = None) -> Page:
        """Return a page of a fresh browser, signed in as `user` when one is given."""
        size = PHONE if phone else WIDE
        context = self._new_context(**size, java_script_enabled=script, locale="en-GB")
        context.set_default_timeout(PATIENCE)
        context.on("console", self._hear)
        context.on(
            "weberror", lambda error: self.problems.append(f"error on {error.page and error.page.url}: {error.error}")
        )
        context.on("request", self._see_request)
        context.on("response", self._see_response)
        if user is not None:
            client = Client()
            with self.turn():
                client.force_login(user, backend="kring.accounts.backends.Backend")
            context.add_cookies([{"name": COOKIE, "value": client.cookies[COOKIE].value, "url": self.address}])
        return context.new_page()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold requests until the test has done what it does to the database."""
        with self._turn:
            yield

    def work(self) -> None:
        """Do what the worker would do now: what is due, every task that is ready, and the tasks that come of it."""
        with self.turn():
            while any([import_string(look)() for look in EVERY_ROUND] + [self._tasks(queue) for queue in QUEUES]):
                pass

    @staticmethod
    def _tasks(queue: str) -> int:
        rows = worker.claim("test", queue=queue, limit=worker.BATCH)
        for row in rows:
            assert worker.run(row), row.task_path
        return len(rows)

    def _hear(self, message: ConsoleMessage) -> None:
        # Chromium says this of every form that comes back with its faults: nothing is wrong with the page.
        asked_for = any(f"status of {status}" in message.text for status in self.expected)
        asked_for |= self.loses_requests and "net::ERR_" in message.text
        if message.type in ("error", "warning") and not asked_for:
            where = message.page and message.page.url
            self.problems.append(f"console on {where}: {message.text} {message.location.get('url', '')}")

    def _see_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != self.address:
            self.problems.append(f"another host: {request.url}")

    def _see_response(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status} for {response.request.method} {response.url}")


@pytest.fixture
def browsing(
    transactional_db: None,
    live_server: object,
    settings: Settings,
    new_context: Callable[..., BrowserContext],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Browsing]:
    """Return browsers for a test on the known day (tests/cast.py); afterwards none of them may have complained."""
    # A passkey belongs to a name: localhost, never 127.0.0.1.
    address = str(live_server).replace("127.0.0.1", "localhost")
    settings.BASE_URL = address
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": settings.TASK_QUEUES}}
    cache.clear()
    with time_machine.travel(NOW, tick=True) as clock:
        found = Browsing(address, new_context, clock)
        answer = BaseHandler.get_response

        def in_turn(handler: BaseHandler, request: Any) -> Any:
            with found.turn():
                return answer(handler, request)

        monkeypatch.setattr(BaseHandler, "get_response", in_turn)
        yield found
        assert not found.problems, found.problems
