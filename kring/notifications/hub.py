"""The pages that are open in this process, and the two threads that look after them.

One thread reads hints and asks, for each, who may hear it now; the other looks at every page twice a minute and ends
those whose session, login, role or child is not what it was. The event loop only writes what they decided, so a stream
costs no thread and no connection to the database.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import structlog
from django.contrib.sessions.models import Session
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from kring.notifications.bus import RECENT, Hint, open_bus
from kring.notifications.live import topic_named
from kring.notifications.stream import BEAT, House, PageStream, active_users, standing_of
from kring.people.viewers import viewers_for

EACH = 8  # pages of one login: the oldest gives way
MOST = 5000  # pages of one process
LOOK_AFTER = timedelta(seconds=20)  # between two looks at one page, so that it is closed well within a minute
AT_ONCE = 100  # pages that one look takes, so that the database is asked in small bites
EVERYTHING = b"data: *\n\n"  # hints may have been missed: fetch whatever can change
log = structlog.get_logger(__name__)


def line_of(name: str, key: str) -> bytes:
    """Return what a page hears of a hint (server-sent events)."""
    topic = topic_named(name)
    tells_key = topic is not None and topic.tells_key
    return f"data: {name}:{key}\n\n".encode() if tells_key else f"data: {name}\n\n".encode()


def heard(hints: Iterable[Hint], streams: Sequence[PageStream], *, now: datetime) -> dict[PageStream, bytes | None]:
    """Return what each of `streams` hears of `hints`, asked of the database now; None ends a page.

    A page ends when its session does. A few queries for each hint and two for who is signed in, however many listen.
    """
    by_user: dict[int, list[PageStream]] = defaultdict(list)
    for stream in streams:
        by_user[stream.ticket.user_id].append(stream)
    lines: dict[int, dict[bytes, None]] = defaultdict(dict)
    for name, key in dict.fromkeys(hints):
        topic = topic_named(name)
        for user_id in set(topic.listeners(key, among=by_user.keys(), now=now) if topic else ()) & by_user.keys():
            lines[user_id][line_of(name, key)] = None
    told = [stream for user_id in lines for stream in by_user[user_id]]
    signed_in = still_signed_in(told, now=now)
    return {s: b"".join(lines[s.ticket.user_id]) if s in signed_in else None for s in told}


def still_signed_in(streams: Sequence[PageStream], *, now: datetime) -> set[PageStream]:
    """Return those whose session and login still stand. Two queries."""
    if not streams:
        return set()
    keys = {stream.ticket.session_key for stream in streams}
    sessions = set(Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list("pk", flat=True))
    users = active_users({stream.ticket.user_id for stream in streams})
    epochs = dict(users.values_list("pk", "session_epoch"))
    return {
        stream
        for stream in streams
        if stream.ticket.session_key in sessions
        and epochs.get(stream.ticket.user_id) == stream.ticket.session_epoch
        and stream.ticket.ends_at > now
    }


def still_standing(streams: Sequence[PageStream], *, now: datetime) -> set[PageStream]:
    """Return those whose owner is signed in and still all that she was. Five queries."""
    signed_in = still_signed_in(streams, now=now)
    users = active_users({stream.ticket.user_id for stream in signed_in})
    standing = {key: standing_of(viewer) for key, viewer in viewers_for(list(users), now=now).items()}
    return {stream for stream in signed_in if standing.get(stream.ticket.user_id) == stream.ticket.standing}


class Hub(House):
    """All open pages of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams: dict[PageStream, None] = {}  # in the order in which they came
        self._newcomers: list[PageStream] = []
        self._someone = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def has_room(self) -> bool:
        """Say whether one more page may open."""
        return len(self._streams) < MOST

    def enter(self, stream: PageStream) -> None:
        """Take a page in; the oldest of a login that has too many gives way. Called in the event loop."""
        with self._lock:
            own = [other for other in self._streams if other.ticket.user_id == stream.ticket.user_id]
            self._streams[stream] = None
            self._newcomers.append(stream)
            if not self._threads:
                for work in (self._read_hints, self._look_after):
                    self._threads.append(threading.Thread(target=work, daemon=True, name=work.__name__))
                    self._threads[-1].start()
        for oldest in own[: max(len(own) + 1 - EACH, 0)]:
            oldest.end()
        self._someone.set()

    def leave(self, stream: PageStream) -> None:
        """Forget a page. Called in the event loop."""
        with self._lock:
            self._streams.pop(stream, None)
            if not self._streams:
                self._someone.clear()

    def _now_open(self) -> list[PageStream]:
        with self._lock:
            return list(self._streams)

    def _read_hints(self) -> None:
        bus = None
        recent: deque[tuple[float, Hint]] = deque()
        while True:
            self._someone.wait()
            try:
                if bus is None:
                    bus = open_bus()
                hints = bus.wait(0.25)
                now = time.monotonic()
                recent.extend((now, hint) for hint in hints)
                while recent and recent[0][0] < now - RECENT.total_seconds():
                    recent.popleft()
                self._tell(hints, [hint for _moment, hint in recent])
            except Exception as problem:
                log.error("live.hints", problem=type(problem).__name__)
                connections.close_all()
                bus = None
                time.sleep(1)
                for stream in self._now_open():
                    stream.later(EVERYTHING)

    def _tell(self, hints: list[Hint], recent: list[Hint]) -> None:
        with self._lock:
            newcomers, self._newcomers = self._newcomers, []
            old = [stream for stream in self._streams if stream not in newcomers] if newcomers else list(self._streams)
        # A page that just opened may have been drawn before a hint that others have heard already.
        for found, streams in ((hints, old), (recent, newcomers)):
            if found and streams:
                for stream, line in heard(found, streams, now=timezone.now()).items():
                    stream.later(line)

    def _look_after(self) -> None:
        while True:
            self._someone.wait()
            time.sleep(0.5)
            try:
                close_old_connections()
                now = timezone.now()
                due = [stream for stream in self._now_open() if stream.checked_at <= now - LOOK_AFTER][:AT_ONCE]
                good = still_standing(due, now=now) if due else set()
                for stream in due:
                    stream.checked_at = now
                    stream.later(BEAT if stream in good else None)
            except DatabaseError as problem:
                log.error("live.look", problem=type(problem).__name__)
                connections.close_all()


hub = Hub()
