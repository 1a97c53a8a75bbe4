"""What a browser calls itself, in words that its owner recognises."""

from __future__ import annotations

from django.utils.translation import gettext as _

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """Return "Firefox, Android" for a user agent; a guess for people, never used to decide anything."""
    names = [name for table in (BROWSERS, SYSTEMS) for mark, name in [first(table, user_agent)] if mark]
    return ", ".join(names) or _("Unknown device")


def first(table: tuple[tuple[str, str], ...], user_agent: str) -> tuple[str, str]:
    """Return the first row of `table` whose mark stands in `user_agent`."""
    return next((row for row in table if row[0] in user_agent), ("", ""))
