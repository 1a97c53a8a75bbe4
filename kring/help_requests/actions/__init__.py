"""Every write of this room."""

from kring.help_requests.actions.addresses import (
    Unwanted,
    end_address,
    forget_draft,
    has_room,
    make_address,
    renew_address,
    take_in_mail,
    who_owns,
)
from kring.help_requests.actions.handle import (
    add_by_hand,
    close_request,
    free_place,
    give_place,
    remind,
    thank,
    tick,
)
from kring.help_requests.actions.replying import reply, take_back_reply
from kring.help_requests.actions.review import (
    ask_back,
    choose_responders,
    decline,
    place_in_post,
    place_in_talk,
)
from kring.help_requests.actions.write import (
    Content,
    call_back,
    detach_document,
    discard_request,
    write_request,
)

__all__ = [
    "Content",
    "Unwanted",
    "add_by_hand",
    "ask_back",
    "call_back",
    "choose_responders",
    "close_request",
    "decline",
    "detach_document",
    "discard_request",
    "end_address",
    "forget_draft",
    "free_place",
    "give_place",
    "has_room",
    "make_address",
    "place_in_post",
    "place_in_talk",
    "remind",
    "renew_address",
    "reply",
    "take_back_reply",
    "take_in_mail",
    "thank",
    "tick",
    "who_owns",
    "write_request",
]
