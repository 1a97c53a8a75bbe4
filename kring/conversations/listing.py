"""The list of conversations: titles, the last words, what is new and what waits for the team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from kring.agreements.current import closing_dates
from kring.conversations.models import (
    Conversation,
    Message,
    Participant,
    Promise,
    Receipt,
    promised,
    read_before,
    waiting,
    with_news,
)
from kring.conversations.rights import Where, hidden_persons, where_among
from kring.conversations.rules import Kind, Side, is_overdue
from kring.conversations.thread import person_name, promise_words
from kring.core.prepared import rows_of
from kring.core.viewer import Viewer
from kring.people.reading import only_open
from kring.school.models import School

LINES = 20
SNIPPET = 90


@dataclass(slots=True)
class Line:
    """One conversation in a list."""

    conversation: Conversation
    title: str
    snippet: str
    moment: datetime
    is_new: bool
    is_pending: bool = False
    promise: str = ""
    is_overdue: bool = False


def news_count(viewer: Viewer, among: Sequence[int]) -> int:
    """Return how many conversations hold something new for the viewer, of those that `maybe_new` found. One query;
    none when there are none."""
    if not among:
        return 0
    where, shown = where_among(viewer), only_open(viewer, closes_on=closing_dates(viewer))
    asked = (shown, *where, list(among), *read_before(viewer))
    return len(rows_of("conversations.with_news", _with_news, *asked))


def _with_news(
    viewer: Viewer,
    direct: Sequence[int],
    groups: Sequence[int],
    among: Sequence[int],
    as_newcomer: datetime,
    as_member: datetime,
) -> QuerySet[Conversation, Any]:
    where = Where(direct, groups)
    near = Conversation.objects.visible_to(viewer, where).filter(pk__in=among)
    return with_news(near, viewer, where, since=(as_newcomer, as_member)).values_list("pk")


def maybe_new(persons: Sequence[int], taught: Sequence[int], own: Sequence[int], now: datetime) -> QuerySet:
    """Return conversations near these persons whose last words none of them has read; who may see them is another
    question. Every page asks this, so the condition is one that a kept statement can hold."""
    near = Q(pk__in=Participant.objects.staying().filter(person_id__in=persons).values("conversation_id"))
    if taught:
        near |= Q(group_id__in=taught)
    if own:
        near |= Q(kind=Kind.GROUP, group_id__in=own)
    read = Receipt.objects.filter(
        conversation=OuterRef("pk"), person_id__in=persons, read_until__gte=OuterRef("last_message_at")
    )
    return Conversation.objects.filter(near, Q(last_message_at__gt=now) | ~Exists(read))


def lines_of(viewer: Viewer, *, before: str = "") -> tuple[list[Line], str]:
    """Return a page of the viewer's conversations, the newest first, and after which one the next page begins.

    Five queries, whatever is stored and shown.
    """
    mine = Conversation.objects.visible_to(viewer)
    mark = mine.filter(public_id=before).first() if before else None
    dressed = _dressed(mine.below(mark) if mark else mine, viewer)
    # What a family wrote in the evening is not there for the team before it arrives, not even as a title.
    there = dressed.filter(~Q(kind=Kind.TEAM) | Q(last_id__isnull=False))
    rows = list(there.newest_first()[: LINES + 1])
    shown = rows[:LINES]
    return _lines(shown, viewer), shown[-1].public_id if len(rows) > LINES else ""


def waiting_lines(viewer: Viewer, *, school: School | None = None, most: int = 50) -> list[Line]:
    """Return what waits for the team of her groups (at one school), the longest waiting first (H2). Three queries.

    Nothing is asked for who teaches nobody.
    """
    if not viewer.taught_group_ids:
        return []
    rows = waiting(viewer) if school is None else waiting(viewer).filter(school=school)
    return _lines(list(_dressed(rows, viewer)[:most]), viewer)


def promised_lines(viewer: Viewer, *, today: date, most: int = 50) -> list[tuple[Line, Promise]]:
    """Return what the team of her groups promised, the earliest day first, each with its promise."""
    if not viewer.taught_group_ids:
        return []
    promises = list(promised(viewer).select_related("person", "conversation")[:most])
    mine = Conversation.objects.visible_to(viewer).filter(pk__in=[promise.conversation_id for promise in promises])
    rows = _dressed(mine, viewer)
    by_key = {line.conversation.pk: line for line in _lines(list(rows), viewer)}
    found = []
    for promise in promises:
        line = by_key.get(promise.conversation_id)
        if line is not None:
            line.promise = promise_words(promise, today=today)
            line.is_overdue = is_overdue(promise.until, today=today)
            promise.conversation = line.conversation
            found.append((line, promise))
    return found


def _dressed(rows, viewer: Viewer):
    last = Message.objects.visible_to(viewer).filter(conversation=OuterRef("pk")).newest_first()
    fresh = Message.objects.filter(conversation=OuterRef("pk")).unread_by(viewer)
    return rows.for_pages().annotate(last_id=Subquery(last.values("pk")[:1]), has_news=Exists(fresh))


def _lines(rows: list[Conversation], viewer: Viewer) -> list[Line]:
    keys = [row.last_id for row in rows if row.last_id]  # type: ignore[attr-defined]
    last = Message.objects.select_related("author").in_bulk(keys) if keys else {}
    names = names_in(rows, viewer)
    return [
        Line(
            conversation=row,
            title=title_of(row, viewer, names.get(row.pk, [])),
            snippet=snippet_of(last.get(row.last_id), viewer),  # type: ignore[attr-defined]
            moment=last[row.last_id].visible_from if row.last_id in last else row.created_at,  # type: ignore[attr-defined]
            is_new=row.has_news,  # type: ignore[attr-defined]
            is_pending=row.last_id in last and last[row.last_id].is_pending(viewer.now),  # type: ignore[attr-defined]
        )
        for row in rows
    ]


def names_in(rows: list[Conversation], viewer: Viewer) -> dict[int, list[str]]:
    """Return conversation -> the names of the other guardians in it. One query."""
    own = list(viewer.persons.values())
    found: dict[int, list[str]] = {}
    named = Participant.objects.families().filter(conversation__in=[row.pk for row in rows]).exclude(person__in=own)
    for row in named.exclude(person_id__in=hidden_persons(viewer)):
        found.setdefault(row.conversation_id, []).append(row.person.name)
    return found


def title_of(conversation: Conversation, viewer: Viewer, names: list[str]) -> str:
    """Return what the viewer calls the conversation: the team, the other people, or the question."""
    if conversation.kind == Kind.GROUP:
        return conversation.purpose or conversation.subject
    if conversation.kind == Kind.TEAM and not viewer.teaches(conversation.group_id):
        return _("Team of %(group)s") % {"group": conversation.group.name}
    if len(names) > 1:
        return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
    return names[0] if names else _("Team of %(group)s") % {"group": conversation.group.name}


def snippet_of(message: Message | None, viewer: Viewer) -> str:
    """Return the beginning of the last words, with whose they are."""
    if message is None:
        return ""
    if message.is_deleted:
        return _("This message was taken away.")
    text = " ".join(message.source.split()) or _("Moments to talk")
    text = text if len(text) <= SNIPPET else f"{text[: SNIPPET - 1].rstrip()}…"
    if message.author_id in viewer.persons.values():
        return _("You: %(text)s") % {"text": text}
    if message.side == Side.TEAM:
        return f"{person_name(message.author, message.side)}: {text}"
    return text
