"""Who may bring a document in. Who may have it, or take it away, is decided by the room that attached it."""

from __future__ import annotations

from kring.core.viewer import Level, RoleKind, Span, Viewer
from kring.school.models import School

ASKERS = frozenset({RoleKind.CLASS_PARENT, RoleKind.PARENT_COUNCIL})


def can_store_document(viewer: Viewer, school: School, *, from_family: bool = False) -> bool:
    """Say whether she may upload documents for the school: everybody who works there, and parents who may ask for
    help (O1, O2). Where a document may be attached, the room that attaches it decides.

    `from_family` lets a full guardian of a child at the school send one along; the room that takes it has asked
    whether she may do that.
    """
    if from_family and any(span.school_id == school.pk and span.is_current for span in full_spans(viewer)):
        return True
    return viewer.is_staff_at(school.pk) or viewer.has_role(ASKERS, school_id=school.pk)


def full_spans(viewer: Viewer) -> list[Span]:
    """Return the spans of her children of whom she is a full guardian."""
    return [span for span in viewer.spans if span.level == Level.FULL]
