"""The conditions behind every list of this room: whose request it is, who reviews it, who reads the replies.

All of it hangs on what the Viewer is at this moment: a role that ended counts at the next request.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from kring.agreements.current import policies_seen_by
from kring.core.viewer import MANAGERS, RoleKind, Viewer
from kring.help_requests.rules import Asker, Route, State, is_read_by_role, route_for
from kring.people.reading import NOTHING


def asked_by(viewer: Viewer) -> Q:
    """Return the condition that a request is her own."""
    own = list(viewer.persons.values())
    return Q(asked_by_id__in=own) if own else NOTHING


def reviewed_by(viewer: Viewer) -> Q:
    """Return the condition that she looks at the request and places it by the agreement of its school.

    Where askers place requests themselves, office and management still see them: somebody of the school can help.
    Nobody sees a draft of somebody else.
    """
    found = NOTHING
    schools = viewer.managed_school_ids | {
        role.school_id for role in viewer.roles if role.group_id in viewer.taught_group_ids and role.school_id
    }
    for school_id, policy in policies_seen_by(viewer, schools).items():
        for asker in Asker:
            route = route_for(asker, policy)
            about = Q(school_id=school_id, asked_as=asker)
            if route == Route.TEACHER:
                found |= about & Q(group_id__in=viewer.taught_group_ids)
            elif route == Route.MANAGEMENT:
                found |= about if viewer.is_management(school_id) else NOTHING
            elif viewer.is_manager(school_id):
                found |= about
    return found & ~Q(state=State.DRAFT)


def handled_by(viewer: Viewer, responders: QuerySet) -> Q:
    """Return the condition that she reads the replies; `responders` are those who were not removed.

    Named alone is not enough: she must still be what let her be named, on the council or class parent, or of the team.
    """
    if not viewer.persons:
        return NOTHING
    council, schools, groups = _held(viewer)
    managed = viewer.managed_school_ids
    named = Exists(responders.filter(request=OuterRef("pk"), person_id__in=list(viewer.persons.values())))
    in_work = Q(asked_as=Asker.COUNCIL, school_id__in=council | managed)
    in_work |= Q(asked_as=Asker.CLASS_PARENT, group_id__in=groups | viewer.taught_group_ids)
    found = Q(named) & in_work
    for school_id, policy in policies_seen_by(viewer, schools).items():
        if is_read_by_role(Asker.COUNCIL, policy) and school_id in council:
            found |= Q(asked_as=Asker.COUNCIL, school_id=school_id)
        if is_read_by_role(Asker.CLASS_PARENT, policy):
            found |= Q(asked_as=Asker.CLASS_PARENT, school_id=school_id, group_id__in=groups)
    return found & Q(state__in=[State.PLACED, State.CLOSED])


def _held(viewer: Viewer) -> tuple[set[int], set[int], set[int]]:
    """Return the schools where she sits on the council, those where she has a parent's role, and her
    groups as class parent."""
    roles = [role for role in viewer.roles if role.school_id is not None]
    council = {role.school_id for role in roles if role.kind == RoleKind.PARENT_COUNCIL and role.school_id}
    groups = {role.group_id for role in roles if role.kind == RoleKind.CLASS_PARENT and role.group_id}
    schools = {role.school_id for role in roles if role.kind in ASKING and role.school_id}
    return council, schools, groups


ASKING = frozenset({RoleKind.PARENT_COUNCIL, RoleKind.CLASS_PARENT})
REVIEWERS_OF_COUNCIL = MANAGERS
