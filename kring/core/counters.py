"""The caches in which rate limits count, shared by all processes: a table on PostgreSQL, a file of its own on SQLite.

Django's own asks four questions for each value it keeps, one of them over the whole table, and throws entries away
beyond 300, so that a few hundred guesses at other names would make it forget the count of the first. These write
in one statement and let go only what has expired.

A sign-in writes fifteen counters and locks. In Kring's own SQLite file each would wait for the disk, and for every
other write of the school. Counts need not outlive a power cut, so there they stand in a file that waits for nothing;
that one is no part of a backup.
"""

from __future__ import annotations

import base64
import pickle
import random
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from sqlite3 import Cursor
from sqlite3 import connect as open_file
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils import timezone

SWEEP_EVERY = 200  # writes, on average


class CounterCache(DatabaseCache):
    """Django's database cache, with writes of one statement. Values that never expire are kept for a year."""

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """Write by `mode`: "set" always, "add" where nothing stands that is valid, "touch" only a new end."""
        ends = self.get_backend_timeout(timeout)
        now = timezone.now()
        until = now.replace(year=now.year + 1, day=1) if ends is None else datetime.fromtimestamp(ends, tz=UTC)
        expires, today = (connection.ops.adapt_datetimefield_value(moment) for moment in (until, now))
        table = connection.ops.quote_name(self._table)  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            if random.random() < 1 / SWEEP_EVERY:  # noqa: S311  no secret
                cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [today])  # noqa: S608  our own table
            if mode == "touch":
                cursor.execute(
                    f"UPDATE {table} SET expires = %s WHERE cache_key = %s AND expires >= %s",  # noqa: S608
                    [expires, key, today],
                )
                return bool(cursor.rowcount)
            held = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode("latin1")
            upsert = (
                f"INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s) "  # noqa: S608
                "ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
            )
            if mode == "add":
                cursor.execute(f"{upsert} WHERE {table}.expires < %s", [key, held, expires, today])
            else:
                cursor.execute(upsert, [key, held, expires])
            return bool(cursor.rowcount)


class FileCounters(BaseCache):
    """Counters in the SQLite file that is its `LOCATION`. Times are seconds since the epoch; no end means never."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._location = location
        self._threads = threading.local()

    def _run(self, statement: str, values: Sequence[object]) -> Cursor:
        connection = getattr(self._threads, "connection", None)
        if connection is None:
            connection = open_file(self._location, timeout=20, isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS counters (key TEXT PRIMARY KEY, value BLOB NOT NULL, ends REAL)"
            )
            self._threads.connection = connection
        return connection.execute(statement, values)  # type: ignore[no-any-return]

    def _key(self, key: str, version: int | None) -> str:
        return self.make_and_validate_key(key, version=version)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value under `key`, or `default` when there is none or its time is over."""
        question = "SELECT value FROM counters WHERE key = ? AND (ends IS NULL OR ends > ?)"
        row = self._run(question, [self._key(key, version), time.time()]).fetchone()
        return default if row is None else pickle.loads(row[0])  # noqa: S301  written below, by this program only

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep `value` under `key` for `timeout` seconds."""
        self._write(key, value, timeout, version, "")

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep `value` unless something valid stands there already; say whether it was kept."""
        return self._write(key, value, timeout, version, " WHERE counters.ends <= ?")

    def _write(self, key: str, value: Any, timeout: Any, version: int | None, unless_valid: str) -> bool:
        now = time.time()
        if random.random() < 1 / SWEEP_EVERY:  # noqa: S311  no secret
            self._run("DELETE FROM counters WHERE ends <= ?", [now])
        upsert = (
            "INSERT INTO counters (key, value, ends) VALUES (?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value, ends = excluded.ends"
        )
        held = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        values = [self._key(key, version), held, self.get_backend_timeout(timeout)]
        return bool(self._run(upsert + unless_valid, [*values, now] if unless_valid else values).rowcount)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give what is valid under `key` a new end; say whether there was something."""
        change = "UPDATE counters SET ends = ? WHERE key = ? AND (ends IS NULL OR ends > ?)"
        values = [self.get_backend_timeout(timeout), self._key(key, version), time.time()]
        return bool(self._run(change, values).rowcount)

    def delete(self, key: str, version: int | None = None) -> bool:
        """Take away what stands under `key`; say whether there was something."""
        return bool(self._run("DELETE FROM counters WHERE key = ?", [self._key(key, version)]).rowcount)

    def clear(self) -> None:
        """Forget every count."""
        self._run("DELETE FROM counters", [])
