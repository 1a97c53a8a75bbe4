"""How long 1,500 children with guardians take: reading, the preview, applying, and the same file again.

    python bench/bench_import.py                       SQLite in a temporary folder
    DATABASE_URL=postgres://… python bench/bench_import.py   the database named, in a school of its own that is kept

Prints seconds, wall clock. The roster is invented: 60 groups, 1,500 children, 2,700 guardians, 90 teachers.
"""

from __future__ import annotations

import csv
import io
import os
import random
import resource
import sys
import tempfile
import time
import zipfile
from pathlib import Path

CHILDREN, GROUPS, TEACHERS = 1_500, 60, 90
FIRST = ["Aya", "Bram", "Cato", "Daan", "Eva", "Finn", "Guus", "Hanna", "Ilse", "Jan", "Kik", "Lot"]
LAST = ["Jansen", "van den Berg", "de Vries", "Bakker", "Haddou", "Yilmaz", "Visser", "Smit", "Kaya", "Post"]


def made_up_zip() -> bytes:
    """Return the zip of a large school, the same each time."""
    chance = random.Random(1)
    tables: dict[str, list[list[str]]] = {
        "manifest": [["propertyName", "value"], ["oneroster.version", "1.1"]],
        "orgs": [["sourcedId", "name", "type"], ["s", "De Grote Wilg", "school"]],
        "academicSessions": [
            ["sourcedId", "title", "type", "startDate", "endDate", "schoolYear"],
            ["y", "2026-2027", "schoolYear", "2026-08-24", "2027-07-09", "2027"],
        ],
        "classes": [["sourcedId", "title", "grades", "classType", "schoolSourcedId", "termSourcedIds"]],
        "users": [
            [
                "sourcedId",
                "orgSourcedIds",
                "role",
                "givenName",
                "familyName",
                "email",
                "phone",
                "agentSourcedIds",
                "grades",
                "password",
            ]
        ],
        "enrollments": [["sourcedId", "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary"]],
    }
    for name in ("orgs", "academicSessions", "classes", "users", "enrollments"):
        tables["manifest"].append([f"file.{name}", "bulk"])
    levels = [n % 8 + 1 for n in range(GROUPS)]
    for n, level in enumerate(levels):
        tables["classes"].append([f"g{n}", f"Groep {level}{chr(65 + n // 8)}", f"{level:02}", "homeroom", "s", "y"])
    for n in range(TEACHERS):
        name = [chance.choice(FIRST), chance.choice(LAST)]
        tables["users"].append([f"t{n}", "s", "teacher", *name, f"t{n}@example.org", "", "", "", "x"])
        tables["enrollments"].append([f"et{n}", f"g{n % GROUPS}", "s", f"t{n}", "teacher", str(n < GROUPS).lower()])
    guardian = 0
    for n in range(CHILDREN):
        last, group = chance.choice(LAST), n % GROUPS
        parents = [f"p{guardian + k}" for k in range(1 if n % 5 == 0 else 2)]
        guardian += len(parents)
        tables["users"].append(
            [f"c{n}", "s", "student", chance.choice(FIRST), last, "", "", ",".join(parents), f"{levels[group]:02}", "x"]
        )
        tables["users"] += [
            [key, "s", "parent", chance.choice(FIRST), last, f"{key}@example.org", "085 0000 120", "", "", "x"]
            for key in parents
        ]
        tables["enrollments"].append([f"e{n}", f"g{group}", "s", f"c{n}", "student", ""])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            text = io.StringIO(newline="")
            csv.writer(text).writerows(rows)
            archive.writestr(f"{name}.csv", text.getvalue())
    return out.getvalue()


def main() -> int:
    """Measure once and print."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(made_up_zip())
    return 0


def measure(content: bytes) -> None:
    """Preview, apply, and the same once more."""
    from django.db import connection
    from django.utils import timezone

    from kring.core.viewer import Operator
    from kring.imports.actions import apply_import, preview_import
    from kring.imports.preview import plan_of
    from kring.school.models import Board, School

    school = School.objects.create(board=Board.objects.create(name="Stichting Meting"), name="De Grote Wilg")
    by = Operator(now=timezone.now())
    print(f"{connection.vendor}: {CHILDREN} children, {GROUPS} groups, zip of {len(content) // 1024} kB")
    for turn in ("first time", "same file again"):
        start, cpu = time.perf_counter(), time.process_time()
        waiting = preview_import(by=by, school=school, uploads=[("roster.zip", content)])
        plan = plan_of(waiting, today=school.today(by.now))
        seen, cpu_seen = time.perf_counter(), time.process_time()
        apply_import(by=by, waiting=waiting, expected=plan.digest)
        done, cpu_done = time.perf_counter(), time.process_time()
        print(
            f"  {turn:<16} preview {seen - start:6.2f} s (cpu {cpu_seen - cpu:5.2f})   "
            f"apply {done - seen:6.2f} s (cpu {cpu_done - cpu_seen:5.2f})   {plan.counts}"
        )
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    sys.exit(main())
