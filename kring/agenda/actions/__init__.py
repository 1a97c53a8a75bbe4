"""Every write of this room."""

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

__all__ = [
    "OfferInput",
    "add_by_hand",
    "change_offer",
    "close_offer",
    "give_back",
    "make_offer",
    "remove_offer",
    "reopen_offer",
    "take_off",
    "take_place",
]
