"""Who may report, change, take back, see to and decide about absence.

The row in question must come from `visible_to`: these functions add what is needed on top.
"""

from __future__ import annotations

from kring.absences.circle import current_child_ids, full_child_ids, is_hidden_from
from kring.absences.models import Absence, Appointment, LeaveRequest
from kring.absences.rules import LeaveState, Reason, Source
from kring.core.viewer import Viewer
from kring.people.models import Child
from kring.school.models import School


def can_report_for(viewer: Viewer, child: Child) -> bool:
    """Say whether she reports visits, illness and leave for the child: a full guardian, while it is at school."""
    return child.pk in current_child_ids(viewer) and viewer.person_at(child.school_id) is not None


def is_family(viewer: Viewer, child_id: int) -> bool:
    """Say whether she is a full guardian of the child."""
    return child_id in full_child_ids(viewer)


def can_change_visit(viewer: Viewer, visit: Appointment) -> bool:
    """Say whether she may change or withdraw a visible visit: until it starts, and not what one who is kept apart
    from her wrote.
    """
    open_still = visit.withdrawn_at is None and viewer.now < visit.starts_at
    return open_still and is_family(viewer, visit.child_id) and not is_hidden_from(viewer, visit.reported_by_id)


def can_see_day(viewer: Viewer, school: School) -> bool:
    """Say whether she has a list of who is away: the teachers of a group, office and management."""
    return viewer.is_manager(school.pk) or bool(taught_at(viewer, school))


def taught_at(viewer: Viewer, school: School) -> frozenset[int]:
    """Return the groups she teaches at this school."""
    return frozenset(
        role.group_id
        for role in viewer.roles
        if role.group_id in viewer.taught_group_ids and role.school_id == school.pk and role.group_id is not None
    )


def can_acknowledge(viewer: Viewer, row: Appointment | Absence) -> bool:
    """Say whether she may say "seen" for the team of a visible row: whoever sees it as the team."""
    if viewer.person_at(row.school_id) is None:
        return False
    return type(row).objects.seen_as_team(viewer).filter(pk=row.pk).exists()


def can_log(viewer: Viewer, child: Child) -> bool:
    """Say whether she may write down that the child is away: office and management, and the teachers of its group."""
    if viewer.person_at(child.school_id) is None:
        return False
    if viewer.is_manager(child.school_id):
        return True
    return bool(viewer.taught_group_ids) and Absence.objects.children_of(viewer).filter(pk=child.pk).exists()


def can_settle_absence(viewer: Viewer, absence: Absence) -> bool:
    """Say whether she may change a visible absence, or say that the child is there after all, as the school."""
    return absence.cancelled_at is None and can_log(viewer, absence.child)


def can_answer_for(viewer: Viewer, absence: Absence) -> bool:
    """Say whether she may say "still ill" or "well again" of a visible absence: a full guardian, while it is open."""
    standing = absence.cancelled_at is None and absence.reason == Reason.ILL and absence.ends_on is None
    return standing and is_family(viewer, absence.child_id)


def can_take_back(viewer: Viewer, absence: Absence) -> bool:
    """Say whether she may take back what was reported in Kring: a full guardian, on the days before it begins."""
    begun = absence.starts_on <= absence.school.today(viewer.now)
    by_app = absence.source == Source.APP and absence.cancelled_at is None
    return by_app and not begun and is_family(viewer, absence.child_id)


def asked_it(viewer: Viewer, request: LeaveRequest) -> bool:
    """Say whether she asked for this leave."""
    return request.asked_by_id is not None and request.asked_by_id == viewer.person_at(request.school_id)


def can_decide(viewer: Viewer, request: LeaveRequest) -> bool:
    """Say whether she decides about a request: management, never about leave of her own child, while it waits."""
    manages = viewer.is_management(request.school_id) and viewer.person_at(request.school_id) is not None
    return manages and request.state == LeaveState.ASKED and not is_family(viewer, request.child_id)


def can_see_leave_requests(viewer: Viewer, school: School) -> bool:
    """Say whether she has the list of requests: management."""
    return viewer.is_management(school.pk)


def can_withdraw_leave(viewer: Viewer, request: LeaveRequest) -> bool:
    """Say whether she may withdraw the request: who asked it, while it waits."""
    return request.state == LeaveState.ASKED and asked_it(viewer, request) and is_family(viewer, request.child_id)


def can_read_words(viewer: Viewer, request: LeaveRequest) -> bool:
    """Say whether she reads why leave is asked, what was sent along, and the letter: who asked it, and management.

    The other guardian sees the days, the ground and the decision: the words may hold what the one who asked keeps to
    herself.
    """
    asked = asked_it(viewer, request) and is_family(viewer, request.child_id)
    return asked or viewer.is_management(request.school_id)


def can_export(viewer: Viewer, school: School) -> bool:
    """Say whether she may take the list out of Kring, for the pupil administration: office and management."""
    return viewer.is_manager(school.pk) and viewer.person_at(school.pk) is not None
