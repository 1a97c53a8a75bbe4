"""How the notice of this room comes about (notifications/test_every_kind.py)."""

from __future__ import annotations

from tests.cast import Cast
from tests.cover.test_away import cover, meeting


def _in_doubt(cast: Cast) -> None:
    cover(cast, messages=[], meetings=[meeting(cast)])


CASES = {"cover.meeting_in_doubt": _in_doubt}
