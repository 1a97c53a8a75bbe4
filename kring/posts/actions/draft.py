"""Writing before anybody else sees it."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.formatting import to_html
from kring.core.viewer import Viewer
from kring.files.actions import remove_document, store_document
from kring.files.models import Document
from kring.people.actions.audience import aim_audience, make_audience
from kring.people.models import Audience
from kring.photos.models import Photo
from kring.photos.showing import Apart
from kring.posts import rules
from kring.posts.actions.content import Content, put_photos
from kring.posts.models import Post, PostDocument
from kring.posts.permissions import Target, can_edit_draft, can_edit_post, can_post_to, target_of
from kring.posts.rules import Kind, State
from kring.school.models import Group, Layer, School


@transaction.atomic
def start_draft(*, by: Viewer, school: School, kind: str, target: Target | None = None, fragment_url: str = "") -> Post:
    """Begin a post of `kind`, visible to its author alone. `target` may be empty until it is published.

    `fragment_url` is the path of a piece of a higher room that stands in it.
    """
    target = target or Target()
    require(can_post_to(by, school.pk, kind, target, policy_for(school.pk, at=by.now)))
    post = Post.objects.create(
        school=school,
        author_id=by.person_at(school.pk),
        kind=kind,
        audience=audience_for(school, target),
        fragment_url=fragment_url,
        created_at=by.now,
        saved_at=by.now,
    )
    audit.record(by=by, what="post.started", about=post, kind=kind)
    return post


@transaction.atomic
def save_draft(
    *,
    by: Viewer,
    post: Post,
    content: Content,
    target: Target,
    photos: Sequence[Photo] = (),
    apart: Apart | None = None,
    kind: str = "",
) -> Post:
    """Keep what was typed so far, complete or not. Raises NotAllowed for a target she may not write to.

    `apart` says which photos not everybody is to see; without it that stays as it was.
    """
    require(can_edit_draft(by, post))
    kind = kind or post.kind
    require(can_post_to(by, post.school_id, kind, target, policy_for(post.school_id, at=by.now)))
    post.kind = kind
    fill(post, content)
    post.saved_at = by.now
    if target != target_of(post):
        _change_target(post, target)
    put_photos(post, photos, apart)
    post.save()
    return post


def fill(post: Post, content: Content) -> None:
    """Put what was typed on the post; the caller saves it."""
    post.title = content.title.strip()[:120]
    post.source = content.source[:10_000]
    post.body = to_html(post.source)
    post.typed = content.typed
    post.week = content.week
    post.emphasis = content.emphasis
    post.is_newsletter = content.is_newsletter and post.kind == Kind.ANNOUNCEMENT
    post.is_pupils_work = content.is_pupils_work
    post.photos_checked = content.photos_checked


def audience_for(school: School, target: Target) -> Audience:
    """Make an audience of the post's own: photos hang on it, so two posts never share one."""
    return make_audience(
        school=school,
        groups=Group.objects.filter(school=school, pk__in=target.group_ids),
        layers=Layer.objects.filter(school=school, pk__in=target.layer_ids),
        whole_school=target.whole_school,
    )


def _change_target(post: Post, target: Target) -> None:
    audience = post.audience
    if audience is None:
        post.audience = audience_for(post.school, target)
        return
    aim_audience(
        audience=audience,
        whole_school=target.whole_school,
        group_ids=target.group_ids,
        layer_ids=target.layer_ids,
    )


@transaction.atomic
def discard_draft(*, by: Viewer, post: Post) -> None:
    """Throw a draft away, with its audience and its documents. The photos stay with the group's team for a while."""
    require(can_edit_draft(by, post))
    audit.record(by=by, what="post.discarded", about=post)
    documents = [row.document for row in post.documents.select_related("document")]
    audience = post.audience
    post.delete()
    for document in documents:
        remove_document(by=by, document=document)
    if audience is not None:
        audience.delete()


def attach_document(*, by: Viewer, post: Post, upload: UploadedFile) -> PostDocument:
    """Attach one PDF or office file. Raises Refused with the reason when it is not one, too large or one too many.

    The file work stands outside the transaction, as in `files`.
    """
    require(can_edit_draft(by, post) or can_edit_post(by, post, target_of(post)))
    if PostDocument.objects.filter(post=post).count() >= rules.MAX_DOCUMENTS:
        raise Refused(_("A message holds at most %(number)d documents.") % {"number": rules.MAX_DOCUMENTS})
    document = store_document(by=by, school=post.school, upload=upload)
    with transaction.atomic():
        row = PostDocument.objects.create(
            school_id=post.school_id,
            post=post,
            document=document,
            position=PostDocument.objects.filter(post=post).count(),
        )
        touch(post, by=by)
    return row


@transaction.atomic
def attach_stored(*, by: Viewer, post: Post, documents: Sequence[Document]) -> None:
    """Let documents that a higher room took in belong to the draft: they go with the post from now on."""
    require(can_edit_draft(by, post))
    if PostDocument.objects.filter(post=post).count() + len(documents) > rules.MAX_DOCUMENTS:
        raise Refused(_("A message holds at most %(number)d documents.") % {"number": rules.MAX_DOCUMENTS})
    PostDocument.objects.bulk_create(
        PostDocument(school_id=post.school_id, post=post, document=document, position=place)
        for place, document in enumerate(documents)
    )


@transaction.atomic
def detach_document(*, by: Viewer, attached: PostDocument) -> None:
    """Take a document off a post and throw it away."""
    post = attached.post
    require(can_edit_draft(by, post) or can_edit_post(by, post, target_of(post)))
    document = attached.document
    attached.delete()
    touch(post, by=by)
    remove_document(by=by, document=document)


def touch(post: Post, *, by: Viewer) -> None:
    """Let cached cards of a published post be made again; who reads it sees that it changed."""
    rows = Post.objects.filter(pk=post.pk).exclude(state=State.DRAFT)
    rows.update(version=F("version") + 1)
    rows.filter(state=State.PUBLISHED, visible_from__lte=by.now).update(changed_at=by.now)
