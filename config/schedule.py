"""What happens by the clock: one readable table. Each job finds its own work and may run twice without harm."""

from __future__ import annotations

from datetime import timedelta

# name -> (dotted path of the job, how often)
SCHEDULE: dict[str, tuple[str, timedelta]] = {}
