"""Requests for leave, as management decides about them (S10)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kring.absences import actions
from kring.absences.forms import DecisionForm
from kring.absences.models import LeaveRequest
from kring.absences.permissions import can_decide, can_see_leave_requests
from kring.absences.views.leave import shown
from kring.absences.wording import leave_when
from kring.agreements.current import agreement_url, policies_seen_by
from kring.core.access import Refused, require
from kring.core.htmx import page
from kring.core.http import Request
from kring.school.models import School

MOST = 200


def _school(request: Request, school_id: str) -> School:
    school = get_object_or_404(School.objects.visible_to(request.viewer), public_id=school_id)
    require(can_see_leave_requests(request.viewer, school))
    return school


@require_safe
def requests(request: Request, school_id: str) -> HttpResponse:
    """List the requests of the school, what waits on top."""
    viewer, school = request.viewer, _school(request, school_id)
    rows = LeaveRequest.objects.decided_by(viewer).filter(school=school).waiting_first()[:MOST]
    policy = policies_seen_by(viewer, [school.pk])[school.pk]
    context = {
        "school": school,
        "rows": [(row, leave_when(row)) for row in rows],
        "today": school.today(viewer.now),
        "in_app": policy.leave.way == "app",
        "why": agreement_url(school, "S10"),
    }
    return page(request, "absences/leave_requests.html", context)


@require_http_methods(["GET", "POST"])
def decide(request: Request, school_id: str, public_id: str) -> HttpResponse:
    """Show a request with what the law says, and take the decision."""
    viewer = request.viewer
    rows = LeaveRequest.objects.decided_by(viewer).filter(school__public_id=school_id)
    rows = rows.select_related("school", "child", "asked_by", "decided_by", "audience", "team_audience")
    row = get_object_or_404(rows, public_id=public_id)
    data = request.POST if request.method == "POST" else None
    form = DecisionForm(data)
    if data is not None and form.is_valid():
        try:
            actions.decide_leave(
                by=viewer,
                request=row,
                grant=form.cleaned_data["answer"] == "grant",
                decision=form.cleaned_data["decision"],
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Decided. The parents are told; the letter is ready."))
            return redirect("absences:decide", school_id, public_id)
    elif data is not None:
        require(can_decide(viewer, row))
    context = shown(request, row) | {"form": form}
    return page(request, "absences/decide.html", context, status=422 if data is not None else 200)
