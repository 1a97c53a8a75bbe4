"""One conversation: reading it, writing in it, changing words, proposing moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kring.agreements.current import agreement_url, policies_seen_by
from kring.agreements.policy import Policy
from kring.conversations import actions
from kring.conversations.circle import circle_of
from kring.conversations.forms import EditForm, MessageForm, MomentsForm
from kring.conversations.hints import Hint, hint_on
from kring.conversations.hours import promise_days, sends_at
from kring.conversations.listing import names_in, title_of
from kring.conversations.models import Conversation, DraftMessage, Message
from kring.conversations.news import News, key_of, news_since
from kring.conversations.permissions import (
    can_attach,
    can_edit_message,
    can_promise,
    can_propose,
    can_settle,
    side_in,
)
from kring.conversations.pieces import seen_html, words_html
from kring.conversations.rules import Kind, Side
from kring.conversations.team_week import team_week
from kring.conversations.thread import Thread, promise_words, thread_of
from kring.conversations.views.act import back_to, unseen_hint
from kring.conversations.views.among import sleeps_on
from kring.core.access import Refused, require
from kring.core.formpage import form_page
from kring.core.htmx import page
from kring.core.http import Request


def _talk(request: Request, public_id: str) -> Conversation:
    key = key_of(request.viewer, public_id)
    if key is None:
        raise Http404
    rows = Conversation.objects.for_pages().select_related("audience", "team_audience")
    return get_object_or_404(rows.prefetch_related("group__lesson_hours"), pk=key)


@require_http_methods(["GET", "POST"])
def talk(request: Request, public_id: str) -> HttpResponse:
    """Show a conversation and take what is written in it. `action=autosave` keeps what is typed and answers a hint."""
    since = request.GET.get("since", "")
    if request.method == "GET" and request.htmx and since.isdecimal():
        news = news_since(request.viewer, public_id, since=int(since[:18]))
        if news is None or not news.is_whole:
            return _news(request, news)
    viewer, conversation = request.viewer, _talk(request, public_id)
    policy = policies_seen_by(viewer, [conversation.school_id])[conversation.school_id]
    if request.method == "POST" and request.POST.get("action") == "autosave":
        return _keep(request, conversation, policy)
    sends = sends_at(viewer, conversation.school) if side_in(viewer, conversation) == Side.TEAM else None
    draft = DraftMessage.objects.visible_to(viewer).filter(conversation=conversation).first()
    form = MessageForm(
        request.POST if request.method == "POST" else None, initial={"text": draft.text if draft else ""}
    )
    stopped = _Stopped()
    if request.method == "POST" and form.is_valid():
        stopped = _send(request, conversation, policy, form, sends)
        if stopped == _Stopped():
            return redirect(back_to(conversation))
    thread = thread_of(
        conversation, viewer, policy, upto=request.GET.get("upto", ""), before=request.GET.get("before", "")
    )
    context = _context(request, conversation, policy, thread) | {
        "form": form,
        "sends_at": sends,
        "refused": stopped.refused,
        "is_late": stopped.is_late,
        "hint": stopped.hint,
    }
    if stopped.refused is not None and stopped.refused.clause:
        context["refused_why"] = agreement_url(conversation.school, stopped.refused.clause)
    status = 422 if request.method == "POST" else 200
    return page(request, "conversations/talk.html", context, fragment="thread", status=status)


@dataclass(frozen=True, slots=True)
class _Stopped:
    """Why a message was not sent yet: refused, better slept on, or with a hint that was not seen before."""

    refused: Refused | None = None
    is_late: bool = False
    hint: Hint | None = None


def _send(
    request: Request, conversation: Conversation, policy: Policy, form: MessageForm, sends: datetime | None
) -> _Stopped:
    text = form.cleaned_data["text"]
    if conversation.kind == Kind.DIRECT and sleeps_on(request, text, zone_of=conversation.group):
        return _Stopped(is_late=True)
    if conversation.kind == Kind.TEAM:
        from_family = side_in(request.viewer, conversation) == Side.FAMILY
        hint = unseen_hint(request, text, school=conversation.school, policy=policy, from_family=from_family)
        if hint is not None:
            return _Stopped(hint=hint)
    try:
        actions.send_message(
            by=request.viewer,
            conversation=conversation,
            text=text,
            token=form.cleaned_data["token"],
            at=_chosen(form, sends),
            uploads=request.FILES.getlist("document"),
        )
    except Refused as found:
        return _Stopped(refused=found)
    return _Stopped()


def _news(request: Request, news: News | None) -> HttpResponse:
    """Answer with what was said since, and the number of the change up to which that is."""
    if news is None:
        raise Http404
    version = {"X-Kring-Version": str(news.conversation.version), "Cache-Control": "private, no-store"}
    if not news.entries:
        return HttpResponse(status=204, headers=version)
    token = get_token(request)  # once: each call masks it anew
    words = words_html(news.entries, news.conversation, token=token, can_go_private=news.can_go_private)
    return HttpResponse(words + _seen_form(token, news.conversation, news.last), headers=version)


def _seen_form(token: str, conversation: Conversation, last: Message | None) -> SafeString:
    return seen_html(conversation, last, token=token) if last is not None else SafeString()


def photos_of(conversation: Conversation, policy: Policy) -> str:
    """Return what the box says to a parent about photos (P3): "share", "none" with the reason, or nothing at all."""
    if conversation.kind != Kind.GROUP:
        return ""
    return "share" if policy.parent_photos.allowed else "none"


def child_css(request: Request, child_id: int | None) -> str:
    """Return the class with the colour of a child of hers, as on her other pages; the team has one for all."""
    kid = request.shell.names.kids.get(child_id)
    return kid.css if kid else ""


def _chosen(form: MessageForm, sends: datetime | None) -> datetime | None:
    """Return when the team's words go out: in the next window unless she said now (H1)."""
    return None if form.cleaned_data["when"] == "now" else sends


def _keep(request: Request, conversation: Conversation, policy: Policy) -> HttpResponse:
    text = request.POST.get("text", "")
    actions.keep_draft(by=request.viewer, conversation=conversation, text=text)
    hint = None
    if conversation.kind == Kind.TEAM:
        from_family = side_in(request.viewer, conversation) == Side.FAMILY
        hint = hint_on(text, school=conversation.school, policy=policy, from_family=from_family)
    return page(request, "conversations/talk.html", {"hint": hint, "conversation": conversation}, fragment="beside")


def _context(request: Request, conversation: Conversation, policy: Policy, thread: Thread) -> dict[str, Any]:
    viewer, school = request.viewer, conversation.school
    names = names_in([conversation], viewer).get(conversation.pk, [])
    is_family = thread.side == Side.FAMILY
    shows_team = conversation.kind == Kind.TEAM and is_family
    promises = [(promise, promise_words(promise, today=school.today(viewer.now))) for promise in thread.promises]
    receipts = policy.receipts.on and can_promise(viewer, conversation) and thread.waits_for_her
    circle = circle_of(conversation, viewer)
    can_go_private = circle is not None and circle.can_go_private
    is_news = thread.is_news and not request.GET.get("before")
    token = get_token(request)
    return {
        "circle": circle,
        "said": words_html(thread.entries, conversation, token=token, can_go_private=can_go_private),
        "seen_form": _seen_form(token, conversation, thread.last if is_news else None),
        "conversation": conversation,
        "school": school,
        "thread": thread,
        "title": title_of(conversation, viewer, names),
        "child_css": child_css(request, conversation.child_id),
        "is_family": is_family,
        "week": team_week(conversation.group, now=viewer.now, policy=policy) if shows_team else None,
        "promises": promises,
        "can_promise": receipts,
        "promise_days": promise_days(conversation.group, now=viewer.now) if receipts else [],
        "can_settle": thread.waits_for_her and can_settle(viewer, conversation),
        "can_propose": can_propose(viewer, conversation),
        "can_attach": can_attach(viewer, conversation),
        "photos": photos_of(conversation, policy) if is_family else "",
        "photos_why": agreement_url(school, "P3"),
        "contact_url": agreement_url(school, "H1"),
        "upto": request.GET.get("upto", ""),
        "before": request.GET.get("before", ""),
    }


@require_http_methods(["GET", "POST"])
def edit(request: Request, public_id: str) -> HttpResponse:
    """Change one's own words."""
    rows = Message.objects.visible_to(request.viewer)
    rows = rows.select_related("conversation__school", "conversation__group", "author")
    message = get_object_or_404(rows, public_id=public_id)
    if request.method != "POST":
        require(can_edit_message(request.viewer, message))
    return form_page(
        request,
        form=EditForm(request.POST if request.method == "POST" else None, initial={"text": message.source}),
        act=lambda data: actions.edit_message(by=request.viewer, message=message, text=data["text"]),
        title=_("Change your message"),
        back=back_to(message.conversation),
        back_label=_("Back to the conversation"),
        done=_("Changed."),
    )


@require_http_methods(["GET", "POST"])
def moments(request: Request, public_id: str) -> HttpResponse:
    """Propose up to three moments to talk."""
    viewer, conversation = request.viewer, _talk(request, public_id)
    require(can_propose(viewer, conversation))
    sends = sends_at(viewer, conversation.school) if side_in(viewer, conversation) == Side.TEAM else None
    return form_page(
        request,
        form=MomentsForm(request.POST if request.method == "POST" else None, school=conversation.school),
        act=lambda data: actions.propose_moments(
            by=viewer,
            conversation=conversation,
            moments=data["moments"],
            minutes=data["minutes"],
            place=data["place"],
            text=data["text"],
            token=data["token"],
            at=sends,
        ),
        title=_("Propose a moment to talk"),
        back=back_to(conversation),
        submit=_("Propose"),
        done=_("Proposed."),
        template="conversations/moments.html",
        conversation=conversation,
        school_days=promise_days(conversation.group, now=viewer.now),
    )
