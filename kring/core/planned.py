"""Plans kept by PostgreSQL for the statements of `prepared.py`: there, planning costs more than answering.

A statement is named and PREPAREd on a connection the first time it runs there, and EXECUTEd from then on. The server
decides after five runs whether one plan serves all values. A connection pooler that gives each transaction another
server connection loses the names: KRING_KEEP_PLANS=no turns this off (docs/running.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

MOST = 300  # plans on one connection; each takes some tens of kilobytes of the server

_known: WeakKeyDictionary[Any, set[int]] = WeakKeyDictionary()
_MARK = re.compile("%[%s]")


def keeps_plans() -> bool:
    """Say whether the database in use is to keep plans by name."""
    return connection.vendor == "postgresql" and settings.KEEP_PLANS


def execute(
    cursor: CursorWrapper, *, number: int, sql: str, values: Sequence[Any], holes: Sequence[tuple[int, int]]
) -> None:
    """Run the statement with this number; `values` are all its values, `holes` the places of those that change.

    What never changes is part of the kept text, so that columns have the types of the ordinary query.
    """
    known = _known.setdefault(connection.connection, set())
    if number not in known:
        # Not through the wrapper: this is no question that a page asks.
        with connection.wrap_database_errors:
            if len(known) >= MOST:
                cursor.cursor.execute("DEALLOCATE ALL")
                known.clear()
            cursor.cursor.execute(f"PREPARE kring_{number} AS {_numbered(cursor, sql, values, holes)}")
        known.add(number)
    marks = ", ".join(["%s"] * len(holes))
    cursor.execute(f"EXECUTE kring_{number}" + (f"({marks})" if holes else ""), [values[place] for place, _n in holes])


def _numbered(cursor: CursorWrapper, sql: str, values: Sequence[Any], holes: Sequence[tuple[int, int]]) -> str:
    numbers = {place: f"${n}" for n, (place, _number) in enumerate(holes, 1)}
    places = iter(range(len(values)))

    def written(mark: re.Match[str]) -> str:
        if mark.group() == "%%":
            return "%"
        place = next(places)
        return numbers.get(place) or cursor.cursor.mogrify("%s", [values[place]])

    return _MARK.sub(written, sql)
