"""The planner: how good and how fast on invented schools of four sizes; adjoining options at every fill of the book."""

from __future__ import annotations

import gc
import random
import statistics
import time

from bench.conferences import SIZES, conference
from kring.meetings.solver import Book, Budget, Placed, Problem, faults, measures, plan, read_problem

SECONDS = {"100 children": 2, "250": 5, "600": 10, "1,500": 20}
FILLS = (0.0, 0.25, 0.5, 0.75, 0.9, 0.97, 1.0)


def planner() -> None:
    """Plan each size twice and print what the plans are worth; then the options on the largest."""
    for size in SIZES:
        problem = read_problem(conference(size, 1))
        outcomes = [plan(problem, Budget(seconds=SECONDS[size]), seed=seed, clock=time.process_time) for seed in (1, 2)]
        best = min(outcomes, key=lambda outcome: outcome.cost)
        broken = sum(len(faults(problem, outcome.placed)) for outcome in outcomes)
        terms = measures(problem, best.placed)
        print(
            f"plan of {size}: {len(best.placed)} of {len(problem.conversations)} conversations, {broken} rules broken, "
            f"objective {' and '.join(str(outcome.cost) for outcome in outcomes)} in {SECONDS[size]} s CPU, "
            f"{best.moves / SECONDS[size] / 1e6:.2f} million moves/s, {terms['teacher_idle_slot']} idle slots, "
            f"{terms['extra_visit']} extra visits, {terms['wait_slot']} slots of waiting"
        )
    began = time.process_time()
    plain = plan(problem, Budget(moves=4000), compiled=False)
    print(f"the same search as plain Python: {plain.moves / (time.process_time() - began):.0f} moves/s")
    options(problem, best.placed)


def options(problem: Problem, placed: Placed) -> None:
    """Print how long the best five adjoining plans of every party take, at each fill."""
    rng = random.Random(1)
    for fill in FILLS:
        kept = {p for p in range(len(problem.parties)) if rng.random() < fill}
        book = Book(problem, {c: at for c, at in placed.items() if problem.conversations[c].party in kept})
        parties = [p for p in range(len(problem.parties)) if p not in kept or fill == 1]
        gc.collect()
        gc.freeze()  # what lives already is not looked at again: a pause of the collector is not a search
        times = sorted(_milliseconds(book, p) for p in parties)
        gc.unfreeze()
        p99 = times[min(len(times) - 1, len(times) * 99 // 100)]
        print(
            f"adjoining options, book {fill:.0%} full: {len(times)} parties, "
            f"p50 {statistics.median(times):.2f} ms, p99 {p99:.2f} ms, longest {times[-1]:.2f} ms of CPU"
        )


def _milliseconds(book: Book, party: int) -> float:
    began = time.thread_time()
    book.suggest(party)
    return (time.thread_time() - began) * 1000
