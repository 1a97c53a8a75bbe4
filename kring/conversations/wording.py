"""The sentences for what is wrong with something written or proposed."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kring.conversations.rules import MAX_MOMENTS, MAX_TEXT, Fault
from kring.conversations.rules.circle import MAX_CHOICES, MAX_LABEL, OpeningFault

SENTENCES: dict[Fault, str | Promise] = {
    Fault.EMPTY: gettext_lazy("Write something first."),
    Fault.NO_MOMENT: gettext_lazy("Choose at least one moment."),
    Fault.PAST: gettext_lazy("One of these moments has passed. Choose one that is still to come."),
    Fault.TOO_FAR: gettext_lazy("One of these moments is more than two months away. Choose one that is nearer."),
    Fault.NO_SCHOOL: gettext_lazy("There is no school on one of these days. Choose a school day."),
    Fault.TWICE: gettext_lazy("The same moment stands there twice."),
}


def fault_sentence(fault: Fault, *, length: int = 0) -> str:
    """Return the sentence for a fault, in the language of the page; `length` is that of a text that is too long."""
    if fault == Fault.TOO_LONG:
        return _("This message has %(length)s signs, and %(most)s fit. Shorten it, or send it in two messages.") % {
            "length": length,
            "most": MAX_TEXT,
        }
    if fault == Fault.TOO_MANY_MOMENTS:
        return _("Propose at most %(most)s moments.") % {"most": MAX_MOMENTS}
    return str(SENTENCES[fault])


OPENING: dict[OpeningFault, str | Promise] = {
    OpeningFault.NO_PURPOSE: gettext_lazy("Write what it is for: everybody sees that on top."),
    OpeningFault.NOT_AHEAD: gettext_lazy("This day has passed. Choose a closing day that is still to come."),
    OpeningFault.TOO_FAR: gettext_lazy("A group conversation closes within the school year. Choose an earlier day."),
    OpeningFault.ONE_CHOICE: gettext_lazy("One answer is no choice. Write two at least, or leave them all empty."),
    OpeningFault.SAME_CHOICE: gettext_lazy("The same answer stands there twice."),
}


def opening_sentence(fault: OpeningFault) -> str:
    """Return the sentence for what is wrong with a group conversation that somebody wants to open."""
    if fault == OpeningFault.TOO_MANY_CHOICES:
        return _("At most %(most)s answers fit.") % {"most": MAX_CHOICES}
    if fault == OpeningFault.LONG_CHOICE:
        return _("Keep each answer short: at most %(most)s signs.") % {"most": MAX_LABEL}
    return str(OPENING[fault])
