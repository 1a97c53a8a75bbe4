"""Who may bring a document in. Who may have it, or take it away, is decided by the room that attached it."""

from __future__ import annotations

from kring.core.viewer import Viewer
from kring.school.models import School


def can_store_document(viewer: Viewer, school: School) -> bool:
    """Say whether she may upload documents for the school: everybody who works there."""
    return viewer.is_staff_at(school.pk)
