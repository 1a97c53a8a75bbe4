"""Photos for the parents of one child alone that stand in no message: who can be chosen, and what was sent."""

from __future__ import annotations

from datetime import date

from django.db.models import F, QuerySet

from kring.core.viewer import Level, Viewer
from kring.people.models import Child, Guardianship, current_on
from kring.photos.models import PhotoUse
from kring.school.models import Group

MOST_AT_ONCE = 10
SHOWN = 24  # of what was sent, on the page of the team


def sendable(viewer: Viewer, group: Group) -> QuerySet[Child]:
    """Return the children who sit in the group today, shielded ones too: their own parents may have photos of them."""
    today = group.school.today(viewer.now)
    return Child.objects.listed_for(viewer).filter(school_id=group.school_id).sitting_on(today, group=group)


def has_readers(child: Child, *, on: date) -> bool:
    """Say whether anybody may see photos of the child: a full guardian (house.md, 8)."""
    return Guardianship.objects.filter(current_on(on), child=child, level=Level.FULL).exists()


def sent_in(viewer: Viewer, group: Group) -> list[PhotoUse]:
    """Return what was sent in this group, newest first; for who works with it. One query."""
    uses = PhotoUse.objects.filter(within=F("audience"), only_for__isnull=False, photo__group=group, hidden_at=None)
    return list(uses.select_related("photo", "only_for").order_by("-shown_from", "position", "pk")[:SHOWN])
