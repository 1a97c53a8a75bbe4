"""By which channel, and when: the one place where quiet hours, a digest or a preference can speak."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MAX_ATTEMPTS = 8


class Channel(StrEnum):
    """A way to reach somebody. Values are stored."""

    INBOX = "inbox"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Planned:
    """One delivery that has to be made: by this channel, not before this moment (aware)."""

    channel: Channel
    at: datetime


def plan(*, now: datetime, by_mail: bool, has_address: bool) -> list[Planned]:
    """Return how one recipient is told of something that is due at `now` (aware).

    Everything stands in the inbox. Mail goes out when the kind of notice is worth one (`by_mail`) and there is an
    address.
    """
    planned = [Planned(Channel.INBOX, now)]
    if by_mail and has_address:
        planned.append(Planned(Channel.EMAIL, now))
    return planned


def next_try(*, now: datetime, attempts: int) -> datetime | None:
    """Return when to try again after `attempts` failures (1, 2, 4, 8 ... minutes), or None when it is enough.

    Eight tries span a little over four hours: a mail server that restarts loses nothing, a wrong address ends.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    return now + timedelta(minutes=2 ** max(attempts - 1, 0))
