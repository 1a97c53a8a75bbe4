"""The buttons in a conversation: each is one action, and leads back to where it stands."""

from __future__ import annotations

from django.db.models import Q
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kring.agreements.policy import Policy
from kring.conversations import actions
from kring.conversations.forms import PromiseForm
from kring.conversations.hints import Hint, hint_on
from kring.conversations.models import (
    Conversation,
    Meeting,
    Message,
    MessageDocument,
    Moment,
    Promise,
    Proposal,
    documents_for_moderator,
)
from kring.core.formpage import posted
from kring.core.http import Request, is_own_address
from kring.files.handout import send_document
from kring.school.models import School

OF_TALK = ("conversation__school", "conversation__group", "conversation__audience", "conversation__team_audience")


def back_to(conversation: Conversation) -> str:
    """Return the address of a conversation, at its newest words."""
    return reverse("conversations:talk", args=[conversation.public_id]) + "#newest"


def _where_it_stood(request: Request, conversation: Conversation) -> str:
    """Return the list when the button stood there, else the conversation."""
    came_from = request.headers.get("referer", "")
    listing = reverse("conversations:list")
    if is_own_address(request, came_from) and came_from.partition("?")[0].endswith(listing):
        return listing
    return back_to(conversation)


def one_talk(request: Request, public_id: str) -> Conversation:
    """Return a conversation in which she takes part; for everybody else there is none."""
    rows = Conversation.objects.visible_to(request.viewer).for_pages().select_related("audience", "team_audience")
    return get_object_or_404(rows, public_id=public_id)


def unseen_hint(request: Request, text: str, *, school: School, policy: Policy, from_family: bool) -> Hint | None:
    """Return the hint (N1, N2, N4) that a browser without JavaScript could not show while she wrote, once: `sure`
    says that she has read it. Files would be lost on the way, so with them nothing is asked.
    """
    if not request.POST.get("plain") or request.POST.get("sure") or request.FILES:
        return None
    return hint_on(text, school=school, policy=policy, from_family=from_family)


@require_POST
def seen(request: Request, public_id: str) -> HttpResponse:
    """Write down that the conversation was read up to a message: sent by the page itself, or by the button."""
    conversation = one_talk(request, public_id)
    rows = Message.objects.visible_to(request.viewer).select_related("conversation__school")
    message = get_object_or_404(rows.filter(conversation=conversation), public_id=request.POST.get("message", ""))
    actions.mark_read(by=request.viewer, message=message)
    if request.headers.get("X-Quiet"):
        return HttpResponse(status=204)
    return posted(request, lambda: None, back=back_to(conversation))


@require_POST
def promise(request: Request, public_id: str) -> HttpResponse:
    """Say "I'll come back to it", on a day or without one."""
    conversation = one_talk(request, public_id)
    form = PromiseForm(request.POST)
    until = form.cleaned_data.get("until") if form.is_valid() else None
    return posted(
        request,
        lambda: actions.promise_answer(by=request.viewer, conversation=conversation, until=until),
        back=_where_it_stood(request, conversation),
        done=_("They know that you will come back to it."),
    )


@require_POST
def settle(request: Request, public_id: str) -> HttpResponse:
    """Say that nothing waits for an answer."""
    conversation = one_talk(request, public_id)
    return posted(
        request,
        lambda: actions.settle(by=request.viewer, conversation=conversation),
        back=_where_it_stood(request, conversation),
        done=_("Done: nothing waits here any more."),
    )


def _promise(request: Request, public_id: str) -> Promise:
    rows = Promise.objects.visible_to(request.viewer).select_related(*OF_TALK, "person")
    return get_object_or_404(rows, public_id=public_id)


@require_POST
def take_over(request: Request, public_id: str) -> HttpResponse:
    """Take over what a colleague promised."""
    found = _promise(request, public_id)
    return posted(
        request,
        lambda: actions.take_over_promise(by=request.viewer, promise=found),
        back=_where_it_stood(request, found.conversation),
        done=_("You took it over."),
    )


@require_POST
def take_back(request: Request, public_id: str) -> HttpResponse:
    """Take back one's own promise."""
    found = _promise(request, public_id)
    return posted(
        request,
        lambda: actions.take_back_promise(by=request.viewer, promise=found),
        back=_where_it_stood(request, found.conversation),
    )


@require_POST
def delete(request: Request, public_id: str) -> HttpResponse:
    """Take one's own words away."""
    rows = Message.objects.visible_to(request.viewer).select_related(*OF_TALK)
    message = get_object_or_404(rows, public_id=public_id)
    pending = message.is_pending(request.viewer.now)
    return posted(
        request,
        lambda: actions.delete_message(by=request.viewer, message=message),
        back=back_to(message.conversation),
        done=_("Taken back: nobody has read it. It stands in the box again.") if pending else _("Taken away."),
    )


@require_POST
def choose(request: Request, public_id: str) -> HttpResponse:
    """Choose one of the moments."""
    proposals = Proposal.objects.visible_to(request.viewer).values("pk")
    rows = Moment.objects.filter(proposal__in=proposals).select_related(*[f"proposal__{name}" for name in OF_TALK])
    moment = get_object_or_404(rows, public_id=public_id)
    return posted(
        request,
        lambda: actions.choose_moment(by=request.viewer, moment=moment),
        back=back_to(moment.proposal.conversation),
        done=_("Agreed. It stands on the first page of both of you."),
    )


def _proposal(request: Request, public_id: str) -> Proposal:
    rows = Proposal.objects.visible_to(request.viewer).select_related(*OF_TALK)
    return get_object_or_404(rows, public_id=public_id)


@require_POST
def decline(request: Request, public_id: str) -> HttpResponse:
    """Say that none of the moments suits."""
    proposal = _proposal(request, public_id)
    return posted(
        request,
        lambda: actions.decline_moments(by=request.viewer, proposal=proposal),
        back=back_to(proposal.conversation),
        done=_("They know that none of these suits. Propose other moments, or write when you can."),
    )


@require_POST
def withdraw(request: Request, public_id: str) -> HttpResponse:
    """Take proposed moments back."""
    proposal = _proposal(request, public_id)
    return posted(
        request,
        lambda: actions.withdraw_moments(by=request.viewer, proposal=proposal),
        back=back_to(proposal.conversation),
        done=_("These moments cannot be chosen any more."),
    )


@require_POST
def cancel(request: Request, public_id: str) -> HttpResponse:
    """Cancel an appointment."""
    rows = Meeting.objects.visible_to(request.viewer).select_related(*OF_TALK)
    meeting = get_object_or_404(rows, public_id=public_id)
    return posted(
        request,
        lambda: actions.cancel_meeting(by=request.viewer, meeting=meeting),
        back=back_to(meeting.conversation),
        done=_("Cancelled. The other side is told."),
    )


@require_safe
def document(request: Request, public_id: str) -> FileResponse:
    """Hand out a document or a photo to who reads its message, or judges a report of it now."""
    viewer = request.viewer
    may = Q(pk__in=MessageDocument.objects.visible_to(viewer).values("pk"))
    may |= Q(pk__in=documents_for_moderator(viewer).values("pk"))
    rows = MessageDocument.objects.filter(may).select_related("document")
    return send_document(get_object_or_404(rows, public_id=public_id).document)
