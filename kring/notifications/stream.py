"""One open page: what it was told it may listen to when it asked, and the talk with it. Runs in the event loop."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from kring.core.streams import Send
from kring.core.viewer import Viewer
from kring.people.models import User

HELLO = b": hello\n\n"
BEAT = b": \n\n"  # keeps proxies from hanging up, and notices a page that is gone
LONGEST = timedelta(minutes=10)  # then the page asks again, and is asked who it is as at any request
WAITING = 100  # pieces a page may leave unread before it is let go: it asks again when it wakes


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who listens, and what must stay as it was for her to go on listening."""

    user_id: int
    session_key: str
    session_epoch: int
    standing: str  # a fingerprint of everything she is: her roles, her children
    ends_at: datetime  # aware


def ticket_for(viewer: Viewer, user: User, *, session_key: str, session_ends: datetime | None) -> Ticket:
    """Return the ticket of a signed-in viewer. `session_ends`: when hers runs out by itself, if known."""
    ends_at = viewer.now + LONGEST
    return Ticket(
        user_id=user.pk,
        session_key=session_key,
        session_epoch=user.session_epoch,
        standing=standing_of(viewer),
        ends_at=min(ends_at, session_ends) if session_ends else ends_at,
    )


def standing_of(viewer: Viewer) -> str:
    """Return a fingerprint of what the viewer is, whatever the time: it changes with every role and child."""
    plain = (viewer.user_id, sorted(viewer.persons.items()), viewer.roles, viewer.spans)
    return hashlib.sha256(repr(plain).encode()).hexdigest()


class PageStream:
    """Talks to one page until it is gone, or until whoever looked at it lost what she was."""

    def __init__(self, ticket: Ticket, house: House) -> None:
        self.ticket, self.house = ticket, house
        self.checked_at = timezone.now()
        self.over = False
        self._waiting: list[bytes] = []
        self._wake: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self, send: Send) -> None:
        """Send what is said, as it is said, until it is over. Raises what `send` raises when the page is gone."""
        self._loop, self._wake = asyncio.get_running_loop(), asyncio.Event()
        self.house.enter(self)
        try:
            await send(HELLO)
            while not self.over:
                await self._wake.wait()
                self._wake.clear()
                pieces, self._waiting = self._waiting, []
                if pieces and not self.over:
                    await send(b"".join(pieces))
        finally:
            self.house.leave(self)

    def say(self, piece: bytes) -> None:
        """Send `piece` soon. Called in the event loop."""
        self._waiting.append(piece)
        if len(self._waiting) > WAITING:
            self.end()
        elif self._wake is not None:
            self._wake.set()

    def end(self) -> None:
        """End the talk: nothing that was not sent yet leaves any more. Called in the event loop."""
        self.over = True
        self._waiting.clear()
        if self._wake is not None:
            self._wake.set()

    def later(self, piece: bytes | None) -> None:
        """Say `piece`, or end when it is None, from another thread."""
        if self._loop is None or self._loop.is_closed():
            return
        if piece is None:
            self._loop.call_soon_threadsafe(self.end)
        else:
            self._loop.call_soon_threadsafe(self.say, piece)


class House:
    """Where open pages are counted. The hub is one; a test may have its own."""

    def enter(self, stream: PageStream) -> None:
        """A page opened."""

    def leave(self, stream: PageStream) -> None:
        """A page is gone."""


def active_users(keys: set[int]) -> QuerySet[User]:
    """Return the logins that are still allowed in."""
    return User.objects.filter(pk__in=keys, is_active=True)
