"""What makes the site installable: the manifest, the service worker, and the page for when there is no connection.

None of them knows who asks, so none of them can hold anything personal.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

# What the offline page needs to look like itself.
KEPT = (
    "css/kring.css",
    "img/kring-klas.svg",
    "img/kring-open.svg",
    "img/icons.svg",
    "fonts/atkinson-hyperlegible-next-latin-400-normal.woff2",
    "fonts/atkinson-hyperlegible-next-latin-700-normal.woff2",
    "fonts/atkinson-hyperlegible-next-latin-800-normal.woff2",
)


@require_safe
@login_not_required
def manifest(request: HttpRequest) -> JsonResponse:
    """Return the web app manifest (W3C): name, colours and icons of the installed app."""
    answer = {
        "id": "/",
        "name": "Kring",
        "short_name": "Kring",
        "description": _("News from the groups of your children, and what to bring tomorrow."),
        "lang": request.LANGUAGE_CODE,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f2f2ea",
        "theme_color": "#1c5a43",
        "icons": [
            {"src": static("img/app/icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any"},
            {"src": static("img/app/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any"},
            {"src": static("img/app/maskable-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "maskable"},
            {"src": static("img/app/maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
    }
    response = JsonResponse(answer, content_type="application/manifest+json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@require_safe
@login_not_required
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker. Its cache is named after what it keeps, so a new release replaces the old one."""
    kept = [static(path) for path in KEPT]
    version = hashlib.sha256("\n".join(kept).encode()).hexdigest()[:12]
    context = {"version": version, "kept": kept, "static_root": settings.STATIC_URL, "offline": reverse("core:offline")}
    context |= {"icon": static("img/app/icon-192.png"), "badge": static("img/app/badge-96.png")}
    response = render(request, "core/service-worker.js", context, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
@login_not_required
def offline(request: HttpRequest) -> HttpResponse:
    """Return the page that the service worker shows without a connection."""
    response = render(request, "core/offline.html")
    response.headers["Cache-Control"] = "no-cache"
    return response
