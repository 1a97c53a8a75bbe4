"""Letting a post go: now, at a moment, or not after all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import Viewer
from kring.notifications.actions import notify
from kring.people.viewers import viewer_for
from kring.photos.actions import forget_uses, hide_uses, use_photos
from kring.posts import rules
from kring.posts.actions.content import ItemInput, chosen_photos, photos_of, put_items
from kring.posts.actions.draft import audience_for
from kring.posts.models import Post, PostItem
from kring.posts.notices import PostPublished
from kring.posts.permissions import can_edit_draft, can_edit_post, can_post_to, is_author, target_of
from kring.posts.rules import Kind, State


@transaction.atomic
def order_post(*, by: Viewer, post: Post, items: Sequence[ItemInput] = (), at: datetime | None = None) -> Post:
    """Publish a draft now, or at the moment `at` (aware). Now means: readable fifteen seconds from now.

    A post whose photos the worker still has in hand waits for them as a scheduled one. Raises NotAllowed when she may
    not write to its audience (S2), Refused for what the agreement forbids: nobody chosen, wholly past (F1), a photo
    that may not be shown to all of them, a second Kwink in one week.
    """
    require(can_edit_draft(by, post))
    target = target_of(post)
    require(can_post_to(by, post.school_id, post.kind, target, policy_for(post.school_id, at=by.now)))
    if target.is_empty:
        raise Refused(_("Choose for whom this is."))
    _refuse_unfinished(by, post, items, at)
    put_items(post, items, target)
    later = at is not None and at > by.now
    moment = at if later and at is not None else by.now
    photos, apart = chosen_photos(post)
    shown_from = moment if later else moment + rules.UNDO
    if photos and post.audience is not None:
        use_photos(
            by=by,
            photos=photos,
            audience=post.audience,
            shown_from=shown_from,
            checked=post.photos_checked,
            individual=apart.individual,
            own_group=apart.own_group,
        )
    post.state, post.publish_at, post.held_since = State.SCHEDULED, moment, None
    if not target.whole_school:
        post.week = None  # one a week counts for the whole school; where groups have their own Kwink, each has one
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError:
        raise Refused(_("There already is a Kwink for this week."), clause="F2") from None
    if later or not all(photo.is_ready for photo in photos):
        audit.record(by=by, what="post.scheduled", about=post, kind=post.kind)
        return post
    _let_go(by, post, visible_from=by.now + rules.UNDO)
    return post


def _refuse_unfinished(by: Viewer, post: Post, items: Sequence[ItemInput], at: datetime | None) -> None:
    if not post.title:
        raise Refused(_("Give the message a title."))
    if post.kind in rules.NEEDS_DATE - {Kind.KWINK} and not items:
        raise Refused(_("Give at least one day: families see it in their week."), clause="F1")
    if post.kind == Kind.GROUP and items:
        raise Refused(_("A group post has no dated items."), clause="F1")
    if post.is_newsletter:
        _refuse_half_a_newsletter(by, post)
    _refuse_past(items, today=post.school.today(max(at, by.now) if at else by.now))


def _refuse_half_a_newsletter(by: Viewer, post: Post) -> None:
    """Raise Refused for a newsletter that is not what the agreement says: for all, with a document (S15)."""
    if not policy_for(post.school_id, at=by.now).newsletter.on:
        raise Refused(_("The school sends no newsletter through Kring. Take away the tick."), clause="S15")
    if not target_of(post).whole_school:
        raise Refused(_("A newsletter is for the whole school. Choose that, or take away the tick."), clause="S15")
    if not post.documents.exists():
        raise Refused(_("Attach the newsletter as a document first, or take away the tick."), clause="S15")


def _refuse_past(items: Sequence[ItemInput | PostItem], *, today: date) -> None:
    if rules.past_hint([rules.Span(item.from_date, item.until_date) for item in items], today=today):
        raise Refused(_("Every day in this message has passed. Choose a day that is still coming."), clause="F1")


def _let_go(by: Viewer, post: Post, *, visible_from: datetime) -> None:
    """Turn an ordered post into a published one, once; the caller is inside a transaction."""
    ordered = Post.objects.filter(pk=post.pk, state=State.SCHEDULED)
    now_out = {"state": State.PUBLISHED, "visible_from": visible_from, "held_since": None}
    if not ordered.update(version=F("version") + 1, **now_out):
        return
    post.refresh_from_db(fields=["version", *now_out])
    audit.record(by=by, what="post.published", about=post, kind=post.kind)
    if post.audience is not None:
        notify(PostPublished(post), audience=post.audience, school=post.school, not_before=visible_from, by=by)


@transaction.atomic
def publish_due_post(*, post: Post, now: datetime) -> bool:
    """Publish what was ordered for `now` (aware) or before, as its author would; say whether it went out.

    While photos are being made ready it waits. When its author may no longer publish it, a photo failed, or every day
    in it passed while it waited, it is held and shown to who can take it over: never dropped, never sent in her name.
    May run twice.
    """
    by = viewer_for(post.author.user if post.author else None, now=now)
    photos = photos_of(post)
    if any(not photo.is_ready and not photo.is_failed for photo in photos):
        return False
    target = target_of(post)
    policy = policy_for(post.school_id, at=now)
    # Fifteen seconds to undo count from the order; a moment chosen long before needs none.
    visible_from = max(now, (post.publish_at or now) + rules.UNDO) if post.saved_at >= (post.publish_at or now) else now
    try:
        with transaction.atomic():
            require(is_author(by, post) and can_post_to(by, post.school_id, post.kind, target, policy))
            _refuse_past(list(post.items.all()), today=post.school.today(now))
            if photos and post.audience is not None:
                use_photos(
                    by=by,
                    photos=photos,
                    audience=post.audience,
                    shown_from=visible_from,
                    checked=post.photos_checked,
                    is_due=True,
                )
    except (NotAllowed, Refused):
        Post.objects.filter(pk=post.pk, state=State.SCHEDULED, held_since__isnull=True).update(held_since=now)
        return False
    _let_go(by, post, visible_from=visible_from)
    return True


@transaction.atomic
def undo_post(*, by: Viewer, post: Post) -> Post:
    """Take back what nobody could read yet: it is a draft again, and nothing of it is left elsewhere.

    Raises Refused once the fifteen seconds are over. The clock is the server's at this very moment, not that of the
    beginning of the request, which may have waited for the database.
    """
    require(can_edit_post(by, post, target_of(post)))
    pending = Post.objects.filter(pk=post.pk, state=State.PUBLISHED, visible_from__gt=timezone.now())
    if not _back_to_draft(pending, post, by):
        raise Refused(_("Too late to undo: families can read it now. You can still change or withdraw it."))
    audit.record(by=by, what="post.undone", about=post)
    return post


@transaction.atomic
def stop_post(*, by: Viewer, post: Post) -> Post:
    """Stop what is scheduled: it is a draft again, of its author."""
    require(can_edit_post(by, post, target_of(post)))
    if not _back_to_draft(Post.objects.filter(pk=post.pk, state=State.SCHEDULED), post, by):
        raise Refused(_("This message has just gone out. You can still change or withdraw it."))
    if not is_author(by, post):
        # Only its author sees a draft; who stops it for somebody else goes on with it herself.
        Post.objects.filter(pk=post.pk).update(author_id=by.person_at(post.school_id))
        post.refresh_from_db()
    audit.record(by=by, what="post.stopped", about=post)
    return post


def _back_to_draft(expected: object, post: Post, by: Viewer) -> bool:
    fresh = {"state": State.DRAFT, "visible_from": None, "publish_at": None, "held_since": None, "changed_at": None}
    fresh["calamity_token"] = None  # its form may send it after all
    if not expected.update(**fresh):  # type: ignore[attr-defined]
        return False
    old, target = post.audience, target_of(post)
    PostItem.objects.filter(post=post).delete()
    # Photo uses and the waiting notice hang on the audience: with it they are gone.
    new = audience_for(post.school, target)
    Post.objects.filter(pk=post.pk).update(audience=new, version=F("version") + 1)
    if old is not None:
        if post.photos.exists():
            forget_uses(by=by, audience=old)
        old.delete()
    post.refresh_from_db()
    return True


@transaction.atomic
def adopt_post(*, by: Viewer, post: Post) -> Post:
    """Take over a scheduled post that is held because its author may no longer publish it."""
    require(can_edit_post(by, post, target_of(post)))
    held = Post.objects.filter(pk=post.pk, state=State.SCHEDULED, held_since__isnull=False)
    moment = max(post.publish_at or by.now, by.now)  # so that the fifteen seconds to undo count from now
    mine = {"author_id": by.person_at(post.school_id), "saved_at": by.now, "publish_at": moment}
    if not held.update(held_since=None, **mine):
        raise Refused(_("This message does not wait for anybody."))
    audit.record(by=by, what="post.adopted", about=post)
    post.refresh_from_db()
    return post


def hide_photos(*, by: Viewer, post: Post) -> None:
    """Stop showing the photos of a withdrawn post."""
    if post.audience is not None and post.photos.exists():
        hide_uses(by=by, audience=post.audience)
