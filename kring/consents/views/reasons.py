"""Who chose what for one child, and what came in on paper: for the readers that P4 names."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kring.agreements.current import agreement_url, policy_for
from kring.consents import saying
from kring.consents.actions import answer_on_paper
from kring.consents.models import Answer, groups_of, guardians_with_authority
from kring.consents.permissions import may_read_reasons
from kring.consents.sheet import sheet_for
from kring.consents.views.sheets import parts_of, save
from kring.consents.why import reasons_for
from kring.core.htmx import page
from kring.core.http import Request
from kring.people.models import Child
from kring.school.views.settings import managed_school

MOST = 200


@require_safe
def reasons(request: Request, school_id: str, child_id: str) -> HttpResponse:
    """Show for each purpose what stands and who chose what, and every answer ever given."""
    child = _read_child(request, school_id, child_id)
    today = child.school.today(request.viewer.now)
    policy = policy_for(child.school_id, at=request.viewer.now)
    guardians = list(guardians_with_authority(child, on=today))
    context = {
        "school": child.school,
        "child": child,
        "groups": groups_of(child, on=today),
        "guardians": guardians,
        "reasons": reasons_for(child, policy, today=today),
        "counting": {guardian.pk for guardian in guardians},
        "history": Answer.objects.visible_to(request.viewer).history(child)[:MOST],
        "who": saying.who_sees_reasons(policy),
        "agreement": agreement_url(child.school, "P4"),
    }
    return page(request, "consents/reasons.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: Request, school_id: str, child_id: str, person_id: str) -> HttpResponse:
    """Enter what one guardian with authority answered on paper."""
    viewer = request.viewer
    child = _read_child(request, school_id, child_id)
    guardians = guardians_with_authority(child, on=child.school.today(viewer.now))
    person = get_object_or_404(guardians, public_id=person_id)
    sheet = sheet_for(child, person.pk, now=viewer.now)
    fault, typed = "", dict[str, bool]()
    if request.method == "POST":
        fault, typed = save(
            request,
            sheet,
            lambda answers, seen: answer_on_paper(by=viewer, child=child, person=person, answers=answers, seen=seen),
        )
        if not fault:
            messages.success(request, _("Saved. It counts from now on."))
            return redirect("consents:reasons", school_id, child_id)
    context = {
        "school": child.school,
        "child": child,
        "person": person,
        "sheet": sheet,
        "fault": fault,
        "parts": parts_of(sheet, saying.beside_on_paper, typed=typed),
    }
    return page(request, "consents/paper.html", context, status=422 if fault else 200)


def _read_child(request: Request, school_id: str, child_id: str) -> Child:
    """Return the child if she may read who chose what; for everybody else there is none."""
    school = managed_school(request, school_id)
    if not may_read_reasons(request.viewer, school):
        raise Http404
    children = Child.objects.kept_by(request.viewer, school).select_related("school")
    return get_object_or_404(children, public_id=child_id)
