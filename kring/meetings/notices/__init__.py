"""What this room tells people. No title names a child."""

from kring.meetings.notices.rounds import (
    ChangedForTeam,
    ChooseReminder,
    DayBefore,
    HostChanged,
    MeetingBooked,
    MeetingCancelled,
    MeetingMoved,
    MomentOffered,
    RoundCancelled,
    RoundChanged,
    RoundOpened,
    RoundOpenedEarly,
)
from kring.meetings.notices.wishes import AskDeclined, AskedForTeam, MeetingCalledOff, WishesOpened, WishReminder
from kring.meetings.told import NoTimeYet, PlanForTeam, PlanKnown

__all__ = [
    "AskDeclined",
    "AskedForTeam",
    "ChangedForTeam",
    "ChooseReminder",
    "DayBefore",
    "HostChanged",
    "MeetingBooked",
    "MeetingCalledOff",
    "MeetingCancelled",
    "MeetingMoved",
    "MomentOffered",
    "NoTimeYet",
    "PlanForTeam",
    "PlanKnown",
    "RoundCancelled",
    "RoundChanged",
    "RoundOpened",
    "RoundOpenedEarly",
    "WishReminder",
    "WishesOpened",
]
