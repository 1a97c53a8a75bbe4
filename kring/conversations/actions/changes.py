"""Telling open pages that a conversation changed, with the number from which they fetch what is new."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from kring.conversations.models import Conversation, Message
from kring.conversations.notices import ConversationChanged
from kring.notifications.live import hint


def next_version(conversation: Conversation, *, whole: bool = False) -> int:
    """Return the number of the next change and tell open pages, in a transaction of the caller.

    The row is taken until that transaction ends, so numbers are committed in their order: a page that asks for what
    came after the number it shows misses nothing. `whole`: not only words changed, pages are drawn anew.
    """
    row = Conversation.objects.filter(pk=conversation.pk)
    row.update(version=F("version") + 1, **({"whole_version": F("version") + 1} if whole else {}))
    hint(ConversationChanged, conversation.public_id)
    return row.values_list("version", flat=True).get()


def changed(conversation: Conversation) -> None:
    """Say that more than words changed: a promise, an answer, an end."""
    next_version(conversation, whole=True)


@transaction.atomic
def tell_arrived(*, message: Message, now: datetime) -> bool:
    """Tell open pages that a message which was held has its moment; return whether this was the one who did.

    For the clock. Who can read it was decided by `visible_from` already: this only says so.
    """
    if not Message.objects.due(now).filter(pk=message.pk).update(is_held=False):
        return False
    Message.objects.filter(pk=message.pk).update(version=next_version(message.conversation))
    return True
