"""Chapter 1: messages from the group (G1, S13, G2, G3, S1, S2, S3, S4)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kring.agreements.clauses.clause import Block, Clause, Say, capital, in_words, kinds, listed, month, teachers, who
from kring.agreements.policy import POST_KINDS


def _group_posts(say: Say) -> list[Block]:
    guideline = say.policy.weekly_guideline
    values = {
        "number": in_words(guideline.number),
        "more": in_words(guideline.number + 1),
        "fewer": in_words(guideline.number - 1),
    }
    what = _(
        "A group post is an impression of a lesson, an activity, an outing or a special event, with or without a photo."
    )
    if guideline.mode == "none":
        often = _("A group posts [when there is something to tell].")
        return [f"{often} {what}"]
    if guideline.mode == "minimum":
        often = ngettext(
            "Each group posts [at least %(number)s group post a week].",
            "Each group posts [at least %(number)s group posts a week].",
            guideline.number,
        )
        return [f"{often % values} {what}"]
    often = ngettext(
        "Each group posts about [%(number)s group post a week].",
        "Each group posts about [%(number)s group posts a week].",
        guideline.number,
    )
    room = _("Does something happen that parents should not miss? Then %(more)s is fine. So is a week with %(fewer)s.")
    return [f"{often % values} {what}", room % values]


def _guideline(say: Say) -> list[Block]:
    guideline = say.policy.weekly_guideline
    holidays = _("In a holiday week nothing is expected.")
    if guideline.mode == "none":
        return [_("We have agreed on [no number]. %(holidays)s") % {"holidays": holidays}]
    if guideline.mode == "minimum":
        text = _("The number is [the least] that parents may count on. %(holidays)s")
    else:
        text = _("The number is [something to aim at], not a duty. %(holidays)s")
    hint = (
        _("On Thursday a group without a post gets [a friendly reminder].")
        if guideline.thursday_hint
        else _("Nobody gets a reminder.")
    )
    return [f"{text % {'holidays': holidays}} {hint}"]


def _photo(say: Say) -> list[Block]:
    if say.policy.photo_preferred.on:
        return [_("With a group post we [prefer to add a photo]: it keeps parents interested.")]
    return [_("A group post may have a photo, but it [does not need one].")]


def _work(say: Say) -> list[Block]:
    if say.policy.anonymous_work.on:
        return [_("In a photo of finished work one [cannot see who made it].")]
    return [_("In a photo of finished work [the name of the maker may be seen].")]


def _reactions(say: Say) -> list[Block]:
    reactions, found = say.policy.reactions, []
    hearts = [kind for kind in POST_KINDS if reactions.to(kind) == "heart"]
    comments = [kind for kind in POST_KINDS if reactions.to(kind) == "comments"]
    if hearts:
        found.append(_("You can give a heart to [%(kinds)s].") % {"kinds": kinds(hearts)})
    if comments:
        found.append(_("You can give a heart and a short comment to [%(kinds)s].") % {"kinds": kinds(comments)})
    if not found:
        found.append(_("Messages have [no hearts and no comments].") % {})
    wide = {
        "none": _("Messages for the whole school have [no reactions]."),
        "heart": _("Messages for the whole school can get [a heart]."),
        "comments": _("Messages for the whole school can get [a heart and comments]."),
    }
    return [" ".join([*found, wide[reactions.school_wide]])]


def _wide(say: Say) -> list[Block]:
    wide = say.policy.wide_posting
    own_group = _("%(teachers)s post to their own groups.") % {"teachers": capital(teachers(say.policy))}
    if wide.school == wide.layer == wide.other_groups:
        rest = _("To other groups, a layer or the whole school posts [%(who)s].") % {
            "who": who(wide.school, say.policy, last="or")
        }
    else:
        rest = _(
            "To the whole school posts [%(school)s], to a layer [%(layer)s], to other groups [%(other_groups)s]."
        ) % {name: who(getattr(wide, name), say.policy, last="or") for name in ("school", "layer", "other_groups")}
    council = (
        _("The parent council [may post itself], with permission of the management.")
        if wide.council_may_post
        else _("The parent council [does not post itself].")
    )
    return [f"{own_group} {rest} {council}"]


def _download(say: Say) -> list[Block]:
    download = say.policy.photo_download
    what = [text for on, text in ((download.one, _("photos one by one")), (download.albums, _("whole albums"))) if on]
    if not what:
        return [_("Photos can be looked at in Kring, but [not downloaded].")]
    keep = _("You can download [%(what)s], for your own use only.") % {"what": listed(what)}
    until = _("After [the closing date] that is no longer possible.") if download.until_closing else ""
    return [f"{keep} {until}".strip()]


def _closing(say: Say) -> list[Block]:
    closing = say.policy.closing_date
    text = _("On [%(day)s %(month)s] the groups, albums and conversations of last year close.")
    return [text % {"day": closing.day, "month": month(closing.month)}]


CLAUSES = (
    Clause(
        "G1", "posting", gettext_lazy("Group posts"), ("weekly_guideline.number",), "team",
        gettext_lazy("Teachers see a dot for each post of the week"), _group_posts,
    ),
    Clause(
        "S13", "posting", gettext_lazy("A guideline, no more"),
        ("weekly_guideline.mode", "weekly_guideline.thursday_hint"), "team",
        gettext_lazy("Decides how the dots are counted"), _guideline,
    ),
    Clause(
        "G2", "posting", gettext_lazy("Preferably with a photo"), ("photo_preferred.on",), "team",
        gettext_lazy("Gives a tip while writing"), _photo,
    ),
    Clause(
        "G3", "posting", gettext_lazy("Pupils' work"), ("anonymous_work.on",), "team",
        gettext_lazy("Acts when photos are chosen"), _work,
    ),
    Clause(
        "S1", "posting", gettext_lazy("Hearts and comments"),
        (*(f"reactions.{kind}" for kind in POST_KINDS), "reactions.school_wide"), "both",
        gettext_lazy("Stands under each message"), _reactions,
    ),
    Clause(
        "S2", "posting", gettext_lazy("Who posts to whom"),
        ("wide_posting.school", "wide_posting.layer", "wide_posting.other_groups", "wide_posting.council_may_post"),
        "team", gettext_lazy("Decides which groups a writer can choose"), _wide,
    ),
    Clause(
        "S3", "posting", gettext_lazy("Keeping photos"),
        ("photo_download.one", "photo_download.albums", "photo_download.until_closing"), "parents",
        gettext_lazy("Acts at photos and albums"), _download,
    ),
    Clause(
        "S4", "posting", gettext_lazy("The end of a school year"), ("closing_date.day", "closing_date.month"), "both",
        gettext_lazy("Acts on last year's messages and photos"), _closing,
    ),
)  # fmt: skip
