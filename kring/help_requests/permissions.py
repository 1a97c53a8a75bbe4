"""Who may ask, place, reply, and read replies. The request must come from `visible_to`; these add what is needed."""

from __future__ import annotations

from dataclasses import dataclass

from kring.agreements.current import policies_seen_by
from kring.agreements.policy import Policy
from kring.conversations.permissions import can_open_group_conversation
from kring.core.viewer import MANAGERS, RoleKind, Viewer
from kring.help_requests.models import HelpRequest, IntakeAddress, Reply
from kring.help_requests.rules import Asker, Route, Source, State, route_for
from kring.posts.permissions import Target, can_post_to
from kring.posts.rules import Kind
from kring.school.models import Group


@dataclass(frozen=True, slots=True)
class Seat:
    """As what somebody can ask for help: on the council of a school, or as class parent of a group."""

    asked_as: Asker
    school_id: int
    group_id: int | None = None


def policy_of(viewer: Viewer, school_id: int) -> Policy:
    """Return the policy of the school at the viewer's moment; one query in the life of a viewer."""
    return policies_seen_by(viewer, [school_id])[school_id]


def seats_of(viewer: Viewer) -> list[Seat]:
    """Return as what she can ask for help today, where the agreement has that go through Kring (O1, O2)."""
    found = []
    for role in viewer.roles:
        if role.school_id is None or viewer.person_at(role.school_id) is None:
            continue
        if role.kind == RoleKind.PARENT_COUNCIL:
            found.append(Seat(Asker.COUNCIL, role.school_id))
        elif role.kind == RoleKind.CLASS_PARENT and role.group_id is not None:
            found.append(Seat(Asker.CLASS_PARENT, role.school_id, role.group_id))
    is_on = {seat: route_for(seat.asked_as, policy_of(viewer, seat.school_id)) != Route.OFF for seat in found}
    return [seat for seat in dict.fromkeys(found) if is_on[seat]]


def can_ask(viewer: Viewer, seat: Seat) -> bool:
    """Say whether she can ask for help as this."""
    return seat in seats_of(viewer)


def seat_of(request: HelpRequest) -> Seat:
    """Return as what the request was asked."""
    return Seat(Asker(request.asked_as), request.school_id, request.group_id)


def is_asker(viewer: Viewer, request: HelpRequest) -> bool:
    """Say whether it is her own request and she still has the role."""
    own = request.asked_by_id is not None and request.asked_by_id == viewer.person_at(request.school_id)
    return own and can_ask(viewer, seat_of(request))


def can_write(viewer: Viewer, request: HelpRequest) -> bool:
    """Say whether she may change the request and hand it in: her own, before it was handed in or when asked back."""
    return is_asker(viewer, request) and request.state in (State.DRAFT, State.ASKED_BACK)


def can_discard(viewer: Viewer, request: HelpRequest) -> bool:
    """Say whether she may throw it away: her own, as long as nobody placed it. Also when the role ended."""
    own = request.asked_by_id is not None and request.asked_by_id == viewer.person_at(request.school_id)
    return own and request.state in (State.DRAFT, State.ASKED_BACK, State.DECLINED)


def can_call_back(viewer: Viewer, request: HelpRequest) -> bool:
    """Say whether she may take back what she handed in and nobody has placed."""
    return is_asker(viewer, request) and request.state == State.SUBMITTED


def is_reviewer(viewer: Viewer, request: HelpRequest) -> bool:
    """Say whether it goes through her hands by the agreement (O1, O2)."""
    if request.state == State.DRAFT:
        return False
    school_id = request.school_id
    route = route_for(Asker(request.asked_as), policy_of(viewer, school_id))
    if route == Route.TEACHER:
        return request.group_id is not None and viewer.teaches(request.group_id)
    if route == Route.MANAGEMENT:
        return viewer.is_management(school_id)
    return viewer.has_role(MANAGERS, school_id=school_id)


def can_review_at(viewer: Viewer, school_id: int) -> bool:
    """Say whether requests of this school can go through her hands: its teachers of a group, office and management."""
    teaches = any(role.school_id == school_id and role.group_id in viewer.taught_group_ids for role in viewer.roles)
    return viewer.is_manager(school_id) or teaches


def places_itself(viewer: Viewer, request: HelpRequest) -> bool:
    """Say whether the agreement lets her place her own request."""
    route = route_for(Asker(request.asked_as), policy_of(viewer, request.school_id))
    return route == Route.ITSELF and is_asker(viewer, request)


def can_place(viewer: Viewer, request: HelpRequest) -> bool:
    """Say whether she may place the request now: who reviews it, or who asked where the agreement lets her."""
    if request.state not in (State.SUBMITTED, State.PLACED) or (request.state == State.PLACED and not is_lost(request)):
        return False
    return is_reviewer(viewer, request) or places_itself(viewer, request)


def is_lost(request: HelpRequest) -> bool:
    """Say whether what it was placed in was taken back before anybody could read it."""
    if request.state != State.PLACED or request.conversation_id is not None:
        return False
    return request.post is None or request.post.state == "draft"


def can_answer_asker(viewer: Viewer, request: HelpRequest) -> bool:
    """Say whether she may ask something back or decline: who reviews it, while it waits."""
    return request.state == State.SUBMITTED and is_reviewer(viewer, request)


def can_place_in_talk(viewer: Viewer, request: HelpRequest) -> bool:
    """Say whether she may place it in a group conversation of its group (P2, S11)."""
    return request.group is not None and can_open_group_conversation(viewer, request.group)


def can_place_in_post(viewer: Viewer, school_id: int, target: Target) -> bool:
    """Say whether she may place it as an announcement to this target (F1, S2)."""
    return can_post_to(viewer, school_id, Kind.ANNOUNCEMENT, target, policy_of(viewer, school_id))


def can_reply(viewer: Viewer, request: HelpRequest) -> bool:
    """Say whether she may reply to a request that was placed for her: a parent with a child at the school now."""
    has_child = any(span.school_id == request.school_id and span.is_current for span in viewer.spans)
    return request.is_open and has_child and viewer.person_at(request.school_id) is not None


def can_handle(viewer: Viewer, request: HelpRequest) -> bool:
    """Say whether she reads the replies and acts on them. One query: the condition is that of the list."""
    return HelpRequest.objects.handled_by(viewer).filter(pk=request.pk).exists()


def can_tick(viewer: Viewer, reply: Reply) -> bool:
    """Say whether she may tick off, thank or take off this reply: who reads it as a responder."""
    handled = HelpRequest.objects.handled_by(viewer).filter(pk=reply.request_id)
    return handled.exists() and Reply.objects.visible_to(viewer).filter(pk=reply.pk).exists()


def can_choose_responders(viewer: Viewer, request: HelpRequest) -> bool:
    """Say whether she may say who reads the replies: who placed it or reviews it, and who asked."""
    return request.state in (State.SUBMITTED, State.PLACED) and (
        is_reviewer(viewer, request) or is_asker(viewer, request)
    )


def can_close(viewer: Viewer, request: HelpRequest) -> bool:
    """Say whether she may close it: who handles the replies, and who reviews it when nobody does any more."""
    return request.is_open and (can_handle(viewer, request) or is_reviewer(viewer, request))


def can_end_address(viewer: Viewer, address: IntakeAddress) -> bool:
    """Say whether the address is hers."""
    return address.person_id == viewer.person_at(address.school_id)


def can_confirm(viewer: Viewer, request: HelpRequest) -> bool:
    """Say whether this is a draft that came by mail and waits for her."""
    return request.source == Source.MAIL and request.state == State.DRAFT and is_asker(viewer, request)


def groups_to_place_in(viewer: Viewer, request: HelpRequest) -> list[Group]:
    """Return the groups to which she may place this request in a post: its own, or those of the year at its school."""
    today = request.school.today(viewer.now)
    groups = Group.objects.in_year(today).filter(school_id=request.school_id).order_by("name")
    if request.group_id is not None:
        groups = groups.filter(pk=request.group_id)
    return [
        group
        for group in groups
        if can_place_in_post(viewer, request.school_id, Target(group_ids=frozenset({group.pk})))
    ]
