"""The page Afspraken."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from kring.core.htmx import page
from kring.school.models import School


def page_view(request: HttpRequest, school_id: str) -> HttpResponse:
    """Show what counts at the school today."""
    school = get_object_or_404(School.objects.visible_to(request.viewer), public_id=school_id)
    return page(request, "agreements/page.html", {"school": school})
