"""The rows that pages are about: what is not visible is not there."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from kring.core.http import Request
from kring.core.viewer import Viewer
from kring.help_requests.models import HelpRequest
from kring.help_requests.permissions import Seat, seats_of
from kring.help_requests.rules import Asker
from kring.school.models import Group, School


def one_request(request: Request, public_id: str) -> HelpRequest:
    """Return a request that she may open."""
    return get_object_or_404(HelpRequest.objects.visible_to(request.viewer).for_pages(), public_id=public_id)


def own_or_reviewed(request: Request, public_id: str) -> HelpRequest:
    """Return a request that is hers or goes through her hands: for others it does not have these pages."""
    rows = HelpRequest.objects
    found = (rows.asked_by(request.viewer) | rows.reviewed_by(request.viewer)).for_pages()
    return get_object_or_404(found, public_id=public_id)


def handled(request: Request, public_id: str) -> HelpRequest:
    """Return a request of which she reads the replies."""
    return get_object_or_404(HelpRequest.objects.handled_by(request.viewer).for_pages(), public_id=public_id)


def back_to(help_request: HelpRequest) -> str:
    """Return the address of its page."""
    return reverse("help_requests:request", args=[help_request.public_id])


def seat_named(viewer: Viewer, name: str) -> Seat:
    """Return as what she asks: the public id of her group, or of her school for the council. 404 for anything else."""
    for seat, public_id, _words in named_seats(viewer):
        if public_id == name:
            return seat
    raise Http404


def named_seats(viewer: Viewer) -> list[tuple[Seat, str, str]]:
    """Return as what she can ask, the name in an address and the words. Two queries."""
    seats = seats_of(viewer)
    groups = Group.objects.in_bulk([seat.group_id for seat in seats if seat.group_id])
    schools = School.objects.in_bulk([seat.school_id for seat in seats])
    found = []
    for seat in seats:
        if seat.asked_as == Asker.CLASS_PARENT and seat.group_id in groups:
            group = groups[seat.group_id]
            found.append((seat, group.public_id, group.name))
        elif seat.asked_as == Asker.COUNCIL:
            school = schools[seat.school_id]
            found.append((seat, school.public_id, school.name))
    return found
