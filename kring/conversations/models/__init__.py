"""The tables of this room: conversations, what is written in them, and the moments that are agreed."""

from kring.conversations.models.circle import Answer, Block, Choice, Unlisted
from kring.conversations.models.meetings import Meeting, Moment, Proposal, ProposalChoice
from kring.conversations.models.messages import (
    DraftMessage,
    Message,
    MessageDocument,
    Promise,
    PromiseChoice,
    Receipt,
    promised,
    read_before,
    waiting,
    with_news,
)
from kring.conversations.models.moderation import (
    Reading,
    Report,
    ReportedMessage,
    ReportStateChoice,
    Shown,
    documents_for_moderator,
    shown_to_moderator,
)
from kring.conversations.models.talks import Conversation, KindChoice, Participant, SideChoice

__all__ = [
    "Answer",
    "Block",
    "Choice",
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
    "Reading",
    "Receipt",
    "Report",
    "ReportStateChoice",
    "ReportedMessage",
    "Shown",
    "SideChoice",
    "Unlisted",
    "documents_for_moderator",
    "promised",
    "read_before",
    "shown_to_moderator",
    "waiting",
    "with_news",
]
