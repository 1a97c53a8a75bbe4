from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kring.notifications.rules import MAX_ATTEMPTS, Channel, next_try, plan

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_everything_stands_in_the_inbox_and_mail_goes_to_who_has_an_address():
    assert [p.channel for p in plan(now=NOW, by_mail=True, has_address=True)] == [Channel.INBOX, Channel.EMAIL]
    assert [p.channel for p in plan(now=NOW, by_mail=True, has_address=False)] == [Channel.INBOX]
    assert [p.channel for p in plan(now=NOW, by_mail=False, has_address=True)] == [Channel.INBOX]


def test_pauses_double_and_end():
    pauses = [next_try(now=NOW, attempts=n) for n in range(1, MAX_ATTEMPTS + 1)]
    assert [p - NOW for p in pauses[:3] if p] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert pauses[-1] is None
    assert None not in pauses[:-1]
