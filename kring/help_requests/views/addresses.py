"""The secret addresses for requests by mail: made, shown, renewed, ended by who they belong to."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kring.core.access import require
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.help_requests import actions
from kring.help_requests.mail.addressing import address_of, takes_mail
from kring.help_requests.models import IntakeAddress
from kring.help_requests.rules import MAX_DOCUMENTS
from kring.help_requests.views.finding import named_seats, seat_named


@require_safe
def addresses(request: Request) -> HttpResponse:
    """Show her addresses, and as what she can have one."""
    viewer = request.viewer
    seats = named_seats(viewer)
    require(bool(seats) and takes_mail())
    standing = {
        (row.asked_as, row.school_id, row.group_id): row for row in IntakeAddress.objects.visible_to(viewer).standing()
    }
    rows = []
    for seat, name, words in seats:
        found = standing.get((str(seat.asked_as), seat.school_id, seat.group_id))
        rows.append((words, name, found, address_of(found.token) if found else ""))
    return page(request, "help_requests/addresses.html", {"rows": rows, "most": MAX_DOCUMENTS})


@require_POST
def make(request: Request) -> HttpResponseRedirect:
    """Make an address."""
    seat = seat_named(request.viewer, request.POST.get("as", ""))
    require(takes_mail())
    return posted(request, lambda: actions.make_address(by=request.viewer, seat=seat), back=_back())


@require_POST
def renew(request: Request, public_id: str) -> HttpResponseRedirect:
    """End an address and make another."""
    address = _own(request, public_id)
    return posted(
        request,
        lambda: actions.renew_address(by=request.viewer, address=address),
        back=_back(),
        done=_("You have a new address. The old one does not work any more."),
    )


@require_POST
def end(request: Request, public_id: str) -> HttpResponseRedirect:
    """End an address."""
    address = _own(request, public_id)
    return posted(
        request,
        lambda: actions.end_address(by=request.viewer, address=address),
        back=_back(),
        done=_("The address does not work any more."),
    )


def _own(request: Request, public_id: str) -> IntakeAddress:
    return get_object_or_404(IntakeAddress.objects.visible_to(request.viewer).standing(), public_id=public_id)


def _back() -> str:
    return reverse("help_requests:addresses")
