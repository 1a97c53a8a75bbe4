"""The tables of this room: conversations, what is written in them, and the moments that are agreed."""

from kring.conversations.models.meetings import Meeting, Moment, Proposal, ProposalChoice
from kring.conversations.models.messages import (
    DraftMessage,
    Message,
    MessageDocument,
    Promise,
    PromiseChoice,
    Receipt,
    promised,
    waiting,
    with_news,
)
from kring.conversations.models.talks import Conversation, KindChoice, Participant, SideChoice

__all__ = [
    "Conversation",
    "DraftMessage",
    "KindChoice",
    "Meeting",
    "Message",
    "MessageDocument",
    "Moment",
    "Participant",
    "Promise",
    "PromiseChoice",
    "Proposal",
    "ProposalChoice",
    "Receipt",
    "SideChoice",
    "promised",
    "waiting",
    "with_news",
]
