"""`request.shell`: built at the first use, so that a fragment or a file costs nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.utils.functional import SimpleLazyObject

from kring.core.http import Request
from kring.home.shell import Shell, shell_for


class ShellMiddleware:
    """Put the Shell of the viewer on the request, lazily."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Add `request.shell`; it is falsy when nobody is signed in."""

        def build() -> Shell | None:
            return shell_for(request.viewer, path=request.path)

        request.shell = SimpleLazyObject(build)
        return self.get_response(request)
