"""Tasks for the tests of the worker: each leaves a trace in a file, so that another process can count its runs."""

from __future__ import annotations

import time
from pathlib import Path

from django_tasks import task


@task()
def leave_trace(file: str, line: str) -> None:
    with Path(file).open("a") as out:
        out.write(line + "\n")


@task()
def trace_and_sleep(file: str, seconds: float) -> None:
    with Path(file).open("a") as out:
        out.write("begun\n")
    time.sleep(seconds)
    with Path(file).open("a") as out:
        out.write("done\n")


@task()
def fall(word: str) -> None:
    raise ValueError(word)


@task(queue_name="photos")
def trace_photo(file: str) -> None:
    with Path(file).open("a") as out:
        out.write("photo\n")


def job() -> None:
    """What the clock of a test calls."""
