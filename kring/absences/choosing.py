"""For which child a guardian is arranging something, and what its school agreed."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from kring.absences.circle import current_child_ids
from kring.agreements.current import agreement_url, policies_seen_by
from kring.agreements.policy import Policy
from kring.core.access import require
from kring.core.viewer import Viewer
from kring.people.models import Child
from kring.school.models import School


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen child, her other children at the same school, and the agreement of that school."""

    child: Child
    children: list[Child]
    others: list[Child]
    policy: Policy

    @property
    def school(self) -> School:
        """Return the school of the chosen child."""
        return self.child.school

    def why(self, clause: str) -> str:
        """Return the address of a paragraph of the agreement."""
        return agreement_url(self.school, clause)


def choice_of(viewer: Viewer, public_id: str) -> Choice:
    """Return the child with this public id, else her first. 403 for who reports for nobody, 404 for another's child."""
    rows = Child.objects.visible_to(viewer).filter(pk__in=current_child_ids(viewer)).select_related("school")
    children = [child for child in rows if viewer.person_at(child.school_id) is not None]
    require(bool(children))
    found = next((child for child in children if child.public_id == public_id), None)
    if public_id and found is None:
        raise Http404
    child = found or children[0]
    here = [one for one in children if one.school_id == child.school_id]
    policy = policies_seen_by(viewer, [child.school_id])[child.school_id]
    return Choice(child, here, [one for one in children if one.pk != child.pk], policy)
