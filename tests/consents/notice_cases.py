"""How each notice of this room comes about (see tests/notifications/test_every_kind.py)."""

from __future__ import annotations

from kring.consents.actions import remind, start_renewal
from tests.cast import Cast
from tests.consents.giving import say


def _renewal(cast: Cast) -> None:
    start_renewal(by=cast.viewer("office"), school=cast.school)


def _reminded(cast: Cast) -> None:
    remind(by=cast.viewer("teacher"), group=cast.five)


def _withdrawn(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True)
    say(cast, "guardian", cast.child, False)


CASES = {
    "consents.renewal_started": _renewal,
    "consents.reminded": _reminded,
    "consents.withdrawn": _withdrawn,
}
