"""Adjoining options of one family: against trying everything, and how long they take."""

from __future__ import annotations

import time
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from kring.meetings.solver import Moment, Talk, family_plans
from kring.meetings.solver.family import WEIGHTS

VISITS = [(0, 40), (60, 100)]


def talk(starts: list[int], *, teacher: int, minutes: int = 2, first_key: int = 0) -> Talk:
    return Talk([Moment(first_key + n, at, at + minutes, (teacher,)) for n, at in enumerate(starts)])


def cost(moments: list[Moment], gap: int) -> int | None:
    """Return what a plan costs by the rules, or None when it breaks one: slow and plain."""
    rows = sorted(moments, key=lambda moment: moment.start)
    total, visits = 0, set()
    for moment in rows:
        visits.add(0 if moment.start < 60 else 1)
    for before, after in pairwise(rows):
        if (before.start < 60) != (after.start < 60):
            continue
        wait = after.start - before.end - gap
        if wait < 0:
            return None
        total += WEIGHTS["wait_slot"] * wait
    return total + WEIGHTS["extra_visit"] * (len(visits) - 1)


def test_two_children_one_after_the_other() -> None:
    plans = family_plans([talk([0, 2, 4], teacher=1), talk([0, 2, 4], teacher=2, first_key=10)], VISITS, gap=1)
    assert plans[0].cost == 2, "ten minutes apart: five to walk, five to wait"
    assert {frozenset(plan.chosen.items()) for plan in plans} <= {
        frozenset({(0, a), (1, 10 + b)}) for a in range(3) for b in range(3)
    }


def test_what_is_held_stays_and_the_rest_comes_around_it() -> None:
    held = Moment(99, 4, 6, (1,))
    plans = family_plans([Talk([], held), talk([0, 7, 12], teacher=2)], VISITS, gap=1)
    assert plans[0].chosen == {1: 1}, "from 7 on: right after it"


def test_each_visit_comes_before_variations_of_one() -> None:
    times = [0, 2, 4, 6, 60, 62, 64, 66]
    plans = family_plans([talk(times, teacher=1), talk(times, teacher=2, first_key=10)], VISITS, gap=0)
    visits = [min(times[key % 10] for key in plan.chosen.values()) >= 60 for plan in plans[:2]]
    assert set(visits) == {True, False}


def test_none_when_not_all_can_be_held() -> None:
    assert family_plans([talk([0], teacher=1), talk([0], teacher=2, first_key=10)], VISITS, gap=1) == []


starts = st.lists(st.sampled_from([*range(0, 38, 2), *range(60, 98, 2)]), min_size=1, max_size=6, unique=True)


@settings(max_examples=150)
@given(st.lists(starts, min_size=2, max_size=3), st.integers(0, 2))
def test_the_first_plan_is_the_best_there_is(times: list[list[int]], gap: int) -> None:
    talks = [talk(sorted(own), teacher=n, first_key=100 * n) for n, own in enumerate(times)]
    plans = family_plans(talks, VISITS, gap=gap)
    ways = [found for way in product(*(t.moments for t in talks)) if (found := cost(list(way), gap)) is not None]
    assert bool(plans) == bool(ways)
    if plans:
        chosen = [talks[n].moments[key - 100 * n] for n, key in plans[0].chosen.items()]
        assert cost(chosen, gap) == min(ways)


def test_a_family_of_four_in_an_empty_round_waits_for_nothing() -> None:
    times = [n for visit in (0, 60, 120, 180) for n in range(visit, visit + 24, 2)]
    visits = [(first, first + 24) for first in (0, 60, 120, 180)]
    talks = [talk(times, teacher=n, first_key=100 * n) for n in range(4)]
    began = time.process_time()
    plans = family_plans(talks, visits, gap=1)
    assert len(plans) == 5
    assert time.process_time() - began < 0.5, "a busy machine is slow; bench says what it takes"
