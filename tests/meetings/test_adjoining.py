"""The best five plans for a family with several children, in a book that is already partly full."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from kring.meetings.solver import Book, Budget, assignment, plan, read_plan, read_problem
from tests.meetings.small import Record, Row, broken, conference, conferences, every_plan, plan_of, rows_of, worth
from tests.meetings.test_planner import school


def options(data: Record, taken: list[Row], party: str) -> list[list[Row]]:
    problem = read_problem(data)
    book = Book(problem, read_plan(problem, plan_of(*taken)))
    number = next(i for i, p in enumerate(problem.parties) if p.id == party)
    return [rows_of([assignment(problem, *row) for row in way]) for way in book.suggest(number)]


def test_an_empty_book_gives_adjoining_times_with_the_change_over_between() -> None:
    found = options(conference(), [], "two")
    assert len(found) == 5
    for way in found:
        (_, where, slot, _), (second, there, later, _) = way
        assert where == there
        assert later == slot + (2 if second == "k3" else 3)


def test_the_five_are_different_and_none_breaks_a_rule() -> None:
    data = conference()
    taken: list[Row] = [("k2", "tue", 2, ("ann",))]
    found = options(data, taken, "two")
    assert len({tuple(sorted(way)) for way in found}) == 5
    assert not [way for way in found if broken(data, [*taken, *way])]


def test_what_a_family_has_already_stays_and_the_rest_adjoins_it() -> None:
    best = options(conference(), [("k1", "thu", 3, ("ann",))], "two")[0]
    assert best in ([("k3", "thu", 0, ("bob",))], [("k3", "thu", 0, ("bob",))])


def test_a_family_that_has_everything_gets_plans_for_all_of_it() -> None:
    taken: list[Row] = [("k1", "thu", 3, ("ann",)), ("k3", "tue", 2, ("bob",))]
    found = options(conference(), taken, "two")
    assert all(len(way) == 2 for way in found)


def test_a_family_without_conversations_and_one_without_any_free_time_get_an_empty_list() -> None:
    data = conference()
    data["parties"].append({**data["parties"][0], "id": "three"})
    assert options(data, [], "three") == []
    data["parties"][0]["windows"] = [{"session": "tue", "from": 0, "to": 1, "cost": 0}]
    assert options(data, [], "two") == []


def test_two_visits_are_offered_when_one_is_impossible() -> None:
    data = conference()
    data["parties"][0]["windows"] = [
        {"session": "tue", "from": 0, "to": 1, "cost": 0},
        {"session": "thu", "from": 0, "to": 2, "cost": 0},
    ]
    assert options(data, [], "two") == [[("k1", "tue", 0, ("ann",)), ("k3", "thu", 0, ("bob",))]]


def test_separated_parents_who_are_kept_apart_are_not_offered_the_session_of_the_other() -> None:
    taken: list[Row] = [("k2", "tue", 0, ("ann",))]
    free = options(conference(), taken, "two")
    apart = options(conference(keep_apart=[["two", "one"]]), taken, "two")
    assert "tue" in {row[1] for way in free for row in way}
    assert {row[1] for way in apart for row in way} == {"thu"}


@settings(max_examples=120, deadline=None)
@given(conferences(), st.randoms(use_true_random=False))
def test_the_options_are_the_cheapest_there_are(data: Record, rng: random.Random) -> None:
    """Per set of times the cheapest choice of teachers counts as one plan, unless two conversations share a teacher."""
    own = [c["id"] for c in data["conversations"] if c["party"] == "p0"]
    rest = [c["id"] for c in data["conversations"] if c["party"] != "p0"]
    around = rng.choice(list(every_plan(data, rest, [], all_of_them=False)))
    found = options(data, around, "p0")
    before = worth(data, around)
    cheapest: dict[tuple[tuple[str, str, int], ...], int] = {}
    for way in every_plan(data, own, around, all_of_them=True):
        times = tuple(row[:3] for row in way)
        added = worth(data, [*around, *way]) - before
        cheapest[times] = min(added, cheapest.get(times, added))
    best = sorted(cheapest.values())[:5] if own else []
    assert not [way for way in found if broken(data, [*around, *way])]
    assert [worth(data, [*around, *way]) - before for way in found] == best


def test_a_full_book_of_a_school_still_gives_the_place_a_family_left() -> None:
    problem = read_problem(school(42))
    placed = plan(problem, Budget(moves=3000)).placed
    for party, own in enumerate(problem.of_party):
        book = Book(problem, {c: at for c, at in placed.items() if c not in own})
        assert book.suggest(party)


def test_a_book_without_a_party_is_the_book_it_never_was_in() -> None:
    problem = read_problem(school(42))
    placed = plan(problem, Budget(moves=500)).placed
    book = Book(problem, placed)
    for party, own in enumerate(problem.of_party):
        never = Book(problem, {c: at for c, at in placed.items() if c not in own})
        without = book.without(party)
        assert (without.placed, without.masks, without.rooms) == (never.placed, never.masks, never.rooms)
    assert book.placed == placed
    assert book.masks == Book(problem, placed).masks
