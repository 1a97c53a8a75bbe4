"""A guardian's own pages: which children, yes and no for one of them, and all she ever chose."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kring.agreements.current import agreement_url, policy_for
from kring.consents import saying
from kring.consents.actions import answer
from kring.consents.models import Answer, answered_by, kept_apart_from
from kring.consents.sheet import Sheet, sheet_for
from kring.consents.views.sheets import parts_of, save
from kring.consents.waiting import open_for
from kring.core.htmx import page
from kring.core.http import Request
from kring.people.models import Child
from kring.school.models import Group


@require_safe
def children(request: Request) -> HttpResponse:
    """Show her children with how many choices are open; who has one child goes straight to its page."""
    viewer = request.viewer
    found = list(answered_by(viewer))
    if len(found) == 1:
        return redirect("consents:child", found[0].public_id)
    waiting = open_for(viewer, found)
    rows = [(child, waiting[child.pk]) for child in found]
    return page(request, "consents/own.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def child_page(request: Request, child_id: str) -> HttpResponse:
    """Show all purposes with her answers and one save; 404 for who does not answer for this child."""
    viewer = request.viewer
    child = _own_child(request, child_id)
    person_id = viewer.persons[child.school_id]
    sheet = sheet_for(child, person_id, now=viewer.now)
    fault, typed = "", dict[str, bool]()
    if request.method == "POST":
        fault, typed = save(
            request, sheet, lambda answers, seen: answer(by=viewer, child=child, answers=answers, seen=seen)
        )
        if not fault:
            messages.success(request, _("Saved. It counts from now on."))
            return redirect("consents:child", child_id)
    is_apart = child.pk in kept_apart_from(viewer)
    context = _context(request, child, sheet) | {
        "is_apart": is_apart,
        "parts": parts_of(sheet, lambda line: saying.beside(line, sheet, apart=is_apart), typed=typed),
        "fault": fault,
    }
    return page(request, "consents/child.html", context, status=422 if fault else 200)


def _context(request: Request, child: Child, sheet: Sheet) -> dict[str, object]:
    viewer = request.viewer
    spans = {span.group_id for span in viewer.spans if span.child_id == child.pk and span.is_current}
    groups = list(Group.objects.filter(pk__in=spans).order_by("name").values_list("name", flat=True))
    policy = policy_for(child.school_id, at=viewer.now)
    return {
        "child": child,
        "sheet": sheet,
        "when": saying.when_to_choose(sheet),
        "who": saying.who_sees_answers(policy, groups, child=child.first_name),
        "agreement": agreement_url(child.school, "S5"),
    }


@require_safe
def changes(request: Request, child_id: str) -> HttpResponse:
    """Show everything she ever chose for the child, newest first."""
    child = _own_child(request, child_id)
    person_id = request.viewer.persons[child.school_id]
    rows = Answer.objects.visible_to(request.viewer).history(child).filter(person_id=person_id)
    return page(request, "consents/changes.html", {"child": child, "rows": rows[:200]})


def _own_child(request: Request, child_id: str) -> Child:
    return get_object_or_404(answered_by(request.viewer), public_id=child_id)
