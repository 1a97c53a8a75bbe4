"""How each notice of this room comes about (see tests/notifications/test_every_kind.py)."""

from __future__ import annotations

from datetime import timedelta

from kring.conversations import actions
from kring.conversations.models import Meeting, Message, Report
from tests.cast import TODAY, Cast
from tests.conversations.circling import opened, reported, write
from tests.conversations.talking import at, to_families, to_team
from tests.notifications.kinds import SECRET


def _to_team(cast: Cast) -> None:
    to_team(cast, text=SECRET, subject=SECRET)


def _to_family(cast: Cast) -> None:
    to_families(cast, text=SECRET, subject=SECRET)


def _promised(cast: Cast) -> None:
    message = to_team(cast, text=SECRET)
    actions.promise_answer(by=cast.viewer("teacher"), conversation=message.conversation)


def _agreed(cast: Cast) -> Meeting:
    conversation = to_team(cast, text=SECRET).conversation
    proposal = actions.propose_moments(
        by=cast.viewer("teacher"), conversation=conversation, moments=[at(TODAY + timedelta(2), 15)], text=SECRET,
        place=SECRET,
    )  # fmt: skip
    return actions.choose_moment(by=cast.viewer("guardian"), moment=proposal.moments.get())


def _agreed_by_team(cast: Cast) -> Meeting:
    conversation = to_team(cast, text=SECRET).conversation
    proposal = actions.propose_moments(
        by=cast.viewer("guardian"), conversation=conversation, moments=[at(TODAY + timedelta(2), 15)], text=SECRET
    )
    return actions.choose_moment(by=cast.viewer("teacher"), moment=proposal.moments.get())


def _cancelled_by_team(cast: Cast) -> None:
    actions.cancel_meeting(by=cast.viewer("teacher"), meeting=_agreed(cast))


def _cancelled_by_family(cast: Cast) -> None:
    actions.cancel_meeting(by=cast.viewer("guardian"), meeting=_agreed(cast))


def _closed(cast: Cast) -> None:
    conversation = opened(cast, purpose=SECRET)
    actions.close_group_conversation(by=cast.viewer("teacher"), conversation=conversation, words=SECRET)


def _report(cast: Cast) -> Report:
    message: Message = write(cast, by="class_parent", to="guardian", text=SECRET)
    return reported(cast, message, reason=SECRET)


def _read(cast: Cast) -> Report:
    report = _report(cast)
    actions.read_reported(by=cast.viewer("management"), report=report, reason=SECRET)
    return report


def _settled(cast: Cast) -> None:
    actions.settle_report(by=cast.viewer("management"), report=_read(cast), outcome=SECRET)


CASES = {
    "conversations.to_team": _to_team,
    "conversations.to_family": _to_family,
    "conversations.promised": _promised,
    "conversations.meeting_agreed": _agreed_by_team,
    "conversations.meeting_agreed_team": _agreed,
    "conversations.meeting_cancelled": _cancelled_by_team,
    "conversations.meeting_cancelled_team": _cancelled_by_family,
    "conversations.closed": _closed,
    "conversations.report_made": _report,
    "conversations.report_settled": _settled,
    "conversations.read_by_management": _read,
}
