"""Reading instances and plans: every fault is told in a sentence, and every broken rule is found."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.meetings.solver import BrokenFile, faults, objective, read_plan, read_problem, write_plan
from tests.meetings.small import Record, Row, broken, conference, conferences, every_plan, plan_of, rows_of, worth

GOOD = (("k1", "tue", 0, ("ann",)), ("k3", "tue", 2, ("bob",)), ("k2", "tue", 1, ("ann",)))


def changed(path: str, value: Any) -> Record:
    data: Any = copy.deepcopy(conference())
    *steps, last = path.split(".")
    place = data
    for step in steps:
        place = place[int(step) if step.isdigit() else step]
    place[int(last) if last.isdigit() else last] = value
    return dict(data)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("format", "conference-instance/9", "“format” should be"),
        ("weights", None, "“unserved” should be a whole number"),
        ("weights", {"unserved": 1.5}, "is 1.5"),
        ("rooms", -1, "“rooms” should be a whole number from 0"),
        ("slot_minutes", 0, "“slot_minutes”"),
        ("sessions", "tuesday", "“sessions” should be a list of records"),
        ("sessions", [{"id": "tue", "slots": 1}] * 1001, "has 1001 records, and may have 1000"),
        ("sessions.0.slots", 61, "from 1 to 60"),
        ("sessions.0.id", 7, "no id that is a text: 7"),
        ("teachers.1.id", "ann", "has ann twice"),
        ("teachers.0.max_run", True, "Teacher ann: “max_run”"),
        ("teachers.0.available", [{"session": "fri", "from": 0, "to": 1}], "Teacher ann names session 'fri'"),
        ("teachers.0.available", [{"session": "tue", "from": 5, "to": 2}], "Teacher ann: “to”"),
        ("teachers.0.available", None, "should be a list"),
        ("parties.0.mode", "phone", "Party two: “mode”"),
        ("parties.0.windows.0.cost", 3, "Party two: “cost” should be a whole number from 0 to 2"),
        ("conversations.0.party", "nobody", "Conversation k1 names party 'nobody'"),
        ("conversations.0.party", ["two"], "Conversation k1 names party"),
        ("conversations.0.teachers", [["zed"]], "Conversation k1 names teacher 'zed'"),
        ("conversations.0.teachers", [], "teams of at least one teacher"),
        ("conversations.0.teachers", [7], "a list of teacher ids was expected"),
        ("keep_apart", [["one"]], "pairs of parties"),
        ("keep_apart", [["one", "three"]], "names party 'three'"),
    ],
)
def test_a_broken_instance_says_what_is_wrong_and_where(path: str, value: Any, told: str) -> None:
    with pytest.raises(BrokenFile) as error:
        read_problem(changed(path, value))
    assert told in str(error.value)


@pytest.mark.parametrize("data", [None, [], 7, "text", {}])
def test_what_is_no_instance_is_no_instance(data: Any) -> None:
    with pytest.raises(BrokenFile, match="no conference instance"):
        read_problem(data)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("k9", "tue", 0, ("ann",)), "names conversation 'k9'"),
        (("k1", "fri", 0, ("ann",)), "session 'fri'"),
        (("k1", "tue", 6, ("ann",)), "slot 6 does not fit"),
        (("k1", "tue", -1, ("ann",)), "slot -1 does not fit"),
        (("k1", "tue", 0, ("zed",)), "no list of teachers"),
        (("k1", "tue", 0, ("bob",)), "k1 cannot be held by bob"),
        (("k1", "tue", 0, ()), "k1 cannot be held by nobody"),
    ],
)
def test_a_broken_plan_says_what_is_wrong_and_where(row: Row, told: str) -> None:
    with pytest.raises(BrokenFile) as error:
        read_plan(read_problem(conference()), plan_of(row))
    assert told in str(error.value)


def test_a_plan_with_a_conversation_twice_is_refused() -> None:
    with pytest.raises(BrokenFile, match="k1 twice"):
        read_plan(read_problem(conference()), plan_of(GOOD[0], GOOD[0]))


def test_a_plan_is_written_as_it_was_read() -> None:
    problem = read_problem(conference())
    placed = read_plan(problem, plan_of(*GOOD))
    assert sorted(rows_of(write_plan(problem, placed)["assignments"])) == sorted(GOOD)
    assert faults(problem, placed) == []
    assert objective(problem, placed) == worth(conference(), list(GOOD))


@settings(max_examples=100, deadline=None)
@given(conferences(most=4), st.data())
def test_a_rule_is_broken_exactly_when_the_plain_reading_says_so(data: Record, draw: Any) -> None:
    problem = read_problem(data)
    rows: list[Row] = []
    for conversation in data["conversations"]:
        session = draw.draw(st.sampled_from(data["sessions"]))
        if session["slots"] >= conversation["slots"]:
            slot = draw.draw(st.integers(0, session["slots"] - conversation["slots"]))
            team = tuple(sorted(draw.draw(st.sampled_from(conversation["teachers"]))))
            rows.append((conversation["id"], session["id"], slot, team))
    found = faults(problem, read_plan(problem, plan_of(*rows)))
    assert bool(found) == bool(broken(data, rows))


def test_every_plan_of_the_plain_reading_is_one_without_faults() -> None:
    data = conference(conversations=conference()["conversations"][:2])
    problem = read_problem(data)
    plans = list(every_plan(data, ["k1", "k2"], [], all_of_them=True))
    assert plans
    assert not [p for p in plans if faults(problem, read_plan(problem, plan_of(*p)))]
