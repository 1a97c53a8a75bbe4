"""Reading a post, and what readers do with it."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kring.agreements.current import policy_for
from kring.core.access import Refused, require
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request, is_own_address
from kring.files.handout import send_document
from kring.photos.kept_back import kept_back_within
from kring.photos.models import Photo
from kring.posts import actions
from kring.posts.cards import cards_for, foot_html, for_cards, whom_of, whom_words
from kring.posts.feed import message_with
from kring.posts.forms import CommentForm, WithdrawForm
from kring.posts.models import Comment, Post, PostDocument
from kring.posts.permissions import (
    can_edit_draft,
    can_edit_post,
    can_remind,
    can_see_reach,
    can_withdraw_comment,
    target_of,
    works_with,
)
from kring.posts.reach import last_reminder, reached_children
from kring.posts.rules import State


@require_safe
def read(request: Request, public_id: str) -> HttpResponse:
    """Show one post. The team also sees how it stands and how many children were reached."""
    viewer = request.viewer
    post = for_cards(Post.objects.visible_to(viewer), viewer).filter(public_id=public_id).first()
    if post is None:
        return _withdrawn(request, public_id)
    if post.state == State.DRAFT:
        return redirect("posts:compose", post.public_id)
    target = target_of(post)
    is_team = works_with(viewer, post, target)
    card = cards_for(viewer, [post], csrf_token=get_token(request), level=1)[0]
    context = {
        "post": post,
        "school": post.school,
        "card": card,
        "is_team": is_team,
        "kept_back": kept_back_within(viewer, post.audience_id) if is_team and post.audience_id else [],
        "can_edit": can_edit_post(viewer, post, target),
        "can_undo": post.can_be_undone(viewer.now) and can_edit_post(viewer, post, target),
        "is_pending": post.can_be_undone(viewer.now),
        "whom": whom_words(whom_of([post])[post.pk]),
        "publish_at": post.publish_at,
        "reached": None,
        "today": post.school.today(viewer.now),
    }
    if post.state == State.PUBLISHED and can_see_reach(viewer, post, target):
        context["reached"] = reached_children(post, on=post.school.today(viewer.now))
        context["can_remind"] = can_remind(viewer, post, target)
        context["reminded_on"] = last_reminder(post)
    way = policy_for(post.school_id, at=viewer.now).reactions.to(post.kind, school_wide=target.whole_school)
    if way == "comments" and post.state == State.PUBLISHED:
        comments = post.comments.visible_to(viewer).select_related("author", "post")
        context["comments"] = [(comment, can_withdraw_comment(viewer, comment, target)) for comment in comments]
        context["comment_form"] = CommentForm()
    return page(request, "posts/read.html", context)


def _withdrawn(request: Request, public_id: str) -> HttpResponse:
    """Tell who could read it that it was taken away, and why; anybody else gets the same 404 as for nothing."""
    posts = Post.objects.withdrawn_before(request.viewer).select_related("school", "withdrawn_by")
    post = get_object_or_404(posts, public_id=public_id)
    return page(request, "posts/withdrawn.html", {"post": post})


def _post(request: Request, public_id: str) -> Post:
    posts = for_cards(Post.objects.visible_to(request.viewer), request.viewer)
    return get_object_or_404(posts, public_id=public_id)


def _back(request: Request, fallback: str) -> HttpResponse:
    address = request.headers.get("referer", "")
    if is_own_address(request, address):
        return HttpResponseRedirect(address)
    return HttpResponseRedirect(fallback)


@require_POST
def seen(request: Request) -> HttpResponse:
    """Write down that these posts were in view: sent by the page itself, or by the button "Seen"."""
    names = request.POST.getlist("posts")
    actions.mark_seen(by=request.viewer, public_ids=names)
    if request.htmx and len(names) == 1:
        return _foot(request, _post(request, names[0]))
    if request.htmx or request.headers.get("X-Quiet"):
        return HttpResponse(status=204)
    return _back(request, "/")


@require_POST
def react(request: Request, public_id: str) -> HttpResponse:
    """Give a heart or take it back."""
    post = get_object_or_404(Post.objects.readable_by(request.viewer).select_related("school"), public_id=public_id)
    actions.toggle_heart(by=request.viewer, post=post)
    if request.htmx:
        return _foot(request, _post(request, public_id))
    return _back(request, f"/posts/{post.public_id}/")


def _foot(request: Request, post: Post) -> HttpResponse:
    target = target_of(post)
    way = policy_for(post.school_id, at=request.viewer.now).reactions.to(post.kind, school_wide=target.whole_school)
    response = HttpResponse(foot_html(request.viewer, post, way=way, csrf_token=get_token(request)))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def comment(request: Request, public_id: str) -> HttpResponse:
    """Put a comment under a post."""
    post = get_object_or_404(Post.objects.readable_by(request.viewer).select_related("school"), public_id=public_id)
    form = CommentForm(request.POST)
    if form.is_valid():
        actions.add_comment(by=request.viewer, post=post, text=form.cleaned_data["text"])
    else:
        messages.error(request, _("Write a comment of at most 400 characters."))
    return HttpResponseRedirect(f"/posts/{post.public_id}/#comments")


@require_POST
def withdraw_comment(request: Request, public_id: str) -> HttpResponse:
    """Take a comment away."""
    rows = Comment.objects.visible_to(request.viewer).select_related("post__school", "post__audience")
    found = get_object_or_404(rows, public_id=public_id)
    actions.withdraw_comment(by=request.viewer, comment=found)
    messages.success(request, _("The comment is gone."))
    return HttpResponseRedirect(f"/posts/{found.post.public_id}/#comments")


@require_safe
def document(request: Request, public_id: str) -> FileResponse:
    """Hand out a document to whom its post is visible."""
    rows = PostDocument.objects.visible_to(request.viewer).select_related("document")
    return send_document(get_object_or_404(rows, public_id=public_id).document)


@require_safe
def with_photo(request: Request, public_id: str) -> HttpResponse:
    """Lead from a photo in an album to the message in which it stands."""
    photo = get_object_or_404(Photo.objects.visible_to(request.viewer), public_id=public_id)
    post = message_with(request.viewer, photo)
    if post is None:
        raise Http404
    return redirect("posts:read", post.public_id)


@require_POST
def undo(request: Request, public_id: str) -> HttpResponse:
    """Take back what nobody could read yet."""
    post = _post(request, public_id)
    try:
        actions.undo_post(by=request.viewer, post=post)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("posts:read", post.public_id)
    messages.success(request, _("Undone: nobody has seen it. It is a draft again."))
    if not can_edit_draft(request.viewer, post):  # the draft is its author's alone
        return redirect("posts:new", post.school.public_id)
    return redirect("posts:compose", post.public_id)


@require_POST
def stop(request: Request, public_id: str) -> HttpResponse:
    """Stop what is scheduled; it is a draft again."""
    post = _post(request, public_id)
    return posted(
        request,
        lambda: actions.stop_post(by=request.viewer, post=post),
        back=reverse("posts:read", args=[post.public_id]),
        onward=reverse("posts:compose", args=[post.public_id]),
        done=_("Stopped. It is a draft again."),
    )


@require_POST
def adopt(request: Request, public_id: str) -> HttpResponse:
    """Take over what waits because its author may no longer publish it."""
    post = _post(request, public_id)
    return posted(
        request,
        lambda: actions.adopt_post(by=request.viewer, post=post),
        back=reverse("posts:read", args=[post.public_id]),
        done=_("You took it over. It goes out in your name."),
    )


@require_POST
def remind(request: Request, public_id: str) -> HttpResponse:
    """Remind the families that have not read it."""
    post = _post(request, public_id)
    return posted(
        request,
        lambda: actions.remind_unread(by=request.viewer, post=post),
        back=reverse("posts:read", args=[post.public_id]),
        done=_("The families that have not read it get a reminder."),
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, public_id: str) -> HttpResponse:
    """Ask why, and take a published post away."""
    viewer = request.viewer
    post = _post(request, public_id)
    if post.state not in (State.PUBLISHED, State.WITHDRAWN):
        raise Http404
    target = target_of(post)
    require(can_edit_post(viewer, post, target) or (post.state == State.WITHDRAWN and works_with(viewer, post, target)))
    form = WithdrawForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.withdraw_post(by=viewer, post=post, reason=form.cleaned_data["reason"])
            except Refused as refused:
                form.add_error("reason", refused.sentence)
            else:
                messages.success(request, _("Withdrawn. Families do not see it any more."))
                return redirect("posts:read", post.public_id)
    reached = None
    if can_see_reach(viewer, post, target):
        reached = reached_children(post, on=post.school.today(viewer.now))
    return page(request, "posts/withdraw.html", {"post": post, "form": form, "reached": reached}, status=status)
