"""What the worker looks for by the clock: events that are due, and messages that are to be sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from kring.notifications.models import Delivery, DeliveryState, LiveHint, Notice, NoticeState, PushSubscription
from kring.notifications.outbox import CHUNK
from kring.notifications.replanning import replan_digests, replan_held
from kring.notifications.rules import Channel
from kring.notifications.tasks import deliver, deliver_push, expand

LOST_AFTER = timedelta(hours=2)
PUSHES = 500  # in one task: fifty go at once, so a few that hang hold nobody up
KEEP_HINTS = timedelta(minutes=5)


def queue_due() -> int:
    """Make tasks of what is due, and return how many. Runs every half second: two reads when nothing is.

    A row changes state in the transaction that writes its task, so several workers never take it twice and a crash
    leaves either both or neither.
    """
    return _queue_notices() + _queue_deliveries()


def requeue_lost() -> int:
    """Let wait again what a task took and gave up on (six tries, some 27 minutes); return how many.

    A task that still waits finds the row settled, or settles it first: each step stands being done twice.
    """
    now = timezone.now()
    lost = Notice.objects.lost(now - LOST_AFTER).update(state=NoticeState.WAITING)
    return lost + Delivery.objects.lost(now - LOST_AFTER).update(state=DeliveryState.WAITING, next_try=now)


def replan_waiting() -> int:
    """Plan again what is held or waits for an overview, by what is agreed and chosen now; return how many changed."""
    now = timezone.now()
    return replan_held(now=now) + replan_digests(now=now)


def _queue_notices() -> int:
    queued = 0
    for notice_id in list(Notice.objects.due(timezone.now()).values_list("pk", flat=True)[:20]):
        with transaction.atomic():
            mine = Notice.objects.filter(pk=notice_id, state=NoticeState.WAITING).update(state=NoticeState.QUEUED)
            if mine:
                expand.enqueue(notice_id)
        queued += mine
    return queued


def _queue_deliveries() -> int:
    queued = 0
    while rows := list(Delivery.objects.due(timezone.now()).values_list("pk", "channel")[:PUSHES]):
        push = [pk for pk, channel in rows if channel == Channel.PUSH]
        others = [pk for pk, channel in rows if channel != Channel.PUSH]
        chunks = [others[start : start + CHUNK] for start in range(0, len(others), CHUNK)]
        made = sum(_queue(chunk, deliver) for chunk in chunks) + (_queue(push, deliver_push) if push else 0)
        queued += made
        if not made or len(rows) < PUSHES:
            break
    return queued


def _queue(keys: list[int], task: Any) -> int:
    """Make one task of these deliveries, as far as no other worker took them; return whether there is one."""
    with transaction.atomic():
        locked = Delivery.objects.filter(pk__in=keys, state=DeliveryState.WAITING).select_for_update(skip_locked=True)
        mine = list(locked.values_list("pk", flat=True))
        Delivery.objects.filter(pk__in=mine).update(state=DeliveryState.QUEUED)
        if mine:
            task.enqueue(mine)
    return int(bool(mine))


def forget_hints() -> int:
    """Remove hints to open pages that every server has read long ago; return how many."""
    return LiveHint.objects.filter(made_at__lt=timezone.now() - KEEP_HINTS).delete()[0]


def forget_dead_devices() -> int:
    """Remove devices that are signed out, silent or refusing for weeks; return how many."""
    return PushSubscription.objects.dead(timezone.now()).delete()[0]
