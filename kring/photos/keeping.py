"""What of an album may be kept at home: what the agreement allows (S3), until when, and how much in a day.

Pure: the policy and the days are arguments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kring.agreements.policy import Policy

MOST_IN_ZIP = 200
# Photos one person may fetch in a day: an album of a year fits. More is somebody emptying a school (security.md, I13).
MOST_A_DAY = 600
MANY_A_DAY = 250  # from here on the log says so, for management to see


@dataclass(frozen=True, slots=True)
class Keeping:
    """What may be downloaded of an album today. `until` is the first day on which it may no longer."""

    one: bool
    several: bool
    until: date | None = None


def closing_day(policy: Policy, year_ends: date) -> date:
    """Return the day on which a school year that ended on `year_ends` closes (S4); that day itself is closed."""
    closing = policy.closing_date
    return date(year_ends.year, closing.month, closing.day)


def keeping(policy: Policy, *, is_team: bool, year_ends: date, today: date) -> Keeping:
    """Return what a reader may download of photos of the school year that ends on `year_ends`.

    The group's own team made the photos: S3 is about what guardians keep.
    """
    if is_team:
        return Keeping(one=True, several=True)
    allowed = policy.photo_download
    until = closing_day(policy, year_ends) if allowed.until_closing else None
    is_over = until is not None and today >= until
    return Keeping(allowed.one and not is_over, allowed.albums and not is_over, until)


def file_names(days: Iterable[date]) -> list[str]:
    """Return a name for each photo of these days, in their order: the date and a number, nothing personal."""
    seen: Counter[date] = Counter()
    found = []
    for day in days:
        seen[day] += 1
        found.append(f"{day:%Y-%m-%d}-{seen[day]:02d}.jpg")
    return found
