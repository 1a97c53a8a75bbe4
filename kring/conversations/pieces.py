"""The words of one message as HTML, rendered once for all who read them alike.

Kept in this process under the message, its version, the name beside it and the language; never for who may change or
take it away (a form), nor with anything relative to today. It decides nothing: the caller fetched the messages through
`visible_to`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from kring.conversations.models import Conversation, Message
from kring.conversations.thread import Entry
from kring.core.moulds import fill, kept_mould
from kring.core.templatetags.kring import spoken_day

MOST = 2000
DAY = '<p class="thread__day" id="day-{}" data-at="{}">{}</p>'
_kept: dict[tuple[Any, ...], SafeString] = {}


def words_html(entries: Sequence[Entry], conversation: Conversation, *, token: str, can_go_private: bool) -> SafeString:
    """Return the entries of this conversation as they stand on its page, each day with its line. `token` is for the
    forms of the reader. One or two queries for what nobody has seen yet, when its documents were not read before.
    """
    kept = _kept_html(entries, conversation, can_go_private=can_go_private)
    found = []
    for entry in entries:
        if entry.new_day is not None:
            spoken = capfirst(spoken_day(entry.new_day))
            found.append(format_html(DAY, entry.new_day.isoformat(), entry.day_at, spoken))
        html = kept.get(entry.message.pk)
        found.append(_render(entry, conversation, can_go_private, csrf_token=token) if html is None else html)
    return mark_safe("\n".join(found))  # noqa: S308  rendered by templates


def seen_html(conversation: Conversation, last: Message, *, token: str) -> SafeString:
    """Return the form that says that she has read up to `last`."""
    address = reverse("conversations:seen", args=[conversation.public_id])
    mould = kept_mould("conversations/seen.html")
    return fill(mould, {"address": address, "token": token, "message": last.public_id})


def _kept_html(entries: Sequence[Entry], conversation: Conversation, *, can_go_private: bool) -> dict[int, SafeString]:
    """Return the HTML of each message that every reader sees alike, from what is kept or rendered now."""
    found: dict[int, SafeString] = {}
    wanted: dict[tuple[Any, ...], Entry] = {}
    way = (can_go_private, get_language(), get_current_timezone_name())
    for entry in filter(_is_the_same_for_all, entries):
        message = entry.message
        key = (message.public_id, message.version, entry.name, entry.is_own, entry.shows_name, *way)
        html = _kept.get(key)
        if html is None:
            wanted[key] = entry
        else:
            found[message.pk] = html
    if wanted:
        prefetch_related_objects([entry.message for entry in wanted.values()], "documents__document")
    for key, entry in wanted.items():
        while len(_kept) >= MOST:
            _kept.pop(next(iter(_kept)), None)
        found[entry.message.pk] = _kept[key] = _render(entry, conversation, can_go_private)
    return found


def _render(entry: Entry, conversation: Conversation, can_go_private: bool, **more: str) -> SafeString:
    shown = {"entry": entry, "conversation": conversation, "can_go_private": can_go_private}
    return render_to_string("conversations/entry.html", shown | more)


def _is_the_same_for_all(entry: Entry) -> bool:
    changes = entry.can_edit or entry.can_delete or entry.is_pending
    return not changes and entry.proposal is None and not entry.read_by
