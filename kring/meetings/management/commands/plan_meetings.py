"""`manage.py plan_meetings`: the planner on files, so that anybody can judge it from outside. Needs no database."""

from __future__ import annotations

import json
import signal
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kring.meetings.solver import (
    Book,
    BrokenFile,
    Budget,
    Placed,
    Problem,
    assignment,
    faults,
    plan,
    read_plan,
    read_problem,
    write_plan,
)


class Command(BaseCommand):
    """Plan a `conference-instance/1`, or print adjoining options for one of its parties."""

    help = "Plan the conversations of an instance file, or suggest adjoining times for one party. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which files, and how long."""
        parser.add_argument("--instance", required=True, metavar="FILE", help="what to plan (conference-instance/1)")
        parser.add_argument("--seconds", type=float, default=30.0, metavar="N", help="how long to search (default 30)")
        parser.add_argument(
            "--moves", type=int, default=0, metavar="N", help="search so many moves instead: repeatable"
        )
        parser.add_argument("--out", metavar="PLAN", help="where to write the plan (conference-plan/1)")
        parser.add_argument("--seed", type=int, default=0, metavar="K", help="another seed gives another good plan")
        parser.add_argument("--suggest", metavar="PARTY", help="print the best five plans for this party instead")
        parser.add_argument("--plan", metavar="FILE", help="with --suggest: what is planned already")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan or suggest; CommandError says in a sentence what is wrong with a file."""
        began = time.monotonic()
        problem = read_problem_file(options["instance"])
        if options["suggest"] is not None:
            placed = read_plan_file(problem, options["plan"]) if options["plan"] else {}
            self.stdout.write(json.dumps(suggestions(problem, placed, options["suggest"])))
        elif options["out"] is None:
            raise CommandError("Say with --out where to write the plan, or ask for options with --suggest.")
        else:
            self.plan(problem, began, **options)

    def plan(self, problem: Problem, began: float, **options: Any) -> None:
        """Search, write the plan and say what it is worth. Ctrl-C ends the search with the best plan so far."""
        if options["seconds"] <= 0 or options["moves"] < 0 or options["seed"] < 0:
            raise CommandError("--seconds should be more than 0, --moves and --seed not less than 0.")
        stops: list[int] = []
        before = signal.signal(signal.SIGINT, lambda number, frame: stops.append(number))
        try:
            left = max(0.01, options["seconds"] - (time.monotonic() - began))
            budget = Budget(seconds=left, moves=options["moves"])
            outcome = plan(problem, budget, seed=options["seed"], stop=lambda: bool(stops))
        finally:
            signal.signal(signal.SIGINT, before)
        try:
            Path(options["out"]).write_text(json.dumps(write_plan(problem, outcome.placed)) + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"The plan cannot be written to {options['out']}: {error.strerror}.") from error
        served, total = len(outcome.placed), len(problem.conversations)
        found = f"{served} of {total} conversations planned, objective {outcome.cost}, {outcome.moves} moves"
        self.stdout.write(f"{problem.name}: {found}.")


def read_json(name: str) -> Any:
    """Return what a file holds. CommandError when there is no such file or it is no JSON."""
    try:
        return json.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{name} is not a JSON file: {error}.") from error


def read_problem_file(name: str) -> Problem:
    """Return the problem of an instance file. CommandError with the file's name when it is broken."""
    try:
        return read_problem(read_json(name))
    except BrokenFile as broken:
        raise CommandError(f"{name}: {broken}") from broken


def read_plan_file(problem: Problem, name: str) -> Placed:
    """Return the plan of a file. CommandError when it is broken, or breaks a rule."""
    try:
        placed = read_plan(problem, read_json(name))
    except BrokenFile as broken:
        raise CommandError(f"{name}: {broken}") from broken
    broken_rules = faults(problem, placed)
    if broken_rules:
        raise CommandError(f"{name} breaks {len(broken_rules)} rules. The first: {broken_rules[0]}")
    return placed


def suggestions(problem: Problem, placed: Placed, name: str) -> dict[str, Any]:
    """Return `conference-suggest/1` for a party. CommandError when there is no such party."""
    parties = {party.id: i for i, party in enumerate(problem.parties)}
    if name not in parties:
        raise CommandError(f"There is no party {name} in this instance.")
    ways = Book(problem, placed).suggest(parties[name])
    return {
        "format": "conference-suggest/1",
        "options": [[assignment(problem, *row) for row in way] for way in ways],
    }
