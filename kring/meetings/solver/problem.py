"""The problem of a conference: who must meet whom, and when they can. Reads `conference-instance/1`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

MOST_SESSIONS = 1000
LONGEST_SESSION = 60  # slots; a session must fit in one machine word
WEIGHTS = ("unserved", "extra_visit", "wait_slot", "preference", "teacher_idle_slot", "teacher_session")
FORMAT = "conference-instance/1"


class BrokenFile(ValueError):
    """A file is not what it should be; the text is a sentence that says what and where."""


class Session(NamedTuple):
    """An afternoon or evening; its slots are numbered from `offset` among those of all sessions."""

    id: str
    offset: int
    slots: int


class Teacher(NamedTuple):
    """A teacher; `open` has one mask of free slots per session."""

    id: str
    max_run: int
    open: tuple[int, ...]


class Party(NamedTuple):
    """Who comes together; `cost` is 0, 1 or 2 for each slot, -1 where the party cannot come."""

    id: str
    video: bool
    gap: int
    cost: tuple[int, ...]


class Conversation(NamedTuple):
    """One party and one team about one child."""

    id: str
    party: int
    slots: int
    teams: tuple[int, ...]


class Option(NamedTuple):
    """A way to hold a conversation when nobody else has anything planned."""

    slot: int
    team: int
    cost: int


@dataclass(frozen=True)
class Problem:
    """Everything about a conference. Numbers in it are positions in its own lists; conversations stand by party."""

    name: str
    slot_minutes: int
    rooms: int | None
    weights: dict[str, int]
    sessions: list[Session]
    teachers: list[Teacher]
    parties: list[Party]
    teams: list[tuple[int, ...]]
    conversations: list[Conversation]
    of_party: list[list[int]]
    rivals: list[list[int]]
    session_of: list[int] = field(default_factory=list)

    @property
    def slots(self) -> int:
        """Return the number of slots of all sessions together."""
        return len(self.session_of)

    def cost_at(self, c: int, slot: int) -> int:
        """Return the wish cost (0-2) of conversation c from this slot on, or -1 when its party cannot come."""
        conversation = self.conversations[c]
        session = self.sessions[self.session_of[slot]]
        if slot + conversation.slots > session.offset + session.slots:
            return -1
        costs = self.parties[conversation.party].cost[slot : slot + conversation.slots]
        return -1 if -1 in costs else max(costs)

    def options(self, c: int) -> list[Option]:
        """Return every way to hold conversation c, other people left aside."""
        found = []
        slots = self.conversations[c].slots
        for slot, s in enumerate(self.session_of):
            cost = self.cost_at(c, slot)
            if cost < 0:
                continue
            bits = ((1 << slots) - 1) << (slot - self.sessions[s].offset)
            for team in self.conversations[c].teams:
                if all(self.teachers[k].open[s] & bits == bits for k in self.teams[team]):
                    found.append(Option(slot, team, cost))
        return found


class Reader:
    """Reads one instance, record by record, and says in a sentence what is wrong with it."""

    def __init__(self, data: Any) -> None:
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise BrokenFile(f"This is no conference instance: “format” should be “{FORMAT}”.")
        self.data = data

    def number(self, record: Any, key: str, where: str, *, least: int = 0, most: int = 1_000_000) -> int:
        """Return a whole number of a record."""
        value = record.get(key) if isinstance(record, dict) else None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise BrokenFile(f"{where}: “{key}” should be a whole number from {least} to {most}, and is {value!r}.")
        return value

    def records(self, key: str) -> list[dict[str, Any]]:
        """Return one of the lists of records, each with an id of its own."""
        rows = self.data.get(key)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise BrokenFile(f"“{key}” should be a list of records.")
        seen: set[str] = set()
        for row in rows:
            if not isinstance(row.get("id"), str):
                raise BrokenFile(f"A record of “{key}” has no id that is a text: {row.get('id')!r}.")
            if row["id"] in seen:
                raise BrokenFile(f"“{key}” has {row['id']} twice.")
            seen.add(row["id"])
        return rows

    def known(self, names: Any, index: dict[str, int], where: str, what: str) -> list[int]:
        """Return the positions of these names."""
        if not isinstance(names, list):
            raise BrokenFile(f"{where}: a list of {what} ids was expected, and there is {names!r}.")
        for name in names:
            if not isinstance(name, str) or name not in index:
                raise BrokenFile(f"{where} names {what} {name!r}, who is not in the file.")
        return [index[name] for name in names]

    def spans(self, rows: Any, sessions: dict[str, Session], where: str) -> Iterable[tuple[Session, int, int, Any]]:
        """Yield the spans of time of a record: session, from, to, and the record itself."""
        if not isinstance(rows, list):
            raise BrokenFile(f"{where}: its times should be a list.")
        for row in rows:
            name = row.get("session") if isinstance(row, dict) else None
            if not isinstance(name, str) or name not in sessions:
                raise BrokenFile(f"{where} names session {name!r}, which is not in the file.")
            session = sessions[name]
            begin = self.number(row, "from", where, most=session.slots)
            yield session, begin, self.number(row, "to", where, least=begin, most=session.slots), row

    def problem(self) -> Problem:
        """Return the problem, or raise BrokenFile."""
        data = self.data
        weights = {key: self.number(data.get("weights"), key, "weights") for key in WEIGHTS}
        rooms = None if data.get("rooms") is None else self.number(data, "rooms", "The file")
        gap = self.number(data, "changeover_slots", "The file", most=LONGEST_SESSION)
        sessions: list[Session] = []
        offset = 0
        if isinstance(data.get("sessions"), list) and len(data["sessions"]) > MOST_SESSIONS:
            raise BrokenFile(f"“sessions” has {len(data['sessions'])} records, and may have {MOST_SESSIONS}.")
        for row in self.records("sessions"):
            slots = self.number(row, "slots", f"Session {row['id']}", least=1, most=LONGEST_SESSION)
            sessions.append(Session(row["id"], offset, slots))
            offset += slots
        by_id = {s.id: s for s in sessions}
        teachers = [self.teacher(row, by_id) for row in self.records("teachers")]
        parties = [self.party(row, by_id, offset, gap) for row in self.records("parties")]
        party_index = {party.id: i for i, party in enumerate(parties)}
        teams: dict[tuple[int, ...], int] = {}
        conversations = self.conversations(teachers, party_index, teams)
        of_party: list[list[int]] = [[] for _ in parties]
        for c, conversation in enumerate(conversations):
            of_party[conversation.party].append(c)
        return Problem(
            name=str(data.get("name", "")),
            slot_minutes=self.number(data, "slot_minutes", "The file", least=1, most=240),
            rooms=rooms,
            weights=weights,
            sessions=sessions,
            teachers=teachers,
            parties=parties,
            teams=list(teams),
            conversations=conversations,
            of_party=of_party,
            rivals=self.rivals(parties, party_index),
            session_of=[i for i, s in enumerate(sessions) for _ in range(s.slots)],
        )

    def teacher(self, row: dict[str, Any], sessions: dict[str, Session]) -> Teacher:
        """Read one teacher."""
        where = f"Teacher {row['id']}"
        masks = dict.fromkeys(sessions, 0)
        for session, begin, end, _ in self.spans(row.get("available"), sessions, where):
            masks[session.id] |= (1 << end) - (1 << begin)
        return Teacher(row["id"], self.number(row, "max_run", where, least=1), tuple(masks.values()))

    def party(self, row: dict[str, Any], sessions: dict[str, Session], slots: int, gap: int) -> Party:
        """Read one party."""
        where = f"Party {row['id']}"
        if row.get("mode") not in ("onsite", "video"):
            raise BrokenFile(f"{where}: “mode” should be “onsite” or “video”, and is {row.get('mode')!r}.")
        video = row["mode"] == "video"
        cost = [-1] * slots
        for session, begin, end, span in self.spans(row.get("windows"), sessions, where):
            value = self.number(span, "cost", where, most=2)
            cost[session.offset + begin : session.offset + end] = [value] * (end - begin)
        return Party(row["id"], video, 0 if video else gap, tuple(cost))

    def conversations(
        self, teachers: list[Teacher], parties: dict[str, int], teams: dict[tuple[int, ...], int]
    ) -> list[Conversation]:
        """Read the conversations, those of one party together, and number the teams they can be held by."""
        index = {teacher.id: i for i, teacher in enumerate(teachers)}
        found = []
        for row in self.records("conversations"):
            where = f"Conversation {row['id']}"
            party = self.known([row.get("party")], parties, where, "party")[0]
            slots = self.number(row, "slots", where, least=1, most=LONGEST_SESSION)
            sets = row.get("teachers")
            if not isinstance(sets, list) or not sets or not all(sets):
                raise BrokenFile(f"{where}: “teachers” should be a list of teams of at least one teacher.")
            own = [tuple(sorted(set(self.known(names, index, where, "teacher")))) for names in sets]
            found.append(Conversation(row["id"], party, slots, tuple(teams.setdefault(t, len(teams)) for t in own)))
        return sorted(found, key=lambda c: c.party)

    def rivals(self, parties: list[Party], index: dict[str, int]) -> list[list[int]]:
        """Read who must not be at school in the same session; who joins by video is not at school."""
        rivals: list[list[int]] = [[] for _ in parties]
        pairs = self.data.get("keep_apart", [])
        if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
            raise BrokenFile("“keep_apart” should be a list of pairs of parties.")
        for pair in pairs:
            one, other = self.known(pair, index, "“keep_apart”", "party")
            if not parties[one].video and not parties[other].video:
                rivals[one].append(other)
                rivals[other].append(one)
        return rivals


def read_problem(data: Any) -> Problem:
    """Return the problem in a parsed `conference-instance/1`. Raises BrokenFile: a sentence that names the fault."""
    return Reader(data).problem()
