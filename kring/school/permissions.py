"""Who may change a school, and who may found one."""

from __future__ import annotations

from kring.core.viewer import Operator, Viewer
from kring.school.models import Board, School


def can_found_board(viewer: Viewer) -> bool:
    """Say whether the viewer may make a board: only from a command on the server."""
    return isinstance(viewer, Operator)


def can_add_school(viewer: Viewer, board: Board) -> bool:
    """Say whether the viewer may add a school to the board: its administrator, or a command."""
    return isinstance(viewer, Operator) or board.pk in viewer.administered_board_ids


def can_manage_school(viewer: Viewer, school: School) -> bool:
    """Say whether the viewer may change years, groups, layers, hours and holidays: office or management."""
    return viewer.is_manager(school.pk)


def can_set_up_school(viewer: Viewer, school: School) -> bool:
    """Say whether the viewer may make the school's first years: who manages it, or administers its board."""
    return can_manage_school(viewer, school) or school.board_id in viewer.administered_board_ids


def can_set_security(viewer: Viewer, school: School) -> bool:
    """Say whether the viewer may say who needs a second factor: management, so that the office cannot relax its own."""
    return viewer.is_management(school.pk)
