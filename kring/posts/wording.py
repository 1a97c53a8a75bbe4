"""The sentences of the advice: what `rules` found, said in one line, with the better way as a button."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kring.agreements.current import agreement_url
from kring.agreements.policy import Advice
from kring.agreements.values import WeeklyGuideline
from kring.core.templatetags.kring import spoken_day
from kring.posts.rules import Week, needs_reminder
from kring.school.models import School


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint beside a field: a bold beginning, a sentence, buttons (value of `action`, words) and "why?"."""

    code: str
    field: str
    css: str
    icon: str
    bold: str
    sentence: str
    buttons: tuple[tuple[str, str], ...] = ()
    why: str = ""
    link: str = ""


_LOOKS = {"inform": ("", "info"), "advise": ("hint--advice", "clock"), "refuse": ("hint--refusal", "ban")}


def hints_from(found: Iterable[Advice], *, school: School) -> list[Hint]:
    """Return the advice in words, each with the way to its paragraph."""
    hints = []
    for advice in found:
        css, icon = _LOOKS[advice.severity]
        bold, sentence, buttons = _say(advice)
        why = agreement_url(school, advice.clause) if advice.clause else ""
        link = reverse("posts:read", args=[advice.values["public_id"]]) if advice.code == "similar" else ""
        hints.append(Hint(advice.code, advice.values["field"], css, icon, bold, sentence, buttons, why, link))
    return hints


def _move(day: date) -> tuple[str, str]:
    return f"move:{day.isoformat()}", _("Make it %(day)s") % {"day": date_format(day, "l j F")}


def _that_is(day: date) -> str:
    return _("That is %(day)s.") % {"day": spoken_day(day)}


def _say(advice: Advice) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    value = advice.values
    if advice.code in ("lead_time", "lead_time_emphasis"):
        school_days = value["unit"] == "school"
        number = value["number"]
        days = (
            ngettext("%(n)d school day", "%(n)d school days", number)
            if school_days
            else ngettext("%(n)d day", "%(n)d days", number)
        ) % {"n": number}
        if advice.code == "lead_time_emphasis":
            return _that_is(value["day"]), _("It goes out with emphasis, so that families see it in time."), ()
        sentence = _("We rather ask for things %(days)s ahead, so that everybody sees it in time.") % {"days": days}
        return _that_is(value["day"]), sentence, (_move(value["better"]), ("emphasis", _("This day, with emphasis")))
    if advice.code == "past":
        return _("That has passed."), _("Families see this in their week, so choose a day that is still coming."), ()
    if advice.code == "holiday":
        sentence = _("It is %(holiday)s; choose another day if you meant one.") % {"holiday": value["holiday"]}
        return _("No school on %(day)s.") % {"day": spoken_day(value["day"])}, sentence, (_move(value["better"]),)
    if advice.code == "weekend":
        sentence = _("It is in the weekend; choose another day if you meant one.")
        return _("No school on %(day)s.") % {"day": spoken_day(value["day"])}, sentence, (_move(value["better"]),)
    if advice.code == "kwink_for_all":
        return (
            _("Kwink is for all groups."),
            _("As a rule it goes to the whole school."),
            (("whole_school", _("To the whole school")),),
        )
    if advice.code == "photos_wide":
        return _("Not every photo can go along."), value["sentence"], ()
    if advice.code == "photo":
        return _("A photo says a lot."), _("A group post is preferably with a photo; without one is fine too."), ()
    if advice.code == "anonymous":
        sentence = _("Look once more: can anybody see on the work whose it is? Then choose another photo.")
        return _("No names on the work?"), sentence, ()
    sentence = _('"%(title)s" of %(day)s looks much like it.') % {
        "title": value["title"],
        "day": spoken_day(value["day"]),
    }
    return _("Already told?"), sentence, ()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The line with the dots of one group."""

    dots: list[str]
    sentence: str
    count: str


def rhythm_of(group_name: str, week: Week, *, guideline: WeeklyGuideline, today: date | None = None) -> Rhythm | None:
    """Say how many group posts the group has this week (G1): never a score, a third is welcome.

    With `today` also the friendly reminder from Thursday on, where the agreement has it (S13).
    """
    mode = guideline.mode
    if mode == "none" or not week.wanted:
        return None
    words = {"group": group_name, "count": week.count, "wanted": week.wanted}
    if week.is_free:
        sentence = _("%(group)s has no school this week, so nothing is expected.") % words
    elif mode == "minimum":
        sentence = _("%(group)s this week: %(count)d, at least %(wanted)d.") % words
    elif week.count <= week.wanted:
        sentence = _("%(group)s this week: %(count)d of %(wanted)d.") % words
    else:
        sentence = _("%(group)s this week: %(count)d, fine too.") % words
    if today is not None and guideline.thursday_hint and needs_reminder(week, today=today):
        sentence += " " + _("A photo and a few lines make parents happy before the weekend.")
    return Rhythm(list(week.dots), sentence, _("%(count)d of %(wanted)d") % words)


def moment_words(moment: datetime, *, school: School) -> str:
    """Say a moment in the school's zone: "tomorrow at 8.00"."""
    local = moment.astimezone(school.zone)
    return _("%(day)s at %(time)s") % {"day": spoken_day(local.date()), "time": date_format(local, "TIME_FORMAT")}
