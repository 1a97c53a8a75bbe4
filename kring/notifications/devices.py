"""Which logins have a device that shows notifications."""

from __future__ import annotations

from collections.abc import Iterable

from kring.notifications.models import PushSubscription


def with_device(user_ids: Iterable[int]) -> set[int]:
    """Return those of the logins that have a device to which a push can go now. One query."""
    return set(PushSubscription.objects.of_users(user_ids).values_list("user_id", flat=True))
