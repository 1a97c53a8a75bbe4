"""Parents among each other: being listed, writing to one, and leaving somebody in peace (P1)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.conversations.actions.send import put_message, refuse_text, refuse_undeliverable
from kring.conversations.models import Block, Conversation, Message, Participant, Unlisted
from kring.conversations.permissions import can_block, can_mute, can_see_directory, can_write_to_parent, own_id, side_in
from kring.conversations.rules import Kind, Side
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.people.actions.audience import make_audience
from kring.people.models import Person
from kring.school.models import Group


@transaction.atomic
def hide_in_directory(*, by: Viewer, group: Group) -> None:
    """Stand in no directory any more, of this group or another; who wrote with her before still can."""
    require(can_see_directory(by, group))
    own = own_id(by, group.school_id)
    Unlisted.objects.get_or_create(person_id=own, defaults={"school_id": group.school_id, "since": by.now})


@transaction.atomic
def show_in_directory(*, by: Viewer, group: Group) -> None:
    """Stand in the directories of her groups again."""
    require(can_see_directory(by, group))
    Unlisted.objects.filter(person_id=own_id(by, group.school_id)).delete()


@transaction.atomic
def write_to_parent(*, by: Viewer, group: Group, person: Person, text: str, token: str = "") -> Message:
    """Write to another parent of the group; two parents have one conversation per group. `token` is kept once.

    Raises NotAllowed for who does not see `person` in the directory, Refused for text that does not fit and when the
    other one does not want it: the sentence does not say why.
    """
    require(can_write_to_parent(by, group, person))
    refuse_text(text)
    own = Person.objects.get(pk=own_id(by, group.school_id))
    refuse_undeliverable(sender_id=own.pk, receiver_ids=[person.pk])
    conversation = _conversation_of(by, group, own, person)
    known = Message.objects.filter(conversation=conversation, author=own, token=token or None)
    if token and (found := known.first()):
        return found
    try:
        with transaction.atomic():
            return put_message(by=by, conversation=conversation, text=text, token=token)
    except IntegrityError:
        if token and (again := known.first()):
            return again
        raise


def _conversation_of(by: Viewer, group: Group, own: Person, person: Person) -> Conversation:
    low, high = sorted((own, person), key=lambda one: one.pk)
    pair_key = f"direct:{group.pk}:{low.pk}-{high.pk}"
    known = Conversation.objects.for_pages().select_related("audience").filter(pair_key=pair_key)
    if found := known.first():
        return found
    try:
        with transaction.atomic():
            conversation = Conversation.objects.create(
                school=group.school,
                kind=Kind.DIRECT,
                group=group,
                opened_by=own,
                opened_side=Side.FAMILY,
                created_at=by.now,
                last_message_at=by.now,
                audience=make_audience(school=group.school, persons=[own, person]),
                pair_key=pair_key,
            )
            Participant.objects.bulk_create(
                Participant(school=group.school, conversation=conversation, person=one, side=Side.FAMILY, since=by.now)
                for one in (own, person)
            )
    except IntegrityError:  # the other one began at the same moment
        return known.get()
    return conversation


@transaction.atomic
def block(*, by: Viewer, conversation: Conversation) -> None:
    """Want no messages of the other one any more. She is not told; what she writes is refused and not sent."""
    require(can_block(by, conversation))
    own = own_id(by, conversation.school_id)
    for other_id in _others(conversation, own):
        Block.objects.get_or_create(
            person_id=own, blocked_id=other_id, defaults={"school_id": conversation.school_id, "since": by.now}
        )


@transaction.atomic
def unblock(*, by: Viewer, person: Person) -> None:
    """Let somebody write again. Nothing that was refused before arrives now."""
    own = own_id(by, person.school_id or 0)
    Block.objects.filter(person_id=own, blocked=person).delete()


def _others(conversation: Conversation, own: int) -> list[int]:
    named = Participant.objects.filter(conversation=conversation, side=Side.FAMILY).exclude(person_id=own)
    return list(named.values_list("person_id", flat=True))


@transaction.atomic
def mute(*, by: Viewer, conversation: Conversation) -> None:
    """Hear nothing of a conversation any more, until it is over; it is read as before."""
    require(can_mute(by, conversation))
    if conversation.is_closed:
        raise Refused(_("This conversation is closed, so there is nothing to hear of it."))
    until = conversation.closes_at or conversation.school.moment(conversation.group.school_year.ends_on)
    _set_muted(by, conversation, until)


@transaction.atomic
def unmute(*, by: Viewer, conversation: Conversation) -> None:
    """Hear of a conversation again."""
    require(can_mute(by, conversation))
    _set_muted(by, conversation, None)


def _set_muted(by: Viewer, conversation: Conversation, until: datetime | None) -> None:
    Participant.objects.update_or_create(
        conversation=conversation,
        person_id=own_id(by, conversation.school_id),
        defaults={"muted_until": until},
        create_defaults={
            "muted_until": until,
            "school_id": conversation.school_id,
            "side": side_in(by, conversation),
            "since": by.now,
        },
    )
