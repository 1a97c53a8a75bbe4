"""A group conversation with open pages: from the moment somebody sends until the last page shows it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_hex
from urllib.parse import urlencode

from bench.schools import CSRF, Bench, build
from kring.people.models import User

MESSAGES = 24
WARM = 4
TOO_LONG = 30.0  # seconds


@dataclass
class Seen:
    """Milliseconds from sending until the last page heard of it, and until the last one had fetched the words."""

    hints: list[float] = field(default_factory=list)
    screens: list[float] = field(default_factory=list)
    a_second: float = 0.0


def _conversation(bench: Bench, purpose: str) -> str:
    from django.utils import timezone

    from kring.conversations.actions import open_group_conversation
    from kring.people.viewers import viewer_for

    by, group = viewer_for(bench.teacher, now=timezone.now()), bench.groups[0]
    closes_on = group.school.today(by.now) + timedelta(days=7)
    made = open_group_conversation(
        by=by, group=group, purpose=purpose, closes_on=closes_on, choices=["Ik kan", "Ik kan niet"]
    )
    return made.public_id


def long_talk(messages: int = 5000) -> tuple[Bench, str]:
    """Return a school and a group conversation in it with that many messages, as rows."""
    from django.db import connection
    from django.utils import timezone

    from kring.conversations.models import Conversation, Message
    from kring.people.models import Person

    bench = build(name=f"Praat{token_hex(2)}", groups=1, children=25, guardians=50, posts_a_group=20, years=1)
    talk = Conversation.objects.get(public_id=_conversation(bench, "Lang gesprek"))
    now = timezone.now()
    people = list(Person.objects.filter(guardianships__child__enrolments__group=bench.groups[0]).distinct())
    moments = [now - timedelta(seconds=20 * (messages - n)) for n in range(messages)]
    Message.objects.bulk_create(
        Message(
            school=bench.school, conversation=talk, author=people[n % len(people)], side="family",
            source=f"Ik neem soepstengels mee, nummer {n}", body=f"<p>Ik neem soepstengels mee, nummer {n}</p>",
            sent_at=moment, visible_from=moment,
        )
        for n, moment in enumerate(moments)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return bench, talk.public_id


def ring(size: int) -> tuple[Bench, str, list[User]]:
    """Return a school, a group conversation with some words in it, and the logins of `size` parents who read it."""
    bench = build(name=f"Kring{token_hex(2)}", groups=1, children=size, guardians=size, posts_a_group=20, years=1)
    conversation = _conversation(bench, "Wie helpt er mee?")
    readers = list(User.objects.filter(persons__guardianships__school=bench.school).distinct()[:size])
    return bench, conversation, readers


def send_and_see(port: int, conversation: str, sender: str, readers: list[str]) -> Seen:
    """Let `sender` write one message after another, each when the last page has shown the one before."""
    return asyncio.run(_Room(port, conversation, sender, readers).measure())


class _Room:
    def __init__(self, port: int, conversation: str, sender: str, readers: list[str]) -> None:
        self.port, self.sender, self.readers = port, sender, readers
        self.path = f"/conversations/{conversation}/"
        self.hint = f"data: conversation:{conversation}".encode()
        self.word = ""
        self.heard: dict[int, float] = {}
        self.shown: dict[int, float] = {}
        self.changed = asyncio.Event()

    async def measure(self) -> Seen:
        """Open all pages, send, and count."""
        pages = [asyncio.create_task(self._page(n, cookie)) for n, cookie in enumerate(self.readers)]
        await asyncio.sleep(3)
        seen, began = Seen(), 0.0
        for number in range(WARM + MESSAGES):
            if number == WARM:
                began = time.perf_counter()
            self.word, self.heard, self.shown = f"woord{token_hex(6)}", {}, {}
            sent = time.perf_counter()
            await self._send(number)
            await asyncio.wait_for(self._all_shown(), TOO_LONG)
            if number >= WARM:
                seen.hints.append((max(self.heard.values()) - sent) * 1000)
                seen.screens.append((max(self.shown.values()) - sent) * 1000)
        seen.a_second = MESSAGES / (time.perf_counter() - began)
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)
        return seen

    async def _all_shown(self) -> None:
        while len(self.shown) < len(self.readers):
            self.changed.clear()
            await self.changed.wait()

    async def _send(self, number: int) -> None:
        form = urlencode({"csrfmiddlewaretoken": CSRF, "text": self.word, "token": f"t{number}", "when": "now"})
        status, _body = await self._ask("POST", self.path, self.sender, form)
        if status != 302:
            raise SystemExit(f"Sending answered {status}.")

    async def _page(self, number: int, cookie: str) -> None:
        """Listen as live.js does, and fetch as thread.js does what was said since, over a connection that stays."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(self._head("GET", "/live/", cookie, "Accept: text/event-stream\r\n"))
        asking = await asyncio.open_connection("127.0.0.1", self.port)
        _head, body = await self._fetch(asking, self.path, cookie)
        version = body.partition(b'data-version="')[2].partition(b'"')[0].decode()
        while line := await reader.readline():
            if not line.startswith(self.hint):
                continue
            self.heard.setdefault(number, time.perf_counter())
            word = self.word
            head, body = await self._fetch(asking, f"{self.path}?since={version}", cookie)
            version = head["x-kring-version"]
            if word.encode() in body and word == self.word:
                self.shown.setdefault(number, time.perf_counter())
                self.changed.set()

    async def _fetch(
        self, connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], path: str, cookie: str
    ) -> tuple[dict[str, str], bytes]:
        """Return the headers and the body of one answer over a connection that stays open."""
        reader, writer = connection
        writer.write(self._head("GET", path, cookie, "X-Kring-By-Itself: yes\r\n"))
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        fields = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in head[1:])}
        return fields, await reader.readexactly(int(fields.get("content-length", "0")))

    def _head(self, method: str, path: str, cookie: str, more: str = "") -> bytes:
        own = f"Host: localhost\r\nCookie: {cookie}\r\nHX-Request: true\r\nX-Forwarded-Proto: http\r\n"
        return f"{method} {path} HTTP/1.1\r\n{own}{more}\r\n".encode()

    async def _ask(self, method: str, path: str, cookie: str, form: str = "") -> tuple[int, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        more = "Connection: close\r\n"
        if form:
            more += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
        writer.write(self._head(method, path, cookie, more) + form.encode())
        head = await reader.readline()
        body = await reader.read()
        writer.close()
        return int(head.split()[1]), body
