"""Putting an event in the agenda, changing it, letting it not go on."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kring.agenda import actions
from kring.agenda.choices import audience_choices, warnings_about
from kring.agenda.forms import CancelForm, DocumentForm, EventForm, initial_of
from kring.agenda.models import Event, EventDocument
from kring.agenda.permissions import can_edit_event, can_start_event, target_of
from kring.agenda.rules import span_fault
from kring.agenda.views.event import one_event, page_of
from kring.agenda.wording import warning_sentence
from kring.agreements.current import agreement_url, policy_for
from kring.core.access import Refused, require
from kring.core.formpage import form_page, posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.posts.choices import values_of
from kring.school.models import School


@require_http_methods(["GET", "POST"])
def new(request: Request, school_id: str) -> HttpResponse:
    """Put something in the agenda; ?on=2026-12-08 fills in the day."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.visible_to(viewer), public_id=school_id)
    require(can_start_event(viewer, school.pk))
    form = _form(request, school, initial={"starts_on": request.GET.get("on", "")})
    warnings: list[str] = []
    if request.method == "POST" and form.is_valid():
        warnings = _unseen(request, form, school)
        if not warnings:
            publish = "plan" not in request.POST
            try:
                made = actions.make_event(by=viewer, school=school, what=form.what, publish=publish, again=form.again)
            except Refused as refused:
                form.add_error(None, refused.sentence)
            else:
                messages.success(
                    request,
                    _("It is in the agenda.") if publish else _("It is in your plan. Parents do not see it yet."),
                )
                return redirect(page_of(made))
    context = {"form": form, "title": _("Put something in the agenda"), "back": reverse("home:agenda")}
    return page(request, "agenda/plan.html", context | _around(school, warnings) | {"is_new": True})


@require_http_methods(["GET", "POST"])
def edit(request: Request, public_id: str) -> HttpResponse:
    """Change an event."""
    viewer, event = request.viewer, one_event(request, public_id)
    require(can_edit_event(viewer, event))
    school = event.school
    form = _form(request, school, initial=initial_of(event), event=event)
    warnings: list[str] = []
    if request.method == "POST" and form.is_valid():
        warnings = _unseen(request, form, school, event)
        if not warnings:
            try:
                actions.change_event(
                    by=viewer,
                    event=event,
                    what=form.what,
                    version=form.cleaned_data["version"],
                    following="following" in request.POST,
                )
            except Refused as refused:
                form.add_error(None, refused.sentence)
            else:
                messages.success(request, _("Changed."))
                return redirect(page_of(event))
    context = {"form": form, "title": _("Change: %(what)s") % {"what": event.title}, "back": page_of(event)}
    return page(request, "agenda/plan.html", context | _around(school, warnings) | {"event": event})


def _form(request: Request, school: School, *, initial: dict[str, object], event: Event | None = None) -> EventForm:
    viewer = request.viewer
    policy = policy_for(school.pk, at=viewer.now)
    audiences = audience_choices(viewer, school, policy, on=school.today(viewer.now))
    if event is not None:
        # Whom it is for already stays a choice, also of last year's group or of a colleague's.
        known = {value for value, _words in audiences}
        names = {f"group:{g.public_id}": g.name for g in event.audience.groups.all()}
        names |= {f"layer:{layer.public_id}": layer.name for layer in event.audience.layers.all()}
        names["school"] = _("The whole school")
        audiences += [(value, names[value]) for value in values_of(target_of(event), school) if value not in known]
    data = request.POST if request.method == "POST" else None
    return EventForm(data, school=school, audiences=audiences, initial=initial)


def _unseen(request: Request, form: EventForm, school: School, event: Event | None = None) -> list[str]:
    """Return what she may want to know first, unless she has read exactly that: then she goes on."""
    what = form.what
    if span_fault(what.span, year=actions.years_of(school)):
        return []  # the action says what is wrong
    found = warnings_about(school, what.target, what.span, what.category, but=event)
    sentences = [warning_sentence(one) for one in found]
    mark = hashlib.sha256("\n".join(sentences).encode()).hexdigest()[:16]
    if not sentences or form.cleaned_data["seen"] == mark:
        return []
    typed = request.POST.copy()
    typed["seen"] = mark
    form.data = typed
    return sentences


def _around(school: School, warnings: list[str]) -> dict[str, object]:
    return {"school": school, "warnings": warnings, "agreement": agreement_url(school, "A2")}


@require_http_methods(["GET", "POST"])
def cancel(request: Request, public_id: str) -> HttpResponse:
    """Let an event not go on."""
    event = one_event(request, public_id)
    require(can_edit_event(request.viewer, event))
    return form_page(
        request,
        form=CancelForm(request.POST if request.method == "POST" else None, event=event),
        act=lambda data: actions.cancel_event(
            by=request.viewer, event=event, reason=data["reason"], following=data.get("following", False)
        ),
        title=_("Does it not go on: %(what)s?") % {"what": event.title},
        intro=_("It stays in the agenda, struck through. Everybody it is for is told."),
        back=page_of(event),
        back_label=event.title,
        submit=_("It does not go on"),
        danger=True,
    )


@require_POST
def revive(request: Request, public_id: str) -> HttpResponseRedirect:
    """Let a cancelled event go on after all."""
    event = one_event(request, public_id)
    return posted(request, lambda: actions.revive_event(by=request.viewer, event=event), back=page_of(event))


@require_POST
def publish(request: Request, public_id: str) -> HttpResponseRedirect:
    """Let everybody it is for see a planned event."""
    event = one_event(request, public_id)
    return posted(
        request,
        lambda: actions.publish_event(by=request.viewer, event=event),
        back=page_of(event),
        done=_("Everybody it is for sees it now."),
    )


@require_POST
def remove(request: Request, public_id: str) -> HttpResponseRedirect:
    """Throw away what is only planned."""
    event = one_event(request, public_id)
    return posted(
        request,
        lambda: actions.remove_event(by=request.viewer, event=event),
        back=page_of(event),
        onward=reverse("home:agenda"),
        done=_("Thrown away."),
    )


@require_http_methods(["GET", "POST"])
def add_document(request: Request, public_id: str) -> HttpResponse:
    """Let a document go with an event."""
    event = one_event(request, public_id)
    require(can_edit_event(request.viewer, event))
    return form_page(
        request,
        form=DocumentForm(*((request.POST, request.FILES) if request.method == "POST" else ())),
        act=lambda data: actions.attach_document(by=request.viewer, event=event, upload=data["document"]),
        title=_("Add a document"),
        back=page_of(event),
        back_label=event.title,
        submit=_("Add"),
        template="agenda/document.html",
    )


@require_POST
def remove_document(request: Request, public_id: str) -> HttpResponseRedirect:
    """Take a document off an event."""
    rows = EventDocument.objects.visible_to(request.viewer).select_related(
        "event__school", "event__audience", "document"
    )
    attached = get_object_or_404(rows, public_id=public_id)
    return posted(
        request,
        lambda: actions.detach_document(by=request.viewer, attached=attached),
        back=page_of(attached.event),
    )
