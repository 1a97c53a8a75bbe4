"""The first minutes: my children, the agreements, and a safe way to sign in."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from kring.accounts.models import asks_second_factor, has_waiting_claim, own_children, schools_of
from kring.agreements.current import agreement_url
from kring.core.htmx import page


@require_GET
def welcome(request: HttpRequest) -> HttpResponse:
    """Show whose guardian I am and where I work, and lead on to the agreements."""
    viewer = request.viewer  # type: ignore[attr-defined]
    schools = schools_of(viewer)
    if not schools and not viewer.administered_board_ids:
        return page(request, "accounts/waiting.html", {"is_waiting": has_waiting_claim(viewer)})
    context = {
        "children": own_children(viewer),
        "schools": [(school, agreement_url(school, "") + "?welcome=1") for school in schools],
    }
    return page(request, "accounts/welcome.html", context)


@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """Offer a passkey or an app, and then let people in."""
    viewer = request.viewer  # type: ignore[attr-defined]
    context = {
        "has_factor": is_mfa_enabled(request.user),  # type: ignore[arg-type]
        "must": asks_second_factor(viewer),
    }
    return page(request, "accounts/ready.html", context)
