"""Who may keep a school's people, and who may say who manages a school."""

from __future__ import annotations

from kring.core.viewer import RoleKind, Viewer
from kring.school.models import Board, School
from kring.school.permissions import can_add_school


def can_manage_people(viewer: Viewer, school: School) -> bool:
    """Say whether the viewer may add, change and end people, children, groups and roles: office or management."""
    return viewer.is_manager(school.pk)


def can_administer_board(viewer: Viewer, board: Board) -> bool:
    """Say whether the viewer is administrator of the board (or a command on the server)."""
    return can_add_school(viewer, board)


def can_give_role(viewer: Viewer, school: School, kind: str) -> bool:
    """Say whether the viewer may give or end this kind of role at the school.

    Office and management may for every kind; a board's administrator for management only.
    """
    if can_manage_people(viewer, school):
        return True
    return kind == RoleKind.MANAGEMENT and school.board_id in viewer.administered_board_ids


def can_read_log(viewer: Viewer, school: School) -> bool:
    """Say whether the viewer may read the school's log: management only."""
    return viewer.is_management(school.pk)
