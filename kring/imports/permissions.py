"""Who may bring in a roster."""

from __future__ import annotations

from kring.core.viewer import Viewer
from kring.school.models import School


def can_import(viewer: Viewer, school: School) -> bool:
    """Say whether the viewer may read in and apply a roster: office and management."""
    return viewer.is_manager(school.pk)
