from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kring.notifications.rules import MAX_ATTEMPTS, Channel, Digest, Mail, Wishes, digest_moment, next_try, plan

ZONE = ZoneInfo("Europe/Amsterdam")

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_everything_stands_in_the_inbox_and_mail_goes_to_who_has_an_address():
    assert [p.channel for p in plan(now=NOW, by_mail=True, has_address=True)] == [Channel.INBOX, Channel.EMAIL]
    assert [p.channel for p in plan(now=NOW, by_mail=True, has_address=False)] == [Channel.INBOX]
    assert [p.channel for p in plan(now=NOW, by_mail=False, has_address=True)] == [Channel.INBOX]


IN_THE_MORNING = NOW + timedelta(hours=20)
ON_FRIDAY = NOW + timedelta(days=3)
OVERVIEW = Wishes(digest_at=ON_FRIDAY)


def ways(**changes: object) -> list[tuple[str, datetime, str]]:
    """Return (channel, moment, bundle) of everything but the line in the inbox."""
    values: dict[str, object] = {"now": NOW, "by_mail": True, "has_address": True, "has_push": True, "wishes": OVERVIEW}
    planned = plan(**(values | changes))  # type: ignore[arg-type]
    return [(p.channel.value, p.at, p.bundle.value) for p in planned if p.channel != Channel.INBOX]


AT_ONCE, BY_MAIL, LATER = ("push", NOW, ""), ("email", NOW, ""), ("email", ON_FRIDAY, "digest")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [AT_ONCE, LATER]),
        ({"has_push": False}, [BY_MAIL]),
        ({"has_push": False, "has_address": False}, []),
        ({"wishes": replace(OVERVIEW, push=False)}, [BY_MAIL]),
        ({"wishes": Wishes()}, [AT_ONCE]),
        ({"wishes": replace(OVERVIEW, mail=Mail.AT_ONCE)}, [AT_ONCE, BY_MAIL]),
        ({"wishes": replace(OVERVIEW, mail=Mail.NEVER)}, [AT_ONCE]),
        ({"wishes": replace(OVERVIEW, mail=Mail.DIGEST), "has_push": False}, [LATER]),
        ({"by_mail": False}, [AT_ONCE]),
        # S6: both, whatever she chose.
        ({"has_emphasis": True}, [AT_ONCE, BY_MAIL]),
        ({"has_emphasis": True, "wishes": Wishes(push=False, mail=Mail.NEVER)}, [AT_ONCE, BY_MAIL]),
        ({"has_emphasis": True, "by_mail": False}, [AT_ONCE, BY_MAIL]),
        # H1: held, and together with others then; the overview has its own moment.
        ({"held_until": IN_THE_MORNING}, [("push", IN_THE_MORNING, "held"), LATER]),
        ({"held_until": IN_THE_MORNING, "has_push": False}, [("email", IN_THE_MORNING, "held")]),
        (
            {"held_until": IN_THE_MORNING, "has_emphasis": True},
            [("push", IN_THE_MORNING, "held"), ("email", IN_THE_MORNING, "held")],
        ),
        # S8: a calamity waits for nobody.
        ({"held_until": IN_THE_MORNING, "breaks_quiet": True}, [AT_ONCE, BY_MAIL]),
    ],
)
def test_who_is_told_by_which_channel_and_when(
    changes: dict[str, object], expected: list[tuple[str, datetime, str]]
) -> None:
    assert ways(**changes) == expected


def test_the_inbox_has_it_at_once_and_what_is_stale_tomorrow_does_not_stand_there() -> None:
    held = plan(now=NOW, by_mail=True, has_address=True, held_until=IN_THE_MORNING)
    assert held[0].channel == Channel.INBOX
    assert held[0].at == NOW
    assert Channel.INBOX not in {p.channel for p in plan(now=NOW, by_mail=True, has_address=True, in_inbox=False)}


@pytest.mark.parametrize(
    ("now", "digest", "moment"),
    [
        (datetime(2026, 11, 24, 10, tzinfo=ZONE), Digest.DAILY, datetime(2026, 11, 24, 17, tzinfo=ZONE)),
        (datetime(2026, 11, 24, 17, tzinfo=ZONE), Digest.DAILY, datetime(2026, 11, 25, 17, tzinfo=ZONE)),
        (datetime(2026, 11, 24, 10, tzinfo=ZONE), Digest.WEEKLY, datetime(2026, 11, 27, 16, tzinfo=ZONE)),
        (datetime(2026, 11, 27, 16, tzinfo=ZONE), Digest.WEEKLY, datetime(2026, 12, 4, 16, tzinfo=ZONE)),
        (datetime(2026, 10, 24, 20, tzinfo=ZONE), Digest.DAILY, datetime(2026, 10, 25, 16, tzinfo=UTC)),
        (datetime(2026, 11, 24, 10, tzinfo=ZONE), Digest.NONE, None),
    ],
)
def test_the_next_overview_is_at_five_or_on_friday_at_four(
    now: datetime, digest: Digest, moment: datetime | None
) -> None:
    assert digest_moment(now, digest=digest, zone=ZONE) == moment


def test_pauses_double_and_end():
    pauses = [next_try(now=NOW, attempts=n) for n in range(1, MAX_ATTEMPTS + 1)]
    assert [p - NOW for p in pauses[:3] if p] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert pauses[-1] is None
    assert None not in pauses[:-1]
