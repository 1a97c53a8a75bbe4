"""Where a parent replies: a page of its own, and the piece that stands in the post or conversation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kring.core.access import Refused
from kring.core.htmx import page
from kring.core.http import Request
from kring.help_requests import actions
from kring.help_requests.forms import ReplyForm
from kring.help_requests.models import HelpRequest, Task
from kring.help_requests.permissions import can_handle
from kring.help_requests.showing import names, piece_of
from kring.help_requests.views.finding import one_request


@require_http_methods(["GET", "POST"])
def answer(request: Request, public_id: str) -> HttpResponse:
    """Show how the request stands and what she replied; take a reply."""
    found = one_request(request, public_id)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST":
        if form.is_valid():
            try:
                _reply(request, found, form)
            except Refused as refused:
                refusal = refused.sentence
            else:
                return _after(request, found, form)
        else:
            refusal = _("Choose one of the answers, and a number from 1 to 9.")
    return _piece(request, found, form=form, refusal=refusal)


def _reply(request: Request, found: HelpRequest, form: ReplyForm) -> None:
    data = form.cleaned_data
    task = Task.objects.filter(request=found, public_id=data["task"]).first() if data["task"] else None
    actions.reply(
        by=request.viewer,
        request=found,
        says=data["says"],
        task=task,
        number=data["number"] or 1,
        text=data["text"],
    )


@require_POST
def take_back(request: Request, public_id: str) -> HttpResponse:
    """Have no reply any more."""
    found = one_request(request, public_id)
    try:
        actions.take_back_reply(by=request.viewer, request=found)
    except Refused as refused:
        return _piece(request, found, form=ReplyForm(), refusal=refused.sentence)
    return _after(request, found, ReplyForm())


def _after(request: Request, found: HelpRequest, form: ReplyForm) -> HttpResponse:
    if request.htmx:
        return _piece(request, found, form=ReplyForm())
    messages.success(request, _("Your reply was taken in.") if form.is_bound else _("Your reply was taken back."))
    return redirect("help_requests:answer", found.public_id)


def _piece(request: Request, found: HelpRequest, *, form: ReplyForm, refusal: str = "") -> HttpResponse:
    viewer = request.viewer
    fresh = get_object_or_404(HelpRequest.objects.visible_to(viewer).for_pages(), pk=found.pk)
    piece = piece_of(fresh, viewer)
    place = ""
    if fresh.conversation is not None:
        place = reverse("conversations:talk", args=[fresh.conversation.public_id])
    elif fresh.post is not None:
        place = reverse("posts:read", args=[fresh.post.public_id])
    mine = piece.mine
    typed = {
        "text": form["text"].value() if form.is_bound else mine.text if mine else "",
        "number": form["number"].value() if form.is_bound else mine.number if mine else 1,
    }
    context = {
        "help": fresh,
        "typed": typed,
        "school": fresh.school,
        "piece": piece,
        "readers": piece.readers,
        "reader_names": names([]) if not piece.readers else _joined(piece.readers),
        "form": form,
        "refusal": refusal,
        "place": place,
        "can_handle": can_handle(viewer, fresh),
    }
    return page(request, "help_requests/answer.html", context, fragment="piece", status=200)


def _joined(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
