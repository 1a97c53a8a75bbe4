"""Who may write to whom, change and take away words, promise, and agree on a moment.

The conversation or message in question must come from `visible_to`: these functions add what is needed on top.
"""

from __future__ import annotations

from kring.conversations.models import Conversation, Meeting, Message, Participant, Promise, Proposal
from kring.conversations.rights import is_full
from kring.conversations.rules import Kind, PromiseState, ProposalState, Side
from kring.core.access import NotAllowed
from kring.core.viewer import Viewer
from kring.people.models import Child
from kring.school.models import Group


def own_id(viewer: Viewer, school_id: int) -> int:
    """Return the key of her Person at the school; raises NotAllowed for who has none there."""
    person_id = viewer.person_at(school_id)
    if person_id is None:
        raise NotAllowed
    return person_id


def can_write_to_team(viewer: Viewer, group: Group, child: Child | None = None) -> bool:
    """Say whether she may write to the team of the group: a guardian, limited ones too, of a child who sits in it.

    About one child only when it is hers and sits there.
    """
    return any(
        span.is_current and span.group_id == group.pk and (child is None or span.child_id == child.pk)
        for span in viewer.spans
    )


def can_write_to_families(viewer: Viewer, group: Group) -> bool:
    """Say whether she may write to guardians of the group: its teachers, duo and substitutes of today."""
    return viewer.teaches(group.pk) and viewer.person_at(group.school_id) is not None


def side_in(viewer: Viewer, conversation: Conversation) -> Side:
    """Return from which side she speaks in a visible conversation. One query at most.

    A teacher who is a guardian of a child in her own group speaks as a guardian where she is named as one.
    """
    if not viewer.teaches(conversation.group_id) or conversation.kind == Kind.DIRECT:
        return Side.FAMILY
    person_id = viewer.person_at(conversation.school_id)
    if conversation.kind == Kind.GROUP or person_id is None:
        return Side.TEAM
    named = Participant.objects.staying().filter(conversation=conversation, person_id=person_id, side=Side.FAMILY)
    return Side.FAMILY if named.exists() else Side.TEAM


def can_write_in(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she may write in a visible conversation: it is open, and she belongs to the group today.

    What stays readable until the closing date (S4) is not written in any more. Whether the other side is still there,
    and has not blocked her, is asked by the action: that is a sentence, not a refusal of the page.
    """
    if conversation.is_closed or viewer.person_at(conversation.school_id) is None:
        return False
    if conversation.kind == Kind.TEAM:
        return viewer.teaches(conversation.group_id) or any(
            span.is_current
            and span.group_id == conversation.group_id
            and (conversation.child_id is None or span.child_id == conversation.child_id)
            for span in viewer.spans
        )
    own = any(span.group_id == conversation.group_id and is_full(span) for span in viewer.spans)
    return own or (conversation.kind == Kind.GROUP and viewer.teaches(conversation.group_id))


def can_attach(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she may send documents along: the team only (P3)."""
    return conversation.kind != Kind.DIRECT and side_in(viewer, conversation) == Side.TEAM


def is_author(viewer: Viewer, message: Message) -> bool:
    """Say whether she wrote it."""
    return message.author_id is not None and message.author_id == viewer.person_at(message.school_id)


def can_edit_message(viewer: Viewer, message: Message) -> bool:
    """Say whether she may change it now: her own, for fifteen minutes or as long as nobody else could read it."""
    open_to_her = can_write_in(viewer, message.conversation) and not message.is_deleted
    return is_author(viewer, message) and open_to_her and viewer.now < message.editable_until


def can_delete_message(viewer: Viewer, message: Message) -> bool:
    """Say whether she may take it away: her own, while she takes part in the conversation."""
    return is_author(viewer, message) and not message.is_deleted and not message.conversation.is_closed


def can_promise(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she may say "I'll come back to it" (H3): who may write in a conversation of two sides."""
    return conversation.kind != Kind.GROUP and can_write_in(viewer, conversation)


def can_take_over(viewer: Viewer, promise: Promise) -> bool:
    """Say whether she may take over a promise of a colleague: both teach the group."""
    open_for_team = promise.state == PromiseState.OPEN and promise.side == Side.TEAM
    return (
        open_for_team
        and viewer.teaches(promise.conversation.group_id)
        and promise.person_id != viewer.person_at(promise.school_id)
    )


def can_settle(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she may say that nothing waits for an answer: the team of the group."""
    return (
        conversation.kind == Kind.TEAM
        and can_write_in(viewer, conversation)
        and side_in(viewer, conversation) == Side.TEAM
    )


def can_propose(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she may propose moments to talk: both sides of a conversation with the team."""
    return conversation.kind == Kind.TEAM and can_write_in(viewer, conversation)


def can_choose(viewer: Viewer, proposal: Proposal) -> bool:
    """Say whether she may choose one of the moments, or say that none suits: the side that did not propose."""
    return (
        proposal.state == ProposalState.OPEN
        and can_write_in(viewer, proposal.conversation)
        and side_in(viewer, proposal.conversation) != proposal.side
    )


def can_withdraw_proposal(viewer: Viewer, proposal: Proposal) -> bool:
    """Say whether she may take the moments back: the side that proposed them."""
    return (
        proposal.state == ProposalState.OPEN
        and can_write_in(viewer, proposal.conversation)
        and side_in(viewer, proposal.conversation) == proposal.side
    )


def can_cancel(viewer: Viewer, meeting: Meeting) -> bool:
    """Say whether she may cancel an agreed moment: both sides, before it begins."""
    return (
        meeting.cancelled_at is None and viewer.now < meeting.starts_at and can_write_in(viewer, meeting.conversation)
    )
