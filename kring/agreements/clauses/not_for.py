"""Chapter 3: what the app is not for (N1 to N4, S9, S10)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kring.agreements.clauses.clause import Block, Clause, Say, capital, hour, in_words, own, teacher, teachers, who


def _sensitive(say: Say) -> list[Block]:
    about = _(
        "About progress, results, behaviour or particulars of a child we are [reticent] in Kring. Written words can "
        "come across differently from how they were meant."
    )
    if not say.policy.sensitive_topics.hint:
        about = _(
            "About progress, results, behaviour or particulars of a child we [may write] in Kring. Written words can "
            "come across differently from how they were meant."
        )
    choice = _(
        "%(teachers)s decide what fits and what does not. Is talking better? Then we gladly make an appointment."
    )
    return [about, choice % {"teachers": capital(teachers(say.policy))}]


def _sick(say: Say) -> list[Block]:
    values = {"until": hour(say.policy.sick_and_late.until), "phone": own(say.policy.sick_phone)}
    if say.policy.sick_and_late.way == "app":
        return [_("Is your child ill or late? Report it [in Kring, before %(until)s].") % values]
    if values["phone"]:
        call = _("Is your child ill? Report it [by phone, before %(until)s], on {{%(phone)s}}.") % values
    else:
        call = _("Is your child ill? Report it [by phone, before %(until)s].") % values
    return [f"{call} " + _("Being late is reported by phone too. A message in Kring is not enough.")]


def _sick_in_app(say: Say) -> list[Block]:
    if say.policy.sick_and_late.way != "app":
        return [_("At our school that is [not possible]: we like to hear you by phone.")]
    sick = say.policy.sick_in_app
    goes = _("A report goes to [%(who)s].") % {"who": who(sick.receivers, say.policy)}
    still = (
        _("The next morning we ask whether your child is [still ill].")
        if sick.still_ill
        else _("You report [each day again].")
    )
    return [f"{goes} {still}"]


def _visit(say: Say) -> list[Block]:
    if say.policy.medical_visit.in_app:
        text = _(
            "A planned visit to a doctor, dentist or other medical institution may be reported [in Kring] to "
            "%(teacher)s. Preferably as soon as you know."
        )
    else:
        text = _(
            "A planned visit to a doctor, dentist or other medical institution is reported [by phone], as soon as you "
            "know."
        )
    return [text % {"teacher": teacher(say.policy)}]


def _leave(say: Say) -> list[Block]:
    need = _("For leave from school you need permission of the management.")
    if say.policy.leave.way == "app":
        return [f"{need} " + _("You ask for it [in Kring].")]
    how = _("That goes [with the form] and not through Kring.")
    if say.policy.leave.form_url:
        where = _("You get the form at school or here: {{%(url)s}}.") % {"url": own(say.policy.leave.form_url)}
    else:
        where = _("You get the form at school or find it on our website.")
    return [f"{need} {how} {where}"]


def _leave_in_app(say: Say) -> list[Block]:
    if say.policy.leave.way != "app":
        return [_("At our school that is [not possible]: use the form.")]
    text = _("Only the management reads a request for leave.")
    if say.may("leave_in_app.working_days"):
        days = ngettext(
            "It decides within [%(number)s working day].",
            "It decides within [%(number)s working days].",
            say.policy.leave_in_app.working_days,
        )
        text = f"{text} " + days % {"number": in_words(say.policy.leave_in_app.working_days)}
    return [text]


CLAUSES = (
    Clause(
        "N1", "not_for", gettext_lazy("How your child is doing"), ("sensitive_topics.hint",), "both",
        gettext_lazy("Gives a tip while writing"), _sensitive,
    ),
    Clause(
        "N2", "not_for", gettext_lazy("Ill or late"),
        ("sick_and_late.way", "sick_and_late.until", "sick_and_late.phone"), "parents",
        gettext_lazy("Acts under Arrange"), _sick,
    ),
    Clause(
        "S9", "not_for", gettext_lazy("Reporting illness in Kring"), ("sick_in_app.still_ill", "sick_in_app.receivers"),
        "parents", gettext_lazy("Acts under Arrange, if reports go through Kring"), _sick_in_app,
    ),
    Clause(
        "N3", "not_for", gettext_lazy("Doctor or dentist"), ("medical_visit.in_app",), "parents",
        gettext_lazy("Acts under Arrange"), _visit,
    ),
    Clause(
        "N4", "not_for", gettext_lazy("Leave"), ("leave.way", "leave.form_url"), "parents",
        gettext_lazy("Acts under Arrange"), _leave,
    ),
    Clause(
        "S10", "not_for", gettext_lazy("Asking for leave in Kring"), ("leave_in_app.working_days",), "parents",
        gettext_lazy("Acts under Arrange, if leave goes through Kring"), _leave_in_app,
    ),
)  # fmt: skip
