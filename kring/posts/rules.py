"""What the agreement says about posts: pure functions that return advice. Views turn the advice into sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from kring.agreements.policy import Advice
from kring.school.rules import Calendar


class Kind(StrEnum):
    """The kinds of posts. Values are stored; G1 counts only group posts, F1 names the functional ones."""

    GROUP = "group"
    HOMEWORK = "homework"
    GOALS = "goals"
    OUTING = "outing"
    BRING = "bring"
    STAFF = "staff"
    KWINK = "kwink"
    ANNOUNCEMENT = "announcement"


class State(StrEnum):
    """Where a post stands. Published is not yet visible: that is `visible_from`, fifteen seconds later."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


UNDO = timedelta(seconds=15)
MAX_ITEMS = 60
MAX_DOCUMENTS = 10
DATED = frozenset(Kind) - {Kind.GROUP}
NEEDS_DATE = DATED - {Kind.ANNOUNCEMENT}


# --- G1: the weekly guideline ---------------------------------------------------------------------------------------


def monday_of(day: date) -> date:
    """Return the Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Week:
    """One week of one group: how many group posts, how many the guideline asks, whether it is a holiday."""

    monday: date
    count: int
    wanted: int
    is_free: bool = False
    adds_one: bool = False

    @property
    def dots(self) -> list[Literal["on", "now", "off", "open"]]:
        """Return the dots: posts made, the one being written, and the room that is left. A holiday week has two
        dotted ones; a post too many is simply one more (G1)."""
        made: list[Literal["on", "now", "off", "open"]] = ["on"] * self.count
        if self.adds_one:
            made.append("now")
        rest: Literal["off", "open"] = "off" if self.is_free else "open"
        return made + [rest] * max(self.wanted - len(made), 0)


def weeks_of(
    moments: Iterable[date], *, mondays: Sequence[date], wanted: int, is_free: Callable[[date], bool]
) -> list[Week]:
    """Return the weeks that begin on `mondays`, with the posts of the days `moments` counted in them."""
    counts = dict.fromkeys(mondays, 0)
    for day in moments:
        monday = monday_of(day)
        if monday in counts:
            counts[monday] += 1
    return [Week(monday, counts[monday], wanted, is_free(monday)) for monday in mondays]


def needs_reminder(week: Week, *, today: date) -> bool:
    """Say whether the week is nearly over without any group post: from its Thursday on, not in a holiday (S13)."""
    days = (today - week.monday).days
    return 3 <= days <= 6 and not week.count and not week.is_free


# --- Advice ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one dated item, both included."""

    first: date
    last: date


def earliest_day(
    published_on: date, *, number: int, unit: str, calendar: Calendar, group_id: int | None = None
) -> date:
    """Return the first day that lies `number` calendar or school days after the day of publication (F3)."""
    day = published_on
    if unit != "school":
        day = published_on + timedelta(days=number)
        return (
            day if calendar.is_school_day(day, group_id=group_id) else calendar.next_school_day(day, group_id=group_id)
        )
    for _step in range(number):
        day = calendar.next_school_day(day, group_id=group_id)
    return day


def is_too_soon(
    first: date, *, published_on: date, number: int, unit: str, calendar: Calendar, group_id: int | None = None
) -> bool:
    """Say whether `first` comes sooner after publication than the lead time (F3), in calendar or school days."""
    if unit == "school":
        return calendar.school_days_between(published_on, first, group_id=group_id) < number
    return (first - published_on).days < number


def lead_time_hint(
    items: Sequence[Span],
    *,
    published_on: date,
    number: int,
    unit: str,
    calendar: Calendar,
    has_emphasis: bool = False,
    group_id: int | None = None,
) -> Advice | None:
    """Advise a later day, or emphasis, for things to bring that are asked too soon (F3). A past day is no matter here.

    `published_on` is the school's day of publication, also for a post that goes out later.
    """
    soon = [item.first for item in items if item.first >= published_on]
    if not soon or not number:
        return None
    first = min(soon)
    where = {"number": number, "unit": unit, "calendar": calendar, "group_id": group_id}
    if not is_too_soon(first, published_on=published_on, **where):  # type: ignore[arg-type]
        return None
    better = earliest_day(published_on, **where)  # type: ignore[arg-type]
    code = "lead_time_emphasis" if has_emphasis else "lead_time"
    return Advice(
        code, "F3", "advise", {"field": "items", "day": first, "better": better, "number": number, "unit": unit}
    )


def past_hint(items: Sequence[Span], *, today: date) -> Advice | None:
    """Refuse a functional message that is wholly past: every item ended before today (F1)."""
    if items and all(item.last < today for item in items):
        return Advice("past", "F1", "refuse", {"field": "items", "day": max(item.last for item in items)})
    return None


def holiday_hint(items: Sequence[Span], *, calendar: Calendar, group_id: int | None = None) -> Advice | None:
    """Say that a day has no school: its holiday, or the weekend. Periods that only touch one are fine."""
    for item in items:
        if item.first == item.last and not calendar.is_school_day(item.first, group_id=group_id):
            name = calendar.holiday_on(item.first, group_id=group_id)
            after = calendar.next_school_day(item.first, group_id=group_id)
            values = {"field": "items", "day": item.first, "better": after, "holiday": name}
            return Advice("holiday" if name else "weekend", "", "advise", values)
    return None


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"\w+", text.lower()) if len(word) > 3)


def is_similar(title: str, text: str, *, other_title: str, other_text: str) -> bool:
    """Say whether two messages look like the same one: at least 60 % of their longer words are shared."""
    one, two = _words(f"{title} {text}"), _words(f"{other_title} {other_text}")
    if len(one) < 3 or len(two) < 3:
        return bool(title.strip()) and title.strip().lower() == other_title.strip().lower()
    return len(one & two) / len(one | two) >= 0.6


# --- The evening before --------------------------------------------------------------------------------------------

FIRST_EVENING_HOUR = 16


def hours_to_tell(hour: int, *, done: Iterable[int]) -> list[int]:
    """Return the hours of this evening (16 and later) that have come by `hour` and were not told yet."""
    told = set(done)
    return [one for one in range(FIRST_EVENING_HOUR, hour + 1) if one not in told]


# --- F2: a series of weeks ------------------------------------------------------------------------------------------


def series_mondays(first: date, last: date, *, calendar: Calendar) -> list[date]:
    """Return the Mondays of the weeks with school from the week of `first` up to `last` (F2 skips holiday weeks)."""
    monday, found = monday_of(first), []
    while monday <= last:
        if not calendar.is_free_week(monday):
            found.append(monday)
        monday += timedelta(days=7)
    return found


def series_day(monday: date, *, weekday: int, calendar: Calendar) -> date:
    """Return the day of the week on which a series' post goes out: `weekday` (1 = Monday), or the next school day."""
    for offset in range(weekday - 1, 5):
        day = monday + timedelta(days=offset)
        if calendar.is_school_day(day):
            return day
    return calendar.next_school_day(monday - timedelta(days=1))


def series_lines(text: str) -> list[tuple[str, str]]:
    """Return title and text for each pasted line: "Title | text" or only "Title". Empty lines are left out."""
    found = []
    for line in text.splitlines():
        title, _bar, rest = (part.strip() for part in line.replace("\t", "|", 1).partition("|"))
        if title:
            found.append((title[:120], rest[:2000]))
    return found
