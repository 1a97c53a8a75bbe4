"""Pages that only stand open: what they take of memory, and how soon all of them hear a hint."""

from __future__ import annotations

import asyncio
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.servers import Server, memory_of

LOGINS = 250
EACH = 8  # pages of one login, the most that Kring keeps
ROUNDS = 12
TOO_LONG = 60.0  # seconds


@dataclass
class Stood:
    """Bytes before and with all pages open; milliseconds until the last of all, and of one login, heard a hint."""

    pages: int = 0
    before: int = 0
    after: int = 0
    opening: float = 0.0  # seconds until all stood open
    everybody: list[float] = field(default_factory=list)
    one_login: list[float] = field(default_factory=list)


def stand_open(server: Server, conversation: str, cookies: list[str], user_ids: list[int]) -> Stood:
    """Open eight pages for each login, wait until it is quiet, and give hints."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return asyncio.run(_House(server, conversation, cookies, user_ids).measure())


class _House:
    def __init__(self, server: Server, conversation: str, cookies: list[str], user_ids: list[int]) -> None:
        self.server, self.conversation, self.cookies, self.user_ids = server, conversation, cookies, user_ids
        self.tasks: list[asyncio.Task[None]] = []
        self.heard: dict[bytes, int] = {}
        self.changed = asyncio.Event()
        self.open = 0

    async def measure(self) -> Stood:
        stood = Stood(pages=len(self.cookies) * EACH, before=memory_of(self.server.process.pid))
        began = time.perf_counter()
        for cookie in self.cookies:  # a login at a time: nobody opens two thousand pages in one moment
            self.tasks += [asyncio.create_task(self._page(cookie)) for _ in range(EACH)]
            await self._until(lambda: self.open == len(self.tasks))
        stood.opening = time.perf_counter() - began
        await asyncio.sleep(20)  # every page was looked at once by then
        stood.after = memory_of(self.server.process.pid)
        for number in range(ROUNDS):
            stood.everybody.append(await self._hint(self._to_everybody, b"conversation:", stood.pages))
            one = self.user_ids[number % len(self.user_ids)]
            stood.one_login.append(await self._hint(lambda one=one: self._to_one(one), b"inbox", EACH))
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        return stood

    async def _hint(self, give: Callable[[], None], word: bytes, pages: int) -> float:
        self.heard = {}
        began = time.perf_counter()
        await asyncio.to_thread(give)
        await self._until(lambda: self.heard.get(word, 0) == pages)
        return (time.perf_counter() - began) * 1000

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(TOO_LONG):
            while not holds():
                self.changed.clear()
                await self.changed.wait()

    def _to_everybody(self) -> None:
        from kring.conversations.notices import ConversationChanged
        from kring.notifications.live import hint

        hint(ConversationChanged, self.conversation)

    def _to_one(self, user_id: int) -> None:
        from kring.notifications.live import hint
        from kring.notifications.notices import InboxChanged

        hint(InboxChanged, f"u{user_id}")

    async def _page(self, cookie: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        own = f"Host: localhost\r\nCookie: {cookie}\r\nHX-Request: true\r\nX-Kring-By-Itself: yes\r\n"
        own += "X-Forwarded-Proto: http\r\nAccept: text/event-stream\r\n"
        writer.write(f"GET /live/ HTTP/1.1\r\n{own}\r\n".encode())
        while line := await reader.readline():
            if line.startswith(b": hello"):
                self.open += 1
                self.changed.set()
            elif line.startswith(b"data: "):
                word = b"inbox" if line.startswith(b"data: inbox") else b"conversation:"
                self.heard[word] = self.heard.get(word, 0) + 1
                self.changed.set()


def middle(times: list[float]) -> tuple[float, float]:
    """Return p50 and the longest."""
    return statistics.median(times), max(times)
