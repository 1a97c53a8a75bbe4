"""What the worker does with the outbox, second half: telling people what is due (deliver).

A Delivery that was sent is never taken up again. Only a message that left in the very moment of a crash goes out
twice, with the same name (Message-ID, topic of a push). Whatever has become untrue since it was planned is noticed
here: who may not see it any more, what was read elsewhere, hours that have become quiet.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from kring.core.viewer import Viewer
from kring.notifications.channels import email, push
from kring.notifications.channels.parcel import Outcome, Parcel, Sender
from kring.notifications.hours import QuietHours, quiet_hours
from kring.notifications.models import Delivery, DeliveryState, Preference
from kring.notifications.notice import NoticeKind
from kring.notifications.outbox import live_notice
from kring.notifications.rules import Bundle, Channel, next_try
from kring.people.viewers import viewers_for

SENDERS: dict[Channel, Sender] = {Channel.EMAIL: email.send_all, Channel.PUSH: push.send_all}
"""How each channel sends. The inbox sends nothing: its rows stand there."""
log = structlog.get_logger(__name__)


def deliver(keys: list[int]) -> int:
    """Send the deliveries with primary keys `keys` that are still to be sent; return how many messages went out.

    Each is settled at once, outside any transaction. What a channel refuses is tried again later, with longer and
    longer pauses (rules.next_try); so is whatever else goes wrong with one of them, because the others must not wait
    behind it. What waited to be told together goes out as one message for each login, school and channel.
    """
    batch = _batch_of(keys, timezone.now())
    parcels: dict[Channel, list[Parcel]] = defaultdict(list)
    for rows in batch.messages:
        try:
            parcel = _parcel_of(rows, batch)
        except DatabaseError:
            raise  # then nothing can be settled either: the whole task runs again
        except Exception as problem:
            _try_later(rows, problem)
        else:
            if parcel is not None:
                parcels[Channel(parcel.rows[0].channel)].append(parcel)
    sent = 0
    for channel, ready in parcels.items():
        for parcel, outcome in SENDERS[channel](ready):
            if isinstance(outcome, Exception):
                _try_later(parcel.rows, outcome)
            elif outcome == Outcome.SENT:
                _settle(parcel.rows, DeliveryState.SENT)
                sent += 1
            else:
                _unreachable(parcel)
    return sent


@dataclass(slots=True)
class _Batch:
    """What one task has in hand: rows by message, and what is known about their readers."""

    now: datetime
    messages: list[list[Delivery]]
    viewers: dict[int, Viewer]
    read: set[tuple[int, int]]
    quiet: dict[int, QuietHours] = field(default_factory=dict)
    told: dict[int, NoticeKind | None] = field(default_factory=dict)

    def about(self, row: Delivery) -> NoticeKind | None:
        """Return what there is to tell, or None; asked once for all to whom this task tells it."""
        if row.notice_id not in self.told:
            self.told[row.notice_id] = live_notice(row.notice)
        return self.told[row.notice_id]


def _batch_of(keys: list[int], now: datetime) -> _Batch:
    rows = list(Delivery.objects.to_be_sent(keys))
    messages = [[row] for row in rows if row.bundle == Bundle.ALONE]
    messages += _whole_bundles([row for row in rows if row.bundle != Bundle.ALONE], now)
    in_hand = [row for message in messages for row in message]
    users = {row.user_id: row.user for row in in_hand}
    viewers = viewers_for(users.values(), now=now)
    batch = _Batch(now, messages, viewers, Delivery.objects.read_by_now(in_hand) if in_hand else set())
    preferences = Preference.objects.of(users) if users else {}
    for school in {row.school_id: row.school for row in in_hand}.values():
        staff = {row.user_id for row in in_hand if row.as_staff and row.school_id == school.pk}
        batch.quiet[school.pk] = quiet_hours(school, [viewers[pk] for pk in staff], preferences, now=now)
    return batch


def _whole_bundles(rows: list[Delivery], now: datetime) -> list[list[Delivery]]:
    """Return the bundles of which this task has the first row, each with everything of it that is due.

    Whoever has the first row sends for all, so that two workers never make two summaries of one bundle.
    """
    if not rows:
        return []
    bundles: dict[tuple[int, int, str], list[Delivery]] = defaultdict(list)
    for row in Delivery.objects.going_along(rows, now):
        bundles[(row.user_id, row.school_id, row.channel)].append(row)
    mine = {row.pk for row in rows}
    whole = [bundle for bundle in bundles.values() if bundle[0].pk in mine]
    taken = [row.pk for bundle in whole for row in bundle]
    Delivery.objects.filter(pk__in=taken, state=DeliveryState.WAITING).update(state=DeliveryState.QUEUED)
    return whole


def _parcel_of(rows: Sequence[Delivery], batch: _Batch) -> Parcel | None:
    """Return the message for these rows of one login, without what need not be told any more; None when nothing is
    left, or when it is held after all."""
    living = [(row, told) for row in rows if (told := _still_to_tell(row, batch)) is not None]
    gone = {row.pk for row in rows} - {row.pk for row, _told in living}
    _settle([row for row in rows if row.pk in gone], DeliveryState.DROPPED)
    held, free = [], []
    for row, told in living:
        until = None if told.breaks_quiet() else _held_until(row, batch)
        if until is None:
            free.append((row, told))
        else:
            held.append((row, until))
    _hold(held)
    if not free:
        return None
    first, told = free[0]
    with translation.override(first.user.language or translation.get_language()):
        outside = told.outside(batch.viewers[first.user_id]) if len(free) == 1 else None
    return Parcel(
        rows=tuple(row for row, _told in free),
        path=_path_for(first, [told for _row, told in free]),
        topics=Counter(told.topic() for _row, told in free),
        about=_about(free),
        is_urgent=any(told.has_emphasis() or told.breaks_quiet() for _row, told in free),
        outside=outside,
        sender=told.sender() if len(free) == 1 and first.school.push_names_sender else "",
    )


def _still_to_tell(row: Delivery, batch: _Batch) -> NoticeKind | None:
    if not row.user.is_active or (row.notice_id, row.user_id) in batch.read:
        return None
    told = batch.about(row)
    return told if told is not None and told.may_see(batch.viewers[row.user_id]) else None


def _held_until(row: Delivery, batch: _Batch) -> datetime | None:
    return batch.quiet[row.school_id].held_until(row.user_id, as_staff=row.as_staff)


def _path_for(first: Delivery, told: Sequence[NoticeKind]) -> str:
    """Return the page to open: of one thing its own, of an overview everything of the week, else the inbox."""
    if len(told) == 1:
        return told[0].link()
    return reverse("notifications:week" if first.bundle == Bundle.DIGEST else "notifications:inbox")


def _about(free: Sequence[tuple[Delivery, NoticeKind]]) -> str:
    """Return a name for the subject of a message that says nothing about it to who carries it."""
    row, _told = free[0]
    what = f"{row.notice.kind}:{row.notice.subject_id}" if len(free) == 1 else f"bundle:{row.school_id}"
    return salted_hmac("kring.notifications.about", what).hexdigest()[:24]


def _settle(rows: Sequence[Delivery], state: DeliveryState) -> None:
    if rows:
        mine = Delivery.objects.filter(pk__in=[row.pk for row in rows], state=DeliveryState.QUEUED)
        mine.update(state=state, settled_at=timezone.now())


def _hold(rows: Sequence[tuple[Delivery, datetime]]) -> None:
    for row, until in rows:
        bundle = Bundle.HELD if row.bundle == Bundle.ALONE else row.bundle
        Delivery.objects.filter(pk=row.pk, state=DeliveryState.QUEUED).update(
            state=DeliveryState.WAITING, next_try=until, bundle=bundle
        )


def _unreachable(parcel: Parcel) -> None:
    """Settle what this channel cannot bring any more; what no device could show goes by mail instead."""
    _settle(parcel.rows, DeliveryState.FAILED)
    if parcel.rows[0].channel != Channel.PUSH or not parcel.user.email:
        return
    # She may have a mail coming with the next overview, because a device was to tell her: then that one goes now.
    Delivery.objects.filter(
        notice_id__in=[row.notice_id for row in parcel.rows],
        user=parcel.user,
        channel=Channel.EMAIL,
        state=DeliveryState.WAITING,
        bundle=Bundle.DIGEST,
    ).update(next_try=timezone.now(), bundle=parcel.rows[0].bundle)
    Delivery.objects.bulk_create(
        [
            Delivery(
                school_id=row.school_id,
                notice=row.notice,
                user=row.user,
                channel=Channel.EMAIL,
                next_try=timezone.now(),
                bundle=row.bundle,
                as_staff=row.as_staff,
            )
            for row in parcel.rows
        ],
        ignore_conflicts=True,
    )


def _try_later(rows: Sequence[Delivery], problem: Exception) -> None:
    now = timezone.now()
    for row in rows:
        attempts = row.attempts + 1
        again = next_try(now=now, attempts=attempts)
        # The class only: the words of a mail server repeat the address.
        log.warning("delivery.refused", delivery=row.pk, attempts=attempts, problem=type(problem).__name__)
        Delivery.objects.filter(pk=row.pk, state=DeliveryState.QUEUED).update(
            state=DeliveryState.WAITING if again else DeliveryState.FAILED,
            attempts=attempts,
            next_try=again or row.next_try,
            settled_at=None if again else now,
        )
