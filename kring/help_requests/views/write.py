"""Writing a request, handing it in, taking it back; the documents that go with it."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kring.agreements.current import agreement_url, policies_seen_by
from kring.core.access import Refused, require
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.files.handout import send_document
from kring.help_requests import actions
from kring.help_requests.forms import HelpForm, initial_of
from kring.help_requests.models import HelpRequest, RequestDocument
from kring.help_requests.people import candidates
from kring.help_requests.permissions import Seat, can_write, seat_of
from kring.help_requests.rules import Asker, Route, route_for
from kring.help_requests.views.finding import back_to, named_seats, own_or_reviewed, seat_named
from kring.school.models import Group, School


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Write a new request, as class parent of a group or for the council."""
    seats = named_seats(request.viewer)
    require(bool(seats))
    chosen = request.GET.get("as", "") or request.POST.get("as", "")
    if not chosen and len(seats) > 1:
        return page(request, "help_requests/choose.html", {"seats": seats})
    seat = seat_named(request.viewer, chosen) if chosen else seats[0][0]
    return _written(request, seat, None, chosen)


@require_http_methods(["GET", "POST"])
def edit(request: Request, public_id: str) -> HttpResponse:
    """Go on with a draft, with what came by mail, or with what somebody had a question about."""
    found = own_or_reviewed(request, public_id)
    require(can_write(request.viewer, found))
    return _written(request, seat_of(found), found, "")


def _written(request: Request, seat: Seat, found: HelpRequest | None, chosen: str) -> HttpResponse:
    viewer = request.viewer
    school = School.objects.get(pk=seat.school_id)
    group = Group.objects.get(pk=seat.group_id) if seat.group_id else None
    people = candidates(seat, on=school.today(viewer.now))
    own = viewer.person_at(school.pk)
    if found is None:
        initial = {"responders": [person.public_id for person in people if person.pk == own]}
    else:
        named = [row.person for row in found.responders.named()]
        initial = initial_of(found, tasks=found.tasks.all(), responders=named)
    form = HelpForm(
        request.POST if request.method == "POST" else None,
        people=people,
        has_wish=seat.asked_as == Asker.COUNCIL,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        hand_in = request.POST.get("action") != "keep"
        try:
            kept = actions.write_request(
                by=viewer,
                seat=seat,
                content=form.content,
                hand_in=hand_in,
                request=found,
                uploads=request.FILES.getlist("document"),
                token=form.cleaned_data["token"] if found is None else "",
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return _onward(request, kept, hand_in)
    route = route_for(seat.asked_as, policies_seen_by(viewer, [school.pk])[school.pk])
    context = {
        "form": form,
        "help": found,
        "school": school,
        "group": group,
        "route": str(route),
        "chosen": chosen,
        "documents": list(found.documents.select_related("document")) if found else [],
        "agreement": agreement_url(school, "O1" if seat.asked_as == Asker.COUNCIL else "O2"),
    }
    return page(request, "help_requests/write.html", context)


def _onward(request: Request, kept: HelpRequest, hand_in: bool) -> HttpResponseRedirect:
    if not hand_in:
        messages.success(request, _("Kept. Only you see it."))
        return redirect("help_requests:request", kept.public_id)
    policy = policies_seen_by(request.viewer, [kept.school_id])[kept.school_id]
    if route_for(Asker(kept.asked_as), policy) == Route.ITSELF:
        return redirect("help_requests:review", kept.public_id)
    messages.success(request, _("Handed in. You hear when it is placed."))
    return redirect("help_requests:request", kept.public_id)


@require_POST
def call_back(request: Request, public_id: str) -> HttpResponseRedirect:
    """Take back what was handed in."""
    found = own_or_reviewed(request, public_id)
    return posted(
        request,
        lambda: actions.call_back(by=request.viewer, request=found),
        back=back_to(found),
        onward=reverse("help_requests:edit", args=[found.public_id]),
    )


@require_POST
def discard(request: Request, public_id: str) -> HttpResponseRedirect:
    """Throw a request away that nobody placed."""
    found = own_or_reviewed(request, public_id)
    return posted(
        request,
        lambda: actions.discard_request(by=request.viewer, request=found),
        back=back_to(found),
        onward=reverse("help_requests:list"),
        done=_("Thrown away."),
    )


@require_safe
def document(request: Request, public_id: str) -> FileResponse:
    """Hand out a document of a request that is not placed yet."""
    rows = RequestDocument.objects.visible_to(request.viewer).select_related("document")
    return send_document(get_object_or_404(rows, public_id=public_id).document)


@require_POST
def detach(request: Request, public_id: str) -> HttpResponseRedirect:
    """Take a document off."""
    rows = RequestDocument.objects.visible_to(request.viewer).select_related("document", "request__school")
    attached = get_object_or_404(rows, public_id=public_id)
    back = reverse("help_requests:edit", args=[attached.request.public_id])
    return posted(request, lambda: actions.detach_document(by=request.viewer, attached=attached), back=back)
