"""A clock that a test moves for processes of its own: they read the moment in the file that TEST_CLOCK names, and when
it was written there (seconds of the machine's monotonic clock, the same in each process).
"""

from __future__ import annotations

import os
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import time_machine


def stand_still_until_told() -> None:
    """Live in the moment that the file says, from which time goes on; move with it as soon as the file changes."""
    file, moved = Path(os.environ["TEST_CLOCK"]), threading.Event()

    def follow() -> None:
        said, travel = "", None
        while True:
            now = file.read_text()
            if now and now != said:
                if travel is not None:
                    travel.stop()
                moment, _space, written = now.partition(" ")
                since = timedelta(seconds=time.monotonic() - float(written))
                travel = time_machine.travel(datetime.fromisoformat(moment) + since, tick=True)
                travel.start()
                said = now
                moved.set()
            time.sleep(0.02)

    threading.Thread(target=follow, daemon=True, name="clock").start()
    moved.wait(10)
