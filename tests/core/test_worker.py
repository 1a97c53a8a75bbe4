from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from kring.core import worker
from kring.core.jobs import forget_finished_tasks
from kring.core.models import PeriodicRun
from tests.core.worker_tasks import fall, leave_trace, trace_photo

pytestmark = pytest.mark.django_db
HOURLY = {"tidy": ("tests.core.worker_tasks.job", timedelta(hours=1))}


@pytest.fixture(autouse=True)
def tasks_in_the_database(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": settings.TASK_QUEUES}}


def claim(name: str = "one", limit: int = 10) -> list[DBTaskResult]:
    return worker.claim(name, queue="default", limit=limit)


@transaction.atomic
def enqueue_and_fail(file: str) -> None:
    leave_trace.enqueue(file, "1")
    raise ZeroDivisionError


def test_a_task_belongs_to_the_transaction_that_made_it(tmp_path):
    with pytest.raises(ZeroDivisionError):
        enqueue_and_fail(str(tmp_path / "x"))
    assert not DBTaskResult.objects.exists()


@pytest.mark.both_databases
def test_a_claimed_task_is_not_claimed_again(tmp_path):
    leave_trace.enqueue(str(tmp_path / "x"), "1")
    assert len(claim("one")) == 1
    assert claim("two") == []


def test_a_task_runs_and_is_done(tmp_path):
    leave_trace.enqueue(str(tmp_path / "x"), "1")
    (row,) = claim()
    assert worker.run(row)
    row.refresh_from_db()
    assert row.status == TaskResultStatus.SUCCESSFUL
    assert (tmp_path / "x").read_text() == "1\n"


def test_a_failing_task_is_tried_again_with_growing_pauses_and_given_up_in_the_end():
    fall.enqueue("kanarie-Joep")
    pauses = []
    for attempt in range(1, worker.MAX_ATTEMPTS + 1):
        DBTaskResult.objects.update(run_after=timezone.now())
        (row,) = claim()
        before = timezone.now()
        assert not worker.run(row)
        row.refresh_from_db()
        if attempt < worker.MAX_ATTEMPTS:
            assert row.status == TaskResultStatus.READY
            pauses.append((row.run_after - before).total_seconds())
    assert pauses == sorted(pauses)
    assert pauses[0] >= 5
    assert row.status == TaskResultStatus.FAILED
    assert row.exception_class_path == "builtins.ValueError"
    assert "kanarie" not in row.traceback  # where, never what
    assert "fall" in row.traceback


@pytest.mark.both_databases
def test_a_task_whose_worker_is_gone_is_taken_over_after_the_lease_and_not_before(tmp_path):
    leave_trace.enqueue(str(tmp_path / "x"), "1")
    claim("dead")
    assert worker.take_over(timezone.now()) == 0
    later = timezone.now() + worker.LEASE + timedelta(seconds=1)
    assert worker.take_over(later) == 1
    assert worker.take_over(later) == 0
    assert len(claim("alive")) == 1


def test_a_task_that_kills_its_worker_every_time_is_given_up(tmp_path):
    leave_trace.enqueue(str(tmp_path / "x"), "1")
    for _ in range(worker.MAX_ATTEMPTS):
        assert len(claim("dies")) == 1
        worker.take_over(timezone.now() + worker.LEASE * 2)
    assert claim() == []
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


def test_what_was_claimed_and_not_begun_is_given_back_untouched(tmp_path):
    leave_trace.enqueue(str(tmp_path / "x"), "1")
    worker.release(claim())
    row = DBTaskResult.objects.get()
    assert row.status == TaskResultStatus.READY
    assert row.worker_ids == []


def test_each_queue_is_claimed_by_its_own_lane(tmp_path):
    trace_photo.enqueue(str(tmp_path / "x"))
    assert claim() == []
    assert len(worker.claim("one", queue="photos", limit=1)) == 1


def test_looking_for_work_when_there_is_none_writes_nothing(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert claim() == []


@pytest.mark.both_databases
def test_a_slot_is_started_once_by_several_workers_and_the_next_one_again():
    now = datetime(2026, 11, 24, 9, 20, tzinfo=UTC)
    assert worker.queue_periodic(HOURLY, now, {}) == 1
    assert worker.queue_periodic(HOURLY, now, {}) == 0  # another worker, which knows nothing yet
    assert worker.queue_periodic(HOURLY, now + timedelta(minutes=39), {}) == 0
    assert worker.queue_periodic(HOURLY, now + timedelta(hours=3), {}) == 1
    assert DBTaskResult.objects.count() == 2
    assert PeriodicRun.objects.count() == 1  # the table does not grow


def test_slots_are_counted_in_utc_so_a_night_of_25_hours_doubles_none():
    night = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the clock in Amsterdam goes back at 01:00 UTC
    slots = {worker.slot_of(night + timedelta(minutes=10 * n), timedelta(hours=1)) for n in range(18)}
    assert len(slots) == 4


def test_what_the_table_names_exists():
    found = worker.worker_from_settings()
    assert found.every_round
    for path, every in found.schedule.values():
        from django.utils.module_loading import import_string

        assert callable(import_string(path))
        assert every >= timedelta(seconds=10)


def test_finished_tasks_are_forgotten_and_the_rest_stays(tmp_path):
    for number in range(3):
        leave_trace.enqueue(str(tmp_path / "x"), str(number))
    rows = list(DBTaskResult.objects.all())
    old = timezone.now() - timedelta(days=2)
    DBTaskResult.objects.filter(pk=rows[0].pk).update(status=TaskResultStatus.SUCCESSFUL, finished_at=old)
    DBTaskResult.objects.filter(pk=rows[1].pk).update(status=TaskResultStatus.FAILED, finished_at=old)
    forget_finished_tasks()
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == {rows[1].pk, rows[2].pk}


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_workers_that_look_at_once_share_the_tasks_and_double_none(tmp_path):
    """The race. On SQLite the test database is one connection in memory: there the claims follow each other."""
    for number in range(30):
        leave_trace.enqueue(str(tmp_path / "x"), str(number))
    taken: dict[str, list[object]] = {"one": [], "two": []}
    start = threading.Barrier(2)

    def take(name: str) -> None:
        start.wait(10)
        for _ in range(6):
            taken[name] += [row.pk for row in claim(name, limit=5)]
        connections.close_all()

    if connections["default"].vendor == "postgresql":
        threads = [threading.Thread(target=take, args=(name,)) for name in taken]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    else:
        for _ in range(6):
            for name in taken:
                taken[name] += [row.pk for row in claim(name, limit=5)]
    everything = taken["one"] + taken["two"]
    assert len(everything) == len(set(everything)) == 30
