"""Chapter 2: practical messages (F1 to F3, A1, A2, S6, S7, S15)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kring.agreements.clauses.clause import Block, Clause, Say, capital, in_words, kinds, weekday, who


def _functional(say: Say) -> list[Block]:
    practical = say.policy.functional_kinds
    names = {
        "homework": _("homework, and the planning of talks and book presentations"),
        "goals": _("learning goals; in groups 1 and 2 the compulsory tasks and new themes"),
        "outing": _("information about outings"),
        "bring": _("things to bring to school"),
        "staff": _("absence and replacement of teachers"),
        "kwink": _("Kwink of the week"),
    }
    found: list[Block] = []
    if practical.kinds:
        found += [
            _(
                "Besides group posts there are practical messages. They are about [a day that is still to come] and do "
                "not count for the number of group posts. They are about:"
            ),
            tuple(f"[{names[kind]}]" for kind in practical.kinds),
        ]
    else:
        found.append(_("We send [no practical messages] besides group posts."))
    found.append(
        _("An announcement is for a reminder, a request for help or news. It is written by [%(who)s].")
        % {"who": who(practical.announcement_by, say.policy, last="or")}
    )
    return found


def _kwink(say: Say) -> list[Block]:
    kwink = say.policy.kwink
    whom = (
        _("Kwink of the week is for [the whole school].")
        if kwink.whole_school
        else _("Kwink of the week is sent [per group].")
    )
    if say.may("kwink.weekday"):
        return [f"{whom} " + _("It comes out on [%(weekday)s].") % {"weekday": weekday(kwink.weekday)}]
    return [f"{whom} " + _("It comes out every week.")]


def _lead_time(say: Say) -> list[Block]:
    lead = say.policy.lead_time
    if not lead.number:
        return [_("For things to bring there is [no fixed time] in advance. We ask as early as we can.")]
    if lead.unit == "school":
        text = ngettext(
            "We ask for things to bring [at least %(number)s school day in advance].",
            "We ask for things to bring [at least %(number)s school days in advance].",
            lead.number,
        )
    else:
        text = ngettext(
            "We ask for things to bring [at least %(number)s day in advance].",
            "We ask for things to bring [at least %(number)s days in advance].",
            lead.number,
        )
    evening = _("So no parent sees it too late. The evening before it stands under Tomorrow.")
    return [f"{text % {'number': in_words(lead.number)}} {evening}"]


def _year(say: Say) -> list[Block]:
    planning = say.policy.year_planning
    text = (
        _("We put as much as we can in the calendar [at the start of the school year].")
        if planning.on
        else _("The calendar is [filled in during the year].")
    )
    if not say.may("year_planning.feed_details"):
        return [text]
    own = (
        _("You can also have it in the calendar of your own phone, [with explanations and appointments].")
        if planning.feed_details
        else _("You can also have it in the calendar of your own phone: [only what, when and where].")
    )
    return [f"{text} {own}"]


def _reminder(say: Say) -> list[Block]:
    if not say.may("reminder.weeks"):
        return [_("A few weeks before an important activity we send an announcement as a reminder.")]
    text = ngettext(
        "[%(number)s week] before an important activity we send an announcement as a reminder.",
        "[%(number)s weeks] before an important activity we send an announcement as a reminder.",
        say.policy.reminder.weeks,
    )
    return [capital(text % {"number": in_words(say.policy.reminder.weeks)})]


def _emphasis(say: Say) -> list[Block]:
    chosen = say.policy.emphasis.kinds
    if not chosen:
        return [_("[No] message goes out with emphasis.")]
    return [_("With emphasis, as a notification and by mail, go [%(kinds)s].") % {"kinds": kinds(chosen)}]


def _digest(say: Say) -> list[Block]:
    text = {
        "weekly": _(
            "Whoever gets messages on a device also gets [one overview a week] by mail of what was not read; it leads "
            "to everything of that week."
        ),
        "daily": _("Whoever gets messages on a device also gets [one overview a day] by mail of what was not read."),
        "none": _("Whoever gets messages on a device gets [no overview] by mail."),
    }
    others = _("Without such a device every message comes by mail. Everybody can choose something else.")
    return [f"{text[say.policy.digest.default]} {others}"]


def _newsletter(say: Say) -> list[Block]:
    if say.policy.newsletter.on:
        return [_("The newsletter comes [as a message with an attachment, and by mail] to everybody.")]
    return [_("The newsletter is [not sent through Kring].")]


CLAUSES = (
    Clause(
        "F1", "practical", gettext_lazy("What is coming"),
        ("functional_kinds.kinds", "functional_kinds.announcement_by"),
        "both", gettext_lazy("Parents see it under Tomorrow and This week"), _functional,
    ),
    Clause(
        "F2", "practical", gettext_lazy("Kwink of the week"), ("kwink.whole_school", "kwink.weekday"), "both",
        gettext_lazy("Acts on the Kwink series of the year"), _kwink,
    ),
    Clause(
        "F3", "practical", gettext_lazy("Things to bring"), ("lead_time.number", "lead_time.unit"), "team",
        gettext_lazy("Gives a tip while writing"), _lead_time,
    ),
    Clause(
        "A1", "practical", gettext_lazy("The calendar of the year"),
        ("year_planning.on", "year_planning.feed_details"), "both", gettext_lazy("Acts in the calendar"), _year,
    ),
    Clause(
        "A2", "practical", gettext_lazy("Important activities"), ("reminder.weeks",), "team",
        gettext_lazy("Prepares a reminder"), _reminder,
    ),
    Clause(
        "S6", "practical", gettext_lazy("With emphasis"), ("emphasis.kinds",), "both",
        gettext_lazy("Acts on notifications and mail"), _emphasis,
    ),
    Clause(
        "S7", "practical", gettext_lazy("An overview by mail"), ("digest.default",), "parents",
        gettext_lazy("Acts on mail"), _digest,
    ),
    Clause(
        "S15", "practical", gettext_lazy("The newsletter"), ("newsletter.on",), "both",
        gettext_lazy("Acts on messages to the whole school"), _newsletter,
    ),
)  # fmt: skip
