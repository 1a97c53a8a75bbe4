"""The tables of this room: events, who comes, places to fill, and reminders of important events."""

from kring.agenda.models.answers import AnswerChoice, Rsvp
from kring.agenda.models.events import (
    CategoryChoice,
    Event,
    EventDocument,
    EventStateChoice,
    Repeat,
    RsvpChoice,
    Series,
)
from kring.agenda.models.feeds import Feed
from kring.agenda.models.places import Offer, OfferKindChoice, Place, Signup, SignupStateChoice
from kring.agenda.models.planning import CalendarRead, ReadState, YearPublished
from kring.agenda.models.reminders import Reminder, ReminderState

__all__ = [
    "AnswerChoice",
    "CalendarRead",
    "CategoryChoice",
    "Event",
    "EventDocument",
    "EventStateChoice",
    "Feed",
    "Offer",
    "OfferKindChoice",
    "Place",
    "ReadState",
    "Reminder",
    "ReminderState",
    "Repeat",
    "Rsvp",
    "RsvpChoice",
    "Series",
    "Signup",
    "SignupStateChoice",
    "YearPublished",
]
