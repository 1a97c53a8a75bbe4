"""How far somebody has read: forward only, and by the day (H3)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from kring.conversations.models import Message, Receipt
from kring.conversations.rules import day_part


@transaction.atomic
def move_mark(*, message: Message, person_id: int, now: datetime) -> bool:
    """Move the mark of a person up to `message`, read at `now` (aware); say whether it moved.

    In a transaction of the caller, who has checked that she reads it. Only the day and its part are kept.
    """
    conversation = message.conversation
    local = now.astimezone(conversation.school.zone)
    read = {"read_until": message.visible_from, "read_on": local.date(), "read_part": day_part(local)}
    mine = Receipt.objects.filter(conversation=conversation, person_id=person_id)
    further = mine.filter(read_until__lt=message.visible_from)
    if further.update(**read):
        return True
    if mine.exists():
        return False
    try:
        with transaction.atomic():
            Receipt.objects.create(
                school_id=conversation.school_id, conversation=conversation, person_id=person_id, **read
            )
    except IntegrityError:  # a second window was quicker
        return bool(further.update(**read))
    return True
