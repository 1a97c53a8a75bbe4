"""Small conferences for tests, and a slow, plain reading of the rules to hold the planner against.

Nothing here uses the planner's own code: it works on the two file formats.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import strategies as st

Record = dict[str, Any]
Row = tuple[str, str, int, tuple[str, ...]]  # conversation, session, slot, teachers

WEIGHTS = {
    "unserved": 1000,
    "extra_visit": 20,
    "wait_slot": 2,
    "preference": 2,
    "teacher_idle_slot": 1,
    "teacher_session": 4,
}


def conference(**changes: Any) -> Record:
    """Return a conference: two teachers, two sessions of six slots, a family with two children and one with one."""
    whole = [{"session": s, "from": 0, "to": 6} for s in ("tue", "thu")]
    data: Record = {
        "format": "conference-instance/1",
        "name": "small",
        "slot_minutes": 10,
        "changeover_slots": 1,
        "rooms": None,
        "weights": WEIGHTS,
        "sessions": [{"id": s, "slots": 6} for s in ("tue", "thu")],
        "teachers": [{"id": t, "max_run": 3, "available": whole} for t in ("ann", "bob")],
        "parties": [
            {"id": "two", "mode": "onsite", "windows": [{**w, "cost": 0} for w in whole]},
            {"id": "one", "mode": "onsite", "windows": [{**whole[0], "cost": 1}, {**whole[1], "cost": 0}]},
        ],
        "conversations": [
            {"id": "k1", "party": "two", "slots": 1, "teachers": [["ann"]]},
            {"id": "k2", "party": "one", "slots": 1, "teachers": [["ann"], ["bob"]]},
            {"id": "k3", "party": "two", "slots": 2, "teachers": [["bob"]]},
        ],
        "keep_apart": [],
    }
    return {**data, **changes}


def plan_of(*rows: Row) -> Record:
    keys = ("conversation", "session", "slot", "teachers")
    assignments = [dict(zip(keys, (*row[:3], list(row[3])), strict=True)) for row in rows]
    return {"format": "conference-plan/1", "instance": "small", "assignments": assignments}


def rows_of(assignments: list[Record]) -> list[Row]:
    return [(a["conversation"], a["session"], a["slot"], tuple(sorted(a["teachers"]))) for a in assignments]


def _by_id(data: Record, what: str) -> dict[str, Record]:
    return {record["id"]: record for record in data[what]}


def window_cost(data: Record, conversation: Record, session: str, slot: int) -> int | None:
    party = _by_id(data, "parties")[conversation["party"]]
    costs = []
    for u in range(slot, slot + conversation["slots"]):
        here = [w["cost"] for w in party["windows"] if w["session"] == session and w["from"] <= u < w["to"]]
        if not here:
            return None
        costs += here
    return max(costs)


def broken(data: Record, rows: list[Row]) -> set[int]:
    """Return the numbers of the hard rules (README of the problem, section 2) that a plan breaks."""
    conversations, parties, teachers = (_by_id(data, k) for k in ("conversations", "parties", "teachers"))
    found: set[int] = set()
    busy: dict[tuple[str, str], list[int]] = {}
    school: dict[tuple[str, int], int] = {}
    held: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for name, session, slot, team in rows:
        conversation = conversations[name]
        party = parties[conversation["party"]]
        own = range(slot, slot + conversation["slots"])
        if window_cost(data, conversation, session, slot) is None:
            found.add(1)
        if set(team) not in [set(t) for t in conversation["teachers"]]:
            found.add(2)
        for t in team:
            spans = [a for a in teachers[t]["available"] if a["session"] == session]
            if not all(any(a["from"] <= u < a["to"] for a in spans) for u in own):
                found.add(2)
            if set(own) & set(busy.setdefault((t, session), [])):
                found.add(2)
            busy[t, session] += own
        held.setdefault((conversation["party"], session), []).append((slot, slot + conversation["slots"]))
        if party["mode"] == "onsite":
            for u in own:
                school[session, u] = school.get((session, u), 0) + 1
    for (t, _), slots in busy.items():
        run = teachers[t]["max_run"] + 1
        if any(set(range(u, u + run)) <= set(slots) for u in slots):
            found.add(4)
    if data["rooms"] is not None and any(n > data["rooms"] for n in school.values()):
        found.add(5)
    for (p, _), times in held.items():
        gap = data["changeover_slots"] if parties[p]["mode"] == "onsite" else 0
        for (_, end), (begin, _) in zip(sorted(times), sorted(times)[1:], strict=False):
            if begin < end + gap:
                found.add(3)
    for one, other in data["keep_apart"]:
        if parties[one]["mode"] == parties[other]["mode"] == "onsite":
            coming = [{s for p, s in held if p == name} for name in (one, other)]
            if coming[0] & coming[1]:
                found.add(6)
    return found


def worth(data: Record, rows: list[Row]) -> int:
    """Return the objective of a plan."""
    conversations, parties = _by_id(data, "conversations"), _by_id(data, "parties")
    weights = data["weights"]
    total = weights["unserved"] * (len(conversations) - len(rows))
    for name, session, slot, _ in rows:
        cost = window_cost(data, conversations[name], session, slot)
        assert cost is not None
        total += weights["preference"] * cost**2
    for party in parties.values():
        visits = []
        for session in {s["id"] for s in data["sessions"]}:
            times = [
                (slot, slot + conversations[name]["slots"])
                for name, where, slot, _ in rows
                if where == session and conversations[name]["party"] == party["id"]
            ]
            if times:
                gap = data["changeover_slots"] if party["mode"] == "onsite" else 0
                talk = sum(end - begin for begin, end in times)
                span = max(end for _, end in times) - min(begin for begin, _ in times)
                visits.append(span - talk - gap * (len(times) - 1))
        total += weights["wait_slot"] * sum(visits) + weights["extra_visit"] * max(0, len(visits) - 1)
    busy: dict[tuple[str, str], set[int]] = {}
    for name, session, slot, team in rows:
        for t in team:
            busy.setdefault((t, session), set()).update(range(slot, slot + conversations[name]["slots"]))
    for slots in busy.values():
        total += weights["teacher_session"] + weights["teacher_idle_slot"] * (max(slots) - min(slots) + 1 - len(slots))
    return total


def choices(data: Record, conversation: Record) -> list[Row]:
    """Return every row that a conversation could have, by its own windows only."""
    return [
        (conversation["id"], session["id"], slot, tuple(sorted(set(team))))
        for session in data["sessions"]
        for slot in range(session["slots"] - conversation["slots"] + 1)
        if window_cost(data, conversation, session["id"], slot) is not None
        for team in conversation["teachers"]
    ]


def every_plan(data: Record, names: list[str], around: list[Row], *, all_of_them: bool) -> Iterator[list[Row]]:
    """Yield every plan that breaks no rule and has these conversations beside the rows of `around`."""
    conversations = _by_id(data, "conversations")
    none: list[Row | None] = [] if all_of_them else [None]
    pools = [[*choices(data, conversations[n]), *none] for n in names]
    for picked in product(*pools):
        rows = [row for row in picked if row is not None]
        if not broken(data, [*around, *rows]):
            yield rows


def _span(draw: Any, slots: int) -> Record:
    begin = draw(st.integers(0, slots - 1))
    return {"from": begin, "to": draw(st.integers(begin + 1, slots))}


@st.composite
def conferences(draw: Any, *, most: int = 3) -> Record:
    """Draw a tiny conference with everything in it: duos, long conversations, video, rooms, parties kept apart."""
    sessions = [{"id": f"s{i}", "slots": draw(st.integers(2, 4))} for i in range(draw(st.integers(1, 2)))]
    teachers = [
        {
            "id": f"t{i}",
            "max_run": draw(st.integers(1, 3)),
            "available": [{"session": s["id"], **_span(draw, s["slots"])} for s in sessions],
        }
        for i in range(2)
    ]
    parties = [
        {
            "id": f"p{i}",
            "mode": draw(st.sampled_from(["onsite", "onsite", "video"])),
            "windows": [
                {"session": s["id"], **_span(draw, s["slots"]), "cost": draw(st.integers(0, 2))} for s in sessions
            ],
        }
        for i in range(2)
    ]
    teams = st.sampled_from([[["t0"]], [["t1"]], [["t0"], ["t1"]], [["t0", "t1"]]])
    conversations = [
        {
            "id": f"k{i}",
            "party": draw(st.sampled_from(["p0", "p1"])),
            "slots": draw(st.sampled_from([1, 1, 2])),
            "teachers": draw(teams),
        }
        for i in range(draw(st.integers(1, most)))
    ]
    return conference(
        changeover_slots=draw(st.integers(0, 1)),
        rooms=draw(st.sampled_from([None, 1, 2])),
        sessions=sessions,
        teachers=teachers,
        parties=parties,
        conversations=conversations,
        keep_apart=draw(st.sampled_from([[], [["p0", "p1"]]])),
    )
