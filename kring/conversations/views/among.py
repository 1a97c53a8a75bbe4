"""Parents among each other: the directory of a group, writing to one of them, and leaving somebody in peace (P1)."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kring.agreements.current import agreement_url, policies_seen_by
from kring.conversations import actions
from kring.conversations.directory import directory_of, groups_with_directory, is_unlisted, other_parents
from kring.conversations.forms import MessageForm
from kring.conversations.models import Block, Conversation
from kring.conversations.rules.circle import is_better_slept_on
from kring.conversations.views.act import back_to, one_talk
from kring.core.access import Refused
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.school.models import Group


def own_group(request: Request, group_id: str) -> Group:
    """Return a group whose directory she has; for everybody else there is none."""
    found = next((group for group in groups_with_directory(request.viewer) if group.public_id == group_id), None)
    if found is None:
        raise Http404
    return found


@require_safe
def directory(request: Request, group_id: str) -> HttpResponse:
    """Show the parents of a group to each other: names and their children of that group."""
    viewer, group = request.viewer, own_group(request, group_id)
    lines = directory_of(group, viewer)
    policy = policies_seen_by(viewer, [group.school_id])[group.school_id]
    context = {
        "group": group,
        "school": group.school,
        "groups": groups_with_directory(viewer),
        "lines": [line for line in lines if not line.is_self],
        "is_listed": any(line.is_self for line in lines),
        "is_unlisted": is_unlisted(viewer, group),
        "shows_children": policy.directory.sees == "names_and_children",
        "agreement": agreement_url(group.school, "P1"),
        "blocked": Block.objects.visible_to(viewer).filter(school=group.school).select_related("blocked"),
    }
    return page(request, "conversations/directory.html", context)


@require_POST
def listing(request: Request, group_id: str) -> HttpResponseRedirect:
    """Stand in the directories or not: `show=yes` or `no`."""
    group = own_group(request, group_id)
    shows = request.POST.get("show") == "yes"
    act = actions.show_in_directory if shows else actions.hide_in_directory
    return posted(
        request,
        lambda: act(by=request.viewer, group=group),
        back=reverse("conversations:directory", args=[group_id]),
        done=_("Other parents see you in the list again.") if shows else _("You do not stand in the list any more."),
    )


@require_http_methods(["GET", "POST"])
def write(request: Request, group_id: str, person_id: str) -> HttpResponse:
    """Write to another parent of the group. A long message late at night is asked about once."""
    viewer, group = request.viewer, own_group(request, group_id)
    person = get_object_or_404(other_parents(group, viewer), public_id=person_id)
    form = MessageForm(request.POST if request.method == "POST" else None)
    form.fields["text"].widget.attrs["rows"] = 5
    refused, is_late = "", False
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        is_late = sleeps_on(request, text, zone_of=group)
        if not is_late:
            try:
                message = actions.write_to_parent(
                    by=viewer, group=group, person=person, text=text, token=form.cleaned_data["token"]
                )
            except Refused as found:
                refused = found.sentence
            else:
                return redirect(back_to(message.conversation))
    context = {
        "group": group,
        "school": group.school,
        "person": person,
        "form": form,
        "refused": refused,
        "is_late": is_late,
        "agreement": agreement_url(group.school, "P1"),
    }
    return page(request, "conversations/write.html", context, status=422 if request.method == "POST" else 200)


def sleeps_on(request: Request, text: str, *, zone_of: Group) -> bool:
    """Say whether she is asked once whether a long message can wait for the morning; `sure` says that she was."""
    local = request.viewer.now.astimezone(zone_of.school.zone)
    return is_better_slept_on(text, local=local) and not request.POST.get("sure")


@require_POST
def block(request: Request, public_id: str) -> HttpResponseRedirect:
    """Want no messages of the other one any more."""
    conversation = one_talk(request, public_id)
    return posted(
        request,
        lambda: actions.block(by=request.viewer, conversation=conversation),
        back=back_to(conversation),
        done=_("Blocked. No message of this parent arrives any more. She or he is not told."),
    )


@require_POST
def unblock(request: Request, person_id: str) -> HttpResponseRedirect:
    """Let somebody write again; only who blocked her can."""
    found = get_object_or_404(
        Block.objects.visible_to(request.viewer).select_related("blocked"), blocked__public_id=person_id
    )
    talk = Conversation.objects.visible_to(request.viewer).named_in([found.blocked_id]).filter(kind="direct").first()
    return posted(
        request,
        lambda: actions.unblock(by=request.viewer, person=found.blocked),
        back=back_to(talk) if talk else reverse("conversations:list"),
        done=_("This parent can write to you again."),
    )


@require_POST
def mute(request: Request, public_id: str) -> HttpResponseRedirect:
    """Hear nothing of a conversation any more, or (`on=yes`) hear of it again."""
    conversation = one_talk(request, public_id)
    hears = request.POST.get("on") == "yes"
    act = actions.unmute if hears else actions.mute
    return posted(
        request,
        lambda: act(by=request.viewer, conversation=conversation),
        back=back_to(conversation),
        done=_("You hear of this conversation again.") if hears else _("You hear nothing of this conversation now."),
    )
