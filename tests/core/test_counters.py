"""What rate limits count in: shared, exact, and not to be flushed by counting something else."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kring.core import counters
from tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_value_comes_back_until_it_expires() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        cache.set("tries", [1, 2.5], timeout=60)
        clock.shift(timedelta(seconds=59))
        assert cache.get("tries") == [1, 2.5]
        clock.shift(timedelta(seconds=2))
        assert cache.get("tries") is None


def test_only_the_first_of_two_takes_a_lock_and_after_its_time_the_next_may() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        assert cache.add("lock", "first", timeout=10) is True
        assert cache.add("lock", "second", timeout=10) is False
        assert cache.get("lock") == "first"
        clock.shift(timedelta(seconds=11))
        assert cache.add("lock", "third", timeout=10) is True
        assert cache.get("lock") == "third"


def test_what_was_taken_away_may_be_added_again() -> None:
    assert cache.add("lock", 1)
    assert cache.delete("lock") is True
    assert cache.delete("lock") is False
    assert cache.add("lock", 2)


def test_the_end_is_moved_of_what_is_valid_only() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        cache.set("tries", 1, timeout=10)
        assert cache.touch("tries", timeout=100) is True
        clock.shift(timedelta(seconds=50))
        assert cache.get("tries") == 1
        assert cache.touch("unknown", timeout=100) is False
        clock.shift(timedelta(seconds=51))
        assert cache.touch("tries", timeout=100) is False


def test_a_value_without_an_end_stays() -> None:
    with time_machine.travel(datetime(2028, 2, 29, 12, tzinfo=NOW.tzinfo), tick=False) as clock:
        cache.set("kept", "on", timeout=None)
        clock.shift(timedelta(days=300))
        assert cache.get("kept") == "on"


def test_a_thousand_other_names_do_not_make_it_forget_a_count() -> None:
    cache.set("zz:tries of one name", 9, timeout=300)
    for number in range(1000):
        cache.set(f"tries of {number}", 1, timeout=300)
    assert cache.get("zz:tries of one name") == 9


def test_djangos_own_cache_forgets_among_as_many_names() -> None:
    """The twin of the test above: what it guards against is there without these counters."""
    call_command("createcachetable", "core_cache_plain")
    plain = DatabaseCache("core_cache_plain", {})
    for number in range(400):
        plain.set(f"tries of {number}", 1, timeout=300)
    assert len([n for n in range(400) if plain.get(f"tries of {n}") is None]) > 50


def test_a_write_is_one_statement_and_on_sqlite_none_that_waits_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters.random, "random", lambda: 0.5)
    with CaptureQueriesContext(connection) as asked:
        cache.set("tries", 1)
        cache.add("lock", 1)
    assert len(asked) == (0 if connection.vendor == "sqlite" else 2)
    if connection.vendor == "sqlite":
        assert cache._run("PRAGMA synchronous", []).fetchone() == (0,)


def test_one_lock_of_many_threads_has_one_owner() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("threads would write beside the transaction of this test")
    barrier = threading.Barrier(8)

    def ask(number: int) -> bool:
        barrier.wait()
        return cache.add("lock of many", number, timeout=10)

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(ask, range(8)))
    assert taken.count(True) == 1


def test_a_count_stands_when_what_was_done_beside_it_is_undone() -> None:
    """A wrong password is counted, whatever becomes of the request."""
    if connection.vendor != "sqlite":
        pytest.skip("a table shares the transaction of its request")
    with transaction.atomic():
        cache.set("tries", 5)
        transaction.set_rollback(True)
    assert cache.get("tries") == 5


def test_what_has_expired_is_swept_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        cache.set("old", 1, timeout=5)
        clock.shift(timedelta(seconds=6))
        monkeypatch.setattr(counters.random, "random", lambda: 0.0)
        cache.set("new", 1, timeout=5)
    if connection.vendor == "sqlite":
        assert cache._run("SELECT key FROM counters", []).fetchall() == [(":1:new",)]
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM core_cache")
        assert [key for (key,) in cursor.fetchall()] == [":1:new"]
