"""A planned visit to a doctor or dentist: reporting, changing, withdrawing, and seen by the team (N3)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kring.absences import actions
from kring.absences.actions import VisitInput
from kring.absences.choosing import choice_of
from kring.absences.circle import is_hidden_from
from kring.absences.forms import VisitForm
from kring.absences.models import Appointment
from kring.absences.permissions import can_change_visit, is_family
from kring.absences.rules import VisitKind
from kring.absences.wording import visit_when
from kring.agreements.current import agreement_url, policies_seen_by
from kring.agreements.printing import sentence_of
from kring.core.access import Refused, require
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request, is_own_address


def input_of(data: dict[str, Any]) -> VisitInput:
    """Return what a valid form says."""
    return VisitInput(
        day=data["day"],
        starts=data["starts"],
        ends=data["ends"],
        kind=VisitKind(data["kind"]),
        note=data["note"],
        picked_up_by=data["picked_up_by"],
    )


@require_http_methods(["GET", "POST"])
def new_visit(request: Request) -> HttpResponse:
    """Report a visit for one or several children of one school; where the agreement says telephone, show that."""
    viewer = request.viewer
    choice = choice_of(viewer, request.GET.get("child", ""))
    context: dict[str, Any] = {"choice": choice, "school": choice.school, "back": reverse("home:arrange")}
    if not choice.policy.medical_visit.in_app:
        return page(request, "absences/call.html", context | _call(choice))
    data = request.POST if request.method == "POST" else None
    form = VisitForm(data, children=choice.children, initial={"children": [choice.child.public_id]})
    if data is not None and form.is_valid():
        try:
            rows = actions.report_visit(
                by=viewer,
                children=list(form.cleaned_data["children"].select_related("school")),
                visit=input_of(form.cleaned_data),
                token=form.cleaned_data["token"],
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Reported. The teacher and the other parent are told."))
            return redirect("absences:visit", rows[0].public_id) if len(rows) == 1 else redirect("absences:own")
    context |= {"form": form, "agreed": sentence_of("N3", choice.policy), "why": choice.why("N3"), "is_new": True,
                "phone": choice.policy.school_contact.phone, "title": _("To the doctor or dentist"),
                "submit": _("Report")}  # fmt: skip
    return page(request, "absences/visit_form.html", context, status=422 if data is not None else 200)


def _call(choice: Any) -> dict[str, Any]:
    return {
        "title": _("To the doctor or dentist"),
        "phone": choice.policy.school_contact.phone,
        "agreed": sentence_of("N3", choice.policy),
        "why": choice.why("N3"),
    }


def _visit(request: Request, public_id: str) -> Appointment:
    rows = Appointment.objects.visible_to(request.viewer)
    return get_object_or_404(
        rows.select_related("school", "child__school", "reported_by", "seen_by", "audience", "team_audience"),
        public_id=public_id,
    )


@require_http_methods(["GET", "POST"])
def visit(request: Request, public_id: str) -> HttpResponse:
    """Show a visit; who may changes it here, until it starts."""
    viewer, row = request.viewer, _visit(request, public_id)
    school, is_hidden = row.school, is_hidden_from(viewer, row.reported_by_id)
    policy = policies_seen_by(viewer, [school.pk])[school.pk]
    context: dict[str, Any] = {
        "visit": row,
        "school": school,
        "when": visit_when(row, school),
        "is_family": is_family(viewer, row.child_id),
        "shows_words": not is_hidden,
        "can_change": can_change_visit(viewer, row),
        "is_over": row.starts_at <= viewer.now,
        "phone": policy.sick_phone,
        "why": agreement_url(school, "N3"),
    }
    status = 200
    if context["can_change"] or request.method == "POST":
        require(context["is_family"] and not is_hidden)
        data = request.POST if request.method == "POST" else None
        form = VisitForm(data, children=[], initial=_initial(row))
        if data is not None and form.is_valid():
            try:
                actions.change_visit(by=viewer, visit=row, to=input_of(form.cleaned_data))
            except Refused as refused:
                form.add_error(None, refused.sentence)
            else:
                messages.success(request, _("Changed. The teacher and the other parent are told."))
                return redirect("absences:visit", row.public_id)
        context["form"] = form
        status = 422 if data is not None else 200
    return page(request, "absences/visit.html", context, status=status)


def _initial(row: Appointment) -> dict[str, Any]:
    starts, ends = row.starts_at.astimezone(row.school.zone), row.ends_at.astimezone(row.school.zone)
    return {
        "day": starts.date(),
        "starts": None if row.whole_day else starts.time(),
        "ends": None if row.whole_day else ends.time(),
        "whole_day": row.whole_day,
        "kind": row.kind,
        "note": row.note,
        "picked_up_by": row.picked_up_by,
    }


@require_POST
def withdraw(request: Request, public_id: str) -> HttpResponse:
    """Withdraw a visit."""
    row = _visit(request, public_id)
    return posted(
        request,
        lambda: actions.withdraw_visit(by=request.viewer, visit=row),
        back=reverse("absences:visit", args=[public_id]),
        done=_("Withdrawn. The teacher and the other parent are told."),
    )


@require_POST
def seen(request: Request, public_id: str) -> HttpResponse:
    """Say for the team that it was seen."""
    row = _visit(request, public_id)
    actions.see_visit(by=request.viewer, visit=row)
    return redirect(_back(request, reverse("absences:day", args=[row.school.public_id])))


def _back(request: Request, otherwise: str) -> str:
    """Return the page of this host that the button stood on."""
    asked = request.POST.get("back", "")
    return asked if asked and is_own_address(request, asked) else otherwise
