"""Saying something in a conversation, and changing or taking back what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.conversations.actions.changes import next_version
from kring.conversations.actions.drafts import forget_draft, keep_text
from kring.conversations.actions.marks import move_mark
from kring.conversations.attachments import is_picture, refuse_from_guardian, take_in_photos
from kring.conversations.hours import arrives_at_team
from kring.conversations.models import Block, Conversation, Message, MessageDocument, Promise, Proposal
from kring.conversations.notices import MessageForFamily, MessageForTeam
from kring.conversations.permissions import (
    can_attach,
    can_delete_message,
    can_edit_message,
    can_share_photos,
    can_write_in,
    own_id,
    side_in,
)
from kring.conversations.reach import meet_who_are_kept_apart, reachable
from kring.conversations.rules import MAX_DOCUMENTS, Kind, PromiseState, ProposalState, Side, text_fault
from kring.conversations.wording import fault_sentence
from kring.core.access import Refused, require
from kring.core.formatting import to_html
from kring.core.viewer import Viewer
from kring.files.actions import remove_document, store_document
from kring.files.models import Document
from kring.notifications.actions import notify
from kring.school.models import School

A_MOMENT = timedelta(seconds=1)  # what is put this little later only to have an order is not held
LATEST = timedelta(days=60)  # how far ahead the team may send something


def send_message(
    *,
    by: Viewer,
    conversation: Conversation,
    text: str,
    token: str = "",
    at: datetime | None = None,
    uploads: Sequence[UploadedFile] = (),
    reply_to: Message | None = None,
) -> Message:
    """Say something in a conversation; `at` (aware) lets the team send it later. The same `token` is kept once.

    What a family writes to the team arrives when the team can be reached (H1, S12). Raises NotAllowed for who may not
    write, Refused with a sentence for text that does not fit, somebody who is not there any more, and files that do
    not belong (P3). The files stand on disk before the rows say so, outside the transaction.
    """
    require(can_write_in(by, conversation))
    refuse_text(text, has_more=bool(uploads))
    refuse_unreachable(by=by, conversation=conversation)
    known = _sent_already(by, conversation, token)
    if known is not None:
        return known
    if uploads and not can_attach(by, conversation):
        may_share = can_share_photos(by, conversation)
        if not (may_share and all(map(is_picture, uploads))):
            refuse_from_guardian(list(uploads), may_share=may_share)
        documents = take_in(by=by, school=conversation.school, uploads=uploads, as_photos=True)
    else:
        documents = take_in(by=by, school=conversation.school, uploads=uploads)
    try:
        with transaction.atomic():
            message = put_message(by=by, conversation=conversation, text=text, token=token, at=at, reply_to=reply_to)
            attach(message, documents)
    except IntegrityError:
        known = _sent_already(by, conversation, token)
        if known is None:
            raise
        message = known
    finally:
        drop_loose(by=by, documents=documents)
    return message


def refuse_text(text: str, *, has_more: bool = False) -> None:
    """Raise Refused for text that does not fit."""
    fault = text_fault(text, has_more=has_more)
    if fault is not None:
        raise Refused(fault_sentence(fault, length=len(text)))


def refuse_unreachable(*, by: Viewer, conversation: Conversation) -> None:
    """Raise Refused when nobody on the other side can read it any more; what was typed stays in the form."""
    on = conversation.school.today(by.now)
    own = own_id(by, conversation.school_id)
    if meet_who_are_kept_apart(conversation):
        raise Refused(_("These parents do not take part in one conversation any more. Write to each of them."))
    needs_family = conversation.kind == Kind.TEAM and side_in(by, conversation) == Side.TEAM
    if not needs_family and conversation.kind != Kind.DIRECT:
        return
    others = reachable(conversation, on=on).exclude(pk=own)
    if conversation.kind == Kind.DIRECT:
        refuse_undeliverable(sender_id=own, receiver_ids=list(others.values_list("pk", flat=True)))
    elif not others.exists():
        raise Refused(_("This message cannot be delivered: nobody on the other side reads here any more."))


def refuse_undeliverable(*, sender_id: int, receiver_ids: Sequence[int]) -> None:
    """Raise Refused when a parent cannot be written to. Blocked or gone: the sender reads the same sentence."""
    if Block.objects.by(sender_id, receiver_ids).exists():
        raise Refused(_("You blocked this parent. Take that back first, then you can write again."))
    if not receiver_ids or Block.objects.between(sender_id, receiver_ids).exists():
        raise Refused(
            _("Your message was not sent: this parent cannot be reached here. The team of the group can help you.")
        )


def _sent_already(by: Viewer, conversation: Conversation, token: str) -> Message | None:
    if not token:
        return None
    mine = Message.objects.filter(author_id=own_id(by, conversation.school_id), token=token)
    return mine.filter(conversation=conversation).first()


def take_in(*, by: Viewer, school: School, uploads: Sequence[UploadedFile], as_photos: bool = False) -> list[Document]:
    """Store what the team sends along, or photos of a parent (P3), or raise Refused: too many, or of the wrong kind.
    Nothing is left half taken."""
    if len(uploads) > MAX_DOCUMENTS:
        raise Refused(_("A message holds at most %(number)d documents.") % {"number": MAX_DOCUMENTS})
    if as_photos:
        return take_in_photos(by=by, school=school, uploads=uploads)
    documents: list[Document] = []
    try:
        for upload in uploads:
            documents.append(store_document(by=by, school=school, upload=upload))
    except BaseException:
        drop_loose(by=by, documents=documents)
        raise
    return documents


def attach(message: Message, documents: Sequence[Document]) -> None:
    """Let the documents belong to the message."""
    MessageDocument.objects.bulk_create(
        MessageDocument(school_id=message.school_id, message=message, document=document, position=place)
        for place, document in enumerate(documents)
    )


def drop_loose(*, by: Viewer, documents: Sequence[Document]) -> None:
    """Throw away those of the documents that no message holds."""
    for document in documents:
        if not MessageDocument.objects.filter(document=document).exists():
            remove_document(by=by, document=document)


@transaction.atomic
def put_message(
    *,
    by: Viewer,
    conversation: Conversation,
    text: str,
    token: str = "",
    at: datetime | None = None,
    reply_to: Message | None = None,
    is_told: bool = True,
) -> Message:
    """Write a message down, in a transaction of the caller who has checked it, and tell who it is for.

    Raises IntegrityError when `token` was used in the conversation before.
    """
    side = side_in(by, conversation)
    number = next_version(conversation)
    moment = _moment(by, conversation, side, at)
    message = Message.objects.create(
        school_id=conversation.school_id,
        conversation=conversation,
        author_id=own_id(by, conversation.school_id),
        side=side,
        source=text.strip(),
        body=to_html(text),
        sent_at=by.now,
        visible_from=moment,
        reply_to=reply_to,
        token=token or None,
        version=number,
        is_held=moment > by.now + A_MOMENT,
    )
    Conversation.objects.filter(pk=conversation.pk, last_message_at__lt=message.visible_from).update(
        last_message_at=message.visible_from
    )
    _keep_promise(by, conversation, side)
    _has_read(by, message)
    forget_draft(by=by, conversation=conversation)
    _record(by, "conversation.message_sent", message)
    if is_told:
        tell(by=by, message=message)
    return message


def _record(by: Viewer, what: str, message: Message) -> None:
    kind = message.conversation.kind
    if kind != Kind.DIRECT:  # that two parents write each other stands in no log
        audit.record(by=by, what=what, about=message, kind=kind)


def _moment(by: Viewer, conversation: Conversation, side: Side, at: datetime | None) -> datetime:
    """Return from when the other side has it. Never the same or earlier than what arrived before: order is by it."""
    if side == Side.TEAM and at is not None and at > by.now:
        if at > by.now + LATEST:
            raise Refused(_("That moment is more than two months away. Choose one that is nearer."))
        return at
    if conversation.kind == Kind.TEAM and side == Side.FAMILY:
        policy = policy_for(conversation.school_id, at=by.now)
        held = arrives_at_team(conversation.group, now=by.now, policy=policy)
        if held > by.now:
            return held
    # `next_version` took the row until the transaction ends, so that two that are sent at once have an order, and
    # nothing is written in a conversation that is being closed at this moment.
    if not Conversation.objects.filter(pk=conversation.pk, closed_at__isnull=True).exists():
        raise Refused(_("This conversation was just closed. Nobody writes in it any more."))
    around = Message.objects.filter(conversation=conversation, visible_from__lte=by.now + timedelta(seconds=30))
    last = around.aggregate(last=Max("visible_from"))["last"]
    return by.now if last is None else max(by.now, last + timedelta(microseconds=1))


def _has_read(by: Viewer, message: Message) -> None:
    """Who answers has read what stood there: her mark moves to her own words."""
    if message.is_pending(by.now):
        return
    move_mark(message=message, person_id=own_id(by, message.school_id), now=by.now)


def _keep_promise(by: Viewer, conversation: Conversation, side: Side) -> None:
    standing = Promise.objects.filter(conversation=conversation, side=side, state=PromiseState.OPEN)
    if side == Side.FAMILY:
        standing = standing.filter(person_id=own_id(by, conversation.school_id))
    standing.update(state=PromiseState.KEPT, settled_on=conversation.school.today(by.now))


def tell(*, by: Viewer, message: Message) -> None:
    """Write the notices of a message, for the moment it arrives; the team and the families have their own."""
    conversation = message.conversation
    school, moment = conversation.school, message.visible_from
    of_family = message.side == Side.FAMILY
    if conversation.team_audience is not None and (of_family or conversation.kind == Kind.GROUP):
        notify(MessageForTeam(message), audience=conversation.team_audience, school=school, not_before=moment, by=by)
    is_alone = conversation.kind == Kind.TEAM and conversation.participants.families().count() < 2
    if not (of_family and is_alone):
        notify(MessageForFamily(message), audience=conversation.audience, school=school, not_before=moment, by=by)


@transaction.atomic
def edit_message(*, by: Viewer, message: Message, text: str) -> Message:
    """Change one's own words: for fifteen minutes, or as long as nobody else could read them. Raises Refused."""
    if not can_edit_message(by, message):
        require(can_delete_message(by, message))
        raise Refused(_("This message is older than fifteen minutes. You can take it away or write another one."))
    refuse_text(text, has_more=message.documents.exists() or Proposal.objects.filter(message=message).exists())
    fresh = {"source": text.strip(), "body": to_html(text)}
    if not message.is_pending(by.now):
        fresh["edited_at"] = by.now  # type: ignore[assignment]
    number = next_version(message.conversation)
    if not Message.objects.filter(pk=message.pk, deleted_at__isnull=True).update(version=number, **fresh):
        raise Refused(_("This message was taken away in the meantime."))
    _record(by, "conversation.message_changed", message)
    message.refresh_from_db()
    return message


@transaction.atomic
def delete_message(*, by: Viewer, message: Message) -> None:
    """Take one's own words away. Where they were read before, "deleted" stays; what had not arrived leaves no trace
    and goes back to the box it was typed in. Documents go too, and moments that were proposed with it.
    """
    require(can_delete_message(by, message))
    conversation, was_pending = message.conversation, message.is_pending(by.now)
    _record(by, "conversation.message_deleted", message)
    if was_pending:
        keep_text(by=by, conversation=conversation, text=message.source)
    documents = [row.document for row in message.documents.select_related("document")]
    message.documents.all().delete()
    Proposal.objects.filter(message=message, state=ProposalState.OPEN).update(state=ProposalState.WITHDRAWN)
    drop_loose(by=by, documents=documents)
    number = next_version(conversation, whole=was_pending)
    if was_pending:
        message.delete()
    else:
        gone = {"source": "", "body": "", "deleted_at": by.now, "version": number}
        if not Message.objects.filter(pk=message.pk, deleted_at__isnull=True).update(**gone):
            return
    _set_last_moment(conversation)


def _set_last_moment(conversation: Conversation) -> None:
    last = Message.objects.filter(conversation=conversation).aggregate(last=Max("visible_from"))["last"]
    Conversation.objects.filter(pk=conversation.pk).update(last_message_at=last or conversation.created_at)
