"""Turning off mails by the link under one of them, without signing in (RFC 8058)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kring.core.htmx import page
from kring.core.http import Request
from kring.notifications import actions
from kring.notifications.unsubscribing import OVERVIEW, read_token
from kring.notifications.wording import TOPICS


@login_not_required
@csrf_exempt  # a mail program sends the POST, without our cookie; the signed token is what lets it do this one thing
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: Request, token: str) -> HttpResponse:
    """Ask whether such mails should stop (GET, which changes nothing), and stop them (POST)."""
    found = read_token(token)
    if found is None:
        raise Http404
    what = found[1]
    done = request.method == "POST" and actions.turn_off_mail(token=token, now=timezone.now())
    topics = [] if what == OVERVIEW else [TOPICS[topic] for topic in TOPICS if topic in what.split(",")]
    context = {"is_overview": what == OVERVIEW, "topics": topics, "done": done}
    return page(request, "notifications/unsubscribe.html", context)
