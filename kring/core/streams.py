"""A view that stays in touch with a page instead of answering once.

The view decides who may, as every view does, and hands over an object that does the talking (`hand_over`). The server
runs it in its event loop (core/bridge.py), so an open page holds no thread. A server that knows no streams, such as
that of the tests, leaves the ordinary answer as it is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from django.http import HttpRequest, HttpResponse

ENVIRON_KEY = "kring.stream"
Send = Callable[[bytes], Awaitable[None]]


class Stream(Protocol):
    """What talks to one open page."""

    async def run(self, send: Send) -> None:
        """Talk until it is over. `send` raises RuntimeError when the page is gone. Runs in the event loop."""

    def end(self) -> None:
        """Let `run` return soon. Called in the event loop; may be called twice."""


def takes_streams(request: HttpRequest) -> bool:
    """Say whether the server that asked can keep a page in touch."""
    return ENVIRON_KEY in request.META


def hand_over(request: HttpRequest, stream: Stream) -> HttpResponse:
    """Return the answer with which `stream` begins: server-sent events (HTML Standard, 9.2)."""
    request.META[ENVIRON_KEY] = stream
    response = HttpResponse(content_type="text/event-stream; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # a proxy that waits for more would hold every hint back
    del response.headers["Content-Length"]
    return response
