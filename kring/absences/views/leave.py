"""Leave as a guardian asks for it: what the law says, the school's form or ours, the decision and its letter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kring.absences import actions
from kring.absences.choosing import choice_of
from kring.absences.forms import LeaveForm
from kring.absences.law import law_on
from kring.absences.letter import letter_of
from kring.absences.models import LeaveDocument, LeaveRequest
from kring.absences.permissions import can_decide, can_read_words, can_withdraw_leave
from kring.absences.rules import LeaveKind, LeaveState
from kring.absences.wording import leave_when
from kring.agreements.current import agreement_url, policies_seen_by
from kring.agreements.printing import sentence_of
from kring.core.access import Refused, require
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.files.handout import sealed, send_document


@require_http_methods(["GET", "POST"])
def ask(request: Request) -> HttpResponse:
    """Explain leave; with the school's form as a way out, or our own where the agreement has it."""
    viewer = request.viewer
    choice = choice_of(viewer, request.GET.get("child", ""))
    policy = choice.policy
    in_app = policy.leave.way == "app"
    context: dict[str, Any] = {
        "choice": choice,
        "school": choice.school,
        "agreed": sentence_of("N4", policy),
        "why": choice.why("N4"),
        "phone": policy.school_contact.phone,
        "form_url": policy.leave.form_url,
        "back": reverse("home:arrange"),
    }
    if not in_app:
        return page(request, "absences/leave.html", context)
    data = request.POST if request.method == "POST" else None
    form = LeaveForm(data)
    if data is not None and form.is_valid():
        given = form.cleaned_data
        try:
            row = actions.ask_leave(
                by=viewer,
                child=choice.child,
                first_day=given["first_day"],
                last_day=given["last_day"],
                kind=LeaveKind(given["kind"]),
                why=given["why"],
                uploads=request.FILES.getlist("document"),
                token=given["token"],
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Asked. The management decides, and you are told here."))
            return redirect("absences:leave_request", row.public_id)
    context |= {"form": form, "days": policy.leave_in_app.working_days}
    return page(request, "absences/leave.html", context, status=422 if data is not None else 200)


def _request(request: Request, public_id: str) -> LeaveRequest:
    rows = LeaveRequest.objects.visible_to(request.viewer)
    return get_object_or_404(
        rows.select_related("school", "child", "asked_by", "decided_by", "audience", "team_audience"),
        public_id=public_id,
    )


def shown(request: Request, row: LeaveRequest) -> dict[str, Any]:
    """Return what a page about a request shows, as far as the viewer may read its words."""
    viewer = request.viewer
    words = can_read_words(viewer, row)
    return {
        "leave": row,
        "school": row.school,
        "when": leave_when(row),
        "shows_words": words,
        "documents": list(row.documents.select_related("document")) if words else [],
        "law": law_on(row) if words else [],
        "is_decided": row.state in (LeaveState.GRANTED, LeaveState.DECLINED),
        "can_withdraw": can_withdraw_leave(viewer, row),
        "can_decide": can_decide(viewer, row),
        "why": agreement_url(row.school, "S10"),
    }


@require_safe
def request_page(request: Request, public_id: str) -> HttpResponse:
    """Show a request and what was decided, to the guardians; management decides on its own page."""
    row = _request(request, public_id)
    return page(request, "absences/leave_request.html", shown(request, row))


@require_POST
def withdraw(request: Request, public_id: str) -> HttpResponse:
    """Withdraw a request."""
    row = _request(request, public_id)
    return posted(
        request,
        lambda: actions.withdraw_leave(by=request.viewer, request=row),
        back=reverse("absences:leave_request", args=[public_id]),
        done=_("Withdrawn."),
    )


@require_safe
def letter(request: Request, public_id: str) -> HttpResponse:
    """Hand out the letter of a decision, to who asked and to management."""
    row = _request(request, public_id)
    require(can_read_words(request.viewer, row))
    if row.state not in (LeaveState.GRANTED, LeaveState.DECLINED):
        raise Http404
    policy = policies_seen_by(request.viewer, [row.school_id])[row.school_id]
    response = HttpResponse(letter_of(row, policy=policy), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{_("leave")}-{row.first_day:%Y-%m-%d}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return sealed(response)


@require_safe
def document(request: Request, public_id: str) -> FileResponse:
    """Hand out what was sent along, to who sent it and to management."""
    rows = LeaveDocument.objects.visible_to(request.viewer).select_related("document")
    return send_document(get_object_or_404(rows, public_id=public_id).document)
