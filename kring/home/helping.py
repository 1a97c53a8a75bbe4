"""Requests for help on the first pages: what waits for the team, and for class parents and the council."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kring.core.viewer import RoleKind, Viewer
from kring.help_requests.models import HelpRequest
from kring.help_requests.permissions import can_review_at
from kring.school.models import School

MOST = 5
ASKERS = frozenset({RoleKind.CLASS_PARENT, RoleKind.PARENT_COUNCIL})


@dataclass(frozen=True, slots=True)
class HelpHint:
    """One line: what waits, and where."""

    text: str
    url: str


def waiting_for_team(viewer: Viewer, school: School) -> list[HelpRequest]:
    """Return the requests that wait for her to place them. One query, none for who places none."""
    if not can_review_at(viewer, school.pk):
        return []
    rows = HelpRequest.objects.reviewed_by(viewer).of_school(school.pk).waiting()
    return list(rows.select_related("group", "asked_by").order_by("sent_at", "pk")[:MOST])


def hints_for(viewer: Viewer) -> list[HelpHint]:
    """Return what waits for a class parent or council member. Two queries; none for all other parents."""
    if not any(role.kind in ASKERS for role in viewer.roles):
        return []
    hints = []
    for row in HelpRequest.objects.asked_by(viewer).for_her().order_by("-made_at")[:MOST]:
        words = _("There is a question about your request for help")
        if row.state == "draft":
            words = _("A mail became a draft of a request for help. Did you send it?")
        hints.append(HelpHint(words, reverse("help_requests:request", args=[row.public_id])))
    for row in HelpRequest.objects.handled_by(viewer).running().with_todo().order_by("-placed_at")[:MOST]:
        if row.todo:  # type: ignore[attr-defined]
            words = ngettext(
                "%(n)s reply to look at: %(title)s",
                "%(n)s replies to look at: %(title)s",
                row.todo,  # type: ignore[attr-defined]
            )
            words %= {"n": row.todo, "title": row.title}  # type: ignore[attr-defined]
            hints.append(HelpHint(words, reverse("help_requests:replies", args=[row.public_id])))
    return hints
