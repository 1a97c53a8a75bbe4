"""`manage.py worker`: run tasks and periodic jobs until stopped."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand

from kring.core.worker import worker_from_settings


class Command(BaseCommand):
    """Run tasks and periodic jobs. SIGTERM or Ctrl-C finishes the task at hand and ends."""

    help = "Run background tasks and periodic jobs. Any number may run; `serve` starts one by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until a signal comes."""
        worker = worker_from_settings()
        signal.signal(signal.SIGTERM, worker.stop)
        signal.signal(signal.SIGINT, worker.stop)
        worker.run()
