"""Who may make and change events, answer them, and take or hand out places.

The event or offer in question must come from `visible_to`: these functions add what is needed on top.
"""

from __future__ import annotations

from kring.agenda.models import Event, Offer, Rsvp, Signup
from kring.agenda.rules import RsvpBy, SignupState
from kring.agreements.policy import Policy
from kring.core.viewer import Viewer
from kring.posts.permissions import Target, can_reach
from kring.school.models import Group, School


def target_of(event: Event) -> Target:
    """Return the target of a saved event. Two queries, none when groups and layers were brought along."""
    audience = event.audience
    return Target(
        audience.whole_school,
        frozenset(layer.pk for layer in audience.layers.all()),
        frozenset(group.pk for group in audience.groups.all()),
    )


def can_start_event(viewer: Viewer, school_id: int) -> bool:
    """Say whether she may put anything in the agenda of the school: its teachers of a group, office and management."""
    return viewer.is_manager(school_id) or any(
        role.school_id == school_id and role.group_id in viewer.taught_group_ids for role in viewer.roles
    )


def can_make_event(viewer: Viewer, school_id: int, target: Target, policy: Policy) -> bool:
    """Say whether she may put an event in the agenda of all these: as for messages (S2), but the team only."""
    if not can_start_event(viewer, school_id):
        return False
    return viewer.is_manager(school_id) or can_reach(viewer, school_id, target, policy)


def is_owner(viewer: Viewer, event: Event) -> bool:
    """Say whether it is hers and she still works at its school."""
    own = event.owner_id is not None and event.owner_id == viewer.person_at(event.school_id)
    return own and viewer.is_staff_at(event.school_id)


def can_edit_event(viewer: Viewer, event: Event) -> bool:
    """Say whether she may change or cancel it: its owner, office and management, and a teacher of all its groups."""
    if is_owner(viewer, event) or viewer.is_manager(event.school_id):
        return True
    target = target_of(event)
    alone = bool(target.group_ids) and not (target.whole_school or target.layer_ids)
    return alone and all(viewer.teaches(group_id) for group_id in target.group_ids)


def can_answer(viewer: Viewer, event: Event) -> bool:
    """Say whether she may say that she comes: somebody of this school; for a family only who has a child there now."""
    if event.rsvp == RsvpBy.NOBODY or event.is_planned or viewer.person_at(event.school_id) is None:
        return False
    has_child = any(span.school_id == event.school_id and span.is_current for span in viewer.spans)
    return has_child if event.rsvp == RsvpBy.FAMILY else has_child or not can_edit_event(viewer, event)


def can_see_answers(viewer: Viewer, event: Event) -> bool:
    """Say whether she may know who comes: who may change the event."""
    return can_edit_event(viewer, event)


def can_take_back_answer(viewer: Viewer, answer: Rsvp) -> bool:
    """Say whether it is her own answer."""
    return answer.person_id == viewer.person_at(answer.school_id)


def can_take_place(viewer: Viewer, offer: Offer) -> bool:
    """Say whether she may take a place: somebody of this school.

    Whether the thing it belongs to is for her, is asked with `visible_to`: of the event, or by the room above.
    """
    if offer.event is not None and offer.event.is_planned:
        return False
    return viewer.person_at(offer.school_id) is not None


def can_keep_list(viewer: Viewer, offer: Offer) -> bool:
    """Say whether she may see who takes places, add somebody by hand and take somebody off: who may change the event.

    For an offer without event the room above has asked already; then it takes somebody of the school.
    """
    if offer.event is not None:
        return can_edit_event(viewer, offer.event)
    return viewer.person_at(offer.school_id) is not None


def can_give_back(viewer: Viewer, signup: Signup) -> bool:
    """Say whether the places are hers to give back."""
    own = signup.person_id is not None and signup.person_id == viewer.person_at(signup.school_id)
    return own and signup.state != SignupState.RETURNED


def can_have_feed(viewer: Viewer, group: Group | None = None) -> bool:
    """Say whether she may have an address for her calendar: of her own agenda who belongs to a school; of a group who
    teaches it, and office and management."""
    if group is None:
        return viewer.is_signed_in and bool(viewer.school_ids)
    return viewer.teaches(group.pk) or viewer.is_manager(group.school_id)


def can_plan_year(viewer: Viewer, school: School, policy: Policy) -> bool:
    """Say whether she may prepare and publish the calendar of a year: office and management, where the agreement has
    it so (A1)."""
    return viewer.is_manager(school.pk) and policy.year_planning.on
