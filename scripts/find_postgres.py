"""Print the address of a PostgreSQL for the tests, or nothing with one line that says so.

Looks at KRING_TEST_DATABASE_URL, then for the role `kring` (password `kring`, may make databases) on 127.0.0.1:5432.
With KRING_CI=1 a missing PostgreSQL is a failure.
"""

from __future__ import annotations

import os
import sys

import psycopg

LOCAL = "postgres://kring:kring@127.0.0.1:5432/postgres"


def main() -> int:
    """Return the exit code."""
    url = os.environ.get("KRING_TEST_DATABASE_URL") or LOCAL
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        print("PostgreSQL does not answer: the tests ran on SQLite only.", file=sys.stderr)
        return int(os.environ.get("KRING_CI") == "1" or "KRING_TEST_DATABASE_URL" in os.environ)
    print(url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
