"""A group conversation: opening it, answering with one tap, going on in private, closing it (P2)."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kring.agreements.current import agreement_url, policies_seen_by
from kring.conversations import actions
from kring.conversations.circle import private_recipients
from kring.conversations.forms import ClosingForm, GroupForm, MessageForm
from kring.conversations.models import Choice, Conversation, Message
from kring.conversations.permissions import can_close, can_open_group_conversation, can_write_to_team, is_author
from kring.conversations.rules import Kind
from kring.conversations.rules.circle import default_closing
from kring.conversations.views.act import back_to, one_talk
from kring.core.access import Refused, require
from kring.core.formpage import form_page, posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.people.models import Person
from kring.school.models import Group


@require_http_methods(["GET", "POST"])
def ask(request: Request, group_id: str) -> HttpResponse:
    """Open a group conversation."""
    viewer = request.viewer
    groups = Group.objects.visible_to(viewer).select_related("school", "school_year")
    group = get_object_or_404(groups, public_id=group_id)
    policy = policies_seen_by(viewer, [group.school_id])[group.school_id].group_conversations
    if not policy.on:
        raise Http404
    require(can_open_group_conversation(viewer, group))
    closes_on = default_closing(
        group.school.today(viewer.now), days=policy.closes_after_days, year_ends=group.school_year.ends_on
    )
    form = GroupForm(request.POST if request.method == "POST" else None, closes_on=closes_on)
    return form_page(
        request,
        form=form,
        act=lambda data: actions.open_group_conversation(
            by=viewer,
            group=group,
            purpose=data["purpose"],
            text=data["text"],
            closes_on=data["closes_on"],
            choices=data["choices"],
            token=data["token"],
        ),
        onward=back_to,
        title=_("Ask %(group)s something") % {"group": group.name},
        back=reverse("conversations:list"),
        back_label=_("Conversations"),
        submit=_("Ask"),
        template="conversations/ask.html",
        group=group,
        school=group.school,
        agreement=agreement_url(group.school, "P2"),
    )


@require_POST
def answer(request: Request, public_id: str) -> HttpResponseRedirect:
    """Choose an answer with one tap."""
    rows = Choice.objects.visible_to(request.viewer).select_related(
        "conversation__school", "conversation__group", "conversation__audience"
    )
    choice = get_object_or_404(rows, public_id=public_id)
    return posted(
        request,
        lambda: actions.answer(by=request.viewer, choice=choice),
        back=back_to(choice.conversation),
    )


@require_POST
def take_back_answer(request: Request, public_id: str) -> HttpResponseRedirect:
    """Have no answer any more."""
    conversation = _group_talk(request, public_id)
    return posted(
        request,
        lambda: actions.take_back_answer(by=request.viewer, conversation=conversation),
        back=back_to(conversation),
    )


@require_http_methods(["GET", "POST"])
def close(request: Request, public_id: str) -> HttpResponse:
    """Close it before its day, with last words or none."""
    conversation = _group_talk(request, public_id)
    require(can_close(request.viewer, conversation))
    return form_page(
        request,
        form=ClosingForm(request.POST if request.method == "POST" else None),
        act=lambda data: actions.close_group_conversation(
            by=request.viewer, conversation=conversation, words=data["words"]
        ),
        title=_("Close this conversation"),
        intro=_("Nobody writes or answers in it after that. What was said stays readable."),
        back=back_to(conversation),
        back_label=_("Back to the conversation"),
        submit=_("Close"),
    )


@require_http_methods(["GET", "POST"])
def privately(request: Request, public_id: str) -> HttpResponse:
    """Say something to the team or to one parent instead of to the whole group.

    `message` is a message of her own that is moved, or one of another parent that she answers. A POST with `begin`
    brings what was typed under the conversation and sends nothing yet.
    """
    viewer, conversation = request.viewer, _group_talk(request, public_id)
    if not can_write_to_team(viewer, conversation.group):
        raise Http404
    message = _message(request, conversation)
    is_moved = message is not None and is_author(viewer, message)
    people = private_recipients(conversation, viewer)
    begins = request.method != "POST" or "begin" in request.POST
    text = request.POST.get("text", "") or (message.source if message is not None and is_moved else "")
    form = MessageForm(None if begins else request.POST, initial={"text": text})
    form.fields["text"].widget.attrs["rows"] = 5
    to = request.POST.get("to") or (_author_of(message, people) if message is not None and not is_moved else "")
    refused = ""
    if not begins and form.is_valid():
        try:
            sent = actions.say_privately(
                by=viewer,
                conversation=conversation,
                text=form.cleaned_data["text"],
                person=next((person for person in people if person.public_id == to), None),
                message=message if is_moved else None,
                token=form.cleaned_data["token"],
            )
        except Refused as found:
            refused = found.sentence
        else:
            return redirect(back_to(sent.conversation))
    context = {
        "conversation": conversation,
        "group": conversation.group,
        "school": conversation.school,
        "form": form,
        "people": people,
        "to": to,
        "message": message,
        "is_moved": is_moved,
        "refused": refused,
    }
    return page(request, "conversations/privately.html", context, status=200 if begins else 422)


def _message(request: Request, conversation: Conversation) -> Message | None:
    public_id = request.POST.get("message") or request.GET.get("message", "")
    if not public_id:
        return None
    rows = Message.objects.visible_to(request.viewer).filter(conversation=conversation, deleted_at__isnull=True)
    return get_object_or_404(rows.select_related("author", "conversation__school", "conversation__group"),
                             public_id=public_id)  # fmt: skip


def _author_of(message: Message, people: list[Person]) -> str:
    return next((person.public_id for person in people if person.pk == message.author_id), "")


def _group_talk(request: Request, public_id: str) -> Conversation:
    conversation = one_talk(request, public_id)
    if conversation.kind != Kind.GROUP:
        raise Http404
    return conversation
