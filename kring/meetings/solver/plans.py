"""Plans: who meets when. Reads and writes `conference-plan/1`, and says which rules a plan breaks and what it costs."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from .problem import BrokenFile, Problem

FORMAT = "conference-plan/1"
Placed = dict[int, tuple[int, int]]  # conversation: (slot among those of all sessions, team)


def read_plan(problem: Problem, data: Any) -> Placed:
    """Return a parsed `conference-plan/1`. Raises BrokenFile with a sentence; broken rules are for `faults`."""
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("assignments"), list):
        raise BrokenFile(f"This is no plan: “format” should be “{FORMAT}”, with a list of “assignments”.")
    conversations = {c.id: i for i, c in enumerate(problem.conversations)}
    sessions = {s.id: s for s in problem.sessions}
    teachers = {t.id: i for i, t in enumerate(problem.teachers)}
    teams = {team: i for i, team in enumerate(problem.teams)}
    placed: Placed = {}
    for row in data["assignments"]:
        if not isinstance(row, dict):
            raise BrokenFile(f"An assignment should be a record, and is {row!r}.")
        name, where, slot, names = (row.get(key) for key in ("conversation", "session", "slot", "teachers"))
        if not isinstance(name, str) or name not in conversations:
            raise BrokenFile(f"The plan names conversation {name!r}, which is not in the instance.")
        c = conversations[name]
        if c in placed:
            raise BrokenFile(f"The plan has conversation {name} twice.")
        if not isinstance(where, str) or where not in sessions:
            raise BrokenFile(f"Conversation {name}: session {where!r} is not in the instance.")
        last = sessions[where].slots - problem.conversations[c].slots
        if isinstance(slot, bool) or not isinstance(slot, int) or not 0 <= slot <= last:
            raise BrokenFile(f"Conversation {name}: slot {slot!r} does not fit in session {where}.")
        if not isinstance(names, list) or not all(isinstance(t, str) and t in teachers for t in names):
            raise BrokenFile(f"Conversation {name}: {names!r} is no list of teachers of the instance.")
        team = teams.get(tuple(sorted({teachers[t] for t in names})), -1)
        if team not in problem.conversations[c].teams:
            raise BrokenFile(f"Conversation {name} cannot be held by {', '.join(names) or 'nobody'}.")
        placed[c] = (sessions[where].offset + slot, team)
    return placed


def assignment(problem: Problem, c: int, slot: int, team: int) -> dict[str, Any]:
    """Return one row of a plan."""
    session = problem.sessions[problem.session_of[slot]]
    return {
        "conversation": problem.conversations[c].id,
        "session": session.id,
        "slot": slot - session.offset,
        "teachers": [problem.teachers[k].id for k in problem.teams[team]],
    }


def write_plan(problem: Problem, placed: Placed) -> dict[str, Any]:
    """Return the plan as `conference-plan/1`."""
    rows = [assignment(problem, c, *placed[c]) for c in sorted(placed)]
    return {"format": FORMAT, "instance": problem.name, "assignments": rows}


def faults(problem: Problem, placed: Placed) -> list[str]:
    """Return one sentence for every hard rule that the plan breaks."""
    found = []
    for c, (slot, team) in placed.items():
        if problem.cost_at(c, slot) < 0:
            party = problem.parties[problem.conversations[c].party].id
            found.append(f"Party {party} cannot come at the time of conversation {problem.conversations[c].id}.")
        bits = mask_of(problem, c, slot)
        for k in problem.teams[team]:
            if problem.teachers[k].open[problem.session_of[slot]] & bits != bits:
                name = problem.conversations[c].id
                found.append(f"Teacher {problem.teachers[k].id} is not there at the time of conversation {name}.")
    return found + _teacher_faults(problem, placed) + _room_faults(problem, placed) + _party_faults(problem, placed)


def mask_of(problem: Problem, c: int, slot: int) -> int:
    """Return the slots that conversation c takes from this slot on, as bits of its session."""
    return ((1 << problem.conversations[c].slots) - 1) << (slot - problem.sessions[problem.session_of[slot]].offset)


def teacher_masks(problem: Problem, placed: Placed) -> list[list[int]]:
    """Return the taken slots per teacher and session; double bookings do not show."""
    masks = [[0] * len(problem.sessions) for _ in problem.teachers]
    for c, (slot, team) in placed.items():
        for k in problem.teams[team]:
            masks[k][problem.session_of[slot]] |= mask_of(problem, c, slot)
    return masks


def _teacher_faults(problem: Problem, placed: Placed) -> list[str]:
    found = []
    taken: set[tuple[int, int]] = set()
    for c, (slot, team) in placed.items():
        for k in problem.teams[team]:
            own = {(k, u) for u in range(slot, slot + problem.conversations[c].slots)}
            if taken & own:
                name = problem.conversations[c].id
                found.append(f"Teacher {problem.teachers[k].id} has another conversation at the time of {name}.")
            taken |= own
    for k, masks in enumerate(teacher_masks(problem, placed)):
        for s, mask in enumerate(masks):
            run = mask
            for _ in range(min(problem.teachers[k].max_run, mask.bit_length())):
                run &= run >> 1
            if run:
                found.append(f"Teacher {problem.teachers[k].id} has no break in session {problem.sessions[s].id}.")
    return found


def rooms_taken(problem: Problem, placed: Placed) -> list[int]:
    """Return how many conversations are held at school in each slot."""
    taken = [0] * problem.slots
    for c, (slot, _) in placed.items():
        if not problem.parties[problem.conversations[c].party].video:
            for u in range(slot, slot + problem.conversations[c].slots):
                taken[u] += 1
    return taken


def _room_faults(problem: Problem, placed: Placed) -> list[str]:
    if problem.rooms is None:
        return []
    found = []
    for slot, taken in enumerate(rooms_taken(problem, placed)):
        if taken > problem.rooms:
            session = problem.sessions[problem.session_of[slot]]
            found.append(f"{taken} rooms are needed in session {session.id}, slot {slot - session.offset}.")
    return found


def _party_faults(problem: Problem, placed: Placed) -> list[str]:
    found = []
    coming: list[set[int]] = []
    for p, own in enumerate(problem.of_party):
        party = problem.parties[p]
        times = sorted((placed[c][0], placed[c][0] + problem.conversations[c].slots) for c in own if c in placed)
        coming.append({problem.session_of[begin] for begin, _ in times})
        for (begin, end), (following, _) in pairwise(times):
            same = problem.session_of[begin] == problem.session_of[following]
            if same and following < end + party.gap:
                found.append(f"Party {party.id} has two conversations too close together.")
    for p, rivals in enumerate(problem.rivals):
        for q in rivals:
            if p < q and coming[p] & coming[q]:
                one, other = problem.parties[p].id, problem.parties[q].id
                found.append(f"Parties {one} and {other} must not come in the same session.")
    return found


def measures(problem: Problem, placed: Placed) -> dict[str, int]:
    """Return the six terms of the objective, by the name of their weight."""
    extra = wait = wish = idle = 0
    for p, own in enumerate(problem.of_party):
        times: dict[int, list[tuple[int, int]]] = {}
        for c in own:
            if c in placed:
                slot = placed[c][0]
                times.setdefault(problem.session_of[slot], []).append((slot, problem.conversations[c].slots))
                wish += problem.cost_at(c, slot) ** 2
        extra += max(0, len(times) - 1)
        for held in times.values():
            span = max(t + n for t, n in held) - min(t for t, _ in held)
            wait += span - sum(n for _, n in held) - problem.parties[p].gap * (len(held) - 1)
    masks = [mask for row in teacher_masks(problem, placed) for mask in row if mask]
    for mask in masks:
        idle += mask.bit_length() - (mask & -mask).bit_length() + 1 - mask.bit_count()
    return {
        "unserved": len(problem.conversations) - len(placed),
        "extra_visit": extra,
        "wait_slot": wait,
        "preference": wish,
        "teacher_idle_slot": idle,
        "teacher_session": len(masks),
    }


def objective(problem: Problem, placed: Placed) -> int:
    """Return the weighted sum of the measures: lower is better."""
    return sum(problem.weights[key] * value for key, value in measures(problem, placed).items())
