"""By which channel, and when: the one place where quiet hours, a digest or a preference can speak. Pure functions."""

from kring.notifications.rules.hours import (
    RoleDays,
    StaffHours,
    next_window,
    own_held_until,
    read_from,
    staff_held_until,
)
from kring.notifications.rules.planning import (
    MAX_ATTEMPTS,
    TOMORROW_HOUR,
    Bundle,
    Channel,
    Digest,
    Mail,
    Planned,
    Topic,
    Wishes,
    digest_moment,
    next_try,
    plan,
)

__all__ = [
    "MAX_ATTEMPTS",
    "TOMORROW_HOUR",
    "Bundle",
    "Channel",
    "Digest",
    "Mail",
    "Planned",
    "RoleDays",
    "StaffHours",
    "Topic",
    "Wishes",
    "digest_moment",
    "next_try",
    "next_window",
    "own_held_until",
    "plan",
    "read_from",
    "staff_held_until",
]
