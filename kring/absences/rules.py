"""What may be reported, until when, and what the law says about leave. Pure: plain values, the time is an argument."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from kring.agreements.policy import Advice

MAX_NOTE = 140  # health text is kept short
MAX_PICKED_UP = 60
MAX_WHY = 1_500
MAX_DOCUMENTS = 4
FURTHEST = timedelta(days=370)
MOST_LEAVE = timedelta(days=120)
LOOK_BACK = timedelta(days=30)  # leave may be asked for after something happened, as for a funeral
SCHOOL_DAYS_A_YEAR = 10  # art. 11f and 14: above it the attendance officer decides


class VisitKind(StrEnum):
    """Where a child goes. A choice, so that nobody has to write about health."""

    DOCTOR = "doctor"
    DENTIST = "dentist"
    ORTHODONTIST = "orthodontist"
    HOSPITAL = "hospital"
    THERAPY = "therapy"
    OTHER = "other"


class Reason(StrEnum):
    """Why a child is not there. Missing: it did not come, and nobody reported it."""

    ILL = "ill"
    LATE = "late"
    OTHER = "other"
    MISSING = "missing"


class Source(StrEnum):
    """How the school knows."""

    APP = "app"
    PHONE = "phone"
    TEAM = "team"


class LeaveKind(StrEnum):
    """The grounds that the law knows (Leerplichtwet, art. 11 to 14)."""

    WEDDING = "wedding"
    DEATH = "death"
    MOVING = "moving"
    JUBILEE = "jubilee"
    RELIGIOUS = "religious"
    WORK = "work"
    FIVE = "five"
    OTHER = "other"


class LeaveState(StrEnum):
    """How far a request is."""

    ASKED = "asked"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Fault(StrEnum):
    """Why something cannot be reported; wording.py has a sentence for each."""

    NO_CHILD = "no_child"
    BEGUN = "begun"
    TOO_FAR = "too_far"
    ENDS_FIRST = "ends_first"
    NO_SCHOOL = "no_school"
    HOURS_MISSING = "hours_missing"
    TOO_LONG = "too_long"
    TOO_OLD = "too_old"
    NO_LESSONS = "no_lessons"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when until when a child is away, aware; `whole_day` when no hours were given."""

    starts: datetime
    ends: datetime
    whole_day: bool


def visit_fault(stretch: Stretch, *, now: datetime, is_school_day: bool) -> Fault | None:
    """Return why this visit cannot be reported at `now` (aware), or None. What has begun is told by telephone."""
    if stretch.ends <= stretch.starts:
        return Fault.ENDS_FIRST
    if stretch.starts <= now:
        return Fault.BEGUN
    if stretch.starts > now + FURTHEST:
        return Fault.TOO_FAR
    return None if is_school_day else Fault.NO_SCHOOL


def report_days(local: datetime, *, until: time, is_school_day: Callable[[date], bool]) -> tuple[date, ...]:
    """Return the days for which illness or lateness can be reported in the app at `local`, the school's own time (S9).

    Today when there is school and it is before `until`, and the next school day within a week.
    """
    today = local.date()
    days = [today] if is_school_day(today) and local.time() < until else []
    ahead = (today + timedelta(days=n) for n in range(1, 8))
    following = next((day for day in ahead if is_school_day(day)), None)
    return (*days, following) if following else tuple(days)


def asks_still_ill(*, starts_on: date, confirmed_on: date | None, asked_on: date | None, today: date) -> bool:
    """Say whether it is time to ask, on the school day `today`, if a child whose illness is open is still ill (S9)."""
    said = max(starts_on, confirmed_on or starts_on)
    return said < today and (asked_on is None or asked_on < today)


def leave_fault(first: date, last: date, *, today: date, lessons: int) -> Fault | None:
    """Return why leave from `first` to `last` (both included) cannot be asked for, or None.

    `lessons` is the number of school days in it.
    """
    if last < first:
        return Fault.ENDS_FIRST
    if last - first > MOST_LEAVE:
        return Fault.TOO_LONG
    if first > today + FURTHEST:
        return Fault.TOO_FAR
    if first < today - LOOK_BACK:
        return Fault.TOO_OLD
    return Fault.NO_LESSONS if not lessons else None


@dataclass(frozen=True, slots=True)
class Leave:
    """What the law looks at. `lessons` are the school days asked for, `granted` those of the same ground this year."""

    kind: LeaveKind
    first: date
    lessons: int
    granted: int = 0
    born: date | None = None
    year_begins: date | None = None  # the first day with lessons of the school year


def leave_advice(leave: Leave, *, today: date) -> list[Advice]:
    """Return what the Leerplichtwet says about a request at `today`: for who asks and who decides. Never a refusal."""
    found: list[tuple[str, dict[str, object]]] = []
    if leave.born is not None and leave.first < compulsory_from(leave.born):
        found.append(("not_compulsory", {}))
        return [Advice(code, "S10", "inform", values) for code, values in found]
    if leave.kind == LeaveKind.WORK:
        if leave.first - today < timedelta(weeks=8):
            found.append(("eight_weeks", {}))
        if leave.granted:
            found.append(("once_a_year", {}))
        if leave.lessons > SCHOOL_DAYS_A_YEAR:
            found.append(("ten_days", {"days": leave.lessons}))
        if leave.year_begins and leave.first < leave.year_begins + timedelta(days=14):
            found.append(("first_weeks", {}))
    elif leave.kind == LeaveKind.RELIGIOUS:
        if leave.first - today < timedelta(days=2):
            found.append(("two_days", {}))
    elif leave.kind == LeaveKind.FIVE:
        if leave.born is None or not _is_five(leave.born, leave.first):
            found.append(("not_five", {}))
    elif leave.lessons + leave.granted > SCHOOL_DAYS_A_YEAR:
        found.append(("attendance_officer", {"days": leave.lessons + leave.granted}))
    if leave.kind not in (LeaveKind.WORK, LeaveKind.RELIGIOUS) and leave.first < today - timedelta(days=2):
        found.append(("within_two_days", {}))
    return [Advice(code, "S10", "inform", values) for code, values in found]


def compulsory_from(born: date) -> date:
    """Return the first day of school that the law asks for: of the month after the fifth birthday."""
    year, month = born.year + 5, born.month + 1
    return date(year + 1, 1, 1) if month == 13 else date(year, month, 1)


def _is_five(born: date, day: date) -> bool:
    return (day.year - born.year - ((day.month, day.day) < (born.month, born.day))) == 5


def decide_by(asked: date, *, working_days: int, is_free: Callable[[date], bool]) -> date:
    """Return the last day for deciding: the given number of working days after the day of asking (S10)."""
    day, left = asked, working_days
    for _n in range(200):
        day += timedelta(days=1)
        if day.isoweekday() <= 5 and not is_free(day):
            left -= 1
            if not left:
                break
    return day


def days_in(first: date, last: date) -> Iterable[date]:
    """Return every day from `first` to `last`, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
