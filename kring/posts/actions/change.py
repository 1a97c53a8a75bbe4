"""After publication: a visible change, or taking it away with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.notifications.actions import notify
from kring.notifications.live import hint
from kring.photos.actions import use_photos
from kring.photos.models import Photo
from kring.photos.showing import Apart
from kring.posts.actions.content import Content, ItemInput, chosen_photos, put_items, put_photos
from kring.posts.actions.draft import fill
from kring.posts.actions.publish import hide_photos
from kring.posts.models import Post
from kring.posts.notices import OutingChanged, PostsChanged
from kring.posts.permissions import can_edit_post, target_of
from kring.posts.rules import NEEDS_DATE, Kind, State


@transaction.atomic
def edit_post(
    *,
    by: Viewer,
    post: Post,
    content: Content,
    items: Sequence[ItemInput] = (),
    photos: Sequence[Photo] | None = None,
    apart: Apart | None = None,
) -> Post:
    """Change what a published post says; readers see "changed" with the day. Whom it is for stays as it is.

    `apart` says which photos not everybody is to see; without it that stays as it was.
    """
    target = target_of(post)
    require(post.state == State.PUBLISHED and can_edit_post(by, post, target))
    if not content.title.strip():
        raise Refused(_("Give the message a title."))
    if post.kind in NEEDS_DATE - {Kind.KWINK} and not items:
        raise Refused(_("Give at least one day: families see it in their week."), clause="F1")
    week, is_newsletter = post.week, post.is_newsletter
    fill(post, content)
    post.week, post.is_newsletter = week, is_newsletter  # it was mailed as what it was
    post.saved_at = by.now
    if post.visible_from is not None and post.visible_from <= by.now:
        post.changed_at = by.now  # within the fifteen seconds nobody has read what it said before
    post.version += 1
    put_items(post, items, target)
    # Who changes only the words need not work with the photos' group any more.
    if photos is not None and put_photos(post, photos, apart):
        _show_photos(by, post)
    post.save()
    audit.record(by=by, what="post.changed", about=post)
    hint(PostsChanged, post.public_id)
    if post.kind == Kind.OUTING and post.audience is not None:
        moment = max(by.now, post.visible_from or by.now)
        notify(OutingChanged(post), audience=post.audience, school=post.school, not_before=moment, by=by)
    return post


def _show_photos(by: Viewer, post: Post) -> None:
    if post.audience is None or post.visible_from is None:
        return
    photos, apart = chosen_photos(post)
    if not photos:
        hide_photos(by=by, post=post)
        return
    use_photos(
        by=by,
        photos=photos,
        audience=post.audience,
        shown_from=post.visible_from,
        checked=post.photos_checked,
        individual=apart.individual,
        own_group=apart.own_group,
    )


@transaction.atomic
def withdraw_post(*, by: Viewer, post: Post, reason: str) -> Post:
    """Take a published post away from families, at once, photos included. Who read it is told so, with the reason."""
    require(can_edit_post(by, post, target_of(post)))
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(_("Say in one sentence why, so that nobody has to guess."))
    standing = Post.objects.filter(pk=post.pk, state=State.PUBLISHED)
    withdrawn_by = by.person_at(post.school_id)
    if not standing.update(
        state=State.WITHDRAWN,
        withdrawn_at=by.now,
        withdrawn_by=withdrawn_by,
        reason=reason[:200],
        version=post.version + 1,
    ):
        raise Refused(_("This message has already been withdrawn."))
    hide_photos(by=by, post=post)
    audit.record(by=by, what="post.withdrawn", about=post)
    hint(PostsChanged, post.public_id)
    post.refresh_from_db()
    return post
