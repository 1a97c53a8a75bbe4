"""The demo school, loaded once per process and after that put back as it was: rows and files."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from kring.demo.actions import load_demo


@dataclass
class Kept:
    """A copy of the database on SQLite, and the folder with the files that its rows name."""

    rows: sqlite3.Connection
    folder: tempfile.TemporaryDirectory[str]
    day: object


_kept: list[Kept] = []


def kept_demo() -> None:
    """Load the demo school as of now; on the same day again, put back what the first load left. SQLite only."""
    now = timezone.now()
    media = Path(settings.MEDIA_ROOT)
    connection.ensure_connection()
    if _kept and _kept[0].day == now.date():
        _kept[0].rows.backup(connection.connection)
        shutil.copytree(_kept[0].folder.name, media, dirs_exist_ok=True)
        return
    load_demo(now=now)
    kept = Kept(sqlite3.connect(":memory:", check_same_thread=False), tempfile.TemporaryDirectory(), now.date())
    connection.connection.backup(kept.rows)
    shutil.copytree(media, kept.folder.name, dirs_exist_ok=True)
    _kept[:] = [kept]
