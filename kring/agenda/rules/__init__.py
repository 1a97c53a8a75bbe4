"""What the agenda decides on plain values: kinds of events, when places are open, which numbers are free."""

from kring.agenda.rules.events import MAX_TEXT, MAX_TITLE, Answer, Category, EventState, RsvpBy, Span, span_fault
from kring.agenda.rules.places import (
    MOST_PLACES,
    Door,
    OfferKind,
    SignupState,
    Waiting,
    door,
    free_numbers,
    moving_up,
)

__all__ = [
    "MAX_TEXT",
    "MAX_TITLE",
    "MOST_PLACES",
    "Answer",
    "Category",
    "Door",
    "EventState",
    "OfferKind",
    "RsvpBy",
    "SignupState",
    "Span",
    "Waiting",
    "door",
    "free_numbers",
    "moving_up",
    "span_fault",
]
