"""kill -9 of the worker in the middle of 300 deliveries: none is lost, and who gets it twice gets the same letter."""

from __future__ import annotations

import time
from collections import defaultdict

import pytest

from tests.core.test_worker_process import WAIT, House, finish
from tests.notifications.mailbox import Mailbox

FAMILIES = 300


def wait_for(mailbox: Mailbox, number: int) -> None:
    until = time.monotonic() + WAIT
    while len({to for to, _letter in mailbox.letters}) < number and time.monotonic() < until:
        time.sleep(0.02)
    assert len({to for to, _letter in mailbox.letters}) >= number


def test_nothing_is_lost_and_only_what_was_in_flight_comes_twice(tmp_path_factory: pytest.TempPathFactory) -> None:
    house = House(tmp_path_factory.mktemp("killed"))
    mailbox = Mailbox(seconds_each=0.01)
    house.env["EMAIL_URL"] = mailbox.url
    house.enqueue(f"from tests.notifications.many_families import tell_many; tell_many({FAMILIES})")
    for letters in (70, 160):
        worker = house.worker()
        wait_for(mailbox, letters)
        worker.kill()
        worker.wait()
        assert len(mailbox.letters) < FAMILIES  # killed in the middle of it
        # The lease of a minute is made to be over; nothing else is touched.
        house.sql("UPDATE django_tasks_database_dbtaskresult SET started_at = '2020-01-01 00:00:00'")
    worker = house.worker()
    wait_for(mailbox, FAMILIES)
    until = time.monotonic() + WAIT
    left = "SELECT count(*) FROM notifications_delivery WHERE channel = 'email' AND state != 'sent'"
    while house.sql(left) != [(0,)] and time.monotonic() < until:
        time.sleep(0.1)
    assert finish(worker) == 0
    mailbox.shutdown()

    assert house.sql(left) == [(0,)]
    assert house.sql(
        "SELECT count(*), count(DISTINCT user_id) FROM notifications_delivery WHERE channel = 'email'"
    ) == [(FAMILIES, FAMILIES)]
    names: dict[str, set[str]] = defaultdict(set)
    for to, letter in mailbox.letters:
        names[to].add(letter["Message-ID"])
    assert len(names) == FAMILIES
    assert len(mailbox.letters) - FAMILIES <= 2  # one letter was in flight at each of the two kills
    assert all(len(ids) == 1 for ids in names.values())  # and carried the name it had before
