"""Who may invite whom."""

from __future__ import annotations

from kring.accounts.models import Invite, manages
from kring.accounts.rules import MUST_HAVE_SECOND_FACTOR
from kring.core.viewer import Operator, Viewer
from kring.people.models import Person
from kring.people.viewers import viewer_for
from kring.school.models import School


def can_invite_at(viewer: Viewer, school: School) -> bool:
    """Say whether the viewer keeps the invitations of `school`: its office and its management."""
    return viewer.is_manager(school.pk)


def can_invite(viewer: Viewer, person: Person) -> bool:
    """Say whether the viewer may invite `person`: the office of her school, or an administrator of her board.

    That administrator also invites who manages a school of the board: a new school has nobody else who could.
    """
    if person.school is None:
        return person.board_id in viewer.administered_board_ids
    if viewer.is_manager(person.school.pk):
        return True
    return person.school.board_id in viewer.administered_board_ids and manages(person, now=viewer.now)


def can_decide(viewer: Viewer, invite: Invite) -> bool:
    """Say whether the viewer may withdraw `invite`, or answer a claim on it. Nobody lets herself in."""
    return can_invite(viewer, invite.person) and invite.claimed_by_id != viewer.user_id


def can_help_sign_in(viewer: Viewer, person: Person) -> bool:
    """Say whether the viewer may take away the second step or the login of `person`: her office, never she herself.

    For a login with weight (office, management, board) only management of every school where it has that weight, or a
    command on the server: nobody climbs by helping somebody above her.
    """
    if isinstance(viewer, Operator):
        return True
    if person.school_id is None or person.user is None or person.user_id == viewer.user_id:
        return False
    weighty = [role for role in viewer_for(person.user, now=viewer.now).roles if role.kind in MUST_HAVE_SECOND_FACTOR]
    if any(role.school_id is None or not viewer.is_management(role.school_id) for role in weighty):
        return False
    return viewer.is_manager(person.school_id)


def can_edit_own(viewer: Viewer, person: Person) -> bool:
    """Say whether `person` is the viewer herself."""
    return person.user_id is not None and person.user_id == viewer.user_id
