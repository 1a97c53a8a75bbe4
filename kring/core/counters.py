"""The cache in which rate limits count, shared by all processes through the database.

Django's own asks four questions for each value it keeps, one of them over the whole table, and throws entries away
beyond 300, so that a few hundred guesses at other names would make it forget the count of the first. This one writes
in one statement and lets go only what has expired.
"""

from __future__ import annotations

import base64
import pickle
import random
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
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
