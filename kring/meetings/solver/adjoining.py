"""Adjoining options: the best ways to hold all conversations of one party, in a book that is already partly full.

The idea. Within one session the conversations of a party are a sequence; its cost is what each of them costs by
itself (the wish, and what it adds to its teacher's session) and two for every slot of waiting. A depth-first search
builds the sequences in the order of time and leaves one as soon as it cannot come among the best five: branch and
bound (Land and Doig 1960), with as bound the cheapest place of every conversation that is still to come. Waiting only
grows with time, so that most loops end after a slot or two. Sequences of a part of the conversations are only looked
for when a second visit could be worth it; they are kept per session and part, and joined."""

from __future__ import annotations

import copy
from itertools import product
from typing import NamedTuple

from .plans import Placed, mask_of, rooms_taken, teacher_masks
from .problem import Problem

BEST = 5
NODES = 20_000  # steps of one search; ordinary families need a few hundred
NEVER = 1 << 40


class Way(NamedTuple):
    """One way to hold some conversations: what it costs, and (conversation, slot, team) in the order of time."""

    cost: int
    held: tuple[tuple[int, int, int], ...]


class Book:
    """A plan as it stands: who is where. Ask it for the options of any party; it does not change."""

    def __init__(self, problem: Problem, placed: Placed) -> None:
        """Read the plan, which must not break a rule (`plans.faults`)."""
        self.problem, self.placed = problem, dict(placed)
        self.masks = teacher_masks(problem, placed)
        self.rooms = rooms_taken(problem, placed)

    def without(self, party: int) -> Book:
        """Return this book with nothing planned for the party."""
        book = copy.copy(self)
        book.placed, book.rooms, book.masks = dict(self.placed), list(self.rooms), [list(row) for row in self.masks]
        for c in self.problem.of_party[party]:
            if c in book.placed:
                slot, team = book.placed.pop(c)
                for k in self.problem.teams[team]:
                    book.masks[k][self.problem.session_of[slot]] &= ~mask_of(self.problem, c, slot)
                if not self.problem.parties[party].video:
                    for u in range(slot, slot + self.problem.conversations[c].slots):
                        book.rooms[u] -= 1
        return book

    def presence(self, mask: int) -> int:
        """Return what a teacher's session with these slots costs."""
        if not mask:
            return 0
        weights = self.problem.weights
        free = mask.bit_length() - (mask & -mask).bit_length() + 1 - mask.bit_count()
        return weights["teacher_session"] + weights["teacher_idle_slot"] * free

    def teachers_mind(self, session: int, added: dict[int, int]) -> int:
        """Return what these extra slots (a mask per teacher) add to the cost of the session, or NEVER."""
        total = 0
        for k, bits in added.items():
            mask = self.masks[k][session]
            run = after = mask | bits
            for _ in range(min(self.problem.teachers[k].max_run, after.bit_length())):
                run &= run >> 1
            if run or mask & bits:
                return NEVER
            total += self.presence(after) - self.presence(mask)
        return total

    def suggest(self, party: int) -> list[list[tuple[int, int, int]]]:
        """Return at most five plans for all conversations of the party, best first: (conversation, slot, team).

        What the party has already stays, and only the rest is planned around it; a party that has everything gets plans
        for all of it, as if it had nothing. A plan holds all of them: where that is impossible the list is empty.
        """
        own = self.problem.of_party[party]
        missing = [c for c in own if c not in self.placed]
        if not own:
            return []
        if not missing:
            return self.without(party).suggest(party)
        ways = Family(self, party).ways()
        return [[row for row in way.held if row[0] not in self.placed] for way in ways]


class Family:
    """The search for one party."""

    def __init__(self, book: Book, party: int) -> None:
        self.book, self.problem, self.party = book, book.problem, party
        self.own = self.problem.of_party[party]
        self.gap = self.problem.parties[party].gap
        self.wait = self.problem.weights["wait_slot"]
        self.extra = self.problem.weights["extra_visit"]
        teachers = [{k for t in self.problem.conversations[c].teams for k in self.problem.teams[t]} for c in self.own]
        # Two conversations with one teacher: what the second costs is only known with the first.
        self.second = [bool(own & set().union(*teachers[:i])) for i, own in enumerate(teachers)]
        self.shared = any(self.second)
        self.sharing = [
            any(own & other for j, other in enumerate(teachers) if j != i) for i, own in enumerate(teachers)
        ]
        self.nodes = 0
        self.kept: dict[tuple[int, int], list[Way]] = {}
        sessions = len(self.problem.sessions)
        self.prices: list[list[dict[int, tuple[int, int]]]] = [[{} for _ in self.own] for _ in range(sessions)]
        for i, c in enumerate(self.own):
            self._price(i, c)

    def _price(self, i: int, c: int) -> None:
        """Note for every free start of conversation c what it costs by itself, and with which team."""
        problem, book = self.problem, self.book
        if c in book.placed:
            slot, team = book.placed[c]
            self.prices[problem.session_of[slot]][i][slot] = (0, team)
            return
        avoided = {problem.session_of[book.placed[d][0]] for q in problem.rivals[self.party]
                   for d in problem.of_party[q] if d in book.placed}  # fmt: skip
        full = problem.rooms is not None and not problem.parties[self.party].video
        weight, idle = problem.weights["preference"], problem.weights["teacher_idle_slot"]
        slots = problem.conversations[c].slots
        for slot, team, cost in problem.options(c):
            s = problem.session_of[slot]
            if s in avoided or (full and max(book.rooms[slot : slot + slots]) >= (problem.rooms or 0)):
                continue
            bits = mask_of(problem, c, slot)
            minded = book.teachers_mind(s, dict.fromkeys(problem.teams[team], bits))
            if minded >= NEVER:
                continue
            price = weight * cost * cost
            price += -idle * slots * len(problem.teams[team]) if self.second[i] else minded
            if slot not in self.prices[s][i] or price < self.prices[s][i][slot][0]:
                self.prices[s][i][slot] = (price, team)

    def ways(self) -> list[Way]:
        """Return the best ways, best first."""
        everything = (1 << len(self.own)) - 1
        found: list[Way] = []
        for s in range(len(self.prices)):
            found = sorted([*found, *self.sequences(s, everything, self._worst(found))])[:BEST]
        cheapest = [
            min((p for row in self.prices for p, _ in row[i].values()), default=NEVER) for i in range(len(self.own))
        ]
        if len(self.own) > 1 and sum(cheapest) + self.extra < self._worst(found):
            found = self._split(found, 0, everything, Way(-self.extra, ()), cheapest)
        return found

    def _worst(self, found: list[Way]) -> int:
        return found[BEST - 1].cost if len(found) == BEST else NEVER

    def _split(self, found: list[Way], s: int, left: int, so_far: Way, cheapest: list[int]) -> list[Way]:
        """Join ways over several sessions, from session s on; those in one session are in `found` already."""
        if not left:
            return sorted([*found, so_far])[:BEST]
        if s == len(self.prices):
            return found
        rest = sum(cheapest[i] for i in range(len(self.own)) if left >> i & 1)
        if so_far.cost + rest + self.extra >= self._worst(found):
            return found
        everything = (1 << len(self.own)) - 1
        part = left
        while part:
            if part != everything:
                others = sum(p for i, p in enumerate(cheapest) if not part >> i & 1)
                for way in self.sequences(s, part, self._worst(found) - self.extra - others):
                    joined = Way(so_far.cost + way.cost + self.extra, so_far.held + way.held)
                    found = self._split(found, s + 1, left & ~part, joined, cheapest)
            part = (part - 1) & left
        return self._split(found, s + 1, left, so_far, cheapest)

    def _may(self, s: int, part: int) -> bool:
        return all(self.prices[s][i] for i in range(len(self.own)) if part >> i & 1)

    def sequences(self, s: int, part: int, worst: int) -> list[Way]:
        """Return the best ways to hold this part of the conversations (bits) in session s, cheaper than `worst`.

        They are kept: `worst` only falls, so that what was found for a higher one is enough.
        """
        if (s, part) not in self.kept:
            self.kept[s, part] = Sequences(self, s, part, worst).found if self._may(s, part) else []
        return self.kept[s, part]


class Sequences:
    """The search within one session, for a part of the conversations."""

    def __init__(self, family: Family, s: int, part: int, worst: int) -> None:
        self.family, self.s, self.limit = family, s, worst
        self.prices = family.prices[s]
        self.lengths = [family.problem.conversations[c].slots for c in family.own]
        self.cheapest = [min((p for p, _ in row.values()), default=0) for row in self.prices]
        session = family.problem.sessions[s]
        self.end = session.offset + session.slots
        self.found: list[Way] = []
        self.joint: dict[tuple[tuple[int, int], ...], Way] = {}
        self._begin(part)

    def _begin(self, part: int) -> None:
        """Try every conversation as the first, at every time, the cheapest first."""
        rest = sum(self.cheapest[i] for i in range(len(self.prices)) if part >> i & 1)
        starts = sorted(
            (price - self.cheapest[i] + rest, slot, i)
            for i, row in enumerate(self.prices)
            if part >> i & 1
            for slot, (price, _) in row.items()
        )
        for bound, slot, i in starts:
            if bound >= self.limit:
                break
            self._next(part & ~(1 << i), slot + self.lengths[i], bound, ((i, slot),))

    def _next(self, left: int, ended: int, bound: int, held: tuple[tuple[int, int], ...]) -> None:
        """Add the next conversation; `bound` is what is spent and what the rest costs at least."""
        if not left:
            self._keep(bound, held)
            return
        family = self.family
        family.nodes += 1
        if family.nodes > NODES:
            return
        first = ended + family.gap
        for slot in range(first, self.end):
            waited = bound + family.wait * (slot - first)
            if waited >= self.limit:
                return
            for i, row in enumerate(self.prices):
                if left >> i & 1 and slot in row:
                    cost = waited + row[slot][0] - self.cheapest[i]
                    if cost < self.limit:
                        self._next(left & ~(1 << i), slot + self.lengths[i], cost, (*held, (i, slot)))

    def _keep(self, cost: int, held: tuple[tuple[int, int], ...]) -> None:
        """Keep a complete sequence when it is among the best."""
        family = self.family
        rows = [(family.own[i], slot, self.prices[i][slot][1]) for i, slot in held]
        if family.shared:
            sharing = tuple(place for place in held if family.sharing[place[0]])
            if sharing not in self.joint:
                self.joint[sharing] = self._together(sharing)
            together = self.joint[sharing]
            cost += together.cost - sum(self.prices[i][slot][0] for i, slot in sharing)
            teams = {c: team for c, _, team in together.held}
            rows = [(c, slot, teams.get(c, team)) for c, slot, team in rows]
        if cost < self.limit:
            self.found = sorted([*self.found, Way(cost, tuple(rows))])[:BEST]
            if len(self.found) == BEST:
                self.limit = min(self.limit, self.found[-1].cost)

    def _together(self, held: tuple[tuple[int, int], ...]) -> Way:
        """Return the cheapest choice of teams for conversations that share a teacher, without their waiting."""
        family, problem, placed = self.family, self.family.problem, self.family.book.placed
        best = Way(NEVER, ())
        new = [(family.own[i], slot) for i, slot in held if family.own[i] not in placed]
        wishes = sum(problem.weights["preference"] * problem.cost_at(c, slot) ** 2 for c, slot in new)
        for teams in product(*(problem.conversations[c].teams for c, _ in new)):
            added: dict[int, int] = {}
            there = True
            for (c, slot), team in zip(new, teams, strict=True):
                bits = mask_of(problem, c, slot)
                for k in problem.teams[team]:
                    there = there and problem.teachers[k].open[self.s] & bits == bits
                    added[k] = added.get(k, 0) | bits
            minded = family.book.teachers_mind(self.s, added)
            if there and minded < NEVER and wishes + minded < best.cost:
                rows = tuple((c, slot, team) for (c, slot), team in zip(new, teams, strict=True))
                best = Way(wishes + minded, rows)
        return best
