"""Every write of this room."""

from kring.meetings.actions.asks import ask_for_time, decline_ask, withdraw_ask
from kring.meetings.actions.booking import (
    book_for_family,
    book_slots,
    cancel_booking,
    change_booking,
    give_back,
    move_booking,
)
from kring.meetings.actions.by_hand import lock_planned, move_planned, take_out
from kring.meetings.actions.inviting import (
    come_apart,
    come_together,
    complete_round,
    invite_apart,
    remind_families,
    set_length,
    set_needed,
)
from kring.meetings.actions.moments import block, close_sitting, unblock
from kring.meetings.actions.offers import accept_offer, decline_offer, pass_on, stop_waiting, wait_for_moment
from kring.meetings.actions.placing import JustTaken
from kring.meetings.actions.planning import discard_plan, start_plan, stop_plan
from kring.meetings.actions.publishing import InTheWay, publish_plan
from kring.meetings.actions.rounds import (
    Session,
    Setup,
    add_session,
    add_sitting,
    cancel_round,
    change_round,
    open_round,
    place_sitting,
    prepare_round,
    remove_sitting,
)
from kring.meetings.actions.standing_in import hand_over
from kring.meetings.actions.wishes import ChangedMeanwhile, give_wishes

__all__ = [
    "ChangedMeanwhile",
    "InTheWay",
    "JustTaken",
    "Session",
    "Setup",
    "accept_offer",
    "add_session",
    "add_sitting",
    "ask_for_time",
    "block",
    "book_for_family",
    "book_slots",
    "cancel_booking",
    "cancel_round",
    "change_booking",
    "change_round",
    "close_sitting",
    "come_apart",
    "come_together",
    "complete_round",
    "decline_ask",
    "decline_offer",
    "discard_plan",
    "give_back",
    "give_wishes",
    "hand_over",
    "invite_apart",
    "lock_planned",
    "move_booking",
    "move_planned",
    "open_round",
    "pass_on",
    "place_sitting",
    "prepare_round",
    "publish_plan",
    "remind_families",
    "remove_sitting",
    "set_length",
    "set_needed",
    "start_plan",
    "stop_plan",
    "stop_waiting",
    "take_out",
    "unblock",
    "wait_for_moment",
    "withdraw_ask",
]
