"""How a notice of this room that says something of its own outside comes about (notifications/test_every_kind.py)."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from kring.agenda.jobs import tell_tomorrow
from tests.agenda.planning import plan
from tests.cast import NOW, TODAY, Cast
from tests.notifications.kinds import SECRET


def _tomorrow(cast: Cast) -> None:
    plan(cast, title=SECRET, text=SECRET, place=SECRET, starts_on=TODAY + timedelta(1))
    with time_machine.travel(NOW.replace(hour=19), tick=False):
        tell_tomorrow()


CASES = {"agenda.tomorrow": _tomorrow}
