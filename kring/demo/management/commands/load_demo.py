"""Fill an empty database with the demo school."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from kring.core.access import Refused
from kring.demo.accounts import demo_accounts
from kring.demo.actions import load_demo
from kring.people.models import User


class Command(BaseCommand):
    """`manage.py load_demo`: an invented school, dated around today. Leaves a database with people as it is."""

    help = "Fill an empty database with the demo school."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and print who can sign in."""
        if settings.PRODUCTION:
            raise CommandError("Production never loads demo data.")
        if not User.objects.exists():
            try:
                with translation.override("nl"):
                    load_demo(now=timezone.now())
            except Refused as refused:
                raise CommandError(refused.sentence) from refused
        for account in demo_accounts():
            self.stdout.write(f"  {account.name:<28} {account.what}")
