"""A whole round planned at once, without a database: who comes with whom, what must never be, and what counts."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.meetings.solver.problem import BrokenFile
from kring.meetings.solver.whole import (
    AGAINST,
    RATHER_NOT,
    Input,
    Result,
    Talk,
    Way,
    families_of,
    figures,
    holding,
    plan_round,
)

MOVES = 400
EVENING = (0, 24)  # two hours


def ways(*teachers: int, first: int = 0, number: int = 12, key: int = 0, cost: int = 0) -> list[Way]:
    """Return moments of ten minutes in a row for these teachers together."""
    return [Way(key + n, first + 2 * n, first + 2 * n + 2, teachers, cost) for n in range(number)]


def talk(*guests: int, at: list[Way], **more: object) -> Talk:
    return Talk(frozenset(guests), bool(more.pop("by_video", False)), at, **more)  # type: ignore[arg-type]


def solved(found: Input, moves: int = MOVES) -> Result:
    return plan_round(found, moves=moves, seed=1, compiled=False)


def rules_broken(found: Input, chosen: dict[int, Way]) -> list[str]:
    """Return what is wrong with a plan, pair by pair; written apart from the code under test."""
    wrong = []
    for one, other in combinations(sorted(chosen), 2):
        a, b = chosen[one], chosen[other]
        mine, theirs = found.talks[one], found.talks[other]
        if set(a.teachers) & set(b.teachers) and a.start < b.end and b.start < a.end:
            wrong.append(f"teacher of {one} and {other}")
        first, later, who = (a, b, mine) if a.start <= b.start else (b, a, theirs)
        gap = 0 if who.by_video else found.gap
        if mine.guests & theirs.guests and later.start < first.end + gap:
            wrong.append(f"guests of {one} and {other}")
        together = any(x <= a.start < y and x <= b.start < y for x, y in found.visits)
        pairs = {(x, y) for x in mine.guests for y in theirs.guests}
        onsite = not mine.by_video and not theirs.by_video
        if together and onsite and any(pair in pairs or pair[::-1] in pairs for pair in found.apart):
            wrong.append(f"{one} and {other} meet")
    return wrong


def test_children_of_one_house_come_one_after_the_other_with_time_to_walk():
    found = Input([talk(1, 2, at=ways(10)), talk(1, 2, at=ways(11)), talk(1, 2, at=ways(12))], [EVENING], gap=1)
    chosen = solved(found).chosen
    told = figures(found, chosen)
    assert (told.served, told.families, told.extra_visits, rules_broken(found, chosen)) == (3, 1, 0, [])
    # Moments begin every ten minutes and walking takes five: five minutes are lost at each change.
    assert told.waiting <= 10


def test_half_siblings_are_one_family_to_the_search_and_nobody_is_in_two_places():
    talks = [talk(1, 2, at=ways(10)), talk(2, 3, at=ways(11)), talk(4, at=ways(10)), talk(at=[])]
    assert families_of(talks) == [0, 0, 1, 2]
    found = Input(talks, [EVENING], gap=1)
    chosen = solved(found).chosen
    assert set(chosen) == {0, 1, 2}
    assert not rules_broken(found, chosen)


def test_what_one_parent_cannot_does_not_bind_the_half_sibling():
    late = ways(10, first=12, number=6)
    found = Input([talk(1, 2, at=late), talk(2, 3, at=ways(11, number=2))], [EVENING], gap=1)
    assert set(solved(found).chosen) == {0, 1}


def test_who_is_kept_apart_never_comes_in_one_visit_also_when_it_is_cut_for_the_search():
    long = (0, 80)  # more than a machine word holds
    talks = [talk(1, at=ways(10, number=40)), talk(2, at=ways(10, number=40) + ways(10, first=100, number=6, key=90))]
    found = Input(talks, [long, (100, 112)], gap=1, apart=[(1, 2)])
    chosen = solved(found).chosen
    assert set(chosen) == {0, 1}
    assert not rules_broken(found, chosen)


def test_who_is_kept_apart_gets_no_time_when_there_is_one_evening_only():
    found = Input([talk(1, at=ways(10)), talk(2, at=ways(11))], [EVENING], gap=1, apart=[(1, 2)])
    assert len(solved(found).chosen) == 1


def test_change_over_holds_across_the_cut_of_a_long_visit():
    # Each child has one moment only; the second begins where the first ends, at the cut after sixty ticks.
    found = Input([talk(1, at=[Way(1, 58, 60, (10,))]), talk(1, at=[Way(2, 60, 62, (11,))])], [(0, 90)], gap=1)
    assert len(solved(found).chosen) == 1


def test_a_video_conversation_needs_no_time_to_walk():
    talks = [talk(1, at=[Way(1, 0, 2, (10,))], by_video=True), talk(1, at=[Way(2, 2, 4, (11,))], by_video=True)]
    assert len(solved(Input(talks, [EVENING], gap=1)).chosen) == 2


def test_of_duo_teachers_either_will_do_and_both_are_filled():
    talks = [talk(n, at=ways(10, number=2) + ways(11, number=2, key=50)) for n in range(1, 5)]
    chosen = solved(Input(talks, [EVENING], gap=1)).chosen
    assert len(chosen) == 4


def test_a_wish_is_kept_where_that_is_possible():
    suits = ways(10, number=3, cost=RATHER_NOT) + ways(10, first=6, number=3, key=20)
    found = Input([talk(n, at=suits) for n in (1, 2, 3)], [EVENING], gap=1)
    assert figures(found, solved(found).chosen).rather_not == 0
    crowded = Input([talk(n, at=suits) for n in range(1, 6)], [EVENING], gap=1)
    assert figures(crowded, solved(crowded).chosen).rather_not == 2


def test_what_is_held_stays_and_the_rest_moves_around_it():
    rows = ways(10, number=3)
    found = Input([talk(1, at=[], held=rows[1]), talk(2, at=rows), talk(3, at=rows)], [EVENING], gap=1)
    chosen = solved(found).chosen
    assert chosen[0] == rows[1]
    assert len(chosen) == 3


def test_two_who_are_held_at_one_moment_are_told_apart_instead_of_hidden():
    row = ways(10, number=1)
    with pytest.raises(BrokenFile):
        solved(Input([talk(1, at=row, held=row[0]), talk(2, at=row, held=row[0])], [EVENING], gap=1))


def test_what_breaks_a_rule_is_dropped_by_a_look_apart_from_the_search():
    rows = ways(10, number=1)
    found = Input([talk(1, at=rows), talk(2, at=rows)], [EVENING], gap=1)
    assert holding(found, {0: rows[0], 1: rows[0]}) == {0: rows[0]}


def test_a_time_against_a_wish_is_counted_apart():
    found = Input([talk(1, at=[])], [EVENING], gap=1)
    told = figures(found, {0: Way(1, 0, 2, (10,), AGAINST)})
    assert (told.against, told.rather_not) == (1, 0)


def test_what_teachers_and_families_wait_is_in_minutes():
    found = Input([talk(1, at=[]), talk(1, at=[])], [EVENING], gap=1)
    told = figures(found, {0: Way(1, 0, 2, (10,)), 1: Way(2, 8, 10, (10,))})
    assert (told.waiting, told.idle, told.adjoining) == (25, 30, 0)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_plan_breaks_a_rule(data: st.DataObject) -> None:
    visits = [(0, 24), (100, data.draw(st.sampled_from([112, 170])))]
    talks = []
    for number in range(data.draw(st.integers(1, 9))):
        guests = frozenset(data.draw(st.sets(st.integers(1, 6), max_size=2)))
        teachers = tuple(sorted(data.draw(st.sets(st.integers(10, 12), min_size=1, max_size=2))))
        double = data.draw(st.booleans())
        first = data.draw(st.sampled_from([0, 100, 101]))
        length = 4 if double else 2
        cost = data.draw(st.sampled_from([0, RATHER_NOT]))
        begins = [first + 2 * n for n in range(data.draw(st.integers(0, 5)))]
        own = [Way(100 * number + begin, begin, begin + length, teachers, cost) for begin in begins]
        talks.append(Talk(guests, data.draw(st.booleans()), own if guests else []))
    apart = data.draw(st.lists(st.tuples(st.integers(1, 3), st.integers(4, 6)), max_size=2))
    found = Input(talks, visits, gap=data.draw(st.integers(0, 2)), apart=apart)
    chosen = solved(found, moves=60).chosen
    assert not rules_broken(found, chosen)
    assert figures(found, chosen).served == len(chosen)
