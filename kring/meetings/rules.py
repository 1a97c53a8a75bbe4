"""Plain reckoning of this room: when booking opens for whom, which moments a session has, who is where. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")
TICK = 5  # minutes: the grain in which nobody is in two places
TICK_SECONDS = TICK * 60
LENGTHS = (10, 15, 20, 25, 30, 45)  # minutes of one conversation
GAPS = (0, 5, 10, 15)  # minutes between two conversations of one family
MOST_SESSIONS = 8  # of one round, as the form takes them
LONGEST_SESSION = timedelta(hours=5)
HALF_HOUR = timedelta(minutes=30)  # the grain in which a family says when it can come
REMIND_BEFORE_CLOSING = timedelta(days=2)
NEAREST = 4  # free moments shown to who just missed one
OFFER_HOURS = 12  # how long a moment that came free is kept for who waits for it
TOGETHER_AGAIN = timedelta(minutes=30)  # sessions with less between them are one visit


class RoundKind(StrEnum):
    """What the conversations of a round are about. Values are stored; the first four are those of clause C1."""

    REPORT = "report"
    ADVICE = "advice"
    ACQUAINTANCE = "acquaintance"
    PROGRESS = "progress"
    REQUEST = "request"


class RoundState(StrEnum):
    """Whether a round is being prepared, or set ready: from then on the clock opens and closes it. Stored."""

    DRAFT = "draft"
    READY = "ready"
    CANCELLED = "cancelled"


class Filling(StrEnum):
    """Who fills the moments of a round: families book (C2 `parents`), or the school plans them all at once. Stored."""

    AGREED = ""  # as the agreement of the day says
    FAMILIES = "families"
    SCHOOL = "school"


class WishAnswer(StrEnum):
    """How a stretch of time suits a family. Stored."""

    FINE = "fine"
    RATHER_NOT = "rather_not"
    CANNOT = "cannot"


class AskState(StrEnum):
    """What became of a family's question for another time than the plan gave it. Stored."""

    OPEN = "open"
    MOVED = "moved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class RunState(StrEnum):
    """How far one search for a plan is. Stored."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    PUBLISHED = "published"


class Phase(StrEnum):
    """What a family can do in a round at a moment."""

    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, both ends aware."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Span) -> bool:
        """Say whether both have a moment in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def booking_opens_at(
    opens_at: datetime, *, children: int, is_early: bool, days: int, least: int, zone: ZoneInfo
) -> datetime:
    """Return the moment from which a guardian with so many enrolled children at the school may book (C3).

    `is_early` says whether the round opens earlier for some at all; `days` and `least` are the agreement's. Days are
    those of the calendar: the same hour on the clock of the school, also over a night in which the clock is moved.
    """
    if not is_early or not days or children < least:
        return opens_at
    local = opens_at.astimezone(zone)
    return (local.replace(tzinfo=None) - timedelta(days=days)).replace(tzinfo=zone).astimezone(UTC)


def phase_of(*, opens_at: datetime, closes_at: datetime, now: datetime) -> Phase:
    """Return what can be done at `now`; the moment of opening is open, that of closing is closed."""
    if now < opens_at:
        return Phase.NOT_YET
    return Phase.OPEN if now < closes_at else Phase.CLOSED


def tick_of(moment: datetime) -> int:
    """Return the number of the five minutes in which an aware moment lies."""
    return int(moment.timestamp()) // TICK_SECONDS


def ticks_of(span: Span, *, gap_minutes: int = 0) -> range:
    """Return the ticks that somebody is taken for a conversation, with the time to walk on after it."""
    last = int((span.ends_at + timedelta(minutes=gap_minutes)).timestamp())
    return range(tick_of(span.starts_at), -(-last // TICK_SECONDS))


def moments_in(span: Span, *, minutes: int, breaks: Iterable[Span] = ()) -> list[Span]:
    """Return the moments of `minutes` each that fit in a session, one after the other, around its breaks."""
    length, found, at = timedelta(minutes=minutes), [], span.starts_at
    pauses = sorted(breaks, key=lambda pause: pause.starts_at)
    while at + length <= span.ends_at:
        moment = Span(at, at + length)
        pause = next((pause for pause in pauses if pause.overlaps(moment)), None)
        if pause is None:
            found.append(moment)
            at += length
        else:
            at = max(pause.ends_at, at + timedelta(minutes=TICK))
    return found


def visits_of(spans: Iterable[Span]) -> list[Span]:
    """Return the afternoons and evenings that these sessions make: what lies less than half an hour apart is one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.starts_at, span.ends_at)):
        if found and span.starts_at - found[-1].ends_at < TOGETHER_AGAIN:
            found[-1] = Span(found[-1].starts_at, max(found[-1].ends_at, span.ends_at))
        else:
            found.append(span)
    return found


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many moments a group needs and has."""

    needed: int
    there: int
    free: int

    @property
    def short(self) -> int:
        """Return how many moments are missing."""
        return max(0, self.needed - self.there)


def nearest(free: Sequence[tuple[datetime, T]], wanted: datetime, *, most: int = NEAREST) -> list[T]:
    """Return what lies nearest to the wanted moment, in the order of time."""
    close = sorted(free, key=lambda one: (abs(one[0] - wanted), one[0]))[:most]
    return [thing for _at, thing in sorted(close, key=lambda one: one[0])]


def session_fault(span: Span, *, minutes: int) -> str:
    """Return the code of what is wrong with a session, or nothing."""
    if span.ends_at <= span.starts_at:
        return "ends_before_start"
    if span.ends_at - span.starts_at > LONGEST_SESSION:
        return "too_long"
    if span.ends_at - span.starts_at < timedelta(minutes=minutes):
        return "too_short"
    if int(span.starts_at.timestamp()) % TICK_SECONDS:
        return "not_on_five"
    return ""


@dataclass(frozen=True, slots=True)
class Suits:
    """How a stretch of time suits a family."""

    span: Span
    answer: WishAnswer


def halves_of(span: Span) -> list[Span]:
    """Return the half hours of an afternoon or evening, counted from its beginning; the last may be shorter."""
    found, at = [], span.starts_at
    while at < span.ends_at:
        found.append(Span(at, min(at + HALF_HOUR, span.ends_at)))
        at = found[-1].ends_at
    return found


def suits_at(span: Span, given: Iterable[Suits]) -> WishAnswer:
    """Return how a stretch suits: the least good answer about any part of it, and fine where nothing was said."""
    order = list(WishAnswer)
    found = (suits.answer for suits in given if suits.span.overlaps(span))
    return max(found, key=order.index, default=WishAnswer.FINE)


def joined(given: Iterable[Suits]) -> list[Suits]:
    """Return the same in as few stretches as say it, in order of time."""
    found: list[Suits] = []
    for suits in sorted(given, key=lambda suits: suits.span.starts_at):
        last = found[-1] if found else None
        if last and last.answer == suits.answer and last.span.ends_at == suits.span.starts_at:
            found[-1] = Suits(Span(last.span.starts_at, suits.span.ends_at), suits.answer)
        else:
            found.append(suits)
    return found


def in_short(visit: Span, given: Sequence[Suits]) -> tuple[WishAnswer, list[Suits]]:
    """Return how most of an afternoon or evening suits, the better answer first, and what of it suits otherwise."""
    halves = [Suits(half, suits_at(half, given)) for half in halves_of(visit)]
    answers = [suits.answer for suits in halves]
    most = max(WishAnswer, key=answers.count)
    return most, joined(suits for suits in halves if suits.answer != most)
