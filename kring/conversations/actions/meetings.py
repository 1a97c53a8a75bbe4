"""Proposing moments to talk, choosing one, and letting it go again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.conversations.actions.changes import changed
from kring.conversations.actions.send import put_message, refuse_text, refuse_unreachable
from kring.conversations.models import Conversation, Meeting, Moment, Proposal
from kring.conversations.notices import (
    MeetingAgreed,
    MeetingAgreedForTeam,
    MeetingCancelled,
    MeetingCancelledForTeam,
)
from kring.conversations.permissions import (
    can_cancel,
    can_choose,
    can_propose,
    can_withdraw_proposal,
    own_id,
    side_in,
)
from kring.conversations.rules import MEETING_MINUTES, ProposalState, Side, Slot, slots_fault
from kring.conversations.wording import fault_sentence
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.notifications.actions import notify
from kring.notifications.notice import NoticeKind
from kring.school.calendars import calendar_of


@transaction.atomic
def propose_moments(
    *,
    by: Viewer,
    conversation: Conversation,
    moments: Sequence[datetime],
    minutes: int = 15,
    place: str = "",
    text: str = "",
    token: str = "",
    at: datetime | None = None,
) -> Proposal:
    """Propose up to three moments (aware) to talk; they stand in a message. Moments of her own side before are gone.

    Raises Refused for moments that do not fit (past, a day without school, too far away) and while the other side has
    moments open. The same `token` is kept once.
    """
    require(can_propose(by, conversation))
    refuse_text(text, has_more=True)
    refuse_unreachable(by=by, conversation=conversation)
    known = Proposal.objects.filter(conversation=conversation, message__token=token or None)
    if token and (found := known.filter(by_id=own_id(by, conversation.school_id)).first()):
        return found
    _refuse_moments(by, conversation, moments, minutes)
    side = side_in(by, conversation)
    Proposal.objects.filter(conversation=conversation, side=side, state=ProposalState.OPEN).update(
        state=ProposalState.WITHDRAWN
    )
    try:
        with transaction.atomic():
            message = put_message(by=by, conversation=conversation, text=text, token=token, at=at)
            proposal = Proposal.objects.create(
                school_id=conversation.school_id,
                conversation=conversation,
                message=message,
                by_id=own_id(by, conversation.school_id),
                side=side,
                minutes=minutes,
                place=place.strip()[:80],
            )
    except IntegrityError:
        raise Refused(_("There are moments to choose from already. Choose one, or say that none suits.")) from None
    Moment.objects.bulk_create(Moment(proposal=proposal, starts_at=moment) for moment in sorted(moments))
    audit.record(by=by, what="conversation.moments_proposed", about=proposal, number=len(moments))
    return proposal


def _refuse_moments(by: Viewer, conversation: Conversation, moments: Sequence[datetime], minutes: int) -> None:
    if minutes not in MEETING_MINUTES:
        raise Refused(_("Choose how long it takes."))
    school = conversation.school
    today = school.today(by.now)
    calendar = calendar_of(school, first=today, last=today + timedelta(days=90))
    slots = [Slot(moment.astimezone(school.zone), minutes) for moment in moments]
    fault = slots_fault(
        slots,
        now=by.now,
        is_free=lambda day: not calendar.is_school_day(day, group_id=conversation.group_id),
    )
    if fault is not None:
        raise Refused(fault_sentence(fault))


@transaction.atomic
def choose_moment(*, by: Viewer, moment: Moment) -> Meeting:
    """Choose one of the moments: it is an appointment for both sides. Raises Refused when it is not open any more."""
    proposal = moment.proposal
    conversation = proposal.conversation
    if proposal.state != ProposalState.OPEN:
        raise Refused(_("These moments are not open any more."))
    require(can_choose(by, proposal))
    if moment.starts_at <= by.now:
        raise Refused(_("This moment has passed. Choose another one, or say that none suits."))
    if not _turn(proposal, ProposalState.AGREED):
        raise Refused(_("These moments are not open any more."))
    own = own_id(by, conversation.school_id)
    from_team = proposal.side == Side.TEAM
    meeting = Meeting.objects.create(
        school_id=conversation.school_id,
        conversation=conversation,
        proposal=proposal,
        group_id=conversation.group_id,
        child_id=conversation.child_id,
        with_staff_id=proposal.by_id if from_team else own,
        with_family_id=own if from_team else proposal.by_id,
        starts_at=moment.starts_at,
        ends_at=moment.starts_at + timedelta(minutes=proposal.minutes),
        place=proposal.place,
        agreed_at=by.now,
    )
    audit.record(by=by, what="conversation.meeting_agreed", about=meeting)
    changed(meeting.conversation)
    _tell_both(by, meeting, MeetingAgreed(meeting), MeetingAgreedForTeam(meeting))
    return meeting


@transaction.atomic
def decline_moments(*, by: Viewer, proposal: Proposal) -> None:
    """Say that none of the moments suits. Raises Refused when one was chosen or they were taken back."""
    require(can_choose(by, proposal))
    if not _turn(proposal, ProposalState.DECLINED):
        raise Refused(_("These moments are not open any more."))
    audit.record(by=by, what="conversation.moments_declined", about=proposal)
    changed(proposal.conversation)


@transaction.atomic
def withdraw_moments(*, by: Viewer, proposal: Proposal) -> None:
    """Take back the moments of one's own side. Raises Refused when one was chosen meanwhile."""
    require(can_withdraw_proposal(by, proposal))
    if not _turn(proposal, ProposalState.WITHDRAWN):
        raise Refused(_("One of these moments was just chosen."))
    audit.record(by=by, what="conversation.moments_withdrawn", about=proposal)
    changed(proposal.conversation)


def _turn(proposal: Proposal, state: ProposalState) -> bool:
    """Turn an open proposal into another state, once."""
    return Proposal.objects.filter(pk=proposal.pk, state=ProposalState.OPEN).update(state=state) == 1


@transaction.atomic
def cancel_meeting(*, by: Viewer, meeting: Meeting) -> None:
    """Cancel an agreed moment before it begins; both sides are told. Cancelled twice is told once."""
    require(can_cancel(by, meeting))
    gone = {"cancelled_at": by.now, "cancelled_by_id": own_id(by, meeting.school_id)}
    if not Meeting.objects.filter(pk=meeting.pk, cancelled_at__isnull=True).update(**gone):
        return
    meeting.refresh_from_db()
    audit.record(by=by, what="conversation.meeting_cancelled", about=meeting)
    changed(meeting.conversation)
    _tell_both(by, meeting, MeetingCancelled(meeting), MeetingCancelledForTeam(meeting))


def _tell_both(by: Viewer, meeting: Meeting, to_family: NoticeKind, to_team: NoticeKind) -> None:
    conversation = meeting.conversation
    notify(to_family, audience=conversation.audience, school=conversation.school, not_before=by.now, by=by)
    if conversation.team_audience is not None:
        audience = conversation.team_audience
        notify(to_team, audience=audience, school=conversation.school, not_before=by.now, by=by)
