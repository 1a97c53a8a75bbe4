"""`manage.py serve`: pages and background work with one command."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kring.core.serve import Supervisor, mail_command, web_command, worker_command


class Command(BaseCommand):
    """Start the web server and a worker; Ctrl-C or SIGTERM stops both."""

    help = "Serve pages and run background work. Ctrl-C stops both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, and with how many processes."""
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--web-workers", type=int, default=1, help="web processes; one is right on SQLite")
        parser.add_argument("--threads", type=int, default=4, help="threads of each web process")
        parser.add_argument("--no-mail", action="store_true", help="no mail in; run `manage.py mail_intake` elsewhere")
        parser.add_argument("--no-worker", action="store_true", help="pages only; run `manage.py worker` elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until stopped; exit with 1 when one of them ended by itself."""
        os.environ["KRING_WEB_THREADS"] = str(options["threads"])
        commands = {
            "web": web_command(
                host=options["host"],
                port=options["port"],
                workers=options["web_workers"],
            )
        }
        if not options["no_worker"]:
            commands["worker"] = worker_command()
        if settings.MAIL_INTAKE_PORT and not options["no_mail"]:
            commands["mail"] = mail_command()
        self.stdout.write(f"Kring: {settings.BASE_URL} (Ctrl-C stops it)")
        self.stdout.flush()
        code = Supervisor(commands).run()
        if code:
            sys.exit(code)
