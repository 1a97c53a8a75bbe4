"""Every write of this room."""

from kring.conversations.actions.drafts import keep_draft, keep_new_draft
from kring.conversations.actions.meetings import (
    cancel_meeting,
    choose_moment,
    decline_moments,
    propose_moments,
    withdraw_moments,
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
    "cancel_meeting",
    "choose_moment",
    "decline_moments",
    "delete_message",
    "edit_message",
    "keep_draft",
    "keep_new_draft",
    "mark_read",
    "promise_answer",
    "propose_moments",
    "put_message",
    "send_message",
    "settle",
    "take_back_promise",
    "take_over_promise",
    "withdraw_moments",
    "write_to_families",
    "write_to_team",
]
