"""Chapter 4: parents among each other (P1 to P4, S11, S5)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kring.agreements.clauses.clause import Block, Clause, Say, capital, listed, month, own, teachers, who
from kring.agreements.clauses.labels import PURPOSE_NAMES


def _messages(say: Say) -> list[Block]:
    if not say.policy.parent_messages.on:
        return [_("Parents [cannot send each other messages] in Kring.")]
    return [
        _(
            "Parents can send each other a message [within a group], without seeing each other's phone number or mail "
            "address. The school may not share lists with those."
        ),
        _("Choose your subject and words with care. Some things are better said in person."),
    ]


def _directory(say: Say) -> list[Block]:
    sees = {
        "names_and_children": _("Parents of a group see [each other's names and children]."),
        "names": _("Parents of a group see [each other's names]."),
        "nobody": _("Parents of a group [do not see each other] in Kring."),
    }[say.policy.directory.sees if say.policy.parent_messages.on else "nobody"]  # without messages no directory (P1)
    if not say.may("group_conversations.opened_by"):
        return [sees]
    opens = _("A group conversation is opened by [%(who)s].")
    return [f"{sees} " + opens % {"who": who(say.policy.group_conversations.opened_by, say.policy, last="or")}]


def _conversations(say: Say) -> list[Block]:
    conversations = say.policy.group_conversations
    if not conversations.on:
        return [_("We have [no group conversations] in Kring.")]
    text = _(
        "[Group conversations] are for a short question and short reactions, for example about help with a lesson. "
        "Private matters do not belong in them."
    )
    if say.may("group_conversations.closes_after_days"):
        closes = ngettext(
            "After [%(days)s day] a conversation closes by itself.",
            "After [%(days)s days] a conversation closes by itself.",
            conversations.closes_after_days,
        )
        text = f"{text} " + closes % {"days": conversations.closes_after_days}
    return [text]


def _photos(say: Say) -> list[Block]:
    if say.policy.parent_photos.allowed:
        return [_("Parents [may share photos] of activities in a group conversation. Think of each other's privacy.")]
    return [
        _(
            "Parents [may not share photos] of activities in a group conversation. That is because of privacy: you do "
            "not know which children may be shown."
        )
    ]


def _readers(say: Say) -> list[Block]:
    readers = say.policy.consent_readers.roles
    values = {"teachers": teachers(say.policy)}
    if not readers:
        text = _("Which children of a group may be shown in a photo is known [only to %(teachers)s of that group].")
        return [text % values]
    text = _("Which children of a group may be shown in a photo is known to [%(who)s].")
    group_team = _("%(teachers)s of that group") % values
    return [text % {"who": listed([group_team, *(who([role], say.policy) for role in readers)])}]


def _purposes(say: Say) -> list[Block]:
    consent = say.policy.consent_purposes
    if not consent.purposes:
        return [_("We [do not use] photos of children, so we ask no consent.")]
    texts = dict(consent.texts)
    items = []
    for purpose in consent.purposes:
        text = f": {own(texts[purpose])}" if purpose in texts else ""
        items.append(f"[{PURPOSE_NAMES[purpose]}]{text}")
    when = (
        _("You can change your answer [at any time].")
        if consent.window == "always"
        else _("You can change your answer [in %(month)s]; withdrawing it is always possible.")
    )
    ask = _("Each year in [%(month)s] we ask again.")
    values = {"month": month(consent.renewal_month)}
    return [_("We ask consent for photos, for each child, for:"), tuple(items), capital(f"{when} {ask}" % values)]


CLAUSES = (
    Clause(
        "P1", "parents", gettext_lazy("Sending each other a message"), ("parent_messages.on",), "parents",
        gettext_lazy("Acts in Conversations"), _messages,
    ),
    Clause(
        "S11", "parents", gettext_lazy("Who sees whom"), ("directory.sees", "group_conversations.opened_by"), "parents",
        gettext_lazy("Acts in Conversations"), _directory,
    ),
    Clause(
        "P2", "parents", gettext_lazy("Group conversations"),
        ("group_conversations.on", "group_conversations.closes_after_days"), "parents",
        gettext_lazy("Acts in Conversations"), _conversations,
    ),
    Clause(
        "P3", "parents", gettext_lazy("Photos by parents"), ("parent_photos.allowed",), "parents",
        gettext_lazy("Is stopped, with the reason"), _photos,
    ),
    Clause(
        "P4", "parents", gettext_lazy("Who knows which children may be shown"),
        ("consent_readers.office", "consent_readers.management"), "both",
        gettext_lazy("Acts when photos are chosen"), _readers,
    ),
    Clause(
        "S5", "parents", gettext_lazy("Consent for photos"),
        ("consent_purposes.purposes", "consent_purposes.texts", "consent_purposes.window",
         "consent_purposes.renewal_month"), "parents",
        gettext_lazy("Acts where parents give consent"), _purposes,
    ),
)  # fmt: skip
