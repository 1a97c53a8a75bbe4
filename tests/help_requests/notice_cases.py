"""How each notice of this room comes about (see tests/notifications/test_every_kind.py)."""

from __future__ import annotations

from kring.help_requests import actions
from kring.help_requests.models import HelpRequest, Reply
from tests.cast import Cast
from tests.help_requests.asking import handed_in, in_post, in_talk, mailed, says
from tests.notifications.kinds import SECRET

WORDS = {"title": SECRET, "text": SECRET}


def _mail_came(cast: Cast) -> None:
    mailed(cast, **WORDS)


def _handed_in(cast: Cast) -> None:
    handed_in(cast, by="parent_council", **WORDS)


def _asked_back(cast: Cast) -> None:
    actions.ask_back(by=cast.viewer("teacher"), request=handed_in(cast, **WORDS), question=SECRET)


def _declined(cast: Cast) -> None:
    actions.decline(by=cast.viewer("office"), request=handed_in(cast, by="parent_council", **WORDS), reason=SECRET)


def _placed(cast: Cast) -> None:
    in_talk(cast, **WORDS)


def _named(cast: Cast) -> None:
    in_talk(cast, "duo", **WORDS)


def _replied(cast: Cast) -> Reply:
    return says(cast, in_talk(cast, **WORDS), text=SECRET)


def _thanked(cast: Cast) -> None:
    actions.thank(by=cast.viewer("class_parent"), reply=_replied(cast))


def _reminder(cast: Cast) -> None:
    actions.remind(by=cast.viewer("parent_council"), request=in_post(cast, **WORDS))


def _closed(cast: Cast) -> None:
    request = HelpRequest.objects.for_pages().get(pk=_replied(cast).request_id)
    actions.close_request(by=cast.viewer("class_parent"), request=request, thanks=SECRET)


CASES = {
    "help_requests.mail_came": _mail_came,
    "help_requests.handed_in": _handed_in,
    "help_requests.asked_back": _asked_back,
    "help_requests.declined": _declined,
    "help_requests.placed": _placed,
    "help_requests.named": _named,
    "help_requests.replies_came": _replied,
    "help_requests.thanked": _thanked,
    "help_requests.reminder": _reminder,
    "help_requests.closed": _closed,
}
