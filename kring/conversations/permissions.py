"""Who may write to whom, change and take away words, promise, and agree on a moment.

The conversation or message in question must come from `visible_to`: these functions add what is needed on top.
"""

from __future__ import annotations

from collections.abc import Iterable

from kring.agreements.current import policies_seen_by
from kring.conversations.directory import groups_with_directory, other_parents
from kring.conversations.models import Conversation, Meeting, Message, Participant, Promise, Proposal, Report
from kring.conversations.rights import ASKERS, asked_for_school, is_full
from kring.conversations.rules import Kind, PromiseState, ProposalState, Side
from kring.core.access import NotAllowed
from kring.core.viewer import RoleKind, Viewer
from kring.people.models import Child, Person
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
    if asked_for_school(viewer, conversation):
        return Side.TEAM
    if not viewer.teaches(conversation.group_id) or conversation.kind == Kind.DIRECT:
        return Side.FAMILY
    person_id = viewer.person_at(conversation.school_id)
    if conversation.kind == Kind.GROUP or person_id is None:
        return Side.TEAM
    named = Participant.objects.staying().filter(conversation=conversation, person_id=person_id, side=Side.FAMILY)
    return Side.FAMILY if named.exists() else Side.TEAM


def is_over(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether nobody writes in it any more: it was closed, or its closing moment has come and the job has not."""
    return conversation.is_closed or (conversation.closes_at is not None and conversation.closes_at <= viewer.now)


def can_write_in(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she may write in a visible conversation: it is open, and she belongs to the group today.

    What stays readable until the closing date (S4) is not written in any more. Whether the other side is still there,
    and has not blocked her, is asked by the action: that is a sentence, not a refusal of the page.
    """
    if is_over(viewer, conversation) or viewer.person_at(conversation.school_id) is None:
        return False
    if conversation.kind == Kind.TEAM:
        return viewer.teaches(conversation.group_id) or any(
            span.is_current
            and span.group_id == conversation.group_id
            and (conversation.child_id is None or span.child_id == conversation.child_id)
            for span in viewer.spans
        )
    own = any(span.group_id == conversation.group_id and is_full(span) for span in viewer.spans)
    if own or asked_for_school(viewer, conversation):
        return True
    return conversation.kind == Kind.GROUP and viewer.teaches(conversation.group_id)


def can_attach(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she may send documents along: the team only (P3)."""
    return conversation.kind != Kind.DIRECT and side_in(viewer, conversation) == Side.TEAM


def can_share_photos(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she may share photos as a parent: in a group conversation, where the agreement allows it (P3)."""
    if conversation.kind != Kind.GROUP or side_in(viewer, conversation) != Side.FAMILY:
        return False
    return policies_seen_by(viewer, [conversation.school_id])[conversation.school_id].parent_photos.allowed


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


def can_see_directory(viewer: Viewer, group: Group) -> bool:
    """Say whether she has the directory of the group: a full guardian of a child in it, where P1 and S11 allow it."""
    return group in groups_with_directory(viewer)


def can_write_to_parent(viewer: Viewer, group: Group, person: Person) -> bool:
    """Say whether she may begin a conversation with this parent: both stand in the group, and she sees her there."""
    return can_see_directory(viewer, group) and other_parents(group, viewer).filter(pk=person.pk).exists()


def can_block(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she may block the other one of a visible conversation between parents."""
    return conversation.kind == Kind.DIRECT and viewer.person_at(conversation.school_id) is not None


def can_report(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she may report messages of a visible conversation to management: those among parents."""
    among_parents = conversation.kind in (Kind.DIRECT, Kind.GROUP)
    return among_parents and viewer.person_at(conversation.school_id) is not None


def can_mute(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she may be left in peace about a visible conversation: not about what is said to the team."""
    return conversation.kind != Kind.TEAM and viewer.person_at(conversation.school_id) is not None


def can_moderate(viewer: Viewer, report: Report) -> bool:
    """Say whether she may look into the report and settle it, while it is open: who judges it (`visible_to`)."""
    return report.state == "open" and Report.objects.visible_to(viewer).filter(pk=report.pk).exists()


def can_open_group_conversation(viewer: Viewer, group: Group) -> bool:
    """Say whether she may open a conversation with the whole group: the roles the agreement names (P2, S11)."""
    if viewer.person_at(group.school_id) is None:
        return False
    conversations = policies_seen_by(viewer, [group.school_id])[group.school_id].group_conversations
    if not conversations.on:
        return False
    if "teacher" in conversations.opened_by and viewer.teaches(group.pk):
        return True
    if may_ask_for_school(viewer, group.school_id, conversations.opened_by):
        return True
    if not any(span.group_id == group.pk and is_full(span) for span in viewer.spans):
        return False
    held = {
        "class_parent": viewer.has_role({RoleKind.CLASS_PARENT}, school_id=group.school_id, group_id=group.pk),
        "parent_council": viewer.has_role({RoleKind.PARENT_COUNCIL}, school_id=group.school_id),
    }
    return any(held.get(role, False) for role in conversations.opened_by)


def may_ask_for_school(viewer: Viewer, school_id: int, opened_by: Iterable[str]) -> bool:
    """Say whether she has a role at the school that may ask a whole group something, of those in `opened_by` (S11)."""
    return viewer.has_role([role for role in ASKERS if role.value in opened_by], school_id=school_id)


def can_answer(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she may choose an answer in a visible group conversation: a full guardian there, while it is open."""
    sits_there = any(span.group_id == conversation.group_id and is_full(span) for span in viewer.spans)
    return conversation.kind == Kind.GROUP and sits_there and not is_over(viewer, conversation)


def can_close(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she may close a visible group conversation before its day: who opened it, and the team."""
    if conversation.kind != Kind.GROUP or not can_write_in(viewer, conversation):
        return False
    return viewer.teaches(conversation.group_id) or opened_by(viewer, conversation)


def opened_by(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she opened it."""
    own = viewer.person_at(conversation.school_id)
    return own is not None and conversation.opened_by_id == own


def can_see_who_answered(viewer: Viewer, conversation: Conversation) -> bool:
    """Say whether she sees who chose what in a visible group conversation: the team, and who opened it."""
    return viewer.teaches(conversation.group_id) or opened_by(viewer, conversation)
