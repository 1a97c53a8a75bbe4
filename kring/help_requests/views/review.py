"""Looking at a request that was handed in: place it, ask something back, or not; and who gets the replies."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kring.agreements.current import agreement_url, policies_seen_by
from kring.core.access import Refused, require
from kring.core.formpage import form_page
from kring.core.htmx import page
from kring.core.http import Request
from kring.core.viewer import Viewer
from kring.help_requests import actions
from kring.help_requests.forms import NoteForm, PlaceForm, RespondersForm, initial_of
from kring.help_requests.models import HelpRequest
from kring.help_requests.people import candidates
from kring.help_requests.permissions import (
    can_answer_asker,
    can_choose_responders,
    can_place,
    can_place_in_talk,
    groups_to_place_in,
    is_reviewer,
    seat_of,
)
from kring.help_requests.rules import Asker
from kring.help_requests.views.finding import back_to, own_or_reviewed
from kring.notifications.hours import send_moment
from kring.posts.choices import audience_choices, target_from
from kring.posts.permissions import Target
from kring.posts.rules import Kind

TALK, POST = "talk", "post"


@require_http_methods(["GET", "POST"])
def review(request: Request, public_id: str) -> HttpResponse:
    """Look at a request as families will see it, change words where needed, and place it."""
    viewer, found = request.viewer, own_or_reviewed(request, public_id)
    if not can_place(viewer, found):
        require(is_reviewer(viewer, found) or found.asked_by_id == viewer.person_at(found.school_id))
        return redirect(back_to(found))
    people = candidates(seat_of(found), on=found.school.today(viewer.now))
    whoms = _whoms(viewer, found)
    # Outside her hours a message goes out in the next window, as from every composer of the team (H1).
    sends_at = send_moment(viewer, found.school) if viewer.is_staff_at(found.school_id) else None
    named = [row.person for row in found.responders.named()]
    form = PlaceForm(
        request.POST if request.method == "POST" else None,
        people=people,
        wheres=_wheres(viewer, found, whoms),
        whoms=whoms if found.group is None else [],
        has_wish=False,
        initial=initial_of(found, tasks=found.tasks.all(), responders=named),
    )
    if request.method == "POST" and form.is_valid():
        try:
            _place(viewer, found, form, at=sends_at)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Placed. Families can reply."))
            return redirect(back_to(found))
    context = {
        "form": form,
        "note": NoteForm(),
        "sends_at": sends_at,
        "help": found,
        "school": found.school,
        "documents": list(found.documents.select_related("document")),
        "can_answer_asker": can_answer_asker(viewer, found),
        "is_own": found.asked_by_id == viewer.person_at(found.school_id),
        "agreement": agreement_url(found.school, "O1" if found.asked_as == Asker.COUNCIL else "O2"),
    }
    return page(request, "help_requests/review.html", context)


def _wheres(viewer: Viewer, found: HelpRequest, whoms: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return where she may place it, the agreement's own way first (O1, O2)."""
    wheres = []
    if can_place_in_talk(viewer, found):
        wheres.append((TALK, _("In a group conversation")))
    if groups_to_place_in(viewer, found) if found.group_id else whoms:
        wheres.append((POST, _("As a message in the news")))
    return wheres


def _whoms(viewer: Viewer, found: HelpRequest) -> list[tuple[str, str]]:
    policy = policies_seen_by(viewer, [found.school_id])[found.school_id]
    on = found.school.today(viewer.now)
    return audience_choices(viewer, found.school, Kind.ANNOUNCEMENT, policy, on=on)


def _place(viewer: Viewer, found: HelpRequest, form: PlaceForm, *, at: datetime | None) -> None:
    where = form.cleaned_data["where"]
    if where == TALK:
        actions.place_in_talk(by=viewer, request=found, content=form.content)
        return
    if where != POST:
        raise Refused(_("Choose where it comes."))
    target = Target(group_ids=frozenset({found.group_id})) if found.group_id else None
    target = target or target_from(found.school, form.cleaned_data["whom"])
    actions.place_in_post(
        by=viewer,
        request=found,
        content=form.content,
        target=target,
        at=at if form.cleaned_data["when"] != "now" else None,
    )


@require_POST
def ask_back(request: Request, public_id: str) -> HttpResponse:
    """Ask who wrote it something first."""
    return _note(request, public_id, actions.ask_back, "question", _("Asked. The request waits with who wrote it."))


@require_POST
def decline(request: Request, public_id: str) -> HttpResponse:
    """Do not place it."""
    return _note(request, public_id, actions.decline, "reason", _("Not placed. Who asked reads why."))


def _note(request: Request, public_id: str, act: object, word: str, done: str) -> HttpResponse:
    viewer, found = request.viewer, own_or_reviewed(request, public_id)
    require(can_answer_asker(viewer, found))
    form = NoteForm(request.POST)
    return form_page(
        request,
        form=form,
        act=lambda data: act(by=viewer, request=found, **{word: data["note"]}),  # type: ignore[operator]
        title=_("Ask something back") if word == "question" else _("Do not place it"),
        back=back_to(found),
        back_label=_("Back to the request"),
        submit=_("Ask") if word == "question" else _("Do not place it"),
        done=done,
        school=found.school,
    )


@require_http_methods(["GET", "POST"])
def responders(request: Request, public_id: str) -> HttpResponse:
    """Choose who gets the replies."""
    viewer, found = request.viewer, own_or_reviewed(request, public_id)
    require(can_choose_responders(viewer, found))
    people = candidates(seat_of(found), on=found.school.today(viewer.now))
    chosen = [row.person.public_id for row in found.responders.named()]
    return form_page(
        request,
        form=RespondersForm(
            request.POST if request.method == "POST" else None, people=people, initial={"responders": chosen}
        ),
        act=lambda data: actions.choose_responders(by=viewer, request=found, responder_ids=data["responders"]),
        title=_("Who gets the replies?"),
        back=back_to(found),
        back_label=_("Back to the request"),
        done=_("Kept."),
        school=found.school,
    )
