"""What a clause is, and the words that sentences share: numbers, hours, lists, roles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Literal

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from kring.agreements.policy import Policy
from kring.agreements.settings import Window

Addressee = Literal["team", "parents", "both"]
Block = str | tuple[str, ...]
"""A paragraph, or the items of a list. [Square brackets] mark a setting, {{double braces}} a number or address."""


@dataclass(frozen=True)
class Say:
    """What a sentence is made from: the values, and the settings that may not be printed as the school's words yet."""

    policy: Policy
    unsaid: frozenset[str] = frozenset()

    def may(self, path: str) -> bool:
        """Say whether the value at `path` is the school's own."""
        return path not in self.unsaid


@dataclass(frozen=True)
class Clause:
    """One rule: where it stands, whom it addresses, which settings it has, what people read, where it acts."""

    id: str
    chapter: str
    heading: str | Promise
    settings: tuple[str, ...]
    addressee: Addressee
    where: str | Promise
    say: Callable[[Say], Sequence[Block]]
    is_capability_later: bool = False


CHAPTERS: dict[str, str | Promise] = {
    "posting": gettext_lazy("Messages from the group"),
    "practical": gettext_lazy("Practical messages"),
    "not_for": gettext_lazy("What Kring is not for"),
    "parents": gettext_lazy("Parents among each other"),
    "reach": gettext_lazy("Being reached, and answers"),
    "helping": gettext_lazy("Helping at school"),
    "conversations": gettext_lazy("Planning conversations"),
}
ADDRESSEES: dict[str, str | Promise] = {
    "team": gettext_lazy("For the team"),
    "parents": gettext_lazy("For parents"),
    "both": gettext_lazy("For team and parents"),
}
NUMBER_WORDS = (
    pgettext_lazy("number", "none"),
    pgettext_lazy("number", "one"),
    pgettext_lazy("number", "two"),
    pgettext_lazy("number", "three"),
    pgettext_lazy("number", "four"),
    pgettext_lazy("number", "five"),
    pgettext_lazy("number", "six"),
    pgettext_lazy("number", "seven"),
    pgettext_lazy("number", "eight"),
    pgettext_lazy("number", "nine"),
    pgettext_lazy("number", "ten"),
    pgettext_lazy("number", "eleven"),
    pgettext_lazy("number", "twelve"),
)
KIND_NAMES: dict[str, str | Promise] = {
    "group": gettext_lazy("group posts"),
    "homework": gettext_lazy("homework and talks"),
    "goals": gettext_lazy("learning goals"),
    "outing": gettext_lazy("outings"),
    "outing_change": gettext_lazy("changes to an outing"),
    "bring": gettext_lazy("things to bring"),
    "staff": gettext_lazy("absence of teachers"),
    "kwink": gettext_lazy("Kwink of the week"),
    "announcement": gettext_lazy("announcements"),
}


def in_words(number: int) -> str:
    """Return the number as a word up to twelve, else in digits."""
    return str(NUMBER_WORDS[number]) if number < len(NUMBER_WORDS) else str(number)


def hour(at: time) -> str:
    """Return 8.45 (Dutch) or 8:45 (English)."""
    return time_format(at, "TIME_FORMAT")


def listed(items: Iterable[object], *, last: Literal["and", "or"] = "and") -> str:
    """Return the items as people say them: "a, b and c"."""
    words = [str(item) for item in items]
    if len(words) < 2:
        return "".join(words)
    pair = {"first": ", ".join(words[:-1]), "last": words[-1]}
    return (_("%(first)s or %(last)s") if last == "or" else _("%(first)s and %(last)s")) % pair


def own(text: str) -> str:
    """Return the school's own words without the signs that mark settings."""
    return text.translate(str.maketrans("[]{}", "()()"))


def teacher(policy: Policy) -> str:
    """Return how the school speaks of one teacher (S14)."""
    if policy.school_contact.address_form == "juf_meester":
        return pgettext("in a sentence", "the juf or meester")
    return pgettext("in a sentence", "the teacher")


def teachers(policy: Policy) -> str:
    """Return how the school speaks of its teachers (S14)."""
    if policy.school_contact.address_form == "juf_meester":
        return pgettext("in a sentence", "the juffen and meesters")
    return pgettext("in a sentence", "the teachers")


def capital(text: str) -> str:
    """Return the text with a capital first letter, also behind a bracket."""
    at = 1 if text.startswith("[") else 0
    if text[at:].startswith("één"):  # Dutch puts the capital without its accent: Eén
        return f"{text[:at]}Eén{text[at + 3 :]}"
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def who(roles: Iterable[str], policy: Policy, *, last: Literal["and", "or"] = "and") -> str:
    """Return roles as words: "the office and the management"."""
    names = {
        "teacher": teacher(policy),
        "office": pgettext("in a sentence", "the office"),
        "management": pgettext("in a sentence", "the management"),
        "care_coordinator": pgettext("in a sentence", "the care coordinator"),
        "class_parent": pgettext("in a sentence", "the class parent"),
        "parent_council": pgettext("in a sentence", "the parent council"),
    }
    return listed([names[role] for role in roles], last=last)


def kinds(names: Iterable[str], *, last: Literal["and", "or"] = "and") -> str:
    """Return kinds of messages as words."""
    return listed([KIND_NAMES[name] for name in names], last=last)


def weekday(number: int) -> str:
    """Return the name of a weekday; 1 is Monday."""
    return str(WEEKDAYS[number - 1])


def month(number: int) -> str:
    """Return the name of a month."""
    return str(MONTHS[number])


def _stretches(windows: Sequence[Window]) -> str:
    return listed(
        _("between %(from)s and %(until)s") % {"from": hour(window.starts), "until": hour(window.ends)}
        for window in windows
    )


def contact_times(windows: Sequence[Window]) -> str:
    """Return windows as a sentence says them: days with the same hours together."""
    by_hours: dict[str, list[int]] = {}
    for day in range(1, 8):
        own_windows = [window for window in windows if window.weekday == day]
        if own_windows:
            by_hours.setdefault(_stretches(own_windows), []).append(day)
    parts = []
    for hours, days in by_hours.items():
        if days == [1, 2, 3, 4, 5]:
            parts.append(_("Monday to Friday %(hours)s") % {"hours": hours})
        else:
            parts.append(_("on %(days)s %(hours)s") % {"days": listed(weekday(day) for day in days), "hours": hours})
    return "; ".join(parts)
