"""What was said in a conversation since an open page was drawn: a few pieces of it, instead of the page again.

A hint reaches fifty pages at once, and each asks. So the two questions are kept statements (core/prepared.py), and the
words of others, which are the same for every reader, are rendered once. What is kept holds no form, token or relative
date (house.md, 5), and decides nothing: who reads what is asked of the database each time, by the same conditions as
the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from kring.agreements.current import closing_dates
from kring.conversations.models import Conversation, Message
from kring.conversations.permissions import can_write_in, can_write_to_team, side_in
from kring.conversations.rights import Where, where_among
from kring.conversations.rules import Kind
from kring.conversations.thread import Entry, entries_of
from kring.core.prepared import made, rows_of
from kring.core.viewer import Viewer
from kring.people.models import Person
from kring.people.reading import only_open
from kring.school.models import Group, School

MOST = 60  # messages in one answer; a page that missed more is drawn anew

# Columns in the order of the models' fields.
TALK = (
    "id", "public_id", "school_id", "kind", "group_id", "child_id", "opened_by_id", "closes_at", "closed_at", "version",
    "whole_version",
)  # fmt: skip
MESSAGE = (
    "id", "public_id", "school_id", "conversation_id", "author_id", "side", "body", "sent_at", "visible_from",
    "edited_at", "deleted_at", "version",
)  # fmt: skip
PERSON = ("id", "first_name", "infix", "last_name", "called")


@dataclass(frozen=True, slots=True)
class News:
    """What changed: `entries` in order; `last` is what "I have read it" would mean, when somebody else said something.

    `is_whole`: more than words changed, or too much; then the page is drawn anew.
    """

    conversation: Conversation
    entries: Sequence[Entry] = ()
    last: Message | None = None
    can_go_private: bool = False
    is_whole: bool = False


def news_since(viewer: Viewer, public_id: str, *, since: int) -> News | None:
    """Return what this viewer can read since the change with the number `since`; None when she takes part in no such
    conversation. Two queries.
    """
    where = where_among(viewer)
    viewer = only_open(viewer, closes_on=closing_dates(viewer))
    conversation = _conversation(viewer, where, public_id)
    if conversation is None:
        return None
    # In a conversation of two sides what is said moves what stands under it too: who has read, who waits.
    if conversation.kind != Kind.GROUP or conversation.whole_version > since:
        return News(conversation, is_whole=conversation.version > since)
    if conversation.version <= since:
        return News(conversation)
    found = _messages(viewer, where, conversation, since)
    if len(found) > MOST:
        return News(conversation, is_whole=True)
    said = [
        message
        for message in found
        if message.author_id != viewer.person_at(conversation.school_id)
        and message.edited_at is None
        and not message.is_deleted
        and not message.is_pending(viewer.now)
    ]
    return News(
        conversation,
        entries=entries_of(found, conversation, viewer, side_in(viewer, conversation)),
        last=said[-1] if said else None,
        can_go_private=can_write_in(viewer, conversation) and can_write_to_team(viewer, conversation.group),
    )


def key_of(viewer: Viewer, public_id: str) -> int | None:
    """Return the key of the conversation with this name if the viewer takes part in it, else None. One query."""
    shown = only_open(viewer, closes_on=closing_dates(viewer))
    conversation = _conversation(shown, where_among(viewer), public_id)
    return conversation.pk if conversation else None


def _conversation(viewer: Viewer, where: Where, public_id: str) -> Conversation | None:
    def build(viewer: Viewer, direct: Sequence[int], groups: Sequence[int], public_id: str) -> QuerySet[Any, Any]:
        rows = Conversation.objects.visible_to(viewer, Where(direct, groups)).filter(public_id=public_id)
        return rows.values_list(*TALK, "school__timezone")

    for row in rows_of("conversations.talk", build, viewer, *where, public_id):
        conversation = made(Conversation, TALK, row)
        school = made(School, ("id", "timezone"), (conversation.school_id, row[-1]))
        group = made(Group, ("id", "school_id"), (conversation.group_id, conversation.school_id))
        conversation._state.fields_cache |= {"school": school, "group": group}
        return conversation
    return None


def _messages(viewer: Viewer, where: Where, conversation: Conversation, since: int) -> list[Message]:
    def build(
        viewer: Viewer, direct: Sequence[int], groups: Sequence[int], talk: int, since: int
    ) -> QuerySet[Any, Any]:
        rows = Message.objects.visible_to(viewer, Where(direct, groups)).filter(conversation=talk, version__gt=since)
        rows = rows.order_by("visible_from", "pk")
        return rows.values_list(*MESSAGE, *(f"author__{name}" for name in PERSON))[: MOST + 1]

    found = []
    for row in rows_of("conversations.news", build, viewer, *where, conversation.pk, since):
        message = made(Message, MESSAGE, row)
        author = row[len(MESSAGE) :]
        kept = message._state.fields_cache
        kept["author"] = None if author[0] is None else made(Person, PERSON, author)
        kept["conversation"] = conversation
        kept["proposal"] = None  # a whole group agrees on no moment to talk
        found.append(message)
    return found
