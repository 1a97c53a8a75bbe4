"""Beginning a conversation: a parent with the team, the team with parents."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kring.agreements.current import policies_seen_by
from kring.conversations import actions
from kring.conversations.forms import NewMessageForm
from kring.conversations.hints import Hint, hint_on
from kring.conversations.hours import sends_at
from kring.conversations.models import DraftMessage, Message
from kring.conversations.permissions import can_write_to_families
from kring.conversations.recipients import choices_of, families_from, recipients_of
from kring.conversations.views.act import back_to, unseen_hint
from kring.core.access import Refused, require
from kring.core.htmx import page
from kring.core.http import Request
from kring.school.models import Group, School


def _form(request: Request, group: Group) -> NewMessageForm:
    draft = DraftMessage.objects.visible_to(request.viewer).filter(group=group).first()
    data = request.POST if request.method == "POST" else None
    return NewMessageForm(data, initial={"text": draft.text if draft else ""})


def _keep(request: Request, group: Group, template: str, *, from_family: bool, **context: Any) -> HttpResponse:
    """Keep what is being typed and answer with the hint on it."""
    text, school = request.POST.get("text", ""), group.school
    actions.keep_new_draft(by=request.viewer, group=group, text=text)
    policy = policies_seen_by(request.viewer, [school.pk])[school.pk]
    hint = hint_on(text, school=school, policy=policy, from_family=from_family)
    return page(request, template, {"hint": hint, **context}, fragment="beside")


def _unseen(request: Request, form: NewMessageForm, group: Group, *, from_family: bool) -> Hint | None:
    if request.method != "POST" or not form.is_valid():
        return None
    policy = policies_seen_by(request.viewer, [group.school_id])[group.school_id]
    text = form.cleaned_data["text"]
    return unseen_hint(request, text, school=group.school, policy=policy, from_family=from_family)


@require_http_methods(["GET", "POST"])
def to_team(request: Request) -> HttpResponse:
    """Write to the team of a child's group: nobody needs to know who works today."""
    viewer = request.viewer
    choices = choices_of(viewer)
    require(bool(choices))
    asked = request.POST.get("to") or request.GET.get("to", "")
    chosen = next((choice for choice in choices if choice.value == asked), choices[0])
    if request.method == "POST" and request.POST.get("action") == "autosave":
        return _keep(request, chosen.group, "conversations/new.html", from_family=True, chosen=chosen)
    form, refused = _form(request, chosen.group), ""
    hint = _unseen(request, form, chosen.group, from_family=True)
    if request.method == "POST" and form.is_valid() and hint is None:
        try:
            message = actions.write_to_team(
                by=viewer,
                group=chosen.group,
                child=chosen.child,
                text=form.cleaned_data["text"],
                subject=form.cleaned_data["subject"],
                token=form.cleaned_data["token"],
            )
        except Refused as found:
            refused = found.sentence
        else:
            return redirect(back_to(message.conversation))
    context = {"choices": choices, "chosen": chosen, "form": form, "refused": refused, "school": chosen.group.school}
    context["hint"] = hint
    return page(request, "conversations/new.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def to_families(request: Request, school_id: str, group_id: str) -> HttpResponse:
    """Write as the team to one or several families; each has a conversation of its own."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.visible_to(viewer), public_id=school_id)
    groups = Group.objects.visible_to(viewer).filter(school=school).select_related("school")
    group = get_object_or_404(groups, public_id=group_id)
    require(can_write_to_families(viewer, group))
    if request.method == "POST" and request.POST.get("action") == "autosave":
        return _keep(request, group, "conversations/to_families.html", from_family=False)
    form, sends, refused = _form(request, group), sends_at(viewer, school), ""
    to = request.POST.getlist("to") or request.GET.getlist("to")
    recipients = recipients_of(group, viewer, chosen=to)
    hint = _unseen(request, form, group, from_family=False)
    if request.method == "POST" and form.is_valid() and hint is None:
        try:
            sent = actions.write_to_families(
                by=viewer,
                group=group,
                families=families_from(recipients, to),
                text=form.cleaned_data["text"],
                subject=form.cleaned_data["subject"],
                token=form.cleaned_data["token"],
                at=None if form.cleaned_data["when"] == "now" else sends,
                uploads=request.FILES.getlist("document"),
            )
        except Refused as found:
            refused = found.sentence
        else:
            return _sent(request, sent)
    context = {
        "group": group,
        "school": school,
        "recipients": recipients,
        "form": form,
        "sends_at": sends,
        "refused": refused,
        "hint": hint,
    }
    return page(request, "conversations/to_families.html", context, status=422 if request.method == "POST" else 200)


def _sent(request: Request, sent: list[Message]) -> HttpResponse:
    if len(sent) == 1:
        return redirect(back_to(sent[0].conversation))
    said = ngettext("Sent to %(n)s family.", "Sent to %(n)s families, each separately.", len(sent))
    messages.success(request, said % {"n": len(sent)})
    return redirect("conversations:list")
