"""The search: moves of a board, taken or undone by simulated annealing. Compiled like `board.py`; see `planner.py`."""

from __future__ import annotations

from array import array

from .board import NEVER, Board
from .problem import Problem

STEPS = 4096  # entries of the table of logarithms; its unit is 1 / 1024
SHARE_PARTY = 15  # of a hundred moves
SHARE_STRING = 10
LONGEST_STRING = 5


class Search(Board):
    """A plan that is being improved; `best_at` and `best_cost` hold the best one seen."""

    def __init__(
        self, problem: Problem, *, seed: int, start: dict[int, int], locked: frozenset[int], logs: array[int]
    ) -> None:
        """Lay out the problem as `Board` does. `logs`: minus the logarithm of STEPS even steps from 0 to 1."""
        super().__init__(problem, seed=seed, start=start, locked=locked)
        self.movable = array("i", [c for c in range(self.n) if c not in locked])
        together = [
            c for c in self.movable if self.party_first[self.party[c] + 1] - self.party_first[self.party[c]] > 1
        ]
        self.together = array("i", together)
        self.n_movable, self.n_together = len(self.movable), len(together)
        self.best_at = array("i", [-1] * self.n)
        self.best_cost = self.cost
        self.limit = 0
        self.least = 0
        self.heat = 0
        self.logs = logs

    # --- moves ---

    def best_option(self, c: int) -> int:
        """Return the cheapest option of conversation c, ties by chance, or -1; `least` is then what it adds."""
        first = self.first[c]
        end = self.first[c + 1]
        found = -1
        least = NEVER
        if end > first:
            o = first + self.random(end - first)
            for _ in range(first, end):
                if self.floor[o] < least:
                    added = self.insertion(c, o)
                    if added < least:
                        least = added
                        found = o
                o += 1
                if o == end:
                    o = first
        self.least = least
        return found

    def clear(self, c: int, o: int) -> int:
        """Send away who stands in the way of option o of conversation c; return 0 when somebody is locked there."""
        t = self.time[o]
        team = self.team[o]
        for i in range(self.team_first[team], self.team_first[team + 1]):
            base = self.member[i] * self.slots
            for u in range(t, t + self.length[c]):
                d = self.occupant[base + u]
                if d >= 0:
                    if self.locked[d]:
                        return 0
                    self.send_away(d)
        return 1

    def clear_party(self, c: int, o: int) -> int:
        """Send away what option o of conversation c cannot go with: its party's own, and its rivals in that session."""
        p = self.party[c]
        s = self.session[o]
        start = self.time[o]
        end = start + self.length[c]
        gap = self.gap[p]
        for d in range(self.party_first[p], self.party_first[p + 1]):
            a = self.at[d]
            here = a >= 0 and d != c and self.session[a] == s
            if here and start < self.time[a] + self.length[d] + gap and self.time[a] < end + gap:
                if self.locked[d]:
                    return 0
                self.send_away(d)
        for i in range(self.rival_first[p], self.rival_first[p + 1]):
            q = self.rival[i]
            if self.visiting[q * self.sessions + s] > 0:
                for d in range(self.party_first[q], self.party_first[q + 1]):
                    if self.at[d] >= 0 and self.session[self.at[d]] == s:
                        if self.locked[d]:
                            return 0
                        self.send_away(d)
        return 1

    def make_break(self, c: int, o: int) -> int:
        """Send away neighbours of option o of conversation c until its teachers have their breaks."""
        s = self.session[o]
        place = self.place[o]
        length = self.length[c]
        team = self.team[o]
        for i in range(self.team_first[team], self.team_first[team + 1]):
            k = self.member[i]
            for _ in range(self.max_run[k] + 2):
                mask = self.mask[k * self.sessions + s]
                after = mask >> (place + length)
                before = ~mask & ((1 << place) - 1)
                later = (~after & (after + 1)).bit_length() - 1
                earlier = place - before.bit_length()
                if later + earlier + length <= self.max_run[k]:
                    break
                if later + earlier == 0:
                    return 0
                far = self.random(later + earlier)
                u = self.time[o] - 1 - far if far < earlier else self.time[o] + length + far - earlier
                d = self.occupant[k * self.slots + u]
                if self.locked[d]:
                    return 0
                self.send_away(d)
        return 1

    def make_room(self, c: int, o: int) -> int:
        """Send away somebody at school where all rooms are taken during option o of conversation c."""
        for u in range(self.time[o], self.time[o] + self.length[c]):
            k = self.random(self.teachers)
            for _ in range(self.teachers):
                if self.in_room[u] < self.rooms:
                    break
                d = self.occupant[k * self.slots + u]
                if d >= 0 and self.on_site[self.party[d]] and self.locked[d] == 0:
                    self.send_away(d)
                k += 1
                if k == self.teachers:
                    k = 0
            if self.in_room[u] >= self.rooms:
                return 0
        return 1

    def force(self, c: int, o: int) -> int:
        """Hold conversation c at option o, sending away others; return 0 when locked ones stay in the way."""
        if self.clear(c, o) == 0:
            return 0
        added = self.insertion(c, o)
        if added >= NEVER:
            if self.clear_party(c, o) == 0 or self.make_break(c, o) == 0:
                return 0
            if self.limited and self.on_site[self.party[c]] and self.make_room(c, o) == 0:
                return 0
            added = self.insertion(c, o)
            if added >= NEVER:
                return 0
        self.put(c, o, added)
        return 1

    def blockers(self, c: int, o: int) -> int:
        """Return how many slots of option o of conversation c are taken by others."""
        bits = ((1 << self.length[c]) - 1) << self.place[o]
        team = self.team[o]
        taken = 0
        for i in range(self.team_first[team], self.team_first[team + 1]):
            taken += (self.mask[self.member[i] * self.sessions + self.session[o]] & bits).bit_count()
        return taken

    def join(self, c: int) -> int:
        """Hold conversation c where it suits its party best, sending away others; return 0 when impossible."""
        first = self.first[c]
        end = self.first[c + 1]
        found = -1
        least = NEVER
        if end == first:
            return 0
        o = first + self.random(end - first)
        for _ in range(first, end):
            if self.floor[o] < least:
                taken = self.blockers(c, o)
                added = self.wish[o] + self.company(c, o) + 1 + taken * 2 if taken else self.insertion(c, o)
                if added < least:
                    least = added
                    found = o
            o += 1
            if o == end:
                o = first
        if found < 0:
            return 0
        return self.force(c, found)

    def settle(self) -> int:
        """Give all who wait their cheapest place, in random order; return 0 when the move became too bad."""
        while self.waiting > 0:
            if self.cost - self.unserved * self.waiting - self.waiting * 2 > self.limit:
                return 0
            i = self.random(self.waiting)
            c = self.queue[i]
            self.waiting -= 1
            self.queue[i] = self.queue[self.waiting]
            if self.at[c] < 0:  # it may have been held again in the meantime, by its party
                o = self.best_option(c)
                if o >= 0:
                    self.put(c, o, self.least)
        return self.cost <= self.limit

    def move_one(self, c: int) -> int:
        """Hold one conversation at a random other time; who was there finds another place."""
        n = self.first[c + 1] - self.first[c]
        if n == 0:
            return 0
        o = self.first[c] + self.random(n)
        if o == self.at[c]:
            return 0
        if self.at[c] >= 0:
            self.lift(c)
        if self.force(c, o) == 0:
            return 0
        return self.settle()

    def move_party(self, c: int) -> int:
        """Hold one conversation of a party at a random time and all its others where they suit that best."""
        p = self.party[c]
        first = self.party_first[p]
        end = self.party_first[p + 1]
        for d in range(first, end):
            if self.at[d] >= 0 and self.locked[d] == 0:
                self.lift(d)
        n = self.first[c + 1] - self.first[c]
        if n == 0 or self.force(c, self.first[c] + self.random(n)) == 0:
            return 0
        d = first + self.random(end - first)
        for _ in range(first, end):
            if self.at[d] < 0 and self.join(d) == 0:
                return 0
            d += 1
            if d == end:
                d = first
        return self.settle()

    def move_string(self, c: int) -> int:
        """Send away everybody around conversation c at one of its teachers; they find their places anew."""
        if self.at[c] < 0:
            return 0
        o = self.at[c]
        team = self.team[o]
        size = self.team_first[team + 1] - self.team_first[team]
        k = self.member[self.team_first[team] + self.random(size)]
        wide = 2 + self.random(LONGEST_STRING)
        begin = self.time[o] - self.random(wide)
        zero = self.time[o] - self.place[o]
        begin = zero if begin < zero else begin
        for u in range(begin, begin + wide):
            if u < self.slots:
                d = self.occupant[k * self.slots + u]
                if d >= 0 and self.locked[d] == 0:
                    self.send_away(d)
        return self.settle()

    def begin(self) -> None:
        """Put everybody where the start says, and the rest at their cheapest place, fewest options first."""
        for c in range(self.n):
            if self.start[c] >= 0 and self.insertion(c, self.start[c]) < NEVER:
                self.put(c, self.start[c], self.insertion(c, self.start[c]))
        size = 0
        done = 0
        while done < self.n:
            done = 0
            following = NEVER
            for c in range(self.n):
                n = self.first[c + 1] - self.first[c]
                if n == size and self.at[c] < 0:
                    o = self.best_option(c)
                    if o >= 0:
                        self.put(c, o, self.least)
                if n > size and n < following:
                    following = n
                if n <= size:
                    done += 1
            size = following
        self.keep()

    def keep(self) -> None:
        """Remember this plan as the best."""
        self.best_cost = self.cost
        for c in range(self.n):
            self.best_at[c] = self.at[c]

    def warm(self, heat: int) -> None:
        """Set the temperature, in 1 / 1024 of the objective's unit."""
        self.heat = heat

    def run(self, moves: int) -> None:
        """Make so many moves at the present heat."""
        for _ in range(moves):
            self.move += 1
            self.n_touched = 0
            self.waiting = 0
            cost = self.cost
            self.limit = cost + ((self.heat * self.logs[self.random(STEPS)]) >> 20)
            kind = self.random(100)
            if kind < SHARE_PARTY and self.n_together > 0:
                good = self.move_party(self.together[self.random(self.n_together)])
            elif kind < SHARE_PARTY + SHARE_STRING:
                good = self.move_string(self.movable[self.random(self.n_movable)])
            else:
                good = self.move_one(self.movable[self.random(self.n_movable)])
            if good == 0:
                self.undo(cost)
            elif self.cost < self.best_cost:
                self.keep()
