"""What a channel gets to send: one message to one login, about one notice or about several that waited together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kring.notifications.models import Delivery
from kring.notifications.notice import Outside
from kring.notifications.rules import Bundle, Topic
from kring.people.models import User
from kring.school.models import School


class Outcome(StrEnum):
    """How it went: it left, or there is no way by this channel any more (no device is left; no address)."""

    SENT = "sent"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message. `path` begins with a slash; `outside` are the kind's own words without content, if it has any;
    `sender` is who wrote, only where the school lets a device show that.

    `topics` says how many notices of each topic it is about; `about` names its subject, the same each time it is told
    of (for the tag of a push, so that a device shows one).
    """

    rows: tuple[Delivery, ...]
    path: str
    topics: dict[Topic, int]
    about: str
    is_urgent: bool = False
    outside: Outside | None = None
    sender: str = ""

    @property
    def user(self) -> User:
        """Return who gets it."""
        return self.rows[0].user

    @property
    def school(self) -> School:
        """Return which school tells."""
        return self.rows[0].school

    @property
    def key(self) -> str:
        """Return its name: the same when it is sent once more after a crash."""
        return self.rows[0].public_id

    @property
    def number(self) -> int:
        """Return about how many notices it is."""
        return len(self.rows)

    @property
    def is_digest(self) -> bool:
        """Say whether it is the overview of a day or a week (S7)."""
        return self.rows[0].bundle == Bundle.DIGEST


Sender = Callable[[Sequence[Parcel]], Iterator[tuple[Parcel, Outcome | Exception]]]
"""Sends parcels and yields each as soon as it is known how it went; an exception means: try again later."""
