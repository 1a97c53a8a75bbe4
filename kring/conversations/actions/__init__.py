"""Every write of this room."""

from kring.conversations.actions.among import (
    block,
    hide_in_directory,
    mute,
    show_in_directory,
    unblock,
    unmute,
    write_to_parent,
)
from kring.conversations.actions.changes import tell_arrived
from kring.conversations.actions.drafts import keep_draft, keep_new_draft
from kring.conversations.actions.group import (
    answer,
    close_due,
    close_group_conversation,
    open_group_conversation,
    say_privately,
    take_back_answer,
)
from kring.conversations.actions.meetings import (
    cancel_meeting,
    choose_moment,
    decline_moments,
    propose_moments,
    withdraw_moments,
)
from kring.conversations.actions.moderation import (
    read_reported,
    report_messages,
    settle_report,
    take_away_reported,
)
from kring.conversations.actions.receipts import (
    mark_read,
    promise_answer,
    settle,
    take_back_promise,
    take_over_promise,
)
from kring.conversations.actions.send import delete_message, edit_message, put_message, send_message
from kring.conversations.actions.start import Family, write_to_families, write_to_team

__all__ = [
    "Family",
    "answer",
    "block",
    "cancel_meeting",
    "choose_moment",
    "close_due",
    "close_group_conversation",
    "decline_moments",
    "delete_message",
    "edit_message",
    "hide_in_directory",
    "keep_draft",
    "keep_new_draft",
    "mark_read",
    "mute",
    "open_group_conversation",
    "promise_answer",
    "propose_moments",
    "put_message",
    "read_reported",
    "report_messages",
    "say_privately",
    "send_message",
    "settle",
    "settle_report",
    "show_in_directory",
    "take_away_reported",
    "take_back_answer",
    "take_back_promise",
    "take_over_promise",
    "tell_arrived",
    "unblock",
    "unmute",
    "withdraw_moments",
    "write_to_families",
    "write_to_parent",
    "write_to_team",
]
