"""What the clock does for requests for help. May run twice."""

from __future__ import annotations

from django.utils import timezone

from kring.help_requests.actions import forget_draft
from kring.help_requests.models import HelpRequest
from kring.help_requests.rules import DRAFTS_LAST


def forget_unconfirmed() -> int:
    """Throw away drafts that came by mail and that nobody confirmed in sixty days; return how many."""
    now = timezone.now()
    old = HelpRequest.objects.unconfirmed(before=now - DRAFTS_LAST).select_related("asked_by__user", "school")
    return sum(forget_draft(request=request, now=now) for request in old[:200])
