"""Illness and lateness as a guardian reports it, where the agreement has it (N2, S9); and what she arranged."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kring.absences import actions
from kring.absences.actions.reports import days_open
from kring.absences.arranged import arranged_of
from kring.absences.choosing import choice_of
from kring.absences.forms import ReportForm
from kring.absences.models import Absence
from kring.absences.rules import Reason
from kring.absences.views.visits import _back
from kring.agreements.printing import sentence_of
from kring.core.access import Refused
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request


@require_safe
def own(request: Request) -> HttpResponse:
    """Show what she has arranged for her children."""
    return page(request, "absences/own.html", {"arranged": arranged_of(request.viewer)})


@require_http_methods(["GET", "POST"])
def report(request: Request) -> HttpResponse:
    """Report that a child is ill or late; where the agreement says telephone, only the number and the hour."""
    viewer = request.viewer
    choice = choice_of(viewer, request.GET.get("child", ""))
    policy = choice.policy
    context: dict[str, Any] = {
        "choice": choice,
        "school": choice.school,
        "title": _("%(child)s is ill or late") % {"child": choice.child.first_name},
        "phone": policy.sick_phone,
        "until": policy.sick_and_late.until,
        "agreed": sentence_of("N2", policy),
        "why": choice.why("N2"),
        "back": reverse("home:arrange"),
        "local_now": viewer.now.astimezone(choice.school.zone),
    }
    if policy.sick_and_late.way != "app":
        return page(request, "absences/call.html", context)
    days = days_open(by=viewer, child=choice.child)
    data = request.POST if request.method == "POST" else None
    form = ReportForm(data, days=days)
    if data is not None and form.is_valid():
        try:
            actions.report_absence(
                by=viewer,
                child=choice.child,
                reason=Reason(form.cleaned_data["reason"]),
                day=form.cleaned_data["day"],
                back_at=form.cleaned_data["back_at"],
                note=form.cleaned_data["note"],
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Reported. The school knows."))
            return redirect("absences:own")
    today = choice.school.today(viewer.now)
    context |= {
        "form": form,
        "days": days,
        "is_late_for_today": today not in days,
        "still_ill": policy.sick_in_app.still_ill,
    }
    return page(request, "absences/report.html", context, status=422 if data is not None else 200)


def _absence(request: Request, public_id: str) -> Absence:
    rows = Absence.objects.visible_to(request.viewer).select_related("school", "child__school")
    return get_object_or_404(rows, public_id=public_id)


@require_POST
def still(request: Request, public_id: str) -> HttpResponse:
    """Say that the child is ill today as well."""
    row = _absence(request, public_id)
    return posted(
        request,
        lambda: actions.say_still_ill(by=request.viewer, absence=row),
        back=_back(request, reverse("absences:own")),
        done=_("Written down: still ill today."),
    )


@require_POST
def well(request: Request, public_id: str) -> HttpResponse:
    """Report the child well again."""
    row = _absence(request, public_id)
    return posted(
        request,
        lambda: actions.say_well(by=request.viewer, absence=row),
        back=_back(request, reverse("absences:own")),
        done=_("Reported well again. The school knows."),
    )


@require_POST
def take_back(request: Request, public_id: str) -> HttpResponse:
    """Take back what was reported for a day that has not begun."""
    row = _absence(request, public_id)
    return posted(
        request,
        lambda: actions.take_back_absence(by=request.viewer, absence=row),
        back=_back(request, reverse("absences:own")),
        done=_("Taken back."),
    )


@require_POST
def seen(request: Request, public_id: str) -> HttpResponse:
    """Say for the team that it was seen."""
    row = _absence(request, public_id)
    actions.see_absence(by=request.viewer, absence=row)
    return redirect(_back(request, reverse("absences:day", args=[row.school.public_id])))
