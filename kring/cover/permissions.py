"""Who may say that a colleague is away, with everything that follows."""

from __future__ import annotations

from kring.core.viewer import Viewer
from kring.people.models import Person
from kring.people.permissions import can_report_away
from kring.school.models import School


def can_cover(viewer: Viewer, school: School) -> bool:
    """Say whether she has the page at all: office, management, and who teaches a group of the school."""
    if viewer.person_at(school.pk) is None:
        return False
    taught = any(role.school_id == school.pk and role.group_id in viewer.taught_group_ids for role in viewer.roles)
    return viewer.is_manager(school.pk) or taught


def can_cover_for(viewer: Viewer, person: Person) -> bool:
    """Say whether she may say that this colleague is away: the office for all, a teacher for herself and her duo."""
    return person.school is not None and can_cover(viewer, person.school) and can_report_away(viewer, person)
