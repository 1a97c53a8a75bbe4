"""Chapters 6 and 7: helping at school (O1, O2) and planning conversations (C1 to C3)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kring.agreements.clauses.clause import Block, Clause, Say, capital, in_words, listed, own, teacher
from kring.agreements.clauses.labels import CONVERSATION_NAMES


def _readers(is_named: bool, everybody: str) -> str:
    if is_named:
        return _("Only [who is named there] reads your reply.")
    return _("Besides them, [%(everybody)s] can read your reply.") % {"everybody": everybody}


def _council(say: Say) -> list[Block]:
    way = say.policy.council_requests.way
    named = _("The message says to which council parents you reply. They handle the replies. Keep a reply short.")
    if say.may("council_requests.read_by"):
        named += " " + _readers(say.policy.council_requests.read_by == "named", _("the whole parent council"))
    if way == "off":
        return [_("Requests for help by the parent council [do not go through Kring].")]
    if way == "itself":
        return [_("The parent council places a request for help [itself].") + f" {named}"]
    if way == "management":
        return [_("The parent council hands text and documents to [the management], which places it.") + f" {named}"]
    text = _("The parent council hands text and documents to [the office], which places the request for help.")
    email = own(say.policy.school_contact.email)
    if email:
        text = _(
            "The parent council hands text and documents to [the office] ({{%(email)s}}), which places the request for "
            "help."
        ) % {"email": email}
    return [f"{text} {named}"]


def _class_parent(say: Say) -> list[Block]:
    way = say.policy.class_parent_requests.way
    named = _("The message says to which class parents you reply. They handle the replies.")
    if say.may("class_parent_requests.read_by"):
        named += " " + _readers(
            say.policy.class_parent_requests.read_by == "named", _("all class parents of the group")
        )
    if way == "off":
        return [_("Requests for help by class parents [do not go through Kring].")]
    if way == "itself":
        return [_("A class parent places a request for help [in a group conversation].") + f" {named}"]
    text = _(
        "A class parent hands text and documents to [%(teacher)s], who places the request for help in a group "
        "conversation."
    )
    return [f"{text % {'teacher': teacher(say.policy)}} {named}"]


def _kinds(say: Say) -> list[Block]:
    chosen = say.policy.conversation_kinds.kinds
    if not chosen:
        return [_("We plan [no conversations] in Kring.")]
    text = _("[%(kinds)s] are planned in Kring. The weeks stand in the calendar at the start of the school year.")
    return [capital(text % {"kinds": listed(CONVERSATION_NAMES[kind] for kind in chosen)})]


def _opening(say: Say) -> list[Block]:
    booking = say.policy.booking_opening
    opens = (
        _("You get a message when the planning opens, [for all teachers at the same moment].")
        if booking.all_at_once
        else _("You get a message when the planning opens, [for each teacher separately].")
    )
    if booking.chosen_by == "school":
        return [f"{opens} " + _("You say when you can come, then [the school] chooses a time for you.")]
    change = (
        _("Until the planning closes you can [still change it].")
        if booking.change_until_closing
        else _("Changing it afterwards goes [through the school].")
    )
    return [f"{opens} " + _("You choose a time [yourself].") + f" {change}"]


def _siblings(say: Say) -> list[Block]:
    priority = say.policy.sibling_priority
    if not priority.days:
        return [_("The planning opens [for everybody at the same moment], also for families with several children.")]
    values = {"days": in_words(priority.days), "children": in_words(priority.children)}
    text = ngettext(
        "Do you have [%(children)s or more children] at our school? Then you choose [%(days)s day earlier], so that "
        "your conversations can follow each other.",
        "Do you have [%(children)s or more children] at our school? Then you choose [%(days)s days earlier], so that "
        "your conversations can follow each other.",
        priority.days,
    )
    text %= values
    if say.may("sibling_priority.gap_minutes") and not priority.gap_minutes:
        return [f"{text} " + _("There is [no time] between them.")]
    if say.may("sibling_priority.gap_minutes"):
        gap = ngettext(
            "We keep [%(number)s minute] between them.",
            "We keep [%(number)s minutes] between them.",
            priority.gap_minutes,
        )
        text = f"{text} " + gap % {"number": in_words(priority.gap_minutes)}
    return [text]


CLAUSES = (
    Clause(
        "O1", "helping", gettext_lazy("The parent council"), ("council_requests.way", "council_requests.read_by"),
        "parents", gettext_lazy("Acts on requests for help"), _council,
    ),
    Clause(
        "O2", "helping", gettext_lazy("The class parents"),
        ("class_parent_requests.way", "class_parent_requests.read_by"), "parents",
        gettext_lazy("Acts on requests for help"), _class_parent,
    ),
    Clause(
        "C1", "conversations", gettext_lazy("Which conversations"), ("conversation_kinds.kinds",), "both",
        gettext_lazy("Acts in the calendar"), _kinds, is_capability_later=True,
    ),
    Clause(
        "C2", "conversations", gettext_lazy("Choosing a time"),
        ("booking_opening.all_at_once", "booking_opening.chosen_by", "booking_opening.change_until_closing"), "parents",
        gettext_lazy("Acts while planning"), _opening,
    ),
    Clause(
        "C3", "conversations", gettext_lazy("Several children at school"),
        ("sibling_priority.days", "sibling_priority.children", "sibling_priority.gap_minutes"), "parents",
        gettext_lazy("Acts while planning"), _siblings,
    ),
)  # fmt: skip
