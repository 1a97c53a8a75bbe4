"""Group conversations: a short question to a whole group, its answers, and its end (P2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.conversations.actions.among import write_to_parent
from kring.conversations.actions.changes import changed
from kring.conversations.actions.send import attach, delete_message, put_message, refuse_text
from kring.conversations.actions.start import write_to_team
from kring.conversations.models import Answer, Choice, Conversation, Message
from kring.conversations.notices import GroupConversationClosed
from kring.conversations.permissions import (
    can_answer,
    can_close,
    can_open_group_conversation,
    can_write_in,
    is_author,
    may_ask_for_school,
    own_id,
)
from kring.conversations.rules import MAX_PURPOSE, Kind, Side
from kring.conversations.rules.circle import opening_fault, tidy_choices
from kring.conversations.wording import opening_sentence
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.files.models import Document
from kring.notifications.actions import notify
from kring.people.actions.audience import make_audience
from kring.people.models import Person
from kring.school.models import Group


@transaction.atomic
def open_group_conversation(
    *,
    by: Viewer,
    group: Group,
    purpose: str,
    closes_on: date,
    text: str = "",
    choices: Iterable[str] = (),
    token: str = "",
    fragment_url: str = "",
    documents: Sequence[Document] = (),
) -> Conversation:
    """Ask a whole group something: with a purpose, a day of the school on which it closes, and short answers or none.

    A higher room may put a piece of its own in it (`fragment_url`, a path) and hand over documents that it took in.
    Raises NotAllowed for who may not (P2, S11), Refused for what does not fit. The same `token` is kept once.
    """
    require(can_open_group_conversation(by, group))
    labels = tidy_choices(choices)
    school = group.school
    fault = opening_fault(
        purpose=purpose,
        closes_on=closes_on,
        choices=labels,
        today=school.today(by.now),
        year_ends=group.school_year.ends_on,
    )
    if fault is not None:
        raise Refused(opening_sentence(fault))
    refuse_text(text, has_more=True)
    own = own_id(by, group.school_id)
    known = Conversation.objects.for_pages().filter(opened_by_id=own, token=token or None)
    if token and (found := known.first()):
        return found
    try:
        with transaction.atomic():
            conversation = _make(by, group, purpose, closes_on, text, labels, token, fragment_url)
            if documents:
                attach(conversation.messages.get(), documents)
            return conversation
    except IntegrityError:
        if token and (again := known.first()):
            return again
        raise


def _make(
    by: Viewer,
    group: Group,
    purpose: str,
    closes_on: date,
    text: str,
    labels: list[str],
    token: str,
    fragment_url: str,
) -> Conversation:
    audience = make_audience(school=group.school, groups=[group])
    opened_by = policy_for(group.school_id, at=by.now).group_conversations.opened_by
    for_school = not by.teaches(group.pk) and may_ask_for_school(by, group.school_id, opened_by)
    conversation = Conversation.objects.create(
        school=group.school,
        kind=Kind.GROUP,
        group=group,
        purpose=purpose.strip()[:MAX_PURPOSE],
        opened_by_id=own_id(by, group.school_id),
        opened_side=Side.TEAM if by.teaches(group.pk) or for_school else Side.FAMILY,
        created_at=by.now,
        last_message_at=by.now,
        closes_at=group.school.moment(closes_on + timedelta(days=1)),
        fragment_url=fragment_url,
        audience=audience,
        team_audience=audience,
        token=token or None,
    )
    if for_school:  # by her role she takes part in no conversation: she is named in this one
        conversation.participants.create(
            school=group.school, person_id=own_id(by, group.school_id), side=Side.TEAM, since=by.now
        )
    Choice.objects.bulk_create(
        Choice(school=group.school, conversation=conversation, label=label, position=place)
        for place, label in enumerate(labels)
    )
    audit.record(by=by, what="conversation.group_opened", about=conversation, choices=len(labels))
    # The purpose is the first message when nothing more is said, so that everybody is told of the question once.
    put_message(by=by, conversation=conversation, text=text.strip() or purpose, token=token)
    return conversation


@transaction.atomic
def answer(*, by: Viewer, choice: Choice) -> None:
    """Choose an answer, or another one than before; choosing the same again changes nothing.

    Raises NotAllowed for who is no parent of the group, Refused once it is closed.
    """
    conversation = choice.conversation
    _take_open(by, conversation)
    own = own_id(by, conversation.school_id)
    chosen = {"choice": choice, "answered_at": by.now}
    mine = Answer.objects.filter(conversation=conversation, person_id=own)
    if not mine.update(**chosen):
        try:
            with transaction.atomic():
                Answer.objects.create(
                    school_id=conversation.school_id, conversation=conversation, person_id=own, **chosen
                )
        except IntegrityError:  # a second window was quicker
            mine.update(**chosen)
    changed(conversation)


@transaction.atomic
def take_back_answer(*, by: Viewer, conversation: Conversation) -> None:
    """Have no answer any more."""
    _take_open(by, conversation)
    Answer.objects.filter(conversation=conversation, person_id=own_id(by, conversation.school_id)).delete()
    changed(conversation)


def _take_open(by: Viewer, conversation: Conversation) -> None:
    """Let the caller's transaction have the conversation while it is open: who closes it waits, or came first."""
    still_open = Conversation.objects.filter(pk=conversation.pk, closed_at__isnull=True, closes_at__gt=by.now)
    if not still_open.update(kind=Kind.GROUP):
        raise Refused(_("This conversation was just closed. Your answer before counts."))
    require(can_answer(by, conversation))


@transaction.atomic
def close_group_conversation(*, by: Viewer, conversation: Conversation, words: str = "") -> None:
    """Close it before its day, with some last words or none. Closed twice is told once."""
    require(can_close(by, conversation))
    refuse_text(words, has_more=True)
    if _close(conversation, now=by.now, closed_by_id=own_id(by, conversation.school_id), summary=words.strip()[:2_000]):
        audit.record(by=by, what="conversation.group_closed", about=conversation)
        _tell_closed(conversation, by.now, by)


@transaction.atomic
def close_due(*, conversation: Conversation, now: datetime) -> bool:
    """Close a group conversation whose moment has come; return whether this was the one who did. For the clock."""
    if conversation.closes_at is None or conversation.closes_at > now or not _close(conversation, now=now):
        return False
    _tell_closed(conversation, now, None)
    return True


def _close(conversation: Conversation, *, now: datetime, closed_by_id: int | None = None, summary: str = "") -> bool:
    rows = Conversation.objects.filter(pk=conversation.pk, closed_at__isnull=True)
    return rows.update(closed_at=now, closed_by_id=closed_by_id, summary=summary) == 1


def _tell_closed(conversation: Conversation, now: datetime, by: Viewer | None) -> None:
    closed = Conversation.objects.for_pages().select_related("audience").get(pk=conversation.pk)
    changed(closed)
    notify(GroupConversationClosed(closed), audience=closed.audience, school=closed.school, not_before=now, by=by)


@transaction.atomic
def say_privately(
    *,
    by: Viewer,
    conversation: Conversation,
    text: str,
    person: Person | None = None,
    message: Message | None = None,
    token: str = "",
) -> Message:
    """Say something to the team of the group, or to one parent of it (`person`), instead of to the whole group.

    With `message`, words of her own that stand in the group conversation already are taken away there. Nothing of
    it happens when one part is refused. Raises NotAllowed and Refused as the ways it goes do.
    """
    require(conversation.kind == Kind.GROUP)
    if message is not None:
        require(message.conversation_id == conversation.pk and is_author(by, message))
    if person is None:
        sent = write_to_team(by=by, group=conversation.group, text=text, token=token)
    else:
        sent = write_to_parent(by=by, group=conversation.group, person=person, text=text, token=token)
    if message is not None and can_write_in(by, conversation) and not message.is_deleted:
        delete_message(by=by, message=message)
    return sent
