"""The outbox's work for the worker. Each may run twice without harm."""

from __future__ import annotations

from django_tasks import task

from kring.notifications import outbox, sending
from kring.notifications.models import Notice


@task(priority=10)
def expand(notice_id: int) -> None:
    """Find the recipients of a due notice and write their deliveries."""
    notice = Notice.objects.select_related("school", "audience").filter(pk=notice_id).first()
    if notice is not None:
        outbox.expand(notice)


@task()
def deliver(delivery_ids: list[int]) -> None:
    """Send about fifty deliveries."""
    sending.deliver(delivery_ids)


@task(queue_name="push")
def deliver_push(delivery_ids: list[int]) -> None:
    """Send some hundreds of push messages: in a lane of their own, where no mail waits for a device that hangs."""
    sending.deliver(delivery_ids)
