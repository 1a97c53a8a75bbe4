"""The tables of this room: requests for help, who reads the replies, the replies, and the addresses for mail."""

from kring.help_requests.models.intake import IntakeAddress
from kring.help_requests.models.replies import Reply, SaysChoice
from kring.help_requests.models.requests import AskerChoice, HelpRequest, Responder, SourceChoice, StateChoice
from kring.help_requests.models.tasks import RequestDocument, Task

__all__ = [
    "AskerChoice",
    "HelpRequest",
    "IntakeAddress",
    "Reply",
    "RequestDocument",
    "Responder",
    "SaysChoice",
    "SourceChoice",
    "StateChoice",
    "Task",
]
