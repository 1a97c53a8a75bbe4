"""The first minutes: my children, the agreements, and a safe way to sign in."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from kring.accounts.models import asks_second_factor, has_waiting_claim, own_children, schools_of
from kring.agreements.current import agreement_url, still_to_read
from kring.core.htmx import page
from kring.core.http import Request


@require_GET
def welcome(request: Request) -> HttpResponse:
    """Show whose guardian I am and where I work, and lead on to the agreements."""
    viewer = request.viewer
    schools = schools_of(viewer)
    if not schools and not viewer.administered_board_ids:
        return page(request, "accounts/waiting.html", {"is_waiting": has_waiting_claim(viewer)})
    context = {
        "must_read": still_to_read(viewer),
        "children": own_children(viewer),
        "schools": [(school, agreement_url(school, "") + "?welcome=1") for school in schools],
    }
    return page(request, "accounts/welcome.html", context)


@require_GET
def ready(request: Request) -> HttpResponse:
    """Offer a passkey or an app, and then let people in."""
    viewer = request.viewer
    context = {
        "has_factor": is_mfa_enabled(request.user),
        "must": asks_second_factor(viewer),
    }
    return page(request, "accounts/ready.html", context)
