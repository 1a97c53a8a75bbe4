"""The page on which somebody is cut off a photo, or covered. What is drawn goes to `photos:crop` or `photos:cover`."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from kring.core.htmx import page
from kring.core.http import Request, is_own_address
from kring.photos.models import Photo


@require_safe
def alter(request: Request, public_id: str) -> HttpResponse:
    """Show one photo with a frame to draw on it; `next` is the page to go back to, on this host only."""
    photo = get_object_or_404(Photo.objects.workable_by(request.viewer), public_id=public_id)
    back = request.GET.get("next", "")
    context = {"photo": photo, "back": back if is_own_address(request, back) else "/"}
    return page(request, "photos/alter.html", context)
