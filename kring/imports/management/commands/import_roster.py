"""Read a OneRoster file from the command line: show what it would change, and with --apply change it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from kring.core.access import Refused
from kring.core.viewer import Operator
from kring.imports.actions import apply_import, cancel_import, preview_import
from kring.imports.actions.applying import STEPS, AsksAgain
from kring.imports.models import Import, State
from kring.imports.preview import plan_of
from kring.imports.words import say_faults
from kring.school.models import School

WIDTH = 24
PERSONAL = {"email", "phone", "long_name", "odd_name"}  # faults whose value is about somebody


class Command(BaseCommand):
    """`manage.py import_roster FILE [FILE …] --school … [--apply] [--confirm-gone]`."""

    help = "Read a OneRoster CSV file (zip, or its csv files) for one school; --apply carries it out."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Name the files, the school, and how far to go."""
        parser.add_argument("files", nargs="+", metavar="FILE", help="a zip, or its csv files")
        parser.add_argument("--school", required=True, help="the school's id in its address, or its name")
        parser.add_argument("--in-file", default="", help="the sourcedId of the school, when the file has several")
        parser.add_argument("--apply", action="store_true", help="apply it; without this nothing changes")
        parser.add_argument("--confirm-gone", action="store_true", help="yes, also when more than a tenth leaves")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, tell, and apply when asked. Names of people are never printed."""
        by = Operator(now=timezone.now())
        school = self._school(options["school"])
        self._step("read", 0)
        try:
            uploads = [(Path(name).name, Path(name).read_bytes()) for name in options["files"]]
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        waiting = preview_import(by=by, school=school, uploads=uploads, wanted=options["in_file"])
        self._step("read", 1)
        try:
            self._carry_out(by, waiting, options)
        finally:
            cancel_import(by=by, waiting=waiting)

    def _carry_out(self, by: Operator, waiting: Import, options: dict[str, Any]) -> None:
        said = [{**fault, "value": "…"} if fault["code"] in PERSONAL else fault for fault in waiting.faults or []]
        for fault in say_faults(said):
            place = " ".join(filter(None, [fault.file, f"row {fault.row}" if fault.row else "", fault.column]))
            self.stdout.write(f"{'!' if fault.stops else '-'} {place}: {fault.what} {fault.others}".rstrip())
        if waiting.state == State.CHOOSE:
            schools = "\n".join(f"  --in-file {key}   {name}" for key, name in waiting.schools)
            raise CommandError(f"The file has several schools. Say which one:\n{schools}")
        if waiting.state != State.READY:
            raise CommandError("Nothing can be imported from this file. Nothing was changed.")
        plan = plan_of(waiting, today=waiting.school.today(by.now))
        self.stdout.write(", ".join(f"{sort} {number}" for sort, number in plan.counts.items()))
        if not options["apply"]:
            self.stdout.write("Nothing was changed. Add --apply to apply this.")
            return
        try:
            apply_import(by=by, waiting=waiting, confirmed_gone=options["confirm_gone"], tell=self._tell)
        except AsksAgain as refused:
            raise CommandError(
                f"{plan.children_gone} of {plan.children_here} children and {plan.adults_gone} of {plan.adults_here} "
                "adults would leave. Nothing was changed. Add --confirm-gone if that is right."
            ) from refused
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        self._step("done", len(STEPS) + 2)
        self.stdout.write(self.style.SUCCESS("Applied."))

    def _school(self, name: str) -> School:
        found = list(School.objects.filter(Q(public_id=name) | Q(name__iexact=name))[:2])
        if len(found) != 1:
            raise CommandError(f"{'No' if not found else 'More than one'} school is called {name!r}.")
        return found[0]

    def _tell(self, step: str) -> None:
        self._step(step, STEPS.index(step) + 1)

    def _step(self, word: str, done: int) -> None:
        """Draw the bar, on a terminal only."""
        if not self.stdout.isatty():
            return
        full = round(WIDTH * done / (len(STEPS) + 2))
        self.stdout.write(f"\r[{'#' * full}{'.' * (WIDTH - full)}] {word:<12}", ending="")
        self.stdout.flush()
        if word in {"done"} or done == 1:
            self.stdout.write("")
