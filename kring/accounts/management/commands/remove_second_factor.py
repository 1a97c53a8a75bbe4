"""`manage.py remove_second_factor ADDRESS`: for the last of management, whom nobody at the school can help."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kring.accounts.actions.recovery import remove_second_factor
from kring.accounts.models import login_of
from kring.core.access import Refused
from kring.core.viewer import Operator


class Command(BaseCommand):
    """Remove passkeys, app and recovery codes of one login; it hears so by mail."""

    help = "Remove the second step at sign-in of one login, after you made sure who asks."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the address."""
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say in one sentence why not."""
        user = login_of(options["address"])
        person = user.persons.select_related("school", "user").first() if user else None
        if person is None:
            raise CommandError("No login with a person has this address.")
        try:
            remove_second_factor(by=Operator(now=timezone.now()), person=person)
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write("The second step is gone. At the next sign-in a new one can be set up.")
