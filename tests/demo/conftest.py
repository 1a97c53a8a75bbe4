"""The demo school, loaded once for a day that a file chooses, and rolled back afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from unittest.mock import patch

import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from kring.core.viewer import Viewer
from kring.demo.accounts import WHO, Account, demo_accounts
from kring.people.models import Person
from kring.people.viewers import viewer_for
from kring.photos import processing
from kring.school.models import School

# The drawn pictures are the same on every day: each is turned into its renditions once.
_made: dict[bytes, processing.Made] = {}
NAMES = [first for first, _last, _what in WHO]
BACKEND = "kring.accounts.backends.Backend"


@dataclass
class Demo:
    """The loaded demo at its moment, with its accounts by first name."""

    now: datetime
    accounts: dict[str, Account]

    @property
    def school(self) -> School:
        return School.objects.get(name="De Linde")

    def viewer(self, name: str) -> Viewer:
        return viewer_for(self._person(name).user, now=timezone.now())

    def client(self, name: str) -> Client:
        """Return a client signed in as the account; the button itself has a test of its own."""
        client = Client()
        user = self._person(name).user
        assert user is not None
        client.force_login(user, backend=BACKEND)
        return client

    def _person(self, name: str) -> Person:
        return Person.objects.select_related("user").get(public_id=self.accounts[name].public_id)


_make_renditions = processing.make_renditions


def make_renditions_once(upload: IO[bytes], **options: bool) -> processing.Made:
    content = upload.read()
    key = content + repr(options).encode()
    if key not in _made:
        upload.seek(0)
        _made[key] = _make_renditions(upload, **options)
    return _made[key]


@contextmanager
def loaded(now: datetime, folder: Path, blocker: Any) -> Iterator[Demo]:
    """Load the demo as `make run` does at the moment `now` (aware), and take everything back at the end."""
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
    with (
        blocker.unblock(),
        time_machine.travel(now, tick=True),
        override_settings(MEDIA_ROOT=folder),
        patch.object(processing, "make_renditions", make_renditions_once),
        transaction.atomic(),
    ):
        from django.conf import settings

        with override_settings(STORAGES={**settings.STORAGES, "default": storage}):
            call_command("load_demo", verbosity=0)
        yield Demo(now, {account.name.split()[0]: account for account in demo_accounts()})
        transaction.set_rollback(True)
