"""Plain reckoning of this room: limits, what may still be changed, when something is read or comes back. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

MAX_TEXT = 5_000  # signs in one message
MAX_SUBJECT = 80
MAX_PURPOSE = 160
MAX_DOCUMENTS = 5
MAX_FAMILIES = 40  # conversations that one order may start
MAX_MOMENTS = 3
EDITABLE = timedelta(minutes=15)
MEETING_MINUTES = (10, 15, 20, 30, 45, 60)
MEETING_AHEAD = timedelta(days=60)
PAGE = 30


class Kind(StrEnum):
    """What sort of conversation it is. Values are stored."""

    TEAM = "team"
    DIRECT = "direct"
    GROUP = "group"


class Side(StrEnum):
    """From where somebody speaks: a family, or the team of the group. Values are stored."""

    FAMILY = "family"
    TEAM = "team"


class PromiseState(StrEnum):
    """Whether "I'll come back to it" still stands. Values are stored."""

    OPEN = "open"
    KEPT = "kept"
    TAKEN_BACK = "taken_back"


class ProposalState(StrEnum):
    """Whether proposed moments can still be chosen from. Values are stored."""

    OPEN = "open"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Fault(StrEnum):
    """What is wrong with something written or proposed."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_MOMENT = "no_moment"
    TOO_MANY_MOMENTS = "too_many_moments"
    PAST = "past"
    TOO_FAR = "too_far"
    NO_SCHOOL = "no_school"
    TWICE = "twice"


def text_fault(text: str, *, has_more: bool = False) -> Fault | None:
    """Return what is wrong with the text of a message; `has_more` says that something goes with it (documents)."""
    if len(text) > MAX_TEXT:
        return Fault.TOO_LONG
    return None if text.strip() or has_more else Fault.EMPTY


def editable_until(*, sent_at: datetime, visible_from: datetime) -> datetime:
    """Return until when a message may be changed: fifteen minutes, or until somebody else can read it."""
    return max(sent_at + EDITABLE, visible_from)


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """Return when the first of a team can be reached: None when one of them can be now, or when there is nobody."""
    known = list(moments)
    if not known or any(moment is None for moment in known):
        return None
    return min(moment for moment in known if moment is not None)


def next_working_days(today: date, *, is_free: Callable[[date], bool], number: int = 5) -> list[date]:
    """Return the first `number` days from `today` on (not included) that are not free, looking 120 days ahead."""
    found: list[date] = []
    for ahead in range(1, 121):
        day = today + timedelta(days=ahead)
        if not is_free(day):
            found.append(day)
        if len(found) == number:
            break
    return found


def is_overdue(until: date | None, *, today: date) -> bool:
    """Say whether a promise for a day has not been kept by the end of it."""
    return until is not None and until < today


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch that is proposed for a meeting; `starts` is aware, in the zone of the school."""

    starts: datetime
    minutes: int

    @property
    def ends(self) -> datetime:
        """Return the end, aware."""
        return self.starts + timedelta(minutes=self.minutes)


def slots_fault(slots: Iterable[Slot], *, now: datetime, is_free: Callable[[date], bool]) -> Fault | None:
    """Return what is wrong with proposed moments: none, too many, the same twice, past, far away, on a free day.

    `is_free` gets the day of the school: no lessons on it (weekend, holiday).
    """
    slots = list(slots)
    if not slots:
        return Fault.NO_MOMENT
    if len(slots) > MAX_MOMENTS:
        return Fault.TOO_MANY_MOMENTS
    if len({slot.starts for slot in slots}) < len(slots):
        return Fault.TWICE
    for slot in slots:
        if slot.starts <= now:
            return Fault.PAST
        if slot.starts > now + MEETING_AHEAD:
            return Fault.TOO_FAR
        if is_free(slot.starts.date()):
            return Fault.NO_SCHOOL
    return None


class DayPart(StrEnum):
    """The part of a day in which something was read: never the minute (H3)."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def day_part(moment: datetime) -> DayPart:
    """Return the part of the day of `moment`, which is aware and in the zone of the school."""
    if moment.hour < 12:
        return DayPart.MORNING
    return DayPart.AFTERNOON if moment.hour < 18 else DayPart.EVENING
