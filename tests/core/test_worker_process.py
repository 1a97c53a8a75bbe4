"""The worker as a process of its own, on its own database: killed in mid task, stopped politely, two at once."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WAIT = 90.0


class House:
    """A data directory with a database that only the tasks and the clock need."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.trace = folder, folder / "trace"
        keep = {
            key: value for key, value in os.environ.items() if not key.startswith(("KRING_", "DATABASE_", "PYTEST"))
        }
        self.env = {**keep, "KRING_MODE": "development", "DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
        self.manage("migrate", "--verbosity", "0", "--skip-checks")

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, env=self.env, check=True, timeout=WAIT * 3)  # noqa: S603

    def enqueue(self, code: str) -> None:
        self.manage(
            "shell", "--no-imports", "-c", f"from tests.core.worker_tasks import *; f={str(self.trace)!r}; {code}"
        )

    def worker(self) -> subprocess.Popen[bytes]:
        """Start a worker and wait until it is at work: before that, a signal ends it the hard way."""
        said = self.folder / f"said-{len(list(self.folder.glob('said-*')))}"
        with said.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "worker"], cwd=ROOT, env=self.env, stdout=out, stderr=out
            )
        until = time.monotonic() + WAIT
        while b"worker.started" not in said.read_bytes():
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < until, "the worker did not start"
            time.sleep(0.05)
        return process

    def lines(self) -> list[str]:
        return self.trace.read_text().splitlines() if self.trace.exists() else []

    def wait_for(self, count: int) -> list[str]:
        until = time.monotonic() + WAIT
        while len(self.lines()) < count and time.monotonic() < until:
            time.sleep(0.1)
        return self.lines()

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.folder / "kring.sqlite3", timeout=20) as database:
            return database.execute(statement).fetchall()


def finish(process: subprocess.Popen[bytes]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(WAIT)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


@pytest.fixture(autouse=True)
def fresh(house: House) -> None:
    house.trace.unlink(missing_ok=True)
    house.sql("DELETE FROM django_tasks_database_dbtaskresult")


def test_a_task_whose_worker_was_killed_runs_again_once_the_lease_is_out(house):
    house.enqueue("trace_and_sleep.enqueue(f, 30)")
    first = house.worker()
    assert house.wait_for(1) == ["begun"]
    first.kill()
    first.wait()
    # The lease is made to be over, and the rest of the work short; nothing else is touched.
    house.sql("UPDATE django_tasks_database_dbtaskresult SET started_at = '2020-01-01 00:00:00'")
    house.sql("""UPDATE django_tasks_database_dbtaskresult SET args_kwargs = replace(args_kwargs, '30', '0')""")
    second = house.worker()
    assert house.wait_for(3) == ["begun", "begun", "done"]
    assert finish(second) == 0
    assert house.sql(
        "SELECT status, json_array_length(worker_ids) FROM django_tasks_database_dbtaskresult "
        "WHERE task_path LIKE '%trace_and_sleep'"
    ) == [("SUCCESSFUL", 2)]


def test_a_worker_that_is_asked_to_stop_finishes_the_task_at_hand(house):
    house.enqueue("trace_and_sleep.enqueue(f, 2)")
    process = house.worker()
    house.wait_for(1)
    assert finish(process) == 0
    assert house.lines() == ["begun", "done"]


def test_two_workers_run_each_task_once(house):
    house.enqueue("[leave_trace.enqueue(f, str(n)) for n in range(40)]")
    workers = [house.worker(), house.worker()]
    house.wait_for(40)
    assert [finish(process) for process in workers] == [0, 0]
    assert sorted(house.lines(), key=int) == [str(n) for n in range(40)]


def test_photos_are_made_beside_a_long_task(house):
    house.enqueue("trace_and_sleep.enqueue(f, 5); trace_photo.enqueue(f)")
    process = house.worker()
    assert set(house.wait_for(2)[:2]) == {"begun", "photo"}
    finish(process)
