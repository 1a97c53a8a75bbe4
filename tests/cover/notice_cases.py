"""How the notice of this room comes about (notifications/test_every_kind.py)."""

from __future__ import annotations

from kring.cover.plan import Way
from tests.cast import Cast
from tests.cover.test_away import cover, meeting
from tests.cover.test_evenings import away, booked, evening


def _in_doubt(cast: Cast) -> None:
    cover(cast, messages=[], meetings=[meeting(cast)])


def _handed_over(cast: Cast) -> None:
    made, _booking = booked(cast)
    away(cast, **{evening(cast, made).public_id: Way.HAND_OVER})


CASES = {"cover.meeting_in_doubt": _in_doubt, "meetings.host_changed": _handed_over}
