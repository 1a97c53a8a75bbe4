"""The address to which open pages listen."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from kring.core.http import Request
from kring.core.streams import hand_over, takes_streams
from kring.notifications.hub import hub
from kring.notifications.stream import PageStream, ticket_for


@require_GET
def listen(request: Request) -> HttpResponse:
    """Keep the page in touch with what changes. 204 where the server cannot, 503 when too many pages are open."""
    if not takes_streams(request):
        return HttpResponse(status=204)
    if not hub.has_room:
        return HttpResponse(status=503, headers={"Retry-After": "60"})
    ticket = ticket_for(
        request.viewer,
        request.user,  # type: ignore[arg-type]  # signed in: SignedInMiddleware
        session_key=request.session.session_key or "",
        session_ends=getattr(request, "session_ends", None),
    )
    return hand_over(request, PageStream(ticket, hub))
