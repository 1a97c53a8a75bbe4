"""Regelen: what a parent wants to do first, then how her child's school does that."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from kring.agreements.current import agreement_url, policy_for
from kring.core.htmx import page
from kring.core.http import Request
from kring.home.intents import intents_for
from kring.home.views.news import chosen_kid, current_kids
from kring.school.models import School


@require_safe
def arrange(request: Request) -> HttpResponse:
    """Show the intents for the chosen child; the answers follow the agreement of that child's school."""
    viewer, kids = request.viewer, current_kids(request)
    if not kids:
        return redirect("home:news")
    kid = chosen_kid(request, request.shell) or kids[0]
    school_id = next(span.school_id for span in viewer.spans if span.child_id == kid.pk)
    school = get_object_or_404(School.objects.visible_to(viewer), pk=school_id)
    policy = policy_for(school.pk, at=viewer.now)
    context = {
        "kids": kids,
        "kid": kid,
        "school": school,
        "intents": intents_for(policy, child=kid.name),
        "urgent": policy.urgent_number,
        "office_hours": policy.school_contact.office_hours,
        "agreements": agreement_url(school),
        "local_now": viewer.now.astimezone(school.zone),
    }
    return page(request, "home/arrange.html", context)
