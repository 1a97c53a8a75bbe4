"""What stands on the board and in the week: days, folding, greeting. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeVar

FRIDAY, SUNDAY = 5, 7
SHOWN_IN_WEEK = 4
LONGEST_LABEL, LONGEST_JOIN = 30, 110
ENDS = " .,;:"

T = TypeVar("T")
Where = Literal["board", "week", "going"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days a home page looks at: the day of the board, and the days of the list below it, both ends included."""

    today: date
    board: date
    first: date
    last: date

    @property
    def is_next_week(self) -> bool:
        """Say whether the list goes beyond Sunday, so that it must not be called "this week"."""
        return self.last - self.today > timedelta(SUNDAY - self.today.isoweekday())


def stretch_of(today: date) -> Stretch:
    """Return what to look at on `today`: the board tells the next weekday, the list today and the days after.

    From Thursday on the list runs to the end of next week, because this week is nearly over.
    """
    board = today + timedelta(1)
    if today.isoweekday() in (FRIDAY, FRIDAY + 1):
        board = today + timedelta(8 - today.isoweekday())
    sunday = today + timedelta(SUNDAY - today.isoweekday())
    last = sunday if today.isoweekday() < FRIDAY - 1 else sunday + timedelta(7)
    return Stretch(today, board, today, last)


def is_period(from_date: date, until_date: date) -> bool:
    """Say whether something lasts longer than two days: then it is news on its first day, and quiet after that."""
    return until_date - from_date > timedelta(1)


def place_of(stretch: Stretch, *, from_date: date, until_date: date) -> tuple[Where, date] | None:
    """Return where something of these days (both included) stands, and under which day; None when nowhere.

    The board tells what its day itself asks. A period stands there, or in the week, on its first day only; one that
    has begun goes on quietly.
    """
    if is_period(from_date, until_date):
        if from_date <= stretch.today:
            return ("going", stretch.today) if until_date >= stretch.today else None
        if from_date == stretch.board:
            return "board", from_date
        return ("week", from_date) if from_date <= stretch.last else None
    if from_date <= stretch.board <= until_date:
        return "board", stretch.board
    first = max(stretch.first, from_date)
    return ("week", first) if first <= min(stretch.last, until_date) else None


def fold(
    days: Sequence[tuple[date, Sequence[T]]], *, shown: int = SHOWN_IN_WEEK
) -> tuple[list[tuple[date, list[T]]], list[tuple[date, list[T]]]]:
    """Split days with their things into the first `shown` things and the rest, which is folded away.

    A day may be split. One thing alone is never folded: a fold would take as much room.
    """
    spread = [(day, thing) for day, things in days for thing in things]
    if len(spread) <= shown + 1:
        shown = len(spread)
    return _by_day(spread[:shown]), _by_day(spread[shown:])


def _by_day(spread: Sequence[tuple[date, T]]) -> list[tuple[date, list[T]]]:
    found: dict[date, list[T]] = {}
    for day, thing in spread:
        found.setdefault(day, []).append(thing)
    return list(found.items())


def label_of(text: str, *, kind: str) -> str:
    """Return in a word or two what a line of a period is about: "Rekenen: sprongen van tien." gives "Rekenen".

    A beginning that only repeats the name of the kind is left out: "Kwink: luisteren" of the kind "Kwink van de week"
    gives "luisteren".
    """
    head, colon, rest = (part.strip() for part in text.partition(":"))
    if colon and rest and head.casefold() in kind.casefold():
        return rest.rstrip(ENDS)
    return head if colon and head and len(head) <= LONGEST_LABEL else text.strip().rstrip(ENDS)


def joined(parts: Sequence[str], *, longest: int = LONGEST_JOIN) -> tuple[str, int]:
    """Return the parts as one line, and how many did not fit on it: "een kom, een lepel", 0.

    A part loses its full stop before a comma; after "!" or "?" stands no comma. Parts that say the same count once.
    """
    line, left_out = "", 0
    for part in dict.fromkeys(part.strip() for part in parts):
        longer = f"{line.rstrip(ENDS)}{' ' if line.endswith(('!', '?')) else ', '}{part}" if line else part
        if line and (left_out or len(longer) > longest):
            left_out += 1
        else:
            line = longer
    return (line.rstrip(ENDS) if len(parts) > 1 else line), left_out


def part_of_day(hour: int) -> Literal["morning", "afternoon", "evening"]:
    """Return which greeting fits the hour (0 to 23) at the school."""
    if hour < 12:
        return "morning"
    return "afternoon" if hour < 18 else "evening"


def months_back(today: date, *, first: date) -> list[date]:
    """Return the first day of each month from `today`'s back to that of `first`, newest first, at most 36."""
    month = today.replace(day=1)
    found: list[date] = []
    while month >= first.replace(day=1) and len(found) < 36:
        found.append(month)
        month = (month - timedelta(1)).replace(day=1)
    return found
