"""Having read something, coming back to it, and settling what waits (H2, H3)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.conversations.actions.changes import changed
from kring.conversations.actions.marks import move_mark
from kring.conversations.models import Conversation, Message, Promise
from kring.conversations.notices import AnswerPromised, MessageForFamily, MessageForTeam
from kring.conversations.permissions import can_promise, can_settle, can_take_over, own_id, side_in
from kring.conversations.rules import Kind, PromiseState, Side
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.notifications.actions import mark_read_about, notify

FURTHEST = timedelta(days=60)
AT_ONCE = 300  # lines of the inbox that one reading settles


@transaction.atomic
def mark_read(*, by: Viewer, message: Message) -> None:
    """Write down that the viewer has read a conversation up to and including `message`, and settle her inbox.

    Only the day and its part are kept. `message` must be visible to her, and must have arrived.
    """
    conversation, person_id = message.conversation, own_id(by, message.school_id)
    require(Message.objects.visible_to(by).filter(pk=message.pk).exists())
    if message.is_pending(by.now):
        return
    if not move_mark(message=message, person_id=person_id, now=by.now):
        return
    # Who wrote it sees that it was read; in a whole group nobody does, and fifty readers would call fifty pages.
    if conversation.kind != Kind.GROUP and policy_for(conversation.school_id, at=by.now).receipts.on:
        changed(conversation)
    told = Message.objects.filter(conversation=conversation, visible_from__lte=message.visible_from).newest_first()
    keys = list(told.values_list("pk", flat=True)[:AT_ONCE])
    for kind in (MessageForTeam, MessageForFamily):
        mark_read_about(by=by, kind=kind, subject_ids=keys)


@transaction.atomic
def promise_answer(*, by: Viewer, conversation: Conversation, until: date | None = None) -> Promise:
    """Say "I'll come back to it", on the school's day `until` at the latest if she likes (H3).

    A promise of her own is changed. Raises Refused where the agreement has no receipts, for a day that has passed or
    is more than two months away, and when a colleague has promised already.
    """
    require(can_promise(by, conversation))
    today = conversation.school.today(by.now)
    if not policy_for(conversation.school_id, at=by.now).receipts.on:
        raise Refused(_("At this school there are no receipts."), clause="H3")
    if until is not None and not today <= until <= today + FURTHEST:
        raise Refused(_("Choose a day that is still to come, within two months."))
    side, person_id = side_in(by, conversation), own_id(by, conversation.school_id)
    own = Promise.objects.filter(conversation=conversation, person_id=person_id, state=PromiseState.OPEN)
    if own.update(until=until):
        return own.get()
    last = Message.objects.filter(conversation=conversation).exclude(side=side).arrived(by.now).newest_first().first()
    try:
        with transaction.atomic():
            promise = Promise.objects.create(
                school_id=conversation.school_id,
                conversation=conversation,
                message=last,
                side=side,
                person_id=person_id,
                until=until,
                made_on=today,
            )
    except IntegrityError:
        raise Refused(_("A colleague has said already that an answer comes.")) from None
    audit.record(by=by, what="conversation.promised", about=promise)
    changed(promise.conversation)
    if side == Side.TEAM:
        audience = conversation.audience
        notify(AnswerPromised(promise), audience=audience, school=conversation.school, not_before=by.now, by=by)
    return promise


@transaction.atomic
def take_over_promise(*, by: Viewer, promise: Promise) -> Promise:
    """Take over what a colleague of the group promised. Raises Refused when it was kept or taken over meanwhile."""
    require(can_take_over(by, promise))
    standing = Promise.objects.filter(pk=promise.pk, state=PromiseState.OPEN, person=promise.person)
    mine = {"person_id": own_id(by, promise.school_id), "taken_over_from_id": promise.person_id}
    if not standing.update(**mine):
        raise Refused(_("Somebody else has just taken care of this."))
    audit.record(by=by, what="conversation.promise_taken_over", about=promise)
    changed(promise.conversation)
    promise.refresh_from_db()
    return promise


@transaction.atomic
def take_back_promise(*, by: Viewer, promise: Promise) -> None:
    """Take back one's own promise, or as the team that of the team: it waits for an answer again."""
    conversation = promise.conversation
    own = promise.person_id is not None and promise.person_id == own_id(by, promise.school_id)
    require(can_promise(by, conversation) and own)
    standing = Promise.objects.filter(pk=promise.pk, state=PromiseState.OPEN)
    standing.update(state=PromiseState.TAKEN_BACK, settled_on=conversation.school.today(by.now))
    audit.record(by=by, what="conversation.promise_taken_back", about=promise)
    changed(promise.conversation)


@transaction.atomic
def settle(*, by: Viewer, conversation: Conversation) -> None:
    """Say as the team that nothing waits for an answer: the last words were a thank you."""
    require(can_settle(by, conversation))
    arrived = Message.objects.filter(conversation=conversation).arrived(by.now)
    last = arrived.aggregate(last=Max("visible_from"))["last"]
    Conversation.objects.filter(pk=conversation.pk).update(settled_until=last)
    standing = Promise.objects.filter(conversation=conversation, side=Side.TEAM, state=PromiseState.OPEN)
    standing.update(state=PromiseState.KEPT, settled_on=conversation.school.today(by.now))
    audit.record(by=by, what="conversation.settled", about=conversation)
    changed(conversation)
