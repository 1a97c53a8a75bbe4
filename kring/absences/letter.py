"""The letter with a decision about leave, as a PDF in the school's own words. Made when it is asked for, never kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kring.absences.models import LeaveRequest
from kring.absences.rules import LeaveState
from kring.agreements.policy import Policy

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = Path(settings.BASE_DIR) / "kring/core/static/fonts"
FACE = "atkinson-hyperlegible-next-{}-{}-normal.woff2"
MARGIN, LINE = 25, 6.5  # millimetres


def letter_of(request: LeaveRequest, *, policy: Policy) -> bytes:
    """Return the PDF of a decided request, in Dutch: the language of the school's letters.

    `policy` gives the address to reply to. The request brings its child, school and the adults along.
    """
    with translation.override("nl"):
        return _written(request, policy)


def _written(request: LeaveRequest, policy: Policy) -> bytes:
    school, granted = request.school, request.state == LeaveState.GRANTED
    decided = request.decided_at.astimezone(school.zone).date() if request.decided_at else request.decide_by
    page = _blank(school.name, _("Decision about leave"))
    page.set_font("kring", "B", 15)
    page.multi_cell(0, LINE, f"{school.kind} {school.name}".strip(), new_x="LMARGIN", new_y="NEXT")
    page.set_font("kring", "", 11)
    if school.city:
        page.multi_cell(0, LINE, school.city, new_x="LMARGIN", new_y="NEXT")
    page.ln(LINE * 2)
    asked_by = (
        request.asked_by.name if request.asked_by else _("the parents of %(child)s") % {"child": request.child.name}
    )
    for line in (_("To: %(name)s") % {"name": asked_by}, date_format(decided, "j F Y")):
        page.multi_cell(0, LINE, line, new_x="LMARGIN", new_y="NEXT")
    page.ln(LINE)
    page.set_font("kring", "B", 13)
    title = _("Leave granted") if granted else _("Leave not granted")
    page.multi_cell(0, LINE, title, new_x="LMARGIN", new_y="NEXT")
    page.set_font("kring", "", 11)
    page.ln(LINE / 2)
    for text in _paragraphs(request, policy, granted=granted):
        page.multi_cell(0, LINE, text, new_x="LMARGIN", new_y="NEXT", align="L")
        page.ln(LINE / 2)
    page.ln(LINE)
    if request.decided_by:
        page.multi_cell(0, LINE, request.decided_by.name, new_x="LMARGIN", new_y="NEXT")
    page.multi_cell(0, LINE, _("on behalf of the management of %(school)s") % {"school": school.name})
    return bytes(page.output())


def _paragraphs(request: LeaveRequest, policy: Policy, *, granted: bool) -> list[str]:
    asked = request.asked_at.astimezone(request.school.zone).date()
    values = {
        "asked": date_format(asked, "j F Y"),
        "child": request.child.name,
        "first": date_format(request.first_day, "l j F Y"),
        "last": date_format(request.last_day, "l j F Y"),
        "kind": request.get_kind_display().lower(),
    }
    if request.first_day == request.last_day:
        what = _("On %(asked)s you asked for leave for %(child)s, on %(first)s (%(kind)s).") % values
    else:
        what = (
            _("On %(asked)s you asked for leave for %(child)s, from %(first)s to %(last)s included (%(kind)s).")
            % values
        )
    answer = _("The leave is granted for these days.") if granted else _("The leave is not granted.")
    found = [what, answer]
    if request.decision:
        found.append(_("Reason: %(reason)s") % {"reason": request.decision})
    reach = policy.school_contact.management_email or policy.school_contact.phone
    if reach:
        found.append(
            _("Do you have a question about this decision? You reach the management at %(reach)s.") % {"reach": reach}
        )
    else:
        found.append(_("Do you have a question about this decision? Ask the management."))
    return found


def _blank(author: str, title: str) -> FPDF:
    from fpdf import FPDF  # with its fonts it weighs 30 MB: only the process that writes a letter pays for it

    page = FPDF(format="A4")
    page.set_margins(MARGIN, MARGIN, MARGIN)
    page.set_auto_page_break(True, margin=MARGIN)
    page.set_title(title)
    page.set_author(author)
    page.set_lang("nl-NL")
    for style, weight in (("", "400"), ("B", "700")):
        page.add_font("kring", style, FONTS / FACE.format("latin", weight))
        page.add_font("kring-ext", style, FONTS / FACE.format("latin-ext", weight))
    page.set_fallback_fonts(["kring-ext"], exact_match=False)
    page.add_page()
    return page
