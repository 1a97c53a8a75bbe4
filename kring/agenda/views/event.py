"""The page of an event, and saying whether one comes."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kring.agenda import actions
from kring.agenda.coming import children_at
from kring.agenda.forms import AnswerForm
from kring.agenda.models import Event, EventDocument, Rsvp
from kring.agenda.showing import shown_to
from kring.agenda.wording import changed_sentence, days_of, hours_of
from kring.agreements.current import agreement_url
from kring.core.formatting import to_html
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request, is_own_address
from kring.files.handout import send_document
from kring.posts.cards import own_children, whom_of_audiences, whom_words


def one_event(request: Request, public_id: str) -> Event:
    """Return the event of the address if the viewer may open it, else raise 404."""
    rows = Event.objects.visible_to(request.viewer).with_names()
    event: Event = get_object_or_404(rows, public_id=public_id)
    return event


def page_of(event: Event) -> str:
    """Return the address of its page."""
    return reverse("agenda:event", args=[event.public_id])


@require_safe
def event(request: Request, public_id: str) -> HttpResponse:
    """Show one event: what, when, who comes, where help is needed."""
    viewer, found = request.viewer, one_event(request, public_id)
    actions.mark_opened(by=viewer, event=found)
    children = own_children(viewer)
    whom = whom_of_audiences({found.audience_id: found.audience.whole_school})[found.audience_id]
    mine = children_at(viewer, found, whom, children)
    context = {
        "shown": shown_to(viewer, found),
        "event": found,
        "children": mine,
        "whom": whom_words(whom),
        "days": days_of(found),
        "hours": hours_of(found),
        "body": to_html(found.text),
        "changed": changed_sentence(found) if found.changed_at and not found.is_cancelled else "",
        "documents": EventDocument.objects.filter(event=found).select_related("document"),
        "last_day": found.last_day_to_answer,
        "is_over": found.over_at <= viewer.now,
        "is_staff": viewer.is_staff_at(found.school_id),
        "likely": len(mine) + 1,
        "own_id": viewer.person_at(found.school_id),
        "why": agreement_url(found.school, "A2"),
    }
    return page(request, "agenda/event.html", context)


@require_POST
def answer(request: Request, public_id: str) -> HttpResponseRedirect:
    """Say whether one comes; `back` is the page of ours where it was tapped, else it is the event's own."""
    found = one_event(request, public_id)
    back = request.POST.get("back", "")
    form = AnswerForm(request.POST)
    form.is_valid()
    said, number = form.cleaned_data.get("answer", "no"), form.cleaned_data.get("number", 0)
    return posted(
        request,
        lambda: actions.answer_event(
            by=request.viewer,
            event=found,
            answer=said,
            number=1 if number is None else number,
        ),
        back=back if back and is_own_address(request, back) else page_of(found),
        done=_("Your answer has been noted."),
    )


@require_POST
def take_back(request: Request, public_id: str) -> HttpResponseRedirect:
    """Have no answer any more."""
    found = one_event(request, public_id)
    own = Rsvp.objects.filter(event=found, person_id__in=list(request.viewer.persons.values()))
    mine = get_object_or_404(own.select_related("event"))
    return posted(request, lambda: actions.take_back_answer(by=request.viewer, answer=mine), back=page_of(found))


@require_safe
def document(request: Request, public_id: str) -> FileResponse:
    """Hand out a document to whom its event is visible."""
    rows = EventDocument.objects.visible_to(request.viewer).select_related("document")
    return send_document(get_object_or_404(rows, public_id=public_id).document)
