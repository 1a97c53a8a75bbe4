"""The conditions behind every list of this room: which conversations somebody takes part in today, and from which side.

All of it hangs on what the Viewer is at this moment: a role or guardianship that ended counts at the next request.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q, QuerySet

from kring.agreements.current import closing_dates, policies_seen_by
from kring.conversations.rules import Kind, Side
from kring.core.viewer import Level, RoleKind, Span, Viewer
from kring.people.models import KeepApart
from kring.people.reading import NOTHING, is_open

if TYPE_CHECKING:
    from kring.conversations.models import Conversation


class Where(NamedTuple):
    """The schools of a viewer, by key, whose agreement lets parents write each other (P1), and whole groups (P2)."""

    direct: Sequence[int]
    groups: Sequence[int]


def where_among(viewer: Viewer) -> Where:
    """Return where parents may write each other and whole groups, as her agreements say."""
    schools = {role.school_id for role in viewer.roles if role.school_id is not None} | viewer.guardian_school_ids
    policies = policies_seen_by(viewer, schools)
    return Where(
        sorted(pk for pk, policy in policies.items() if policy.parent_messages.on),
        sorted(pk for pk, policy in policies.items() if policy.group_conversations.on),
    )


def seen_by(viewer: Viewer, participants: QuerySet, where: Where | None = None) -> Q:
    """Return the condition on a conversation that this viewer takes part in it today.

    The team of a group by the role of today. A guardian is named in it *and* still looks after the child it is about
    (or a child of the group): a conversation with the team stays readable until the closing date (S4) of its year,
    those among parents end with the place in the group, and with the setting (P1, P2). Two guardians who are kept
    apart do not meet in one. Office and management take part in none but
    what they asked a whole group themselves.
    """
    where = where or where_among(viewer)
    return side_of_team(viewer, where) | side_of_family(viewer, participants, where)


def side_of_team(viewer: Viewer, where: Where | None = None) -> Q:
    """Return the condition that she belongs to the team of the conversation today, and it is not one between parents:
    she teaches the group, or asked the whole group something for the school herself (S11).
    """
    asks = schools_asked_for(viewer)
    if not viewer.taught_group_ids and not asks:
        return NOTHING
    schools = (where or where_among(viewer)).groups
    found = NOTHING
    if viewer.taught_group_ids:
        found |= Q(kind=Kind.TEAM, group_id__in=viewer.taught_group_ids)
        found |= Q(kind=Kind.GROUP, group_id__in=viewer.taught_group_ids, school_id__in=schools)
    if asks:
        mine = Q(opened_side=Side.TEAM, opened_by_id__in=list(viewer.persons.values()))
        found |= Q(kind=Kind.GROUP, school_id__in=schools) & Q(school_id__in=asks) & mine
    return found


ASKERS = (RoleKind.OFFICE, RoleKind.MANAGEMENT, RoleKind.CARE_COORDINATOR)
"""Who may ask a whole group something without teaching it, where the agreement names them (S11)."""


def schools_asked_for(viewer: Viewer) -> list[int]:
    """Return the schools where she has one of these roles."""
    return [role.school_id for role in viewer.roles if role.kind in ASKERS and role.school_id is not None]


def asked_for_school(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she opened this group conversation for the school, and still works there in such a role."""
    own = viewer.person_at(conversation.school_id)
    opened = own is not None and conversation.opened_by_id == own and conversation.opened_side == Side.TEAM
    return opened and conversation.kind == Kind.GROUP and viewer.has_role(ASKERS, school_id=conversation.school_id)


def side_of_family(viewer: Viewer, participants: QuerySet, where: Where) -> Q:
    """Return the condition that she takes part as a guardian."""
    if not viewer.spans:
        return NOTHING
    staying = participants.filter(until__isnull=True, side=Side.FAMILY)
    own = staying.filter(person_id__in=list(viewer.persons.values()))
    kept_apart = staying.filter(person_id__in=hidden_persons(viewer))
    named = Q(pk__in=own.values("conversation_id")) & ~Q(pk__in=kept_apart.values("conversation_id"))
    current = current_groups(viewer)
    direct = Q(kind=Kind.DIRECT, group_id__in=current, school_id__in=where.direct)
    in_group = Q(kind=Kind.GROUP, group_id__in=current, school_id__in=where.groups)
    return (_with_team(viewer) | direct) & named | in_group


def _with_team(viewer: Viewer) -> Q:
    closes_on, found = closing_dates(viewer), NOTHING
    for span in viewer.spans:
        if is_open(span, now=viewer.now, closes_on=closes_on):
            about = Q(child_id=span.child_id) | Q(child__isnull=True)
            found |= Q(kind=Kind.TEAM, group_id=span.group_id) & about
    return found


def current_groups(viewer: Viewer) -> frozenset[int]:
    """Return the groups in which a child of whom she is a full guardian sits today."""
    return frozenset(span.group_id for span in viewer.spans if is_full(span))


def is_full(span: Span) -> bool:
    """Say whether the span is of a full guardian and the child sits in the group today."""
    return span.is_current and span.level == Level.FULL


def hidden_persons(viewer: Viewer) -> QuerySet:
    """Return the persons whose words this viewer never sees, as keys: those who are kept apart from her."""
    return KeepApart.objects.hidden_from(viewer).values("pk")
