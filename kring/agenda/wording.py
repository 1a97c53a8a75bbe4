"""Sentences of this room: faults, warnings, and when something is, as people say it."""

from __future__ import annotations

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from kring.agenda.models import Event
from kring.agenda.rules import Clash, Warned
from kring.core.templatetags.kring import spoken_day


def fault_sentence(fault: str) -> str:
    """Return the sentence for a fault of `span_fault`."""
    return {
        "order": _("The last day comes before the first."),
        "hours": _("The end comes before the start."),
        "end_without_start": _("Give the hour at which it begins too."),
        "too_long": _("That is longer than a hundred days. Is the year right?"),
        "outside_year": _("That day lies outside the school years that are set up. Is the year right?"),
    }[fault]


def warning_sentence(warned: Warned) -> str:
    """Return what to know, in one sentence."""
    day = spoken_day(warned.day)
    return {
        Clash.FREE_DAY: _("There is no school on %(day)s: %(name)s."),
        Clash.WEEKEND: _("%(day)s is in the weekend."),
        Clash.SECOND_EVENING: _("The same families already have an evening that week: %(name)s, %(day)s."),
        Clash.CONVERSATION_WEEKS: _("It is in the weeks of conversations: %(name)s."),
    }[warned.clash] % {"day": day, "name": warned.name.replace("; ", ", ")}


def hours_of(event: Event) -> str:
    """Return its hours: "8.30 – 9.15", "from 19.30", or "" when it lasts all day."""
    if event.starts is None:
        return ""
    starts = time_format(event.starts, "TIME_FORMAT")
    if event.ends is None:
        return starts
    return f"{starts} – {time_format(event.ends, 'TIME_FORMAT')}"


def days_of(event: Event) -> str:
    """Return its days as people say them: "donderdag 17 december", or from and until."""
    first = spoken_day(event.starts_on)
    if event.ends_on == event.starts_on:
        return first
    return _("%(first)s until %(last)s") % {"first": first, "last": spoken_day(event.ends_on)}


def when_of(event: Event) -> str:
    """Return days and hours in one line."""
    return ", ".join(part for part in (days_of(event), hours_of(event)) if part)


def changed_sentence(event: Event) -> str:
    """Return what changed last: the new day and hours, the new place, or that something else did."""
    parts = []
    if {"starts_on", "ends_on", "starts", "ends"} & set(event.changed):
        parts.append(_("New moment: %(when)s.") % {"when": when_of(event)})
    if "place" in event.changed:
        parts.append(_("New place: %(place)s.") % {"place": event.place or "–"})
    if "back" in event.changed:
        parts.append(_("It goes on after all."))
    if not parts and event.changed:
        parts.append(_("What is told about it has changed."))
    return " ".join(parts)
