"""Who may bring a document in. Who may have it, or take it away, is decided by the room that attached it."""

from __future__ import annotations

from kring.core.viewer import RoleKind, Viewer
from kring.school.models import School

ASKERS = frozenset({RoleKind.CLASS_PARENT, RoleKind.PARENT_COUNCIL})


def can_store_document(viewer: Viewer, school: School) -> bool:
    """Say whether she may upload documents for the school: everybody who works there, and parents who may ask for
    help (O1, O2). Where a document may be attached, the room that attaches it decides."""
    return viewer.is_staff_at(school.pk) or viewer.has_role(ASKERS, school_id=school.pk)
