"""What open pages hear of the inbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from kring.core.viewer import Viewer
from kring.notifications.live import Topic
from kring.notifications.models import Delivery, Notice
from kring.notifications.rules import Channel


class InboxChanged(Topic):
    """Somebody's inbox has other lines, or fewer that are new. Its keys are for this process only."""

    name = "inbox"
    tells_key = False

    @classmethod
    def listeners(cls, key: str, *, among: Collection[int], now: datetime) -> Iterable[int]:
        """Return whose inbox it is: the reader herself, or everybody who got a line about one event."""
        whose, number = key[:1], int(key[1:])
        if whose == "u":
            return [number]
        lines = Delivery.objects.filter(notice_id=number, channel=Channel.INBOX, user_id__in=list(among))
        return lines.values_list("user_id", flat=True)


def of_notice(notice: Notice) -> str:
    """Return the key of a hint for everybody who was told of this event."""
    return f"n{notice.pk}"


def of_reader(viewer: Viewer) -> str:
    """Return the key of a hint for the viewer's own pages."""
    return f"u{viewer.user_id}"
