"""Keeping what was typed and not sent."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from kring.conversations.models import Conversation, DraftMessage
from kring.conversations.permissions import can_write_in, can_write_to_families, can_write_to_team, own_id
from kring.core.access import require
from kring.core.viewer import Viewer
from kring.school.models import Group

MOST = 30_000


@transaction.atomic
def keep_draft(*, by: Viewer, conversation: Conversation, text: str) -> None:
    """Keep what was typed in a conversation, also when it is too long to send; nothing typed keeps nothing."""
    require(can_write_in(by, conversation))
    keep_text(by=by, conversation=conversation, text=text)


@transaction.atomic
def keep_new_draft(*, by: Viewer, group: Group, text: str) -> None:
    """Keep what was typed for a conversation of the group that is not there yet."""
    require(can_write_to_team(by, group) or can_write_to_families(by, group))
    _keep(person_id=own_id(by, group.school_id), school_id=group.school_id, place={"group": group}, text=text, by=by)


def keep_text(*, by: Viewer, conversation: Conversation, text: str) -> None:
    """Put text in the box of a conversation, in the transaction of the caller who has checked it."""
    person_id, school_id = own_id(by, conversation.school_id), conversation.school_id
    _keep(person_id=person_id, school_id=school_id, place={"conversation": conversation}, text=text, by=by)


def _keep(*, person_id: int, school_id: int, place: dict[str, object], text: str, by: Viewer) -> None:
    mine = DraftMessage.objects.filter(person_id=person_id, **place)
    if not text.strip():
        mine.delete()
        return
    kept = {"text": text[:MOST], "saved_at": by.now}
    if mine.update(**kept):
        return
    try:
        with transaction.atomic():
            DraftMessage.objects.create(person_id=person_id, school_id=school_id, **place, **kept)
    except IntegrityError:  # a second window was quicker
        mine.update(**kept)


def forget_draft(*, by: Viewer, conversation: Conversation) -> None:
    """Empty the box of a conversation, in the transaction of the caller."""
    DraftMessage.objects.filter(person_id=own_id(by, conversation.school_id), conversation=conversation).delete()


def forget_new_draft(*, by: Viewer, group: Group) -> None:
    """Empty the box for a conversation of the group that is not there yet, in the transaction of the caller."""
    DraftMessage.objects.filter(person_id=own_id(by, group.school_id), group=group).delete()
