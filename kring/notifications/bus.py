"""How a hint comes from whichever process gave it to every process that has pages open."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from django.db import connection, connections
from django.utils import timezone

from kring.notifications.live import CHANNEL
from kring.notifications.models import LiveHint

LOOK = 0.005  # seconds between two looks at SQLite, at some microseconds each; only while a page is open
RECENT = timedelta(seconds=15)
Hint = tuple[str, str]


class Bus(Protocol):
    """Brings hints."""

    def wait(self, seconds: float) -> list[Hint]:
        """Return what was hinted since the last call, as topic and key; wait at most so long when it is nothing."""


class SqliteBus:
    """Reads the table of hints whenever another connection has committed something."""

    def __init__(self) -> None:
        self._version = -1
        self._last = 0

    def wait(self, seconds: float) -> list[Hint]:
        """See Bus."""
        until = time.monotonic() + seconds
        while True:
            version = self._data_version()
            if version != self._version:
                self._version = version
                found = LiveHint.objects.filter(pk__gt=self._last, made_at__gte=timezone.now() - RECENT)
                rows = list(found.order_by("pk").values_list("pk", "topic", "key"))
                if rows:
                    self._last = rows[-1][0]
                    return [(topic, key) for _pk, topic, key in rows]
            if time.monotonic() >= until:
                return []
            time.sleep(LOOK)

    @staticmethod
    def _data_version() -> int:
        connection.ensure_connection()
        return int(connection.connection.execute("PRAGMA data_version").fetchone()[0])


class PostgresBus:
    """Listens to the notifications of PostgreSQL, on a connection of its own."""

    def __init__(self) -> None:
        self._wrapper = connections.create_connection("default")
        self._wrapper.ensure_connection()
        self._wrapper.set_autocommit(True)
        self._raw: Any = self._wrapper.connection
        self._raw.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float) -> list[Hint]:
        """See Bus."""
        found = list(self._raw.notifies(timeout=seconds, stop_after=1))
        if found:
            found += list(self._raw.notifies(timeout=0))
        pairs = [note.payload.split(" ", 1) for note in found]
        return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]


def open_bus() -> Bus:
    """Return the bus of this database. Raises what the database raises."""
    buses: dict[str, Callable[[], Bus]] = {"postgresql": PostgresBus}
    return buses.get(connection.vendor, SqliteBus)()
