"""What anybody may read about the installation itself: how to report a fault, and that robots stay out."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

# RFC 9116 advises less than a year ahead. It is told anew at each request, so it never runs out.
TOLD_FOR = timedelta(days=180)


@require_safe
@login_not_required
def security_txt(request: HttpRequest) -> HttpResponse:
    """Return security.txt (RFC 9116): whom to tell about a fault, and until when (UTC) that holds."""
    expires = (timezone.now() + TOLD_FOR).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Ask every robot to stay out: nothing here is for a search engine."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
