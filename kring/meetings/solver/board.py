"""The board of the search: one plan as arrays of whole numbers, what a change costs, and the books of who is where.

This class is ordinary Python, and at the same time the source of the compiled search: it keeps to what `translate.py`
understands. `planner.py` says what the search does and where its ideas come from.

Words: an *option* is one way to hold one conversation (start slot and team); a *team* is a set of teachers who hold it
together; the *mask* of a teacher and a session has bit i set when slot i is taken.
"""

from __future__ import annotations

from array import array

from .problem import LONGEST_SESSION, Problem

NEVER = 1 << 40  # the cost of what breaks a hard rule


class Board:
    """One plan that is being changed. `cost` is its objective."""

    def __init__(self, problem: Problem, *, seed: int, start: dict[int, int], locked: frozenset[int]) -> None:
        """Lay out the problem. `start`: number of an option within its conversation; `locked` ones stay there."""
        p = problem
        self.n = len(p.conversations)
        self.sessions = len(p.sessions)
        self.slots = p.slots
        self.teachers = len(p.teachers)
        self.unserved = p.weights["unserved"]
        self.extra_visit = p.weights["extra_visit"]
        self.wait_slot = p.weights["wait_slot"]
        self.idle_slot = p.weights["teacher_idle_slot"]
        self.teacher_session = p.weights["teacher_session"]
        self.limited = int(p.rooms is not None)
        self.rooms = p.rooms or 0
        self._conversations(p)
        self._people(p)
        self.locked = array("b", [int(c in locked) for c in range(self.n)])
        self.start = array("i", [self.first[c] + start[c] if c in start else -1 for c in range(self.n)])
        # the plan
        self.at = array("i", [-1] * self.n)
        self.occupant = array("i", [-1] * (len(p.teachers) * self.slots))
        self.mask = array("q", [0] * (len(p.teachers) * self.sessions))
        self.in_room = array("i", [0] * self.slots)
        self.visiting = array("i", [0] * (len(p.parties) * self.sessions))
        self.cost = self.n * self.unserved
        # one move: what it touched, what waits for a place, and how bad it may become
        self.stamp = array("i", [0] * self.n)
        self.move = 0
        self.touched = array("i", [0] * self.n)
        self.touched_at = array("i", [0] * self.n)
        self.n_touched = 0
        self.queue = array("i", [0] * self.n)
        self.waiting = 0
        self.seed = (seed * 2654435761 + 88172645) % 4294967295 + 1

    def _conversations(self, p: Problem) -> None:
        """Lay out the options of every conversation."""
        self.party = array("i", [c.party for c in p.conversations])
        self.length = array("i", [c.slots for c in p.conversations])
        options = [p.options(c) for c in range(self.n)]
        self.first = array("i", [0])
        for found in options:
            self.first.append(self.first[-1] + len(found))
        flat = [(c, o) for c, found in enumerate(options) for o in found]
        self.time = array("i", [o.slot for _, o in flat])
        self.session = array("h", [p.session_of[o.slot] for _, o in flat])
        self.place = array("b", [o.slot - p.sessions[p.session_of[o.slot]].offset for _, o in flat])
        self.team = array("i", [o.team for _, o in flat])
        wish = p.weights["preference"]
        self.wish = array("i", [wish * o.cost**2 for _, o in flat])
        self.floor = array("i", [wish * o.cost**2 - self._saving(p, c, o.team) for c, o in flat])

    def _saving(self, p: Problem, c: int, team: int) -> int:
        """The most that placing conversation c can save elsewhere: free slots of teachers, waiting of its party."""
        slots = p.conversations[c].slots
        saving = self.idle_slot * slots * len(p.teams[team])
        if len(p.of_party[p.conversations[c].party]) > 2:
            saving += self.wait_slot * (slots + p.parties[p.conversations[c].party].gap)
        return saving

    def _people(self, p: Problem) -> None:
        """Lay out parties, teams and teachers."""
        self.gap = array("i", [party.gap for party in p.parties])
        self.on_site = array("b", [int(not party.video) for party in p.parties])
        self.party_first = array("i", [0])
        self.rival_first = array("i", [0])
        self.rival = array("i")
        for k, own in enumerate(p.of_party):
            self.party_first.append(self.party_first[-1] + len(own))
            self.rival.extend(p.rivals[k])
            self.rival_first.append(len(self.rival))
        self.team_first = array("i", [0])
        self.member = array("i")
        for team in p.teams:
            self.member.extend(team)
            self.team_first.append(len(self.member))
        self.max_run = array("i", [min(t.max_run, LONGEST_SESSION) for t in p.teachers])

    # --- what something costs ---

    def random(self, n: int) -> int:
        """Return a number from 0 to n - 1 (Marsaglia's xorshift of 32 bits)."""
        x = self.seed
        x = x ^ ((x << 13) & 0xFFFFFFFF)
        x = x ^ (x >> 17)
        x = x ^ ((x << 5) & 0xFFFFFFFF)
        self.seed = x
        return (x * n) >> 32

    def presence(self, mask: int) -> int:
        """Return what a teacher's session costs: coming at all, and free slots between first and last."""
        if mask == 0:
            return 0
        span = mask.bit_length() - (mask & -mask).bit_length() + 1
        return self.teacher_session + self.idle_slot * (span - mask.bit_count())

    def insertion(self, c: int, o: int) -> int:
        """Return what holding conversation c at its option o adds to the cost, or NEVER."""
        s = self.session[o]
        place = self.place[o]
        length = self.length[c]
        bits = ((1 << length) - 1) << place
        total = self.wish[o]
        team = self.team[o]
        for i in range(self.team_first[team], self.team_first[team + 1]):
            k = self.member[i]
            mask = self.mask[k * self.sessions + s]
            if mask & bits:
                return NEVER
            after = mask >> (place + length)
            before = ~mask & ((1 << place) - 1)
            run = (~after & (after + 1)).bit_length() - 1 + place - before.bit_length() + length
            if run > self.max_run[k]:
                return NEVER
            total += self.presence(mask | bits) - self.presence(mask)
        p = self.party[c]
        if self.limited and self.on_site[p]:
            t = self.time[o]
            for u in range(t, t + length):
                if self.in_room[u] >= self.rooms:
                    return NEVER
        if self.party_first[p + 1] - self.party_first[p] > 1 or self.rival_first[p + 1] > self.rival_first[p]:
            return total + self.company(c, o)
        return total

    def company(self, c: int, o: int) -> int:
        """Return what option o of conversation c adds to the waiting and the visits of its party, or NEVER."""
        p = self.party[c]
        s = self.session[o]
        start = self.time[o]
        end = start + self.length[c]
        gap = self.gap[p]
        low = start
        high = end
        old_low = NEVER
        old_high = 0
        talk = 0
        here = 0
        elsewhere = 0
        for d in range(self.party_first[p], self.party_first[p + 1]):
            a = self.at[d]
            if a >= 0 and d != c:
                if self.session[a] == s:
                    begin = self.time[a]
                    stop = begin + self.length[d]
                    if start < stop + gap and begin < end + gap:
                        return NEVER
                    old_low = begin if begin < old_low else old_low
                    old_high = stop if stop > old_high else old_high
                    talk += self.length[d]
                    here += 1
                else:
                    elsewhere = 1
        if here == 0:
            for i in range(self.rival_first[p], self.rival_first[p + 1]):
                if self.visiting[self.rival[i] * self.sessions + s] > 0:
                    return NEVER
            return self.extra_visit * elsewhere
        low = old_low if old_low < low else low
        high = old_high if old_high > high else high
        return self.wait_slot * (high - low - old_high + old_low - self.length[c] - gap)

    # --- changing the plan ---

    def occupy(self, c: int, o: int) -> None:
        """Write conversation c at option o in the books; the cost is not touched."""
        self.at[c] = o
        s = self.session[o]
        t = self.time[o]
        length = self.length[c]
        bits = ((1 << length) - 1) << self.place[o]
        team = self.team[o]
        for i in range(self.team_first[team], self.team_first[team + 1]):
            k = self.member[i]
            self.mask[k * self.sessions + s] |= bits
            for u in range(t, t + length):
                self.occupant[k * self.slots + u] = c
        p = self.party[c]
        self.visiting[p * self.sessions + s] += 1
        if self.on_site[p]:
            for u in range(t, t + length):
                self.in_room[u] += 1

    def vacate(self, c: int) -> None:
        """Take conversation c out of the books; the cost is not touched."""
        o = self.at[c]
        self.at[c] = -1
        s = self.session[o]
        t = self.time[o]
        length = self.length[c]
        bits = ((1 << length) - 1) << self.place[o]
        team = self.team[o]
        for i in range(self.team_first[team], self.team_first[team + 1]):
            k = self.member[i]
            self.mask[k * self.sessions + s] &= ~bits
            for u in range(t, t + length):
                self.occupant[k * self.slots + u] = -1
        p = self.party[c]
        self.visiting[p * self.sessions + s] -= 1
        if self.on_site[p]:
            for u in range(t, t + length):
                self.in_room[u] -= 1

    def note(self, c: int) -> None:
        """Remember where conversation c was before this move."""
        if self.stamp[c] != self.move:
            self.stamp[c] = self.move
            self.touched[self.n_touched] = c
            self.touched_at[self.n_touched] = self.at[c]
            self.n_touched += 1

    def put(self, c: int, o: int, added: int) -> None:
        """Hold conversation c at option o, whose insertion adds `added`."""
        self.note(c)
        self.occupy(c, o)
        self.cost += added - self.unserved

    def lift(self, c: int) -> None:
        """Take conversation c out of the plan."""
        self.note(c)
        o = self.at[c]
        self.vacate(c)
        self.cost += self.unserved - self.insertion(c, o)

    def send_away(self, c: int) -> None:
        """Take conversation c out and let it wait for another place."""
        self.lift(c)
        self.queue[self.waiting] = c
        self.waiting += 1

    def undo(self, cost: int) -> None:
        """Take the whole move back."""
        for i in range(self.n_touched):
            if self.at[self.touched[i]] >= 0:
                self.vacate(self.touched[i])
        for i in range(self.n_touched):
            if self.touched_at[i] >= 0:
                self.occupy(self.touched[i], self.touched_at[i])
        self.cost = cost
