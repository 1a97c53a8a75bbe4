"""Plain reckoning about parents among each other and group conversations (P1, P2). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

MAX_CHOICES = 4
MAX_LABEL = 40
MAX_REASON = 1_000
MIN_REASON = 10  # signs that say why management reads something
MAX_REPORTED = 20
CONTEXT = 2  # messages before and after each reported one
READING_LASTS = timedelta(days=1)
FURTHEST_CLOSING = 366  # days ahead
LONG = 400  # signs
LATE, EARLY = 22, 6  # hours of the school's clock between which a long message is better slept on


class ReportState(StrEnum):
    """Whether management still has to look at a report. Values are stored."""

    OPEN = "open"
    SETTLED = "settled"


class OpeningFault(StrEnum):
    """What is wrong with a group conversation that somebody wants to open."""

    NO_PURPOSE = "no_purpose"
    NOT_AHEAD = "not_ahead"
    TOO_FAR = "too_far"
    ONE_CHOICE = "one_choice"
    TOO_MANY_CHOICES = "too_many_choices"
    LONG_CHOICE = "long_choice"
    SAME_CHOICE = "same_choice"


def is_better_slept_on(text: str, *, local: datetime) -> bool:
    """Say whether a long message is being sent late at night; `local` is in the zone of the school."""
    return len(text.strip()) >= LONG and (local.hour >= LATE or local.hour < EARLY)


def tidy_choices(labels: Iterable[str]) -> list[str]:
    """Return the labels of the answer buttons without empty ones and without doubled spaces."""
    tidy = (" ".join(label.split()) for label in labels)
    return [label for label in tidy if label]


def opening_fault(
    *, purpose: str, closes_on: date, choices: Sequence[str], today: date, year_ends: date
) -> OpeningFault | None:
    """Return what is wrong: no purpose, a day that does not come, answers that are not two to four different ones.

    `today`, `closes_on` and `year_ends` are days of the school; it closes at the end of `closes_on`.
    """
    if not purpose.strip():
        return OpeningFault.NO_PURPOSE
    if closes_on < today:
        return OpeningFault.NOT_AHEAD
    if closes_on > min(today + timedelta(days=FURTHEST_CLOSING), year_ends):
        return OpeningFault.TOO_FAR
    if len(choices) == 1:
        return OpeningFault.ONE_CHOICE
    if len(choices) > MAX_CHOICES:
        return OpeningFault.TOO_MANY_CHOICES
    if any(len(choice) > MAX_LABEL for choice in choices):
        return OpeningFault.LONG_CHOICE
    if len({choice.casefold() for choice in choices}) < len(choices):
        return OpeningFault.SAME_CHOICE
    return None


def default_closing(today: date, *, days: int, year_ends: date) -> date:
    """Return the closing day that the agreement gives (P2): `days` on, within the school year."""
    return min(today + timedelta(days=days), year_ends)


def around(keys: Sequence[int], chosen: Iterable[int], *, margin: int = CONTEXT) -> list[int]:
    """Return those of the ordered `keys` that are chosen or stand at most `margin` places from a chosen one."""
    places = {key: place for place, key in enumerate(keys)}
    near = {
        place
        for key in chosen
        if key in places
        for place in range(places[key] - margin, places[key] + margin + 1)
        if 0 <= place < len(keys)
    }
    return [keys[place] for place in sorted(near)]
