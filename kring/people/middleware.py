"""`request.viewer`: built once per request, at the first use."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from kring.core.viewer import Viewer
from kring.people.viewers import viewer_for


class ViewerMiddleware:
    """Put the Viewer of the signed-in user on the request, lazily, so that a static page costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def build() -> Viewer:
            user = request.user
            return viewer_for(user if user.is_authenticated else None, now=timezone.now())  # type: ignore[arg-type]

        request.viewer = SimpleLazyObject(build)  # type: ignore[attr-defined]
        return self.get_response(request)
