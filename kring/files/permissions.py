"""Who may bring a document in. Who may have it out, is decided by the room that attached it."""

from __future__ import annotations

from kring.core.viewer import Viewer
from kring.files.models import Document
from kring.school.models import School


def can_store_document(viewer: Viewer, school: School) -> bool:
    """Say whether she may upload documents for the school: everybody who works there."""
    return viewer.is_staff_at(school.pk)


def can_remove_document(viewer: Viewer, document: Document) -> bool:
    """Say whether she may take a document away: who brought it in, while she works there, and office or management."""
    own = document.added_by_id is not None and viewer.person_at(document.school_id) == document.added_by_id
    return viewer.is_manager(document.school_id) or (own and viewer.is_staff_at(document.school_id))
