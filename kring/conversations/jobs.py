"""What the clock does for this room. May run twice."""

from __future__ import annotations

from django.utils import timezone

from kring.conversations.actions import close_due, tell_arrived
from kring.conversations.models import Conversation, Message

AT_ONCE = 200  # messages of one look: eight o'clock brings the whole evening before


def close_group_conversations() -> int:
    """Close every group conversation whose moment has come; return how many this run closed."""
    now = timezone.now()
    due = Conversation.objects.open_groups().filter(closes_at__lte=now)
    return sum(close_due(conversation=conversation, now=now) for conversation in due)


def tell_arrivals() -> int:
    """Tell open pages of every message whose moment has come; return how many. Runs every half second: one read when
    nothing is due.
    """
    now = timezone.now()
    due = Message.objects.due(now).select_related("conversation").order_by("visible_from", "pk")[:AT_ONCE]
    return sum(tell_arrived(message=message, now=now) for message in list(due))
