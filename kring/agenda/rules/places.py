"""Places to fill: when they can be taken, which are free, and who moves up from the waiting list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_PLACES = 500


class OfferKind(StrEnum):
    """What is handed out: a task, a stretch of time, or seats in cars (who drives says how many)."""

    TASK = "task"
    TIME = "time"
    SEATS = "seats"


class SignupState(StrEnum):
    """Somebody has places, waits for them, or gave them back."""

    HELD = "held"
    WAITING = "waiting"
    RETURNED = "returned"


class Door(StrEnum):
    """Whether places can be taken at a moment."""

    NOT_YET = "not_yet"
    OPEN = "open"
    WAITING = "waiting"  # full, but one may wait
    FULL = "full"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the waiting list."""

    key: int
    amount: int


def door(
    *,
    now: datetime,
    opens_at: datetime | None,
    closes_at: datetime | None,
    is_closed: bool,
    free: int,
    has_waiting_list: bool,
    is_awaited: bool = False,
) -> Door:
    """Say whether places can be taken at `now` (all moments aware). `closes_at` itself is too late.

    `is_awaited`: somebody waits already, so who comes now waits behind her, whatever is free.
    """
    if is_closed or (closes_at is not None and now >= closes_at):
        return Door.CLOSED
    if opens_at is not None and now < opens_at:
        return Door.NOT_YET
    if free > 0 and not is_awaited:
        return Door.OPEN
    return Door.WAITING if has_waiting_list else (Door.OPEN if free > 0 else Door.FULL)


def free_numbers(places: int, taken: Collection[int]) -> list[int]:
    """Return the numbers from 1 to `places` that nobody has, in order."""
    have = set(taken)
    return [number for number in range(1, places + 1) if number not in have]


def moving_up(waiting: Sequence[Waiting], *, free: int) -> list[int]:
    """Return the keys of those who get a place now that `free` are free, in order of the list.

    Who asked for more than is free keeps her turn; the next who fits goes first.
    """
    found = []
    for line in waiting:
        if line.amount <= free:
            found.append(line.key)
            free -= line.amount
        if free <= 0:
            break
    return found
