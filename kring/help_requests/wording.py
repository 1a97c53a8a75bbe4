"""What people read when something is not right with a request, a reply or a mail."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kring.core.access import Refused
from kring.help_requests.rules import MAX_RESPONDERS, MAX_TEXT, Fault

_SENTENCES: dict[Fault, Promise] = {
    Fault.NO_TITLE: _("Say in a few words what you ask help for."),
    Fault.NO_TEXT: _("Write what you ask: what is needed, when, and where."),
    Fault.LONG: _("This is longer than %(most)s signs. A short request is read by more people."),
    Fault.DAY_PAST: _("This day has passed. Choose a day that is still coming."),
    Fault.DAY_FAR: _("This day is more than a year away. Choose one that is nearer."),
    Fault.HOURS: _("The end comes before the start."),
    Fault.HOURS_WITHOUT_DAY: _("Choose the day as well as the hours."),
    Fault.SAME_TASK: _("Two tasks have the same name. Give each its own."),
    Fault.TASK_WITHOUT_NAME: _("Give each task a name, so that people know what they choose."),
    Fault.NO_RESPONDER: _("Choose who gets the replies."),
    Fault.MANY_RESPONDERS: _("At most %(people)s people can get the replies."),
}


def fault_sentence(fault: Fault) -> str:
    """Return the sentence for a fault."""
    return str(_SENTENCES[fault]) % {"most": MAX_TEXT, "people": MAX_RESPONDERS}


def refuse(fault: Fault | None) -> None:
    """Raise Refused with the sentence of `fault`, if there is one."""
    if fault is not None:
        raise Refused(fault_sentence(fault))
