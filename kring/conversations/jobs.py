"""What the clock does for this room. May run twice."""

from __future__ import annotations

from django.utils import timezone

from kring.conversations.actions import close_due
from kring.conversations.models import Conversation


def close_group_conversations() -> int:
    """Close every group conversation whose moment has come; return how many this run closed."""
    now = timezone.now()
    due = Conversation.objects.open_groups().filter(closes_at__lte=now)
    return sum(close_due(conversation=conversation, now=now) for conversation in due)
