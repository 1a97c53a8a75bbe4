"""Lists: what one can help with, asked or handles; what waits for the team; and the page of one request."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from kring.agreements.current import agreement_url, policies_seen_by
from kring.core.htmx import page
from kring.core.http import Request
from kring.help_requests.models import HelpRequest, Reply
from kring.help_requests.people import readers_of
from kring.help_requests.permissions import (
    can_answer_asker,
    can_call_back,
    can_choose_responders,
    can_close,
    can_confirm,
    can_discard,
    can_handle,
    can_place,
    can_review_at,
    can_write,
    is_lost,
    is_reviewer,
    places_itself,
)
from kring.help_requests.rules import Asker, Route, route_for
from kring.help_requests.showing import names, tasks_of
from kring.help_requests.views.finding import named_seats, one_request
from kring.school.models import School

MOST = 40


@require_safe
def own(request: Request) -> HttpResponse:
    """Show what she can help with, what she asked, and of what she gets the replies."""
    viewer = request.viewer
    rows = HelpRequest.objects.for_pages().newest_first()
    open_ones = list(rows.placed_for(viewer).running().not_asked_by(viewer)[:MOST])
    replied = dict(
        Reply.objects.of(viewer).filter(request__in=open_ones).values_list("request_id", "says") if open_ones else ()
    )
    context = {
        "open": [(one, replied.get(one.pk, "")) for one in open_ones] if viewer.spans else [],
        "asked": list(rows.asked_by(viewer)[:MOST]),
        "handled": list(rows.handled_by(viewer).running().with_todo()[:MOST]),
        "seats": named_seats(viewer),
    }
    return page(request, "help_requests/list.html", context)


@require_safe
def to_review(request: Request, school_id: str) -> HttpResponse:
    """Show the team what waits for it, what runs, and what was."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.worked_at_by(viewer), public_id=school_id)
    if not can_review_at(viewer, school.pk):
        raise Http404
    rows = HelpRequest.objects.reviewed_by(viewer).of_school(school.pk).for_pages().newest_first()
    waiting = list(rows.waiting().order_by("sent_at", "pk")[:MOST])
    known = {one.pk for one in waiting}
    context = {
        "school": school,
        "waiting": waiting,
        "running": [one for one in rows.running()[:MOST] if one.pk not in known],
        "settled": list(rows.settled()[:20]),
        "agreement": agreement_url(school, "O2"),
    }
    return page(request, "help_requests/to_review.html", context)


@require_safe
def one(request: Request, public_id: str) -> HttpResponse | HttpResponseRedirect:
    """Show who asked and who places it how the request stands; who can reply goes there."""
    viewer, found = request.viewer, one_request(request, public_id)
    is_own = HelpRequest.objects.asked_by(viewer).filter(pk=found.pk).exists()
    if not is_own and not is_reviewer(viewer, found):
        name = "help_requests:replies" if can_handle(viewer, found) else "help_requests:answer"
        return redirect(name, found.public_id)
    policy = policies_seen_by(viewer, [found.school_id])[found.school_id]
    asker = Asker(found.asked_as)
    route = route_for(asker, policy)
    readers = readers_of(found, on=found.school.today(viewer.now))
    context = {
        "help": found,
        "school": found.school,
        "is_own": is_own,
        "route": str(route),
        "places_itself": route == Route.ITSELF and is_own,
        "tasks": tasks_of(found, viewer),
        "readers": readers,
        "reader_names": names(readers),
        "documents": list(found.documents.select_related("document")),
        "agreement": agreement_url(found.school, "O1" if asker == Asker.COUNCIL else "O2"),
        "is_lost": is_lost(found),
        "can_write": can_write(viewer, found),
        "can_confirm": can_confirm(viewer, found),
        "can_discard": can_discard(viewer, found),
        "can_call_back": can_call_back(viewer, found),
        "can_place": can_place(viewer, found),
        "can_place_own": places_itself(viewer, found) and can_place(viewer, found),
        "can_answer_asker": can_answer_asker(viewer, found),
        "can_handle": can_handle(viewer, found),
        "can_close": can_close(viewer, found),
        "can_choose": can_choose_responders(viewer, found),
    }
    return page(request, "help_requests/request.html", context)
