"""Regelen: what a parent wants to do, and what the agreement of the child's school says about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kring.agreements.policy import Policy
from kring.agreements.printing import sentence_of


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing to arrange: its name, in a few words how, and the sentences of the agreement that say it.

    `phone` and `form_url` are the ways that exist today; `until` is the hour before which to call.
    """

    key: str
    icon: str
    title: str
    how: str
    says: SafeString
    clause: str
    phone: str = ""
    until: time | None = None
    form_url: str = ""
    note: str = ""
    page: str = ""
    page_label: str = ""


@dataclass(frozen=True, slots=True)
class Reports:
    """Where a full guardian reports absence of the chosen child."""

    ill: str
    visit: str
    leave: str


def intents_for(
    policy: Policy,
    *,
    child: str,
    talks: str,
    reports: Reports | None = None,
    photos: Intent | None = None,
    rounds: Intent | None = None,
) -> list[Intent]:
    """Return the intents for a child called `child`, in the order of how often they are needed.

    `talks` is the address at which the team of its group is written to, `reports` are those at which a full guardian
    reports absence.

    `photos` is there for who answers about photos of this child, `rounds` while there is a round of conversations;
    see `about_photos` and `about_rounds`.
    """
    found = [
        _sick(policy, child, reports),
        _visit(policy, reports),
        _leave(policy, reports),
        _question(policy, talks),
        _appointment(policy, talks),
        _help(policy),
    ]
    return [*([rounds] if rounds else []), *found, *([photos] if photos else [])]


def about_rounds(policy: Policy, *, page: str, open_now: bool, has_time: bool, by_families: bool) -> Intent:
    """Return the way to the conversations of a round in which the child has one, or still needs one."""
    how = _("A time is planned") if has_time else _("You can choose a time") if open_now else _("Choosing opens later")
    go = _("Look and change") if has_time else _("Choose a time")
    if not by_families and not has_time:
        how, go = _("The school plans the times"), _("Say when you can come") if open_now else _("Look")
    return Intent(
        key="rounds",
        icon="calendar-clock",
        title=_("Conversations with the teacher"),
        how=how,
        says=sentence_of("C2", policy) + (sentence_of("C3", policy) if by_families else SafeString()),
        clause="C2",
        page=page,
        page_label=go,
    )


def about_photos(policy: Policy, *, child: str, page: str, waiting: int) -> Intent:
    """Return the way to consent for photos; `waiting` is how many choices are open."""
    still = ngettext("%(number)s choice is still open", "%(number)s choices are still open", waiting)
    return Intent(
        key="photos",
        icon="camera",
        title=_("May %(child)s be in photos?") % {"child": child},
        how=still % {"number": waiting} if waiting else _("You chose; you can change it"),
        says=sentence_of("S5", policy),
        clause="S5",
        page=page,
        page_label=_("Choose") if waiting else _("Look and change"),
    )


def _sick(policy: Policy, child: str, reports: Reports | None) -> Intent:
    in_app = policy.sick_and_late.way == "app" and reports is not None
    return Intent(
        key="sick",
        icon="thermometer",
        title=_("%(child)s is ill or late") % {"child": child},
        how=_("Report it here") if in_app else _("Call the school"),
        says=sentence_of("N2", policy),
        clause="N2",
        phone="" if in_app else policy.sick_phone,
        until=None if in_app else policy.sick_and_late.until,
        page=reports.ill if in_app and reports else "",
        page_label=_("Report ill or late"),
    )


def _visit(policy: Policy, reports: Reports | None) -> Intent:
    in_app = policy.medical_visit.in_app and reports is not None
    return Intent(
        key="visit",
        icon="stethoscope",
        title=_("To the doctor or dentist"),
        how=_("Report it here, as soon as you know") if in_app else _("Tell the school as soon as you know"),
        says=sentence_of("N3", policy),
        clause="N3",
        phone="" if in_app else policy.school_contact.phone,
        page=reports.visit if in_app and reports else "",
        page_label=_("Report a visit"),
    )


def _leave(policy: Policy, reports: Reports | None) -> Intent:
    in_app = policy.leave.way == "app"
    return Intent(
        key="leave",
        icon="calendar-x-2",
        title=_("Ask for leave"),
        how=_("The management decides") if in_app else _("With a form; the management decides"),
        says=sentence_of("N4", policy),
        clause="N4",
        form_url="" if in_app else policy.leave.form_url,
        phone=policy.school_contact.phone if in_app and reports is None else "",
        page=reports.leave if reports else "",
        page_label=_("Ask for leave") if in_app else _("When is leave possible?"),
    )


def _question(policy: Policy, talks: str) -> Intent:
    return Intent(
        key="question",
        icon="message-circle-question-mark",
        title=_("A question for the teacher"),
        how=_("When the team can be reached"),
        says=sentence_of("H1", policy) + sentence_of("H2", policy),
        clause="H1",
        page=talks,
        page_label=_("Write to the team"),
    )


def _appointment(policy: Policy, talks: str) -> Intent:
    return Intent(
        key="appointment",
        icon="calendar-plus",
        title=_("Make an appointment"),
        how=_("To talk, at school or on the phone"),
        says=sentence_of("N1", policy),
        clause="N1",
        phone=policy.school_contact.phone,
        page=talks,
        page_label=_("Ask the team"),
    )


def _help(policy: Policy) -> Intent:
    return Intent(
        key="help",
        icon="hand-helping",
        title=_("Help at school"),
        how=_("See where hands are needed"),
        says=sentence_of("O1", policy) + sentence_of("O2", policy),
        clause="O1",
        page=reverse("help_requests:list"),
        page_label=_("See what is asked"),
    )
