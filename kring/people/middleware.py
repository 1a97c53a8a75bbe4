"""`request.viewer`: built once per request, at the first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from kring.core.http import Request
from kring.core.viewer import Viewer
from kring.people.viewers import viewer_for


class ViewerMiddleware:
    """Put the Viewer of the signed-in user on the request, lazily, so that a static page costs no query."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Add `request.viewer`: nobody when nobody is signed in."""

        def build() -> Viewer:
            user = request.user
            return viewer_for(user if user.is_authenticated else None, now=timezone.now())

        # It becomes a Viewer at the first look and behaves as one from then on.
        request.viewer = cast(Viewer, SimpleLazyObject(build))
        return self.get_response(request)
