"""Who may write the agreement, and who may bring it to another school."""

from __future__ import annotations

from kring.core.viewer import Viewer
from kring.school.models import School


def can_edit_agreement(viewer: Viewer, school: School) -> bool:
    """Management of the school writes and publishes; the office does not."""
    return viewer.is_management(school.pk)


def can_copy_agreement(viewer: Viewer, source: School, target: School) -> bool:
    """The administrator of the board of both schools may copy, and whoever is management of both."""
    if source.pk == target.pk:
        return False
    both_managed = viewer.is_management(source.pk) and viewer.is_management(target.pk)
    same_board = source.board_id == target.board_id
    return both_managed or (same_board and source.board_id in viewer.administered_board_ids)


def can_confirm_reading(viewer: Viewer, school: School) -> bool:
    """Whoever is known as a person at the school and belongs to it can say that she read it."""
    return viewer.person_at(school.pk) is not None and school.pk in viewer.school_ids
