"""Writing a post: choose the kind, fill it in with advice beside it, look, place it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kring.agreements.current import policy_for
from kring.core.access import NotAllowed, Refused, require
from kring.core.htmx import page
from kring.core.http import Request
from kring.photos.actions import pick_photos
from kring.photos.forms import FILES, read_picked
from kring.photos.models import Photo
from kring.photos.permissions import can_add_photo
from kring.photos.showing import Apart
from kring.posts import actions
from kring.posts.choices import groups_for, hint_of, kind_choice, kinds_for, target_from
from kring.posts.composing import Desk, desk_for, desk_kept
from kring.posts.feed import key_of
from kring.posts.models import Post, PostDocument
from kring.posts.permissions import (
    Target,
    can_edit_draft,
    can_edit_post,
    can_send_calamity,
    can_start_post,
    can_use_kind,
    target_of,
)
from kring.posts.rules import Kind, State
from kring.school.models import Group, School


@require_http_methods(["GET", "POST"])
def new(request: Request, school_id: str) -> HttpResponse:
    """Ask what happened or what is coming; a POST begins the draft."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.visible_to(viewer), public_id=school_id)
    policy = policy_for(school.pk, at=viewer.now)
    require(can_start_post(viewer, school.pk, policy))
    if request.method == "POST" and request.POST.get("kind") in list(Kind):
        kind = request.POST["kind"]
        own = [
            group
            for group in groups_for(viewer, school, policy, on=school.today(viewer.now))
            if viewer.teaches(group.pk)
        ]
        named = target_from(school, [f"group:{request.POST.get('group', '')}"])
        target = (
            named
            if not named.is_empty
            else Target(group_ids=frozenset(g.pk for g in own[:1]))
            if len(own) == 1
            else Target()
        )
        if kind == Kind.KWINK and policy.kwink.whole_school:
            target = Target(whole_school=True)
        post = actions.start_draft(by=viewer, school=school, kind=kind, target=target)
        return redirect("posts:compose", post.public_id)
    kinds = kinds_for(viewer, school, policy)
    context = {
        "school": school,
        "can_send_calamity": can_send_calamity(viewer, school.pk, policy),
        "happened": [kind for kind in kinds if kind.value == Kind.GROUP],
        "coming": [kind for kind in kinds if kind.value != Kind.GROUP],
        "drafts": list(Post.objects.drafts_of(viewer).filter(school=school)[:5]),
        "group": request.GET.get("group", ""),
    }
    return page(request, "posts/new.html", context)


@require_http_methods(["GET", "POST"])
def compose(request: Request, public_id: str) -> HttpResponse:
    """Show and keep a draft. The button that was pressed says what to do; without one it is only kept."""
    post = _draft(request, public_id)
    if request.method == "GET":
        return _show(request, desk_for(request.viewer, post, data=None))
    asked = request.POST.get("action", "save")
    desk = _keep(request, post)
    post, refused = desk.post, desk.refused
    if asked == "autosave":
        return page(request, "posts/compose.html", _beside(request, desk), fragment="beside")
    if asked == "publish":
        return _place(request, desk)
    if asked == "preview":
        return page(request, "posts/preview.html", desk.context(preview=True))
    if asked == "kind" and not refused:
        return redirect("posts:change_kind", post.public_id)
    if asked.startswith("alter:") and not refused:
        return _to_frame(request, asked)
    if asked.startswith("detach:"):
        _detach(request, post, asked)
    if asked == "attach" and not refused:
        messages.success(request, _("Saved."))
    if (
        asked.startswith(("move:", "emphasis", "whole_school", "add_row", "attach", "detach:"))
        or read_picked(request.POST).rearranged
    ):
        return _show(request, desk_for(request.viewer, post, data=None, refused=refused, extra_rows=asked == "add_row"))
    if refused:
        return _show(request, desk)
    messages.success(request, _("Saved as a draft."))
    return redirect("posts:compose", post.public_id)


def _draft(request: Request, public_id: str) -> Post:
    posts = Post.objects.select_related("school", "audience", "author")
    post = get_object_or_404(posts, pk=key_of(request.viewer, public_id))
    require(can_edit_draft(request.viewer, post))
    return post


def _show(request: Request, desk: Desk, *, status: int = 200) -> HttpResponse:
    return page(request, "posts/compose.html", desk.context(), status=status)


def _beside(request: Request, desk: Desk) -> dict[str, Any]:
    """Return what changes beside the fields; the photo picker only when another group than before is chosen."""
    group = desk.photo_group.public_id if desk.photo_group else ""
    # The roster of a photo comes once, then it is the teacher's to tap; what follows from it changes each time.
    known = {photo.public_id for photo in desk.photos if f"photo_mark-{photo.public_id}" in request.POST}
    return desk.context() | {"picker_changes": request.POST.get("has_picker", "") != group, "known": known}


def _keep(request: Request, post: Post) -> Desk:
    """Keep what was sent: words, rows, photos, documents. Returns the desk, with a sentence for each refused part."""
    viewer, before = request.viewer, post.kind
    refused: list[str] = []
    sent = _with_button(request, post)
    desk = desk_for(viewer, post, data=sent)
    photos, apart = _picked(request, desk, refused)
    kind = request.POST.get("kind", "")
    try:
        post = actions.save_draft(
            by=viewer,
            post=post,
            content=desk.composed.content,
            target=desk.target,
            photos=photos,
            apart=apart,
            kind=kind if kind in list(Kind) else "",
        )
    except NotAllowed:
        refused.append(_("You cannot write to that audience. Choose another one."))
    _attach(request, post, refused)
    if post.kind != before or sent != request.POST:
        return desk_for(viewer, post, data=request.POST, refused=refused)
    return desk_kept(desk, post, refused=refused)


def _picked(request: Request, desk: Desk, refused: list[str]) -> tuple[list[Photo], Apart]:
    """Return the photos as the picker sent them, with those that not everybody is to see; those of the draft when
    there was no picker on the page.

    The picker says of which group it was: another group may have been chosen since, and no photo gets lost by that.
    """
    school = desk.post.school
    names = Group.objects.visible_to(request.viewer).filter(school=school)
    group = names.filter(public_id=request.POST.get("has_picker", "")).first()
    if group is None or not can_add_photo(request.viewer, group):
        return desk.photos, desk.apart
    picked, uploads = read_picked(request.POST), request.FILES.getlist(FILES)
    picking = pick_photos(
        by=request.viewer, school=school, group=group, picked=picked, uploads=uploads, apart=desk.apart
    )
    refused += picking.refused
    return picking.photos, picking.apart


def _attach(request: Request, post: Post, refused: list[str]) -> None:
    for upload in request.FILES.getlist("document"):
        try:
            actions.attach_document(by=request.viewer, post=post, upload=upload)
        except Refused as reason:
            refused.append(reason.sentence)


def _detach(request: Request, post: Post, asked: str) -> None:
    """Take off the document whose button was pressed; the rest of the form was kept before."""
    rows = PostDocument.objects.visible_to(request.viewer).filter(post=post).select_related("post__school", "document")
    actions.detach_document(
        by=request.viewer, attached=get_object_or_404(rows, public_id=asked.removeprefix("detach:"))
    )


def _to_frame(request: Request, asked: str) -> HttpResponse:
    """Go to the page on which a frame is drawn on one photo, and from there back to where the button was pressed."""
    photos = Photo.objects.workable_by(request.viewer)
    photo = get_object_or_404(photos, public_id=asked.removeprefix("alter:"))
    query = QueryDict(mutable=True)
    query["next"] = request.path
    return redirect(f"{reverse('photos:alter', args=[photo.public_id])}?{query.urlencode()}")


def _with_button(request: Request, post: Post) -> Any:
    """Return what was sent, with the better way that was pressed already taken."""
    sent, asked = request.POST.copy(), request.POST.get("action", "")
    if asked == "emphasis":
        sent["emphasis"] = "on"
    if asked == "whole_school":
        sent["audience"] = "school"
    if asked.startswith("move:"):
        try:
            day = date.fromisoformat(asked.removeprefix("move:")).isoformat()
        except ValueError:
            return sent
        if post.kind in (Kind.BRING, Kind.ANNOUNCEMENT, Kind.KWINK):
            sent["day"] = day
        else:
            sent["rows-0-from_date"] = day
    return sent


def _place(request: Request, desk: Desk) -> HttpResponse:
    """Publish or schedule; beyond one group it asks once more first."""
    composed = desk.composed
    moment = composed.moment(now=request.viewer.now, window=desk.window)
    problems = not composed.is_valid or composed.form.errors
    if problems or desk.refused:
        return _show(request, desk, status=422)
    refusals = desk.refusals()
    if refusals:
        return _show(request, desk_for(request.viewer, desk.post, data=request.POST, refused=refusals), status=422)
    if desk.target.is_wide and request.POST.get("sure") != "yes":
        return page(request, "posts/preview.html", desk.context(preview=True, asks=True))
    try:
        post = actions.order_post(by=request.viewer, post=desk.post, items=composed.items, at=moment)
    except Refused as refused:
        return _show(
            request, desk_for(request.viewer, desk.post, data=request.POST, refused=[refused.sentence]), status=422
        )
    return redirect("posts:read", post.public_id)


@require_POST
def discard(request: Request, public_id: str) -> HttpResponse:
    """Throw a draft away."""
    post = _draft(request, public_id)
    school = post.school
    actions.discard_draft(by=request.viewer, post=post)
    messages.success(request, _("The draft is gone."))
    return redirect("posts:new", school.public_id)


@require_http_methods(["GET", "POST"])
def change_kind(request: Request, public_id: str) -> HttpResponse:
    """Make the draft another kind; what was typed stays where the new kind has it."""
    post = _draft(request, public_id)
    policy = policy_for(post.school_id, at=request.viewer.now)
    if request.method == "POST" and request.POST.get("kind") in list(Kind):
        kind = request.POST["kind"]
        require(can_use_kind(request.viewer, post.school_id, kind, policy))
        target = Target(whole_school=True) if kind == Kind.KWINK and policy.kwink.whole_school else target_of(post)
        desk = desk_for(request.viewer, post, data=None)
        actions.save_draft(
            by=request.viewer, post=post, content=desk.composed.content, target=target, photos=desk.photos, kind=kind
        )
        return redirect("posts:compose", post.public_id)
    kinds = [kind_choice(choice.value) for choice in kinds_for(request.viewer, post.school, policy)]
    return page(
        request, "posts/kind.html", {"post": post, "school": post.school, "kinds": kinds, "hint": hint_of(post.kind)}
    )


@require_POST
def detach(request: Request, public_id: str) -> HttpResponse:
    """Take a document off a post."""
    rows = PostDocument.objects.visible_to(request.viewer).select_related("post__school", "post__audience", "document")
    attached = get_object_or_404(rows, public_id=public_id)
    post = attached.post
    actions.detach_document(by=request.viewer, attached=attached)
    return redirect("posts:compose" if post.state == State.DRAFT else "posts:edit", post.public_id)


@require_http_methods(["GET", "POST"])
def edit(request: Request, public_id: str) -> HttpResponse:
    """Change what has been published. What is scheduled goes back to being a draft with `posts:stop`."""
    posts = Post.objects.select_related("school", "audience", "author")
    post = get_object_or_404(posts, pk=key_of(request.viewer, public_id))
    require(post.state == State.PUBLISHED and can_edit_post(request.viewer, post, target_of(post)))
    if request.method == "GET":
        return page(request, "posts/edit.html", desk_for(request.viewer, post, data=None).context())
    desk = desk_for(request.viewer, post, data=request.POST)
    refused: list[str] = []
    asked = request.POST.get("action", "")
    photos, apart = _picked(request, desk, refused)
    if asked.startswith("detach:"):
        _detach(request, post, asked)
    if asked.startswith("alter:") and not refused:
        return _to_frame(request, asked)
    # A button that only changes the form must not change what families read.
    goes_on = asked.startswith(("add_row", "detach:", "alter:")) or read_picked(request.POST).rearranged
    if not goes_on and not refused and desk.composed.is_valid:
        composed = desk.composed
        try:
            actions.edit_post(
                by=request.viewer, post=post, content=composed.content, items=composed.items, photos=photos, apart=apart
            )
            _attach(request, post, refused)
        except Refused as reason:
            refused.append(reason.sentence)
    if goes_on or refused or not desk.composed.is_valid:
        again = desk_for(request.viewer, post, data=request.POST, refused=refused, extra_rows=asked == "add_row")
        again.photos, again.apart = photos, apart
        return page(request, "posts/edit.html", again.context(), status=200 if goes_on and not refused else 422)
    messages.success(request, _("Changed. Families see that it was changed, and when."))
    return redirect("posts:read", post.public_id)
