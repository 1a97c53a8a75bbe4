"""What readers do: read, give a heart, comment."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import Viewer
from kring.notifications.actions import mark_read_about
from kring.posts.models import Comment, Post, Reaction, Reading
from kring.posts.notices import TOLD_OF_POSTS
from kring.posts.permissions import can_comment, can_react, can_withdraw_comment, target_of

MOST_AT_ONCE = 40


@transaction.atomic
def mark_seen(*, by: Viewer, public_ids: Iterable[str]) -> int:
    """Write down that the viewer has read these posts, as far as they were published to her; return how many.

    Only the day is kept. Names that are not hers to read are passed over in silence. Also marks them in her inbox.
    """
    require(by.is_signed_in)
    wanted = list(dict.fromkeys(public_ids))[:MOST_AT_ONCE]
    posts = list(Post.objects.readable_by(by).filter(public_id__in=wanted).select_related("school"))
    rows = [
        Reading(school_id=post.school_id, post=post, person_id=person_id, read_on=post.school.today(by.now))
        for post in posts
        if (person_id := by.person_at(post.school_id)) is not None
    ]
    Reading.objects.bulk_create(rows, ignore_conflicts=True)
    if posts:
        for kind in TOLD_OF_POSTS:
            mark_read_about(by=by, kind=kind, subject_ids=[post.pk for post in posts])
    return len(rows)


def way_of(post: Post, *, by: Viewer, is_wide: bool) -> str:
    """Return what readers can do under the post by the agreement of its school (S1): none, heart or comments."""
    return policy_for(post.school_id, at=by.now).reactions.to(post.kind, school_wide=is_wide)


@transaction.atomic
def toggle_heart(*, by: Viewer, post: Post) -> bool:
    """Give a heart, or take it back; return whether it stands now."""
    target = target_of(post)
    require(can_react(by, post, way_of(post, by=by, is_wide=target.whole_school)))
    person_id = by.person_at(post.school_id)
    if person_id is None:
        raise NotAllowed
    if Reaction.objects.filter(post=post, person_id=person_id).delete()[0]:
        return False
    try:
        with transaction.atomic():
            Reaction.objects.create(school_id=post.school_id, post=post, person_id=person_id)
    except IntegrityError:
        pass  # tapped twice at once: it stands
    return True


@transaction.atomic
def add_comment(*, by: Viewer, post: Post, text: str) -> Comment:
    """Put a short plain comment under the post, for everybody who can read it."""
    target = target_of(post)
    require(can_comment(by, post, way_of(post, by=by, is_wide=target.whole_school)))
    text = " ".join(text.split())
    if not text:
        raise Refused(_("Write something first."))
    comment = Comment.objects.create(
        school_id=post.school_id, post=post, author_id=by.person_at(post.school_id), text=text[:400], made_at=by.now
    )
    audit.record(by=by, what="comment.added", about=comment)
    return comment


@transaction.atomic
def withdraw_comment(*, by: Viewer, comment: Comment) -> None:
    """Take a comment away: its writer, or the post's team."""
    require(can_withdraw_comment(by, comment, target_of(comment.post)))
    Comment.objects.filter(pk=comment.pk, withdrawn_at__isnull=True).update(withdrawn_at=by.now)
    audit.record(by=by, what="comment.withdrawn", about=comment)
