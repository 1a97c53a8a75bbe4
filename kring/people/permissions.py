"""Who may keep a school's people, and who may say who manages a school."""

from __future__ import annotations

from kring.core.viewer import GROUP_TEACHERS, RoleKind, Viewer
from kring.people.models import Person, TeamRole, current_on
from kring.school.models import Board, School
from kring.school.permissions import can_add_school


def can_manage_people(viewer: Viewer, school: School) -> bool:
    """Say whether the viewer may add, change and end people, children, groups and roles: office or management."""
    return viewer.is_manager(school.pk)


def can_report_away(viewer: Viewer, person: Person) -> bool:
    """Say whether the viewer may write down that this colleague is away: office and management, the colleague herself,
    and who teaches a group together with her today. One query at most.
    """
    school_id = person.school_id
    if school_id is None or not viewer.is_staff_at(school_id):
        return False
    if viewer.is_manager(school_id) or viewer.person_at(school_id) == person.pk:
        return True
    today = School().today(viewer.now)
    shared = TeamRole.objects.filter(
        current_on(today), person=person, group_id__in=viewer.taught_group_ids, kind__in=GROUP_TEACHERS
    )
    return shared.exists()


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
