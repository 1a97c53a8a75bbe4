"""What stands, when an answer may change, who is still asked. Pure: no Django, no clock."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

# A round that somebody started by hand outside the agreed month opens the window for as long as a month has.
ROUND_OPENS = timedelta(days=31)
# A round reminds by itself after so many days, and never more than this.
REMIND_AFTER = (timedelta(days=7), timedelta(days=21))
# What the list calls "changed" is not older than this.
CHANGED_WITHIN = timedelta(days=30)


class Stand(StrEnum):
    """What counts for a child and a purpose. Only YES lets a photo be shown; OPEN counts as no."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


def stand_of(answers: Iterable[bool]) -> Stand:
    """Return what counts when these are the newest answers of those with authority: one no is enough for no."""
    given = set(answers)
    if False in given:
        return Stand.NO
    return Stand.YES if given else Stand.OPEN


def is_window_open(*, window: str, month: int, today: date, asked_on: date | None) -> bool:
    """Say whether a no may become a yes today (S5): always, in the agreed month, or while a round is young."""
    if window == "always" or today.month == month:
        return True
    return asked_on is not None and asked_on <= today < asked_on + ROUND_OPENS


def may_choose(now: bool | None, wanted: bool, *, window_open: bool) -> bool:
    """Say whether an answer that is `now` (None: not chosen) may become `wanted`.

    A first answer is always welcome, and a yes may be withdrawn at any time; the window is about all other changes.
    """
    return window_open or now is None or now == wanted or (now and not wanted)


def is_worth_writing(
    now: bool | None, wanted: bool, *, answered_at: datetime | None, asked_at: datetime | None, same_words: bool
) -> bool:
    """Say whether `wanted` is news: another answer, other words, or the first answer since the round of `asked_at`."""
    if now is None or answered_at is None or now != wanted or not same_words:
        return True
    return asked_at is not None and answered_at < asked_at


def waits_for(purposes: Sequence[str], answered: Mapping[str, datetime], *, asked_at: datetime | None) -> set[str]:
    """Return the purposes on which nobody answered yet, or not since the round that began at `asked_at`.

    `answered` is purpose -> when somebody with authority last answered it.
    """
    return {code for code in purposes if code not in answered or (asked_at is not None and answered[code] < asked_at)}


def is_renewal_due(*, month: int, today: date, is_school_day: bool) -> bool:
    """Say whether the yearly round begins today: the first school day of the month, else its last day."""
    last_day = calendar.monthrange(today.year, today.month)[1]
    return today.month == month and (is_school_day or today.day == last_day)


def is_reminder_due(*, asked_on: date, today: date, sent: int) -> bool:
    """Say whether a round that began on `asked_on` reminds by itself today, when it did so `sent` times before.

    A day on which the server was down, or there was no school, is made up for within the week.
    """
    return any(
        asked_on + after <= today < asked_on + after + timedelta(days=7) and sent <= number
        for number, after in enumerate(REMIND_AFTER)
    )


def fingerprint(parts: Iterable[object]) -> str:
    """Return a short word that changes when one of `parts` does: what a form was made from."""
    return sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:16]
