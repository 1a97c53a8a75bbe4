"""`manage.py mail_intake`: take in requests for help that are sent by mail."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kring.help_requests.mail.server import serve


class Command(BaseCommand):
    """Listen for mail until SIGTERM or Ctrl-C."""

    help = "Take in requests for help by mail. `serve` starts it by itself where KRING_MAIL_INTAKE_PORT is set."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default=settings.MAIL_INTAKE_HOST)
        parser.add_argument("--port", type=int, default=settings.MAIL_INTAKE_PORT)

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until stopped."""
        asyncio.run(serve(options["host"], options["port"]))
