"""By which channels somebody is told of one thing, when, and whether it waits to be told together with others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

MAX_ATTEMPTS = 8
DAILY_AT = time(17, 0)
WEEKLY_AT = time(16, 0)
WEEKLY_ON = 5
TOMORROW_HOUR = 19
"""The overview of a day goes out at five, that of a week on Friday at four: after school, before the weekend. What is
on tomorrow is told at seven in the evening to who chose no hour."""


class Channel(StrEnum):
    """A way to reach somebody. Values are stored."""

    INBOX = "inbox"
    EMAIL = "email"
    PUSH = "push"


class Bundle(StrEnum):
    """Why a delivery waits to go out with others as one message. Values are stored; alone is the rule."""

    ALONE = ""
    HELD = "held"
    DIGEST = "digest"


class Topic(StrEnum):
    """What a notice is about, as far as somebody can choose how to hear of it. Values are stored."""

    NEWS = "news"
    PRACTICAL = "practical"
    CONVERSATIONS = "conversations"
    QUESTIONS = "questions"
    TEAM = "team"
    TOMORROW = "tomorrow"


class Mail(StrEnum):
    """How somebody wants e-mail about a topic. Values are stored.

    AUTO: at once when no device of hers is told, else with the overview.
    """

    AUTO = "auto"
    AT_ONCE = "at_once"
    DIGEST = "digest"
    NEVER = "never"


class Digest(StrEnum):
    """How often somebody wants an overview by e-mail (S7). Values are stored."""

    NONE = "none"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody chose for one topic, and when her next overview goes out (aware; None: she gets none)."""

    push: bool = True
    mail: Mail = Mail.AUTO
    digest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """One delivery that has to be made: by this channel, not before this moment (aware), alone or with others."""

    channel: Channel
    at: datetime
    bundle: Bundle = Bundle.ALONE


AS_IT_COMES = Wishes()


def plan(
    *,
    now: datetime,
    by_mail: bool,
    has_address: bool,
    has_push: bool = False,
    has_emphasis: bool = False,
    breaks_quiet: bool = False,
    mails_all: bool = False,
    in_inbox: bool = True,
    held_until: datetime | None = None,
    wishes: Wishes = AS_IT_COMES,
) -> list[Planned]:
    """Return how one recipient is told of something that is due at `now` (aware).

    Everything stands in the inbox at once: a line there makes no sound. A device with notifications is told when she
    wants that; mail goes out when the kind is worth one (`by_mail`) and there is an address: at once for who has no
    such device, else with the next overview, or as she chose; `mails_all` (S15) at once for who did not turn such mail
    off. `has_emphasis` (S6) means both, whatever she chose.
    What is held (`held_until`, aware) goes out together with others then; only `breaks_quiet` (S8) waits for nobody.
    """
    if breaks_quiet:
        held_until = None
    has_emphasis = has_emphasis or breaks_quiet
    at, bundle = (now, Bundle.ALONE) if held_until is None else (held_until, Bundle.HELD)
    planned = [Planned(Channel.INBOX, now)] if in_inbox else []
    tells_device = has_push and (wishes.push or has_emphasis)
    if tells_device:
        planned.append(Planned(Channel.PUSH, at, bundle))
    if not has_address or not (by_mail or has_emphasis):
        return planned
    mail = Mail.AT_ONCE if has_emphasis else wishes.mail
    if mails_all and mail != Mail.NEVER:
        mail = Mail.AT_ONCE
    if mail == Mail.AUTO:
        mail = Mail.DIGEST if tells_device else Mail.AT_ONCE
    if mail == Mail.AT_ONCE:
        planned.append(Planned(Channel.EMAIL, at, bundle))
    elif mail == Mail.DIGEST and wishes.digest_at is not None:
        planned.append(Planned(Channel.EMAIL, wishes.digest_at, Bundle.DIGEST))
    return planned


def digest_moment(now: datetime, *, digest: Digest, zone: tzinfo) -> datetime | None:
    """Return when the next overview goes out (aware, in `zone`): every day, on Friday, or never (S7)."""
    if digest == Digest.NONE:
        return None
    at = DAILY_AT if digest == Digest.DAILY else WEEKLY_AT
    today = now.astimezone(zone).date()
    for ahead in range(9):
        day = today + timedelta(days=ahead)
        moment = datetime.combine(day, at, tzinfo=zone)
        if moment.astimezone(UTC) > now.astimezone(UTC) and (digest == Digest.DAILY or day.isoweekday() == WEEKLY_ON):
            return moment
    return None


def next_try(*, now: datetime, attempts: int) -> datetime | None:
    """Return when to try again after `attempts` failures (1, 2, 4, 8 ... minutes), or None when it is enough.

    Eight tries span a little over four hours: a mail server that restarts loses nothing, a wrong address ends.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    return now + timedelta(minutes=2 ** max(attempts - 1, 0))
