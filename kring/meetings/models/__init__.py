"""Rounds, who sits when, who comes together, and what is booked."""

from kring.meetings.models.parties import Booking, Occupied, Party, PartyQuerySet, Waiting
from kring.meetings.models.plans import PlannedMeeting, PlanRun, RunChoice
from kring.meetings.models.rounds import FillingChoice, KindChoice, Round, RoundQuerySet, Sitting, Slot, StateChoice
from kring.meetings.models.wishes import Ask, AskChoice, Wish, WishChoice, WishSet

__all__ = [
    "Ask",
    "AskChoice",
    "Booking",
    "FillingChoice",
    "KindChoice",
    "Occupied",
    "Party",
    "PartyQuerySet",
    "PlanRun",
    "PlannedMeeting",
    "Round",
    "RoundQuerySet",
    "RunChoice",
    "Sitting",
    "Slot",
    "StateChoice",
    "Waiting",
    "Wish",
    "WishChoice",
    "WishSet",
]
