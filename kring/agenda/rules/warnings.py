"""What somebody who plans an event may want to know first. Advice: she may go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from kring.agenda.rules.events import Category, Span

EVENING = time(17)
FREE = frozenset({Category.HOLIDAY, Category.STUDY_DAY})


class Clash(StrEnum):
    """What is the matter."""

    FREE_DAY = "free_day"
    WEEKEND = "weekend"
    SECOND_EVENING = "second_evening"
    CONVERSATION_WEEKS = "conversation_weeks"


@dataclass(frozen=True, slots=True)
class Other:
    """Another event; `shares_families` says whether some family is asked for both."""

    title: str
    category: str
    span: Span
    shares_families: bool = True


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing to know: what, on which day, and the name of the holiday or the other event."""

    clash: Clash
    day: date
    name: str = ""


def is_evening(span: Span) -> bool:
    """Say whether it takes an evening of one day: it goes on at or after five o'clock."""
    late = span.ends or span.starts
    return span.first == span.last and span.starts is not None and late is not None and late > EVENING


def warnings_for(
    span: Span, *, category: str, others: Iterable[Other], holiday_on: Callable[[date], str]
) -> list[Warned]:
    """Return what to know about an event on these days, each kind once, for the first day it happens.

    `holiday_on` gives the name of the holiday on a day, or "". Of what is itself a free day nothing is said; a weekend
    counts only when it begins there. `others` are the events around it, without itself.
    """
    found: dict[Clash, Warned] = {}
    days = [span.first + timedelta(n) for n in range((span.last - span.first).days + 1)]
    if category not in FREE:
        free = next(((day, holiday_on(day)) for day in days if holiday_on(day)), None)
        if free:
            found[Clash.FREE_DAY] = Warned(Clash.FREE_DAY, *free)
        elif span.first.isoweekday() > 5:
            found[Clash.WEEKEND] = Warned(Clash.WEEKEND, span.first)
    monday = span.first - timedelta(span.first.isoweekday() - 1)
    for other in (other for other in others if other.shares_families):
        same_week = monday <= other.span.first <= monday + timedelta(6)
        if is_evening(span) and is_evening(other.span) and same_week:
            found.setdefault(Clash.SECOND_EVENING, Warned(Clash.SECOND_EVENING, other.span.first, other.title))
        overlaps = other.span.first <= span.last and span.first <= other.span.last
        if (
            overlaps
            and is_evening(span)
            and other.category == Category.CONVERSATIONS
            and category != Category.CONVERSATIONS
        ):
            day = max(span.first, other.span.first)
            found.setdefault(Clash.CONVERSATION_WEEKS, Warned(Clash.CONVERSATION_WEEKS, day, other.title))
    return list(found.values())
