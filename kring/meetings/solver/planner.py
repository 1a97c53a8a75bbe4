"""Plans all conversations at once.

The idea. Simulated annealing (Kirkpatrick, Gelatt, Vecchi 1983) over whole, feasible plans: a change is taken when it
makes the plan better, and sometimes when it makes it worse, less often as the temperature falls. Three kinds of
change, all of them ejection chains (Glover 1996) that put aside who stands in the way and give them the cheapest
place that is left:

- one conversation goes to a random other time (with the way back this is also a swap);
- a party with several conversations goes to another time with all of them, each where it suits the first best;
- a teacher's neighbouring conversations are taken out and put back one by one in random order (ruin and recreate,
  Schrimpf and others 2000; strings as in Christiaens and Vanden Berghe, "Slack Induction by String Removals", 2020).

Kristiansen, Sørensen, Herold and Stidsen solved the high-school form of this problem with adaptive large
neighbourhood search ("The consultation timetabling problem at Danish high schools", Journal of Heuristics 2013). What
makes the simpler search here enough is its speed: a teacher's session is one word of bits, what a change costs
follows from that word and from the party's other conversations, and the inner loop runs as compiled code
(`machine.py`), more than a million changes a second."""

from __future__ import annotations

import math
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass

from .machine import Machine
from .plans import Placed
from .problem import BrokenFile, Problem
from .search import STEPS, Search

HOT, COLD = 1.0, 0.1  # temperatures, in the smallest weight of what happens often
OFTEN = ("wait_slot", "preference", "teacher_idle_slot", "teacher_session")
PIECE = 0.02  # seconds between two looks at the clock and the stop flag
LOGS = array("i", [int(-math.log((i + 0.5) / STEPS) * 1024) for i in range(STEPS)])


@dataclass(frozen=True)
class Progress:
    """How far the search is: `share` of its time from 0 to 1, the objective of the best plan, how many it serves."""

    share: float
    cost: int
    moves: int


@dataclass(frozen=True)
class Outcome:
    """The best plan that was found, its objective, and whether the search was stopped before its time."""

    placed: Placed
    cost: int
    moves: int
    stopped: bool


@dataclass(frozen=True)
class Budget:
    """How long to search: by the clock, or (the same plan on every machine) by the number of moves."""

    seconds: float = 0.0
    moves: int = 0


def plan(
    problem: Problem,
    budget: Budget,
    *,
    seed: int = 0,
    start: Placed | None = None,
    locked: frozenset[int] = frozenset(),
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    compiled: bool | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Outcome:
    """Return a good plan for `problem`; it breaks no hard rule and gets better with more time.

    `start` is a plan to begin from, `locked` the conversations of it that stay where they are (BrokenFile when they
    cannot).
    `progress` hears about fifty times a second how far it is; when `stop` says True the best plan so far is returned.
    With a budget in moves the same seed gives the same plan; by the clock it depends on how fast the machine is.
    `compiled` forces compiled or plain code; the plans are the same.
    """
    began = clock()
    search = Search(problem, seed=seed, start=_options(problem, start or {}), locked=locked, logs=LOGS)
    machine = Machine(search, compiled=compiled)
    machine.call("begin")
    at = machine.array("at")
    if any(at[c] < 0 for c in locked):
        raise BrokenFile("The locked conversations cannot all stay where they are.")
    unit = 1024 * min((problem.weights[key] for key in OFTEN if problem.weights[key]), default=1)
    done = 0
    piece = 200
    stopped = False
    while True:
        share = done / budget.moves if budget.moves else (clock() - began) / max(budget.seconds, 1e-9)
        if progress is not None:
            progress(Progress(min(1.0, share), machine.get("best_cost"), done))
        stopped = stop is not None and stop()
        if share >= 1 or stopped or not search.n_movable:
            break
        machine.call("warm", int(HOT * (COLD / HOT) ** share * unit))
        piece, done = _run(machine, piece, done, budget, clock)
    best = machine.array("best_at")
    placed = {c: (search.time[o], search.team[o]) for c, o in enumerate(best) if o >= 0}
    return Outcome(placed, machine.get("best_cost"), done, stopped)


def _run(machine: Machine, piece: int, done: int, budget: Budget, clock: Callable[[], float]) -> tuple[int, int]:
    """Run one piece; return the size of the next and the moves made so far.

    By moves, a piece is a two-hundredth of the whole, so that temperatures do not depend on the machine.
    """
    if budget.moves:
        piece = min(max(1, budget.moves // 200), budget.moves - done)
        machine.call("run", piece)
        return piece, done + piece
    before = clock()
    machine.call("run", piece)
    took = max(clock() - before, 1e-6)
    return max(10, int(piece * min(2.0, PIECE / took))), done + piece


def _options(problem: Problem, start: Placed) -> dict[int, int]:
    """Return the number of the option within its conversation, for those that stand at an option."""
    found = {}
    for c, (slot, team) in start.items():
        for i, option in enumerate(problem.options(c)):
            if (option.slot, option.team) == (slot, team):
                found[c] = i
    return found
