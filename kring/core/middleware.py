"""Around every request: its id, clean input, and the language."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpResponse, HttpResponseBadRequest
from django.utils import translation

from kring.core.http import Request

Handler = Callable[[Request], HttpResponse]
log = structlog.get_logger(__name__)


class RequestIdMiddleware:
    """Give each request a random id that stands in every log line and on every error page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Bind the id, log the answer with its route and time, and add the headers that every answer carries."""
        request.id = secrets.token_hex(6)
        structlog.contextvars.bind_contextvars(request_id=request.id)
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            # The pattern of the address and not the address: a path may hold the token of an invitation.
            match = request.resolver_match
            log.info(
                "request",
                method=request.method,
                route=match.route if match else "",
                status=response.status_code,
                milliseconds=round(1000 * (time.perf_counter() - begun)),
            )
        finally:
            structlog.contextvars.clear_contextvars()
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # Also the pages that a library draws: a secret of an app, one's address, where one is signed in.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def is_clean(text: str) -> bool:
    """Say whether `text` can be stored: no NUL (PostgreSQL refuses it), no lone surrogate (nothing can encode it)."""
    if "\x00" in text:
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


class CleanInputMiddleware:
    """Answer 400 to NUL bytes and lone surrogates in an address, query, cookie or form, before anything sees them."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Check the address, the query and the cookies; the form waits for `process_view`."""
        from kring.core.views import bad_request

        texts = [request.path, *(text for pair in request.GET.lists() for text in (pair[0], *pair[1]))]
        # A quoted cookie may spell a NUL as \000, and the session's name goes straight to the database.
        texts += [text for pair in request.COOKIES.items() for text in pair]
        if not all(map(is_clean, texts)):
            return bad_request(request)
        return self.get_response(request)

    def process_view(
        self, request: Request, view: object, args: object, kwargs: object
    ) -> HttpResponse | HttpResponseBadRequest | None:
        """Check what a form sent, names of files too; 413 when its files were more than may come in."""
        from kring.core.views import bad_request, too_large

        if request.method != "POST":
            return None
        posted = [text for pair in request.POST.lists() for text in (pair[0], *pair[1])]
        if getattr(request, "upload_too_large", False):
            return too_large(request)
        names = [f.name or "" for files in request.FILES.lists() for f in files[1]]
        if not all(map(is_clean, posted + names)):
            return bad_request(request)
        return None


class LanguageMiddleware:
    """Use the language that the signed-in person chose, else the cookie, else the browser's, else Dutch."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Answer in that language, a template that renders later included, and say so in Content-Language."""
        language = self.language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
        response.headers.setdefault("Content-Language", language)
        return response

    @staticmethod
    def language_of(request: Request) -> str:
        """Return one of LANGUAGES for this request."""
        offered = dict(settings.LANGUAGES)
        chosen = getattr(getattr(request, "user", None), "language", "") or ""
        if chosen in offered:
            return str(chosen)
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return cookie if cookie in offered else translation.get_language_from_request(request)
