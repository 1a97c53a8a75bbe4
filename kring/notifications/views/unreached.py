"""The office's list of people whom no message reaches."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from kring.core.htmx import page
from kring.core.http import Request
from kring.notifications.permissions import can_see_unreached
from kring.notifications.unreached import unreached_at
from kring.school.models import School


@require_safe
def unreached(request: Request, school_id: str) -> HttpResponse:
    """Show who has no login, whose mail comes back, and who wants no mail and has no device."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.managed_by(viewer), public_id=school_id)
    if not can_see_unreached(viewer, school.pk):
        raise Http404
    context = {"school": school, "found": unreached_at(school, viewer, now=viewer.now)}
    return page(request, "notifications/unreached.html", context)
