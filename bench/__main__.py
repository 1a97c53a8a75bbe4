"""`make bench`: what pages and jobs cost, next to a bare Django view in the same run.

    python -m bench                 SQLite, and PostgreSQL when one answers
    python -m bench home publish    only these parts; the names are those of PARTS below

Prints milliseconds of CPU of the whole server side (web server, application, database), its ratio to `hello`, and
wall-clock milliseconds of one connection. Absolute times depend on the machine; the ratios are what to compare.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

PARTS = [
    "home",
    "publish",
    "signin",
    "storm",
    "photo",
    "album",
    "talk",
    "idle",
    "agenda",
    "feed",
    "day",
    "push",
    "import",
    "planner",
    "adjoining",
    "whole",
    "booking",
]
ROOT = Path(__file__).resolve().parent.parent


def environment(folder: str, database_url: str) -> dict[str, str]:
    """Return the production settings with data in `folder`."""
    env = {
        "KRING_MODE": "production",
        "KRING_SECRET_KEY": "bench" * 20,
        "KRING_BASE_URL": "http://localhost",
        "KRING_ALLOWED_HOSTS": "localhost",
        "DATA_DIR": folder,
        "EMAIL_URL": "dummymail://",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return env | ({"DATABASE_URL": database_url} if database_url else {})


def postgres_url() -> str:
    """Return a fresh PostgreSQL database to measure in, or "" when none answers."""
    try:
        import psycopg

        base = os.environ.get("KRING_TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
        with psycopg.connect(base, autocommit=True, connect_timeout=3) as connection:
            connection.execute("DROP DATABASE IF EXISTS kring_bench WITH (FORCE)")
            connection.execute("CREATE DATABASE kring_bench")
    except Exception as error:
        print(f"PostgreSQL does not answer ({type(error).__name__}): only SQLite is measured.")
        return ""
    return base.rsplit("/", 1)[0] + "/kring_bench"


def main() -> int:
    """Measure on each database in a process of its own, because settings are read once."""
    parts = [part for part in sys.argv[1:] if part in PARTS] or PARTS
    worst = 0
    for name, url in (("SQLite", ""), ("PostgreSQL", postgres_url())):
        if name == "PostgreSQL" and not url:
            continue
        with tempfile.TemporaryDirectory() as folder:
            env = {**os.environ, **environment(folder, url)}
            print(f"\n== {name}", flush=True)
            for part in parts:
                if part == "planner" and url:
                    continue  # it asks no database
                command = [sys.executable, "-m", "bench.parts", part]
                worst = max(worst, subprocess.run(command, cwd=ROOT, env=env).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
