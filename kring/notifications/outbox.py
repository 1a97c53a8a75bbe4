"""What the worker does with the outbox: who is told (expand), and telling them (deliver).

At least once, and idempotent. Each step may stop anywhere and run again: a recipient has one Delivery per channel
(unique), and a Delivery that was sent is never taken up again. Only a mail that left in the very moment of a crash
goes out twice, with the same Message-ID. See docs/decisions/0002-outbox.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import structlog
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from kring.core.viewer import Level
from kring.notifications.channels import email
from kring.notifications.live import hint
from kring.notifications.models import Delivery, DeliveryState, Notice, NoticeState
from kring.notifications.notice import NoticeKind, kind_named
from kring.notifications.notices import InboxChanged, of_notice
from kring.notifications.rules import Channel, next_try, plan
from kring.people.audiences import guardians_of, team_of
from kring.people.models import Person, User
from kring.people.viewers import viewers_for

CHUNK = 50
log = structlog.get_logger(__name__)


def live_notice(notice: Notice) -> NoticeKind | None:
    """Return what there is to tell, or None when the subject is gone or it need not be told any more."""
    kind = kind_named(notice.kind)
    told = kind.about(notice.subject_id) if kind else None
    return told if told is not None and told.still_relevant() else None


def expand(notice: Notice) -> int:
    """Write the deliveries of a due notice, for who may see it at this moment; return how many are new.

    Works in chunks, each in its own transaction with nothing slow inside, so that pages never wait for it.
    """
    if notice.state in (NoticeState.EXPANDED, NoticeState.DROPPED):
        return 0
    told = live_notice(notice)
    made = 0
    if told is not None:
        for users in _chunks(_recipients(notice, told)):
            made += _write_deliveries(notice, told, users)
    if made:
        hint(InboxChanged, of_notice(notice))
    Notice.objects.filter(pk=notice.pk).update(
        state=NoticeState.DROPPED if told is None else NoticeState.EXPANDED, settled_at=timezone.now()
    )
    log.info("notice.expanded", notice=notice.pk, kind=notice.kind, deliveries=made, dropped=told is None)
    return made


def _recipients(notice: Notice, told: NoticeKind) -> list[User]:
    """Return the logins the audience addresses now, without the sender and without who has been told already."""
    today = notice.school.today(timezone.now())
    persons: QuerySet[Person] = Person.objects.none()
    if told.to_guardians:
        persons = guardians_of(notice.audience, on=today, levels=(Level.FULL, Level.LIMITED))
    if told.to_team:
        persons |= team_of(notice.audience, on=today)
    already = Delivery.objects.filter(notice=notice).values("user_id")
    users = User.objects.filter(is_active=True, pk__in=persons.values("user_id")).exclude(pk__in=already)
    return list(users.exclude(pk=notice.by_id).order_by("pk") if notice.by_id else users.order_by("pk"))


def _chunks(users: list[User]) -> Iterator[list[User]]:
    for start in range(0, len(users), CHUNK):
        yield users[start : start + CHUNK]


def _write_deliveries(notice: Notice, told: NoticeKind, users: list[User]) -> int:
    now = timezone.now()
    viewers = viewers_for(users, now=now)
    may_see = [user for user in users if told.may_see(viewers[user.pk])]
    rows = [
        _delivery(notice, user, planned.channel, planned.at, now)
        for user in may_see
        for planned in plan(now=now, by_mail=told.by_mail, has_address=bool(user.email))
    ]
    # All channels of a chunk are written at once, so who has one row has them all: a second run can skip her.
    with transaction.atomic():
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _delivery(notice: Notice, user: User, channel: Channel, at: datetime, now: datetime) -> Delivery:
    stands_there = channel == Channel.INBOX
    return Delivery(
        school_id=notice.school_id,
        notice=notice,
        user=user,
        channel=channel,
        state=DeliveryState.SENT if stands_there else DeliveryState.WAITING,
        next_try=at,
        settled_at=now if stands_there else None,
    )


def deliver(keys: list[int]) -> int:
    """Send the deliveries with primary keys `keys` that are still to be sent; return how many went out.

    One at a time and each settled at once, outside any transaction. A refusal by the mail server is tried again
    later, with longer and longer pauses (rules.next_try); so is whatever else goes wrong with one of them, because the
    others must not wait behind it.
    """
    sent = 0
    urgent: dict[int, bool] = {}
    rows = list(Delivery.objects.to_be_sent(keys))
    viewers = viewers_for([row.user for row in rows], now=timezone.now())
    with email.mailbox() as connection:
        for row in rows:
            try:
                told = live_notice(row.notice)
                if told is None or not row.user.is_active or not told.may_see(viewers[row.user_id]):
                    _settle(row, DeliveryState.DROPPED)
                    continue
                if row.notice_id not in urgent:
                    urgent[row.notice_id] = told.has_emphasis()
                email.send(row, path=told.link(), is_urgent=urgent[row.notice_id], connection=connection)
            except DatabaseError:
                raise  # then nothing can be settled either: the whole task runs again
            except Exception as problem:
                connection.close()  # the next one opens it afresh
                _try_later(row, problem)
            else:
                _settle(row, DeliveryState.SENT)
                sent += 1
    return sent


def _settle(row: Delivery, state: DeliveryState) -> None:
    Delivery.objects.filter(pk=row.pk, state=DeliveryState.QUEUED).update(state=state, settled_at=timezone.now())


def _try_later(row: Delivery, problem: Exception) -> None:
    now, attempts = timezone.now(), row.attempts + 1
    again = next_try(now=now, attempts=attempts)
    # The class only: the words of a mail server repeat the address.
    log.warning("delivery.refused", delivery=row.pk, attempts=attempts, problem=type(problem).__name__)
    Delivery.objects.filter(pk=row.pk, state=DeliveryState.QUEUED).update(
        state=DeliveryState.WAITING if again else DeliveryState.FAILED,
        attempts=attempts,
        next_try=again or row.next_try,
        settled_at=None if again else now,
    )
