"""An empty database with every table, kept as a file between runs: migrating one takes longer than most tests do."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import management
from django.db import connection


def fingerprint() -> str:
    """Return what the tables follow from: every migration of every app that is installed, and SQLite itself."""
    found = hashlib.sha256(sqlite3.sqlite_version.encode())
    for config in apps.get_app_configs():
        for path in sorted((Path(config.path) / "migrations").glob("*.py")):
            found.update(f"{config.label} {path.name}".encode() + path.read_bytes())
    return found.hexdigest()[:24]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, pytestconfig: pytest.Config
) -> Iterator[None]:
    """Let the first process that migrates a database on SQLite leave a copy, and others begin with that copy."""
    call = management.call_command
    folder = pytestconfig.cache.mkdir("kring-tables") if pytestconfig.cache else None

    def copy_or_call(name: str, *args: Any, **options: Any) -> Any:
        if name != "migrate" or not options.get("run_syncdb") or connection.vendor != "sqlite" or folder is None:
            return call(name, *args, **options)
        kept = folder / f"{fingerprint()}.sqlite3"
        connection.ensure_connection()
        if kept.exists():
            with closing(sqlite3.connect(kept)) as source:
                source.backup(connection.connection)
            return None
        answer = call(name, *args, **options)
        unfinished = kept.with_suffix(f".{os.getpid()}")
        with closing(sqlite3.connect(unfinished)) as target:
            connection.connection.backup(target)
        unfinished.replace(kept)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(management, "call_command", copy_or_call)
        yield
