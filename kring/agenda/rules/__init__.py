"""What the agenda decides on plain values: kinds of events, when places are open, which numbers are free."""

from kring.agenda.rules.events import (
    MAX_TEXT,
    MAX_TITLE,
    MOST_DAYS,
    Answer,
    Category,
    EventState,
    RsvpBy,
    Span,
    span_fault,
)
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
from kring.agenda.rules.reminders import READY_DAYS, Moments, makes_sense, reminder_moments
from kring.agenda.rules.series import days_of_series
from kring.agenda.rules.warnings import Clash, Other, Warned, is_evening, warnings_for

__all__ = [
    "MAX_TEXT",
    "MAX_TITLE",
    "MOST_DAYS",
    "MOST_PLACES",
    "READY_DAYS",
    "Answer",
    "Category",
    "Clash",
    "Door",
    "EventState",
    "Moments",
    "OfferKind",
    "Other",
    "RsvpBy",
    "SignupState",
    "Span",
    "Waiting",
    "Warned",
    "days_of_series",
    "door",
    "free_numbers",
    "is_evening",
    "makes_sense",
    "moving_up",
    "reminder_moments",
    "span_fault",
    "warnings_for",
]
