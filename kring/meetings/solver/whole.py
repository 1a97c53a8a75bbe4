"""A whole round planned at once: the moments, families and wishes of a school in, a time for everybody out.

The search is that of `planner.py`; this file says a round in its words. Five minutes are its slot, so that
conversations begin where the moments of a session begin and nowhere else; an afternoon or evening is one of its
sessions.

Who comes with whom: parties that share somebody are one family to the search, so that nobody is in two places and
children of one house adjoin; what each of them can is kept per conversation, because half-siblings share one parent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from .family import Booked
from .planner import Budget, Progress, plan
from .plans import Placed
from .problem import LONGEST_SESSION, Conversation, Option, Party, Session, Teacher

FINE, RATHER_NOT, AGAINST = 0, 2, 3  # what a wish costs; the search squares it. Against a wish only people decide
WEIGHTS = {  # those of the published instances, with slots of five minutes instead of ten
    "unserved": 2000,
    "extra_visit": 40,
    "wait_slot": 2,
    "preference": 4,
    "teacher_idle_slot": 1,
    "teacher_session": 8,
}
TICK_MINUTES = 5


class Way(NamedTuple):
    """One way to hold a conversation: from tick to tick (the end not included), who sits there, and how it suits."""

    key: int
    start: int
    end: int
    teachers: tuple[int, ...]
    cost: int = FINE


class Talk(NamedTuple):
    """A conversation: who comes along, and its ways. With `held` it stays there: it is booked, or locked.

    `begin` is the key of the way where it stands at first; the search may move it.
    """

    guests: frozenset[int]
    by_video: bool
    ways: Sequence[Way]
    held: Way | None = None
    begin: int | None = None


@dataclass(frozen=True)
class Input:
    """Everything of a round: conversations, its afternoons and evenings as ticks, change-over in ticks, and who must
    not come in one of them (pairs of persons, numbered as in `guests`)."""

    talks: Sequence[Talk]
    visits: Sequence[tuple[int, int]]
    gap: int
    apart: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True)
class Result:
    """The way of each conversation that got one, by its place in the input; how long and whether it was stopped."""

    chosen: dict[int, Way]
    cost: int
    moves: int
    stopped: bool


@dataclass(frozen=True)
class Round(Booked):
    """A problem in which a conversation begins only where a moment begins, and has costs of its own."""

    def cost_at(self, c: int, slot: int) -> int:
        """Return how the moment suits conversation c, or -1 where none of its moments begins."""
        return min((option.cost for option in self.begins[c] if option.slot == slot), default=-1)


def families_of(talks: Sequence[Talk]) -> list[int]:
    """Return the number of the family of each conversation: those that share somebody, through others too."""
    leader: dict[int, int] = {}

    def first_of(one: int) -> int:
        while leader.setdefault(one, one) != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for talk in talks:
        guests = sorted(talk.guests)
        for one, other in pairwise(guests):
            leader[first_of(other)] = first_of(one)
    numbers: dict[int, int] = {}
    alone = -1
    found = []
    for talk in talks:
        if talk.guests:
            key = first_of(min(talk.guests))
        else:
            key, alone = alone, alone - 1
        found.append(numbers.setdefault(key, len(numbers)))
    return found


def plan_round(
    given: Input,
    *,
    seconds: float = 0.0,
    moves: int = 0,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    compiled: bool | None = None,
) -> Result:
    """Return a good plan for the round, by the clock or by a number of moves (then the same on every machine).

    Raises BrokenFile when conversations that are held cannot all stay where they are. What comes out breaks no rule:
    it is looked at once more, apart from the search, and what does not hold gets no time.
    """
    builder = _Builder(given)
    problem = builder.problem()
    outcome = plan(
        problem, Budget(seconds=seconds, moves=moves), seed=seed, start=builder.start, locked=frozenset(builder.locked),
        progress=progress, stop=stop, compiled=compiled,
    )  # fmt: skip
    chosen = {builder.talk_of[c]: builder.ways[c, slot, team] for c, (slot, team) in outcome.placed.items()}
    for number, talk in enumerate(given.talks):
        if talk.held is not None:
            chosen[number] = talk.held
    return Result(holding(given, chosen), outcome.cost, outcome.moves, outcome.stopped)


class _Builder:
    """Numbers everything as the search wants it: conversations by family, people and teams as they come."""

    def __init__(self, given: Input) -> None:
        self.given = given
        self.family = families_of(given.talks)
        self.sessions: list[Session] = []
        self.pieces: list[tuple[int, int, int, int]] = []  # first tick, last tick, offset, visit
        self._cut_visits()
        self.people: dict[int, int] = {}
        self.teams: dict[tuple[int, ...], int] = {}
        self.ways: dict[tuple[int, int, int], Way] = {}
        self.start: Placed = {}
        self.locked: set[int] = set()
        self.talk_of: list[int] = []

    def _cut_visits(self) -> None:
        """Cut visits into pieces that fit in a machine word."""
        offset = 0
        for visit, (first, last) in enumerate(self.given.visits):
            for begin in range(first, last, LONGEST_SESSION):
                end = min(last, begin + LONGEST_SESSION)
                self.pieces.append((begin, end, offset, visit))
                self.sessions.append(Session(str(len(self.sessions)), offset, end - begin))
                offset += end - begin

    def problem(self) -> Round:
        """Return the problem."""
        sizes: dict[int, int] = defaultdict(int)
        for number in self.family:
            sizes[number] += 1
        rivals = self._rivals()
        banned = self._banned(rivals)
        order = sorted(range(len(self.given.talks)), key=lambda n: self.family[n])
        begins: list[list[Option]] = []
        conversations: list[Conversation] = []
        for number in order:
            talk = self.given.talks[number]
            c = len(conversations)
            gap = 0 if talk.by_video or sizes[self.family[number]] == 1 else self.given.gap
            own = [talk.held] if talk.held is not None else talk.ways
            length = max((way.end - way.start for way in own), default=1)
            forbidden = banned.get(self.family[number], set()) if talk.held is None else set()
            options = self._options(c, talk, own, length=length, gap=gap, forbidden=forbidden)
            if talk.held is not None and not options:
                continue  # it lies outside the afternoons and evenings of this round
            begins.append(options)
            teams = tuple(sorted({option.team for option in options}))
            conversations.append(Conversation(str(number), self.family[number], length, teams))
            self.talk_of.append(number)
        of_party: list[list[int]] = [[] for _ in sizes]
        for c, conversation in enumerate(conversations):
            of_party[conversation.party].append(c)
        return self._problem(begins, conversations, of_party, rivals)

    def _problem(
        self,
        begins: list[list[Option]],
        conversations: list[Conversation],
        of_party: list[list[int]],
        rivals: list[list[int]],
    ) -> Round:
        slots = sum(session.slots for session in self.sessions)
        always = tuple((1 << session.slots) - 1 for session in self.sessions)
        videos = [all(self.given.talks[self.talk_of[c]].by_video for c in own) for own in of_party]
        return Round(
            name="round",
            slot_minutes=TICK_MINUTES,
            rooms=None,
            weights=WEIGHTS,
            sessions=self.sessions,
            teachers=[Teacher(str(n), slots + 1, always) for n in range(len(self.people))],
            parties=[
                Party(str(n), video, 0 if video else self.given.gap, ()) for n, video in enumerate(videos)
            ],
            teams=list(self.teams),
            conversations=conversations,
            of_party=of_party,
            rivals=rivals,
            session_of=[n for n, session in enumerate(self.sessions) for _slot in range(session.slots)],
            begins=begins,
        )  # fmt: skip

    def _options(
        self, c: int, talk: Talk, own: Iterable[Way], *, length: int, gap: int, forbidden: set[int]
    ) -> list[Option]:
        found = []
        for way in own:
            piece = next((piece for piece in self.pieces if piece[0] <= way.start < piece[1]), None)
            if piece is None or way.start + length > piece[1] or piece[3] in forbidden:
                continue
            first = self.given.visits[piece[3]][0]
            if talk.held is None and piece[0] != first and way.start - piece[0] < gap:
                continue  # the search does not see who comes from the piece before it, across the cut
            team = tuple(sorted(self.people.setdefault(one, len(self.people)) for one in way.teachers))
            number = self.teams.setdefault(team, len(self.teams))
            slot = piece[2] + way.start - piece[0]
            if (c, slot, number) in self.ways:
                continue
            self.ways[c, slot, number] = way
            found.append(Option(slot, number, way.cost))
            if talk.held is not None:
                self.start[c] = (slot, number)
                self.locked.add(c)
            elif talk.begin == way.key:
                self.start[c] = (slot, number)
        return found

    def _rivals(self) -> list[list[int]]:
        """Return for each family with whom it must not come in one visit."""
        homes: dict[int, set[int]] = defaultdict(set)
        for number, talk in zip(self.family, self.given.talks, strict=True):
            if not talk.by_video:
                for guest in talk.guests:
                    homes[guest].add(number)
        found: list[set[int]] = [set() for _ in set(self.family)]
        for one, other in self.given.apart:
            for mine in homes[one]:
                for theirs in homes[other] - {mine}:
                    found[mine].add(theirs)
                    found[theirs].add(mine)
        return [sorted(rivals) for rivals in found]

    def _banned(self, rivals: Sequence[Sequence[int]]) -> dict[int, set[int]]:
        """Return which visits a family is kept out of: those in several pieces, because the search sees pieces."""
        pieces: dict[int, int] = defaultdict(int)
        for piece in self.pieces:
            pieces[piece[3]] += 1
        long = {visit for visit, number in pieces.items() if number > 1}
        return {number: long for number, others in enumerate(rivals) if any(other < number for other in others)}


def holding(given: Input, chosen: Mapping[int, Way]) -> dict[int, Way]:
    """Return what of a plan breaks no rule, held conversations first, then in the order of time.

    Written without the search, so that a fault of it cannot put somebody in two places.
    """
    kept: dict[int, Way] = {}
    teachers: set[tuple[int, int]] = set()
    guests: set[tuple[int, int]] = set()
    there: dict[int, set[int]] = defaultdict(set)  # visit -> who is at school in it
    order = sorted(chosen, key=lambda n: (given.talks[n].held is None, chosen[n].start, n))
    for number in order:
        talk, way = given.talks[number], chosen[number]
        gap = 0 if talk.by_video else given.gap
        sits = {(one, tick) for one in way.teachers for tick in range(way.start, way.end)}
        comes = {(one, tick) for one in talk.guests for tick in range(way.start, way.end + gap)}
        visit = visit_of(given.visits, way)
        meets = not talk.by_video and any(_others(given.apart, one) & there[visit] for one in talk.guests)
        if sits & teachers or comes & guests or meets:
            continue
        kept[number] = way
        teachers |= sits
        guests |= comes
        if not talk.by_video:
            there[visit] |= talk.guests
    return kept


def _others(apart: Sequence[tuple[int, int]], one: int) -> set[int]:
    return {b if a == one else a for a, b in apart if one in (a, b)}


def visit_of(visits: Sequence[tuple[int, int]], way: Way) -> int:
    """Return the number of the afternoon or evening in which a way lies; -1 outside all of them."""
    return next((n for n, (first, last) in enumerate(visits) if first <= way.start < last), -1)


@dataclass(frozen=True)
class Figures:
    """What people compare. Minutes are those of all families, and of all teachers, together."""

    served: int
    total: int
    families: int  # with several conversations, all of them planned
    adjoining: int  # of those: in one visit, with less waiting between two than a conversation takes
    rather_not: int  # conversations at a time that suits less
    against: int  # at a time when the family said it cannot come: put there by hand
    waiting: int
    idle: int
    extra_visits: int


def figures(given: Input, chosen: Mapping[int, Way]) -> Figures:
    """Return the figures of a plan: the way of each conversation by its place in the input."""
    by_family: dict[int, list[int]] = defaultdict(list)
    for number, family in enumerate(families_of(given.talks)):
        by_family[family].append(number)
    several = adjoining = waiting = extra = 0
    for own in by_family.values():
        held = [number for number in own if number in chosen]
        visits: dict[int, list[int]] = defaultdict(list)
        for number in held:
            visits[visit_of(given.visits, chosen[number])].append(number)
        waits = [wait for numbers in visits.values() for wait in _waits(given, chosen, numbers)]
        waiting += sum(waits)
        extra += max(0, len(visits) - 1)
        if len(own) > 1 and len(held) == len(own):
            several += 1
            shortest = min(chosen[number].end - chosen[number].start for number in own)
            adjoining += len(visits) == 1 and max(waits) < shortest
    return Figures(
        served=len(chosen),
        total=len(given.talks),
        families=several,
        adjoining=adjoining,
        rather_not=sum(way.cost == RATHER_NOT for way in chosen.values()),
        against=sum(way.cost == AGAINST for way in chosen.values()),
        waiting=waiting * TICK_MINUTES,
        idle=_idle(given, chosen.values()) * TICK_MINUTES,
        extra_visits=extra,
    )


def _waits(given: Input, chosen: Mapping[int, Way], numbers: Sequence[int]) -> list[int]:
    """Return the ticks that a family waits between conversations of one visit, change-overs left out."""
    gaps = ((chosen[number], 0 if given.talks[number].by_video else given.gap) for number in numbers)
    times = sorted((way.start, way.end, gap) for way, gap in gaps)
    return [max(0, later[0] - earlier[1] - earlier[2]) for earlier, later in pairwise(times)]


def _idle(given: Input, ways: Iterable[Way]) -> int:
    """Return the ticks that teachers sit without anybody between their first and last conversation of a visit."""
    taken: dict[tuple[int, int], set[int]] = defaultdict(set)
    for way in ways:
        for one in way.teachers:
            taken[one, visit_of(given.visits, way)] |= set(range(way.start, way.end))
    return sum(max(ticks) + 1 - min(ticks) - len(ticks) for ticks in taken.values())
