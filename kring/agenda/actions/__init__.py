"""Every write of this room."""

from kring.agenda.actions.answers import answer_event, take_back_answer
from kring.agenda.actions.documents import attach_document, detach_document
from kring.agenda.actions.events import (
    Again,
    EventInput,
    audience_for,
    cancel_event,
    change_event,
    make_event,
    publish_event,
    remove_event,
    revive_event,
    set_moments,
    years_of,
)
from kring.agenda.actions.places import (
    OfferInput,
    add_by_hand,
    change_offer,
    close_offer,
    give_back,
    make_offer,
    remove_offer,
    reopen_offer,
    take_off,
    take_place,
)
from kring.agenda.actions.reading import mark_opened
from kring.agenda.actions.reminders import (
    hold_reminder,
    moments_of,
    prepare_reminder,
    send_reminder_now,
    take_up_reminder,
)

__all__ = [
    "Again",
    "EventInput",
    "OfferInput",
    "add_by_hand",
    "answer_event",
    "attach_document",
    "audience_for",
    "cancel_event",
    "change_event",
    "change_offer",
    "close_offer",
    "detach_document",
    "give_back",
    "hold_reminder",
    "make_event",
    "make_offer",
    "mark_opened",
    "moments_of",
    "prepare_reminder",
    "publish_event",
    "remove_event",
    "remove_offer",
    "reopen_offer",
    "revive_event",
    "send_reminder_now",
    "set_moments",
    "take_back_answer",
    "take_off",
    "take_place",
    "take_up_reminder",
    "years_of",
]
