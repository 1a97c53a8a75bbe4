"""The one hint beside what somebody is typing: its words, where they lead, and the better way (N1, N2, N4)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from kring.agreements.current import agreement_url
from kring.agreements.policy import Policy
from kring.conversations.rules.sensitive import hint_for
from kring.school.models import School


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint as the page shows it. `call` is a telephone number, `link` an address with the words on its button."""

    icon: str
    bold: str
    sentence: str
    why: str
    proposes: bool = False
    call: str = ""
    link: str = ""
    link_words: str = ""

    @property
    def link_icon(self) -> str:
        """Return the icon of the link: an arrow within Kring."""
        return "arrow-right" if self.link.startswith("/") else "external-link"

    @property
    def dial(self) -> str:
        """Return the number as a telephone dials it."""
        return "".join(sign for sign in self.call if sign.isdigit() or sign == "+")


def hint_on(text: str, *, school: School, policy: Policy, from_family: bool) -> Hint | None:
    """Return the hint for what is being written, or None. Nothing of the text is kept."""
    advice = hint_for(text, policy, from_family=from_family)
    if advice is None:
        return None
    why = agreement_url(school, advice.clause)
    if advice.code in ("sick", "late"):
        return _sick(advice.code, policy, why)
    if advice.code == "leave":
        return _leave(policy, why)
    bold = _("You may prefer to talk about this.") if from_family else _("This may be better said than written.")
    return Hint("messages-square", bold, _("Written words can come across differently."), why, proposes=True)


def _sick(code: str, policy: Policy, why: str) -> Hint:
    bold = _("Is your child ill?") if code == "sick" else _("Is your child late?")
    if policy.sick_and_late.way == "app":
        sentence = _("Report it under Arrange, then everybody who must know does.")
        return Hint("thermometer", bold, sentence, why, link=reverse("absences:report"), link_words=_("Report it"))
    until = time_format(policy.sick_and_late.until, "TIME_FORMAT")
    sentence = _("Call the school before %(time)s. A message here may be read too late.") % {"time": until}
    return Hint("thermometer", bold, sentence, why, call=policy.sick_phone)


def _leave(policy: Policy, why: str) -> Hint:
    bold = _("Do you ask for leave?")
    if policy.leave.way == "app":
        sentence = _("Ask for it under Arrange: the management decides.")
        return Hint("calendar-days", bold, sentence, why, link=reverse("absences:leave"), link_words=_("Ask for leave"))
    sentence = _("That goes with the form of the school, because the management decides.")
    words = _("To the form") if policy.leave.form_url else ""
    return Hint("calendar-days", bold, sentence, why, link=policy.leave.form_url, link_words=words)
