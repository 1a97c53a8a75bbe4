"""Pages that belong to no room: errors, health."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def _error(request: HttpRequest, status: int) -> HttpResponse:
    response = render(request, f"{status}.html", {"request_id": getattr(request, "id", "")}, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be read."""
    return _error(request, 400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: visible, but not hers to do."""
    return _error(request, 403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not hers; the answer is the same to the byte."""
    return _error(request, 404)


@login_not_required
def too_large(request: HttpRequest) -> HttpResponse:
    """413: the upload is larger than the limit."""
    return _error(request, 413)


@login_not_required
def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too many tries; allauth's rate limits end here."""
    return _error(request, 429)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Needs no database and no session."""
    return _error(request, 500)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was not ours, or older than the session."""
    response = render(request, "403_csrf.html", {"request_id": getattr(request, "id", "")}, status=403)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Say that the database answers too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ready", content_type="text/plain")
