"""The one task of the core: a job from config/schedule.py, run with retries like any other task."""

from __future__ import annotations

from django.utils.module_loading import import_string
from django_tasks import task


@task()
def run_job(path: str) -> None:
    """Call the job at the dotted path `path`, without arguments."""
    import_string(path)()
