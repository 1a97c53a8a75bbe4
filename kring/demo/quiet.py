"""How some people of the demo want to be told: quiet hours, an overview, another hour for tomorrow."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time

from kring.demo.school import Built
from kring.notifications.actions import choose_how_told
from kring.notifications.rules import Mail, Topic
from kring.people.models import Person
from kring.people.viewers import viewer_for

NIGHT = (time(21, 0), time(7, 0))
WORK = (time(8, 30), time(17, 30))


@dataclass(frozen=True, slots=True)
class Wish:
    """What one parent chose; what is left out is as usual."""

    digest: str = ""
    quiet: tuple[time, time] | None = None
    tomorrow_hour: int | None = 19
    topics: dict[Topic, tuple[bool, str]] = field(default_factory=dict)


# The first guardians with a login get these in turn; all others chose nothing.
WISHES = [
    Wish(quiet=NIGHT),
    Wish(digest="daily", tomorrow_hour=20, topics={Topic.NEWS: (True, Mail.DIGEST)}),
    Wish(quiet=WORK, topics={Topic.NEWS: (False, Mail.DIGEST)}),
    Wish(tomorrow_hour=None),
    Wish(digest="none", topics={Topic.NEWS: (False, Mail.NEVER)}),
]


def choose_how_to_be_told(built: Built, *, now: datetime) -> None:
    """Let some guardians of the school choose, beginning with those whom a visitor can be."""
    own = [person for person in built.accounts.values() if person in built.guardians]
    chosen: list[Person] = [*own[:1], *[person for person in built.guardians if person not in own]]
    wishes = iter(WISHES)
    for person in chosen:
        if person.user is None:
            continue
        wish = next(wishes, None)
        if wish is None:
            return
        choose_how_told(
            by=viewer_for(person.user, now=now),
            digest=wish.digest,
            quiet=wish.quiet,
            tomorrow_hour=wish.tomorrow_hour,
            topics=wish.topics,
        )
