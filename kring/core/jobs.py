"""Housekeeping by the clock: rows that served their purpose."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

KEEP_DONE = timedelta(days=1)
KEEP_FAILED = timedelta(days=30)


def forget_finished_tasks() -> None:
    """Remove tasks that succeeded a day ago or failed for good a month ago."""
    now = timezone.now()
    DBTaskResult.objects.successful().filter(finished_at__lt=now - KEEP_DONE).delete()
    DBTaskResult.objects.failed().filter(finished_at__lt=now - KEEP_FAILED).delete()


def forget_expired_sessions() -> None:
    """Remove sessions that are over."""
    call_command("clearsessions")


def refresh_statistics() -> None:
    """Let SQLite count what its tables hold, where that changed much, so that it chooses the right index.

    PostgreSQL does so by itself.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize=0x10002")
