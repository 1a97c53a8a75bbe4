"""Chapter 5: being reached, and answers (H1 to H4, S12, S8, S14)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kring.agreements.clauses.clause import (
    Block,
    Clause,
    Say,
    capital,
    contact_times,
    in_words,
    own,
    teacher,
    teachers,
    who,
)


def _hours(say: Say) -> list[Block]:
    hours = say.policy.contact_hours
    values = {"times": contact_times(hours.windows), "teachers": capital(teachers(say.policy))}
    if hours.own_working_days:
        when = _("%(teachers)s can be reached in Kring [%(times)s, on their own working days].") % values
    else:
        when = _("%(teachers)s can be reached in Kring [%(times)s].") % values
    outside = _(
        "Outside these hours their notifications are off, and nobody expects them to answer or to write messages. In "
        "holidays neither."
    )
    return [f"{when} {outside}"]


def _outside(say: Say) -> list[Block]:
    hours = say.policy.contact_hours
    held = _("You may always write. A message sent at another hour [waits until the next contact time].")
    shown = _("You may always write. A message sent at another hour [arrives at once, without a notification].")
    personal = (
        _("Colleagues [may have contact times of their own]; they stand under the message box.")
        if hours.per_person
        else _("The times are [the same for all colleagues].")
    )
    return [f"{held if hours.outside == 'held' else shown} {personal}"]


def _answer(say: Say) -> list[Block]:
    answer = say.policy.expected_answer
    lessons = _("During lessons the children come first, so %(teacher)s cannot answer right away.") % {
        "teacher": teacher(say.policy)
    }
    if answer.mode == "working_days":
        text = ngettext(
            "You get an answer [within %(number)s working day].",
            "You get an answer [within %(number)s working days].",
            answer.working_days,
        ) % {"number": in_words(answer.working_days)}
    elif answer.mode == "week":
        text = _("You get an answer [within a week].")
    else:
        text = _("You get an answer [as the lessons allow].")
    return [f"{lessons} {text}"]


def _receipts(say: Say) -> list[Block]:
    if not say.policy.receipts.on:
        return [_("Kring has [no confirmation] that a message was read. You may of course write one.")]
    return [
        _('%(teachers)s and parents let each other know when it helps: [read, and "I\'ll come back to it"].')
        % {"teachers": capital(teachers(say.policy))}
    ]


def _urgent(say: Say) -> list[Block]:
    number = own(say.policy.urgent_number)
    if number:
        return [_("Is it urgent, during lessons? [Call the school]: {{%(number)s}}.") % {"number": number}]
    return [_("Is it urgent, during lessons? [Call the school].")]


def _calamity(say: Say) -> list[Block]:
    text = _("In an emergency everybody gets a message at once. It is sent by [%(who)s].")
    return [text % {"who": who(say.policy.calamity.senders, say.policy, last="or")}]


def _contact(say: Say) -> list[Block]:
    contact, items = say.policy.school_contact, []
    if contact.phone:
        items.append(_("Telephone: {{%(phone)s}}") % {"phone": own(contact.phone)})
    if contact.office_hours:
        items.append(_("The office is open: [%(hours)s]") % {"hours": own(contact.office_hours)})
    if contact.email:
        items.append(_("Mail to the office: {{%(email)s}}") % {"email": own(contact.email)})
    if contact.management_email:
        items.append(_("Mail to the management: {{%(email)s}}") % {"email": own(contact.management_email)})
    about = _("On this page we speak of [%(teacher)s].") % {"teacher": teacher(say.policy)}
    return [about, tuple(items)] if items else [about]


CLAUSES = (
    Clause(
        "H1", "reach", gettext_lazy("When you can reach us"),
        ("contact_hours.windows", "contact_hours.own_working_days"),
        "both", gettext_lazy("Stands under each message box"), _hours,
    ),
    Clause(
        "S12", "reach", gettext_lazy("Outside the contact times"),
        ("contact_hours.outside", "contact_hours.per_person"),
        "both", gettext_lazy("Decides when a message arrives"), _outside,
    ),
    Clause(
        "H2", "reach", gettext_lazy("When you get an answer"), ("expected_answer.mode", "expected_answer.working_days"),
        "both", gettext_lazy("Acts in Conversations"), _answer,
    ),
    Clause(
        "H3", "reach", gettext_lazy("Read, and coming back to it"), ("receipts.on",), "both",
        gettext_lazy("Stands under each message"), _receipts,
    ),
    Clause(
        "H4", "reach", gettext_lazy("Urgent"), ("urgent_phone.number",), "parents",
        gettext_lazy("Acts in Conversations and Arrange"), _urgent,
    ),
    Clause(
        "S8", "reach", gettext_lazy("In an emergency"), ("calamity.senders",), "team",
        gettext_lazy("Decides who may send an emergency message"), _calamity,
    ),
    Clause(
        "S14", "reach", gettext_lazy("Where to find us"),
        ("school_contact.address_form", "school_contact.phone", "school_contact.office_hours", "school_contact.email",
         "school_contact.management_email"), "parents",
        gettext_lazy("Acts under Arrange and More"), _contact,
    ),
)  # fmt: skip
