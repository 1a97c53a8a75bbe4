"""Small things every template needs: icons and dates as people say them. Built in: no `{% load %}` needed."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
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


def _local_day(day: date | datetime) -> date:
    """Return the day itself; of a moment the day it falls on in the zone that is active."""
    return timezone.localtime(day).date() if isinstance(day, datetime) else day


@register.filter
def spoken_day(day: date | datetime | None) -> str:
    """Say a day as people do: today, tomorrow, yesterday, else "donderdag 3 december" (with the year if another)."""
    if day is None:
        return ""
    today, day = timezone.localdate(), _local_day(day)
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}.get((day - today).days)
    if near:
        return near
    return date_format(day, "l j F" if day.year == today.year else "l j F Y")


@register.filter
def spoken_moment(moment: datetime | None) -> str:
    """Say a moment as people do: "vandaag om 15.10 uur"."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return _("%(day)s at %(time)s") % {"day": spoken_day(moment), "time": date_format(local, "TIME_FORMAT")}


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
