"""Events: their kinds and states, and what is wrong with a stretch of days and hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

MAX_TITLE = 120
MAX_TEXT = 5_000
MOST_DAYS = 100  # the longest stretch: the summer holidays with room to spare


class Category(StrEnum):
    """What an event is. Values are stored; the screen shows the words of docs/words.md."""

    ACTIVITY = "activity"
    CELEBRATION = "celebration"
    OUTING = "outing"
    PARENTS_EVENING = "parents_evening"
    CONVERSATIONS = "conversations"  # the weeks of report and advice conversations (C1)
    STUDY_DAY = "study_day"  # the children are free
    HOLIDAY = "holiday"
    TESTS = "tests"
    COUNCIL = "council"  # a meeting of the parent council or participation council
    OTHER = "other"


class EventState(StrEnum):
    """A planned event is a draft of the school year (A1): the team works on it, no parent sees it."""

    PLANNED = "planned"
    PUBLISHED = "published"


class RsvpBy(StrEnum):
    """Whether the school wants to know who comes: not at all, each adult, or a family with how many."""

    NOBODY = "nobody"
    PERSON = "person"
    FAMILY = "family"


class Answer(StrEnum):
    """What somebody answered."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Span:
    """Days and hours in the school's own clock; `last` is the last day. Without `starts` it is all day."""

    first: date
    last: date
    starts: time | None = None
    ends: time | None = None


def span_fault(span: Span, *, year: tuple[date, date] | None = None) -> str:
    """Return what is wrong: "order", "hours", "end_without_start", "too_long", "outside_year", or "" for nothing.

    `year` is the first and last day within which it must begin.
    """
    if span.last < span.first:
        return "order"
    if (span.last - span.first).days >= MOST_DAYS:
        return "too_long"
    if span.starts is None and span.ends is not None:
        return "end_without_start"
    if span.first == span.last and span.starts is not None and span.ends is not None and span.ends <= span.starts:
        return "hours"
    if year is not None and not year[0] <= span.first <= year[1]:
        return "outside_year"
    return ""
