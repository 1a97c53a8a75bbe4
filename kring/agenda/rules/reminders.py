"""When the reminder of an important event goes out (A2), and when it is made ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

READY_DAYS = 7  # so long its owner sees it coming
FIRST_HOUR = time(8)  # where a school agreed no contact hours


@dataclass(frozen=True, slots=True)
class Moments:
    """When the draft stands ready, and when it goes out (both aware)."""

    ready_at: datetime
    sends_at: datetime


def reminder_moments(
    begins_on: date,
    *,
    weeks: int,
    zone: tzinfo,
    opens_on: Callable[[date], time | None],
    is_school_day: Callable[[date], bool],
) -> Moments | None:
    """Return the moments for an event on `begins_on`: `weeks` before, at the first contact hour of a school day.

    `opens_on` gives when contact hours begin on a day, or None. Looks back to an earlier day where that one has none
    (a reminder in the holidays is read by nobody), at most three weeks; then it goes on the day itself at eight.
    """
    wanted = begins_on - timedelta(weeks=weeks)
    for back in range(22):
        day = wanted - timedelta(back)
        opens = opens_on(day) if is_school_day(day) else None
        if opens is not None:
            return _moments(day, opens, zone)
    return _moments(wanted, FIRST_HOUR, zone)


def _moments(day: date, at: time, zone: tzinfo) -> Moments:
    sends_at = datetime.combine(day, at, tzinfo=zone)
    return Moments(datetime.combine(day - timedelta(READY_DAYS), at, tzinfo=zone), sends_at)


def makes_sense(now: datetime, *, sends_at: datetime, published_at: datetime, begins_at: datetime) -> bool:
    """Say whether a reminder is worth sending: not when the event was told after the moment it would have gone out,
    nor when it begins within a day (all moments aware)."""
    return published_at < sends_at and now < begins_at - timedelta(days=1)
