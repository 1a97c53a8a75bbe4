"""Runs the tasks that requests leave behind, and what happens by the clock.

Tasks are rows of django-tasks-db, written in the transaction of the change itself. Its own worker knows no retries,
no periodic jobs and no recovery after a crash, so this one does: it claims in batches, tries again with growing
pauses, and takes over what a dead worker left. A task runs at least once, so each must stand running twice.
Any number of workers may run beside each other, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from traceback import format_tb

import structlog
from django.db import DatabaseError, IntegrityError, close_old_connections, connections, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from kring.core.models import PeriodicRun
from kring.core.tasks import run_job

POLL = 0.5  # seconds between two looks when there is nothing to do
BATCH = 10
LEASE = timedelta(seconds=60)  # a task whose worker gave no sign of life for this long is taken over
BEAT = 15.0  # seconds between two signs of life
LONGEST = timedelta(minutes=30)  # no sign of life is given any more for a task that hangs
MAX_ATTEMPTS = 6
log = structlog.get_logger(__name__)

Schedule = Mapping[str, tuple[str, timedelta]]


def pause_before(attempt: int) -> timedelta:
    """Return how long to wait before attempt 2, 3, 4 ...: 5 s, 20 s, 80 s, about 5 and 21 minutes."""
    return timedelta(seconds=5 * 4 ** (attempt - 2))


def claim(worker_id: str, *, queue: str, limit: int) -> list[DBTaskResult]:
    """Take up to `limit` tasks of `queue` that are ready, so that no other worker runs them."""
    ready = DBTaskResult.objects.ready().filter(queue_name=queue)
    # Looking costs no write lock; on SQLite a transaction would take it even when there is nothing to do.
    if not ready.exists():
        return []
    with transaction.atomic():
        rows = list(ready.select_for_update(skip_locked=True)[:limit])
        for row in rows:
            row.status = TaskResultStatus.RUNNING
            row.started_at = timezone.now()
            row.worker_ids = [*row.worker_ids, worker_id]
        DBTaskResult.objects.bulk_update(rows, ["status", "started_at", "worker_ids"])
    return rows


def run(row: DBTaskResult) -> bool:
    """Run one claimed task and write down how it went; return whether it succeeded."""
    begun = time.monotonic()
    try:
        task = row.task
        task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
    except Exception as problem:
        _failed(row, problem)
        return False
    DBTaskResult.objects.filter(pk=row.pk).update(status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now())
    log.debug("task.done", task=row.task_path, milliseconds=round(1000 * (time.monotonic() - begun)))
    return True


def _failed(row: DBTaskResult, problem: Exception) -> None:
    attempts = len(row.worker_ids)
    again = attempts < MAX_ATTEMPTS
    now = timezone.now()
    kind = f"{type(problem).__module__}.{type(problem).__qualname__}"
    # Where it went wrong, never what was in it: the words of an exception may hold a name or an address.
    where = "".join(format_tb(problem.__traceback__))
    log.error("task.failed", task=row.task_path, attempt=attempts, again=again, problem=kind, where=where)
    DBTaskResult.objects.filter(pk=row.pk).update(
        status=TaskResultStatus.READY if again else TaskResultStatus.FAILED,
        run_after=now + pause_before(attempts + 1) if again else row.run_after,
        finished_at=None if again else now,
        exception_class_path=kind,
        traceback=where,
    )


def release(rows: Sequence[DBTaskResult]) -> None:
    """Give back tasks that were claimed and not begun, as if they had not been touched."""
    for row in rows:
        DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING).update(
            status=TaskResultStatus.READY, started_at=None, worker_ids=row.worker_ids[:-1]
        )


def take_over(now: datetime) -> int:
    """Make ready again what a worker left that gave no sign of life for LEASE; return how many."""
    taken = 0
    for row in DBTaskResult.objects.running().filter(started_at__lt=now - LEASE):
        again = len(row.worker_ids) < MAX_ATTEMPTS
        taken += DBTaskResult.objects.filter(
            pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at
        ).update(
            status=TaskResultStatus.READY if again else TaskResultStatus.FAILED,
            run_after=get_date_max(),
            finished_at=None if again else now,
        )
        log.warning("task.taken_over", task=row.task_path, attempts=len(row.worker_ids), again=again)
    return taken


def slot_of(now: datetime, every: timedelta) -> datetime:
    """Return the beginning of the slot of length `every` in which `now` (aware) falls, counted from 1970 in UTC."""
    length = every.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // length * length, tz=UTC)


def queue_periodic(schedule: Schedule, now: datetime, known: dict[str, datetime]) -> int:
    """Make a task of each job whose slot has begun; return how many this worker was the first to make.

    (name, slot) is unique and written together with the task, so several workers never double a slot and a crash
    loses none. `known` remembers the slots that are settled, so that looking costs nothing.
    """
    made = 0
    for name, (path, every) in schedule.items():
        slot = slot_of(now, every)
        if known.get(name) == slot:
            continue
        if not PeriodicRun.objects.filter(name=name, slot__gte=slot).exists():
            try:
                with transaction.atomic():
                    PeriodicRun.objects.create(name=name, slot=slot)
                    PeriodicRun.objects.filter(name=name, slot__lt=slot).delete()
                    run_job.enqueue(path)
            except IntegrityError:
                pass  # another worker was first
            else:
                made += 1
        known[name] = slot
    return made


class Worker:
    """One process: a lane of ordinary tasks, and one lane for each slow queue, which runs one task at a time.

    `schedule` is what happens by the clock; `every_round` are cheap functions that are called at each look.
    """

    def __init__(
        self, *, schedule: Schedule, every_round: Sequence[Callable[[], object]], slow_queues: Sequence[str] = ()
    ) -> None:
        self.id = get_random_string(16)
        self.schedule, self.every_round, self.slow_queues = schedule, every_round, slow_queues
        self.stopping = threading.Event()
        self.claimed: dict[str, datetime] = {}
        self.known_slots: dict[str, datetime] = {}
        self.parent = os.getppid()

    def stop(self, *_signal: object) -> None:
        """Finish the task at hand, then end. Made to be a signal handler."""
        self.stopping.set()

    def run(self) -> None:
        """Work until `stop` is called, or until the process that started this one is gone."""
        log.info("worker.started", worker=self.id)
        lanes = [threading.Thread(target=self._lane, args=(queue, 1), name=queue) for queue in self.slow_queues]
        beat = threading.Thread(target=self._give_signs_of_life, name="beat", daemon=True)
        for thread in (*lanes, beat):
            thread.start()
        self._lane("default", BATCH, clock=True)
        for thread in lanes:
            thread.join()
        log.info("worker.stopped", worker=self.id)

    def _lane(self, queue: str, limit: int, *, clock: bool = False) -> None:
        next_reaping = 0.0
        while not self.stopping.is_set():
            close_old_connections()
            try:
                if clock:
                    self._look_at_the_clock()
                    if time.monotonic() >= next_reaping:
                        take_over(timezone.now())
                        next_reaping = time.monotonic() + BEAT
                worked = self._work_off(claim(self.id, queue=queue, limit=limit))
            except DatabaseError as problem:
                # The database is away or busy: it comes back, and a worker that gave up would not.
                log.error("worker.database", problem=type(problem).__name__)
                connections.close_all()
                worked = False
                self.stopping.wait(2)
            if not worked:
                self.stopping.wait(POLL)
            if os.getppid() != self.parent:
                self.stop()
        connections.close_all()

    def _look_at_the_clock(self) -> None:
        for look in self.every_round:
            try:
                look()
            except DatabaseError:
                raise
            except Exception as problem:
                log.error(
                    "worker.round", problem=type(problem).__name__, where="".join(format_tb(problem.__traceback__))
                )
        queue_periodic(self.schedule, timezone.now(), self.known_slots)

    def _work_off(self, rows: list[DBTaskResult]) -> bool:
        since = timezone.now()
        self.claimed.update({str(row.pk): since for row in rows})
        for number, row in enumerate(rows):
            if self.stopping.is_set():
                release(rows[number:])
                break
            run(row)
            self.claimed.pop(str(row.pk), None)
        for row in rows:
            self.claimed.pop(str(row.pk), None)
        return bool(rows)

    def _give_signs_of_life(self) -> None:
        while not self.stopping.wait(BEAT):
            now = timezone.now()
            held = [key for key, since in list(self.claimed.items()) if now - since < LONGEST]
            if not held:
                continue
            try:
                DBTaskResult.objects.running().filter(pk__in=held).update(started_at=now)
            except DatabaseError as problem:
                log.warning("worker.beat", problem=type(problem).__name__)
                connections.close_all()


def worker_from_settings() -> Worker:
    """Return the worker that config/schedule.py describes."""
    return Worker(
        schedule=import_string("config.schedule.SCHEDULE"),
        every_round=[import_string(path) for path in import_string("config.schedule.EVERY_ROUND")],
        slow_queues=import_string("config.schedule.SLOW_QUEUES"),
    )
