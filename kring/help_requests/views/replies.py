"""What responders see and do: the replies, ticking off, thanks, the gate, one reminder, the end, and a list."""

from __future__ import annotations

import csv
from collections.abc import Callable

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kring.core.access import Refused, require
from kring.core.formpage import form_page, posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.help_requests import actions
from kring.help_requests.forms import ByHandForm, ThanksForm
from kring.help_requests.models import HelpRequest, Reply, Task
from kring.help_requests.people import readers_of
from kring.help_requests.permissions import can_close, is_reviewer
from kring.help_requests.showing import Said, names, said_in, tasks_of
from kring.help_requests.views.finding import back_to, handled, one_request


def _page_of(found: HelpRequest) -> str:
    return reverse("help_requests:replies", args=[found.public_id])


@require_safe
def replies(request: Request, public_id: str) -> HttpResponse:
    """Show the replies to who reads them: what is still to be done, all, or who cannot."""
    return _shown(request, handled(request, public_id), ByHandForm())


def _shown(request: Request, found: HelpRequest, form: ByHandForm, *, refusal: str = "") -> HttpResponse:
    viewer, show = request.viewer, request.GET.get("show", "todo")
    said, counts = said_in(found, viewer, show=show)
    if show == "todo" and not said and counts["all"]:
        show = "all"
        said, counts = said_in(found, viewer, show=show)
    tasks = tasks_of(found, viewer)
    context = {
        "help": found,
        "school": found.school,
        "said": said,
        "counts": counts,
        "show": show,
        "tasks": tasks,
        "free": sum(task.free for task in tasks),
        "filled": sum(task.taken for task in tasks),
        "places": sum(task.places for task in tasks),
        "reader_names": names(readers_of(found, on=found.school.today(viewer.now))),
        "by_hand": form,
        "refusal": refusal,
        "is_reviewer": is_reviewer(viewer, found),
    }
    return page(request, "help_requests/replies.html", context)


@require_POST
def by_hand(request: Request, public_id: str) -> HttpResponse:
    """Write down somebody who said yes at the school gate."""
    found = handled(request, public_id)
    form = ByHandForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form, refusal=_("Write down who it is, and a number from 1 to 9."))
    data = form.cleaned_data
    task = Task.objects.filter(request=found, public_id=data["task"]).first() if data["task"] else None
    try:
        actions.add_by_hand(by=request.viewer, request=found, name=data["name"], task=task, number=data["number"] or 1)
    except Refused as refused:
        return _shown(request, found, form, refusal=refused.sentence)
    return HttpResponseRedirect(_page_of(found) + "?show=all")


def _one_reply(request: Request, public_id: str) -> Reply:
    rows = Reply.objects.visible_to(request.viewer).select_related("request__school", "person", "signup__offer")
    return get_object_or_404(rows, public_id=public_id)


def _done(request: Request, reply: Reply, act: Callable[[], object], done: str = "") -> HttpResponseRedirect:
    back = reverse("help_requests:replies", args=[reply.request.public_id])
    show = request.POST.get("show", "")
    return posted(request, act, back=f"{back}?show={show}" if show in ("all", "cannot") else back, done=done)


@require_POST
def tick(request: Request, public_id: str) -> HttpResponseRedirect:
    """Tick a reply off, or put it back."""
    reply, done = _one_reply(request, public_id), request.POST.get("done") != "no"
    return _done(request, reply, lambda: actions.tick(by=request.viewer, reply=reply, done=done))


@require_POST
def thank(request: Request, public_id: str) -> HttpResponseRedirect:
    """Thank somebody."""
    reply = _one_reply(request, public_id)
    return _done(request, reply, lambda: actions.thank(by=request.viewer, reply=reply), _("Thanked."))


@require_POST
def place(request: Request, public_id: str) -> HttpResponseRedirect:
    """Give somebody a place."""
    reply = _one_reply(request, public_id)
    task = get_object_or_404(Task, request_id=reply.request_id, public_id=request.POST.get("task", ""))
    return _done(request, reply, lambda: actions.give_place(by=request.viewer, reply=reply, task=task))


@require_POST
def free(request: Request, public_id: str) -> HttpResponseRedirect:
    """Give the place of a reply back."""
    reply = _one_reply(request, public_id)
    return _done(request, reply, lambda: actions.free_place(by=request.viewer, reply=reply))


@require_POST
def remind(request: Request, public_id: str) -> HttpResponseRedirect:
    """Ask those who have not replied, once."""
    found = handled(request, public_id)
    return posted(
        request,
        lambda: actions.remind(by=request.viewer, request=found),
        back=_page_of(found),
        done=_("Who has not replied hears of it once more."),
    )


@require_http_methods(["GET", "POST"])
def close(request: Request, public_id: str) -> HttpResponse:
    """Take no more replies, with a line of thanks."""
    found = one_request(request, public_id)
    require(can_close(request.viewer, found))
    return form_page(
        request,
        form=ThanksForm(request.POST if request.method == "POST" else None),
        act=lambda data: actions.close_request(by=request.viewer, request=found, thanks=data["thanks"]),
        title=_("Close this request for help"),
        intro=_("Nobody can reply any more. Who said she can help is told, with your words."),
        back=back_to(found),
        back_label=_("Back to the request"),
        submit=_("Close"),
        done=_("Closed."),
        school=found.school,
    )


@require_safe
def export(request: Request, public_id: str) -> HttpResponse:
    """Hand out the replies as a list: names and what they said, no way to reach anybody."""
    found = handled(request, public_id)
    said, _counts = said_in(found, request.viewer, show="all")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_("replies")}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    response.write("\ufeff")
    written = csv.writer(response, delimiter=";")
    written.writerow([_("Name"), _("Reply"), _("What"), _("Number"), _("Place"), _("Words"), _("Ticked off")])
    for one in said:
        written.writerow([_harmless(cell) for cell in _cells(one)])
    return response


def _cells(one: Said) -> list[str]:
    reply = one.reply
    place = _("yes") if one.has_place else _("waits") if one.waits else ""
    return [
        reply.who,
        str(reply.get_says_display()),
        reply.task.label if reply.task else "",
        str(reply.number),
        place,
        reply.text,
        _("yes") if reply.ticked_at else "",
    ]


def _harmless(cell: str) -> str:
    """Return the cell so that a spreadsheet does not take it for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell
