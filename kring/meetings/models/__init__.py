"""Rounds, who sits when, who comes together, and what is booked."""

from kring.meetings.models.parties import Booking, Occupied, Party, PartyQuerySet, Waiting
from kring.meetings.models.rounds import KindChoice, Round, RoundQuerySet, Sitting, Slot, StateChoice

__all__ = [
    "Booking",
    "KindChoice",
    "Occupied",
    "Party",
    "PartyQuerySet",
    "Round",
    "RoundQuerySet",
    "Sitting",
    "Slot",
    "StateChoice",
    "Waiting",
]
