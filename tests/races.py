"""Several things at the same moment, for the tests of races."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def at_once(job: Callable[[int], T], times: int) -> list[T]:
    """Return what `job(number)` returned, each begun at the same moment.

    On SQLite the test database is one connection in memory: there they follow each other.
    """
    if connections["default"].vendor != "postgresql":
        return [job(number) for number in range(times)]
    start, found = threading.Barrier(times), []

    def run(number: int) -> None:
        start.wait(10)
        try:
            found.append(job(number))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
