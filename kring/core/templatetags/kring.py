"""Small things every template needs: icons and dates as people say them. Built in: no `{% load %}` needed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, label: str = "") -> SafeString:
    """Draw the icon `name` from the sprite. With `label` it speaks; without, a word must stand beside it."""
    href = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


class SameNode(template.Node):
    """A part of a page that depends on nothing but the language: rendered once for each, and kept."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self.kept: dict[str, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        """Return the part in the language of the request."""
        language = get_language() or ""
        if language not in self.kept:
            self.kept[language] = self.nodelist.render(context.new())
        return self.kept[language]


@register.tag
def same(parser: Parser, token: Token) -> SameNode:
    """Keep what stands up to `{% endsame %}`: it knows no variable, so it cannot hold anything of a reader."""
    nodelist = parser.parse(("endsame",))
    parser.delete_first_token()
    return SameNode(nodelist)


@register.simple_tag
def places(found: Iterable[Any], style: str) -> SafeString:
    """Return the places of the menu as list items; `style` is "side" or "bar"."""
    return _places(tuple(found), style, get_language() or "")


@lru_cache(maxsize=512)
def _places(found: tuple[Any, ...], style: str, language: str) -> SafeString:
    # Made of nothing but its arguments, so what is kept fits everyone for whom they are the same.
    return render_to_string("components/places.html", {"places": found, "style": style})


def _local_day(day: date | datetime) -> date:
    """Return the day itself; of a moment the day it falls on in the zone that is active."""
    return timezone.localtime(day).date() if isinstance(day, datetime) else day


@register.filter
def spoken_day(day: date | datetime | None) -> str:
    """Say a day as people do: today, tomorrow, yesterday, else "donderdag 3 december" (with the year if another)."""
    return "" if day is None else _spoken_day(_local_day(day), timezone.localdate(), get_language())


# What is said depends on the arguments only, and a page of news says the same few days many times.
@lru_cache(maxsize=2048)
def _spoken_day(day: date, today: date, language: str | None) -> str:
    away = (day - today).days
    if -1 <= away <= 1:
        return (_("today"), _("tomorrow"), _("yesterday"))[away]
    return date_format(day, "l j F" if day.year == today.year else "l j F Y")


@register.filter
def spoken_moment(moment: datetime | None) -> str:
    """Say a moment as people do: "vandaag om 15.10 uur"."""
    if moment is None:
        return ""
    return _spoken_moment(
        timezone.localtime(moment).replace(second=0, microsecond=0), timezone.localdate(), get_language()
    )


@lru_cache(maxsize=4096)
def _spoken_moment(local: datetime, today: date, language: str | None) -> str:
    day = _spoken_day(local.date(), today, language)
    return _("%(day)s at %(time)s") % {"day": day, "time": time_format(local.time(), "TIME_FORMAT")}


@register.filter
def spoken_short(day: date | datetime | None) -> str:
    """Say a day in the end of a line: today, yesterday, "vrijdag" within a week, else "18 nov"."""
    if day is None:
        return ""
    day = _local_day(day)
    away = (timezone.localdate() - day).days
    if -1 <= away <= 1:
        return spoken_day(day)
    return date_format(day, "l") if 1 < away < 7 else day_month(day)


@register.filter
def month_short(day: date | datetime | None) -> str:
    """Say the month in three letters, as the language writes it: "nov" in Dutch, "Nov" in English."""
    if day is None:
        return ""
    return date_format(_local_day(day), "b" if get_language() == "nl" else "M")


@register.filter
def day_month(day: date | datetime | None) -> str:
    """Say a day in a narrow place: "18 nov"."""
    if day is None:
        return ""
    day = _local_day(day)
    return f"{day.day} {month_short(day)}"


_LONG_WORD = re.compile(r"\w{20,}")
# Between two consonants, or before a consonant between vowels: where Dutch syllables meet often enough.
_C, _V = "bcdfghjklmnpqrstvwxz", "aeiouy"
_SYLLABLE = re.compile(rf"(?<=[{_V}][{_C}])(?!h)(?=[{_C}][{_V}])|(?<=[{_V}])(?=[{_C}][{_V}])", re.IGNORECASE)
SOFT_HYPHEN = "\u00ad"


@register.filter
def soften(text: str) -> str:
    """Put soft hyphens in very long words of a title, so that they break on a phone whose browser knows no Dutch."""

    def in_parts(match: re.Match[str]) -> str:
        word = match.group()
        places = [at.start() for at in _SYLLABLE.finditer(word) if 4 <= at.start() <= len(word) - 4]
        for place in reversed(places):
            word = word[:place] + SOFT_HYPHEN + word[place:]
        return word

    return _LONG_WORD.sub(in_parts, str(text))
