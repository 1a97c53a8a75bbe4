"""All conversations of one reader, and for the team what waits for an answer."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from kring.conversations.circle import ways_of
from kring.conversations.listing import lines_of, promised_lines, snippet_of, title_of, waiting_lines
from kring.conversations.models import Message
from kring.core.htmx import page
from kring.core.http import Request
from kring.core.viewer import Viewer
from kring.school.models import Group, School

FOUND = 30


@require_safe
def talks(request: Request) -> HttpResponse:
    """Show the conversations, the newest first; with `q` the messages that hold these words."""
    viewer, words = request.viewer, request.GET.get("q", "").strip()[:100]
    before = request.GET.get("before", "")
    lines, older = lines_of(viewer, before=before) if not words else ([], "")
    is_first = not before and not words
    context = {
        "q": words,
        "lines": lines,
        "older": older,
        "before": before,
        "waiting": waiting_lines(viewer) if is_first else [],
        "promised": promised_lines(viewer, today=School().today(viewer.now)) if is_first else [],
        "is_team": bool(viewer.taught_group_ids),
        "groups": list(Group.objects.filter(pk__in=viewer.taught_group_ids).select_related("school")),
        "can_write": any(span.is_current for span in viewer.spans),
        "found": found(viewer, words) if words else [],
        "ways": ways_of(viewer) if is_first else [],
        "own_ids": list(viewer.persons.values()),
    }
    return page(request, "conversations/list.html", context, fragment="lines")


def found(viewer: Viewer, words: str) -> list[tuple[Message, str, str]]:
    """Return the newest messages of her own conversations that hold the words: message, title, beginning."""
    rows = Message.objects.visible_to(viewer).matching(words).newest_first()
    rows = rows.select_related("author", "conversation__group", "conversation__school", "conversation__child")
    return [(row, title_of(row.conversation, viewer, []), snippet_of(row, viewer)) for row in rows[:FOUND]]
