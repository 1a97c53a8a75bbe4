"""Invented report conversations of a whole school, as the planner reads them. The same for a size and seed everywhere.

Made for measuring: one teacher or a duo per group, two in five children with a brother or sister, separated parents,
video, long conversations, rooms for four groups in five. The shares are guesses, not statistics.
"""

from __future__ import annotations

import random
from typing import Any

SIZES = {"100 children": (100, 5, 2), "250": (250, 10, 3), "600": (600, 24, 4), "1,500": (1500, 60, 4)}
SLOTS = 18
WEIGHTS = {
    "unserved": 1000,
    "extra_visit": 20,
    "wait_slot": 2,
    "preference": 2,
    "teacher_idle_slot": 1,
    "teacher_session": 4,
}


def _teams(rng: random.Random, group: int, teachers: list[dict[str, Any]], sessions: list[str]) -> list[list[str]]:
    """Add the teachers of a group and return who may hold its conversations."""
    kind = rng.random()
    own = [f"t{group}"] if kind < 0.6 else [f"t{group}", f"t{group}b"]
    for i, name in enumerate(own):
        there = [s for k, s in enumerate(sessions) if kind < 0.8 or len(sessions) < 3 or k % 2 == i]
        spans = []
        for s in there:
            begin = rng.choice([0, 0, 1, 3])
            spans.append({"session": s, "from": begin, "to": SLOTS - rng.choice([0, 1, 2])})
        teachers.append({"id": name, "max_run": rng.choice([5, 6, 6, 8]), "available": spans})
    if kind >= 0.8:
        return [[name] for name in own]
    return [own]


def _windows(rng: random.Random, sessions: list[str]) -> list[dict[str, Any]]:
    """When a party can come: it likes one session best, some others less, and dislikes the edge of a few."""
    best = rng.choice(sessions)
    windows = []
    for s in sessions:
        cut = rng.randint(6, 12)
        if s == best:
            parts = [(0, SLOTS, 0)] if rng.random() < 0.5 else [(0, cut, 0), (cut, SLOTS, 1)]
        elif rng.random() < 0.5:
            parts = [(0, cut, 1), (cut, SLOTS, 2)]
        else:
            parts = [(cut - 6, cut, 2)] if rng.random() < 0.5 else []
        windows += [{"session": s, "from": a, "to": b, "cost": cost} for a, b, cost in parts]
    return windows


def conference(size: str, seed: int) -> dict[str, Any]:
    """Return the instance of this size (a key of SIZES) and seed."""
    children, groups, count = SIZES[size]
    rng = random.Random(f"{size}/{seed}")
    sessions = [f"s{i}" for i in range(count)]
    teachers: list[dict[str, Any]] = []
    teams = [_teams(rng, group, teachers, sessions) for group in range(groups)]
    places = [group for group in range(groups) for _ in range(-(-children // groups))]
    rng.shuffle(places)
    parties: list[dict[str, Any]] = []
    conversations: list[dict[str, Any]] = []
    apart = []
    while places:
        own = [places.pop() for _ in range(min(len(places), rng.choices([1, 2, 3, 4], [76, 18, 5, 1])[0]))]
        names = [f"p{len(parties) + i}" for i in range(2 if rng.random() < 0.07 else 1)]
        for name in names:
            mode = "video" if rng.random() < 0.06 else "onsite"
            parties.append({"id": name, "mode": mode, "windows": _windows(rng, sessions)})
            for group in own:
                slots = 2 if rng.random() < 0.06 else 1
                key = f"k{len(conversations)}"
                conversations.append({"id": key, "party": name, "slots": slots, "teachers": teams[group]})
        if len(names) == 2 and rng.random() < 0.25:
            apart.append(names)
    return {
        "format": "conference-instance/1",
        "name": f"{size}, {seed}",
        "slot_minutes": 10,
        "changeover_slots": 1,
        "rooms": -(-groups * 4 // 5),
        "weights": WEIGHTS,
        "sessions": [{"id": s, "slots": SLOTS} for s in sessions],
        "teachers": teachers,
        "parties": parties,
        "conversations": conversations,
        "keep_apart": apart,
    }
