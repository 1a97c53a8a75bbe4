"""Argon2id at OWASP's minimum, in a bounded number of places, so that a sign-in storm does not stop the pages.

One hash takes about 23 ms of a core and 46 MiB; argon2 lets go of Python's lock meanwhile. At most HASH_PLACES hashes
run at once in a process, which leaves the other cores to the pages. At most HASH_QUEUE sign-ins wait for a place; keep
it below the number of threads of the web server, or all threads wait and no page is served. Who finds the queue full
gets HashingBusy, which the sign-in page says in words.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

LONGEST_WAIT = 15.0  # seconds


class HashingBusy(Exception):
    """So many people sign in at this moment that one more would stop the pages."""


class Places:
    """A number of places, and a queue with an end."""

    def __init__(self, places: int, queue: int) -> None:
        self.places = threading.BoundedSemaphore(places)
        self.doors = threading.BoundedSemaphore(places + queue)

    @contextmanager
    def one(self, longest_wait: float = LONGEST_WAIT) -> Iterator[None]:
        """Hold a place; raises HashingBusy when the queue is full, or after `longest_wait` seconds in it."""
        if not self.doors.acquire(blocking=False):
            raise HashingBusy
        try:
            if not self.places.acquire(timeout=longest_wait):
                raise HashingBusy
            try:
                yield
            finally:
                self.places.release()
        finally:
            self.doors.release()


PLACES = Places(settings.HASH_PLACES, settings.HASH_QUEUE)


class KringArgon2Hasher(Argon2PasswordHasher):
    """OWASP's minimum: 46 MiB, one pass, one lane. Django's default takes 100 MB a sign-in."""

    memory_cost = 47104
    time_cost = 1
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash `password`, in one of the places."""
        with PLACES.one():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Compare `password` with `encoded`, in one of the places."""
        with PLACES.one():
            return super().verify(password, encoded)
