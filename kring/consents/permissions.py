"""Who answers, who reads what stands, who asks."""

from __future__ import annotations

from kring.consents.models import children_answered_by, schools_read_by
from kring.core.viewer import Viewer
from kring.people.models import Child
from kring.school.models import Group, School


def can_answer(viewer: Viewer, child: Child) -> bool:
    """Say whether she says yes or no for the child: a full guardian with authority, today."""
    return child.pk in children_answered_by(viewer)


def may_read_consents(viewer: Viewer, group: Group) -> bool:
    """Say whether she reads what stands for the children of the group: its teachers, and who P4 names."""
    return viewer.teaches(group.pk) or group.school_id in schools_read_by(viewer)


def may_read_reasons(viewer: Viewer, school: School) -> bool:
    """Say whether she reads who answered what: office or management, when P4 names them."""
    return school.pk in schools_read_by(viewer)


def can_answer_on_paper(viewer: Viewer, child: Child) -> bool:
    """Say whether she may enter what a guardian wrote on paper: who may read it."""
    return may_read_reasons(viewer, child.school)


def can_remind(viewer: Viewer, group: Group) -> bool:
    """Say whether she may remind the families of the group who have not answered."""
    return may_read_consents(viewer, group)


def can_start_renewal(viewer: Viewer, school: School) -> bool:
    """Say whether she may ask all families again: office and management, whether they read the answers or not."""
    return viewer.is_manager(school.pk)
