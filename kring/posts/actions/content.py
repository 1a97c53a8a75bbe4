"""What a composer hands to an action, and how the dated rows are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kring.core.access import Refused
from kring.core.prepared import rows_of
from kring.people.models import Child, Enrolment, Person
from kring.photos.models import Photo
from kring.photos.showing import Apart
from kring.posts.models import Post, PostItem, PostPhoto
from kring.posts.permissions import Target


@dataclass(frozen=True, slots=True)
class ItemInput:
    """One dated row that is complete. Days and hours are the school's own."""

    from_date: date
    until_date: date
    starts: time | None = None
    ends: time | None = None
    child: Child | None = None
    absent: Person | None = None
    substitute: Person | None = None
    text: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What was typed. `typed` are the raw rows, kept so that nothing half-filled is lost."""

    title: str = ""
    source: str = ""
    typed: dict[str, Any] = field(default_factory=dict)
    week: date | None = None
    emphasis: bool = False
    is_newsletter: bool = False
    is_pupils_work: bool = False
    photos_checked: bool = False


def put_photos(post: Post, photos: Sequence[Photo], apart: Apart | None = None) -> bool:
    """Let the post have exactly these photos in this order; say whether that changed anything.

    `apart` says which of them not everybody sees; without it that stays as it was.
    """
    rows = PostPhoto.objects.filter(post=post).order_by("position", "pk")
    have = list(rows.values_list("photo_id", "only_for_id", "own_group"))
    if apart is None:
        one, own = {key: child for key, child, _own in have}, {key for key, _child, is_own in have if is_own}
    else:
        one, own = {key: child.pk for key, child in apart.individual.items()}, set(apart.own_group)
    want = [(photo.pk, one.get(photo.pk), photo.pk in own) for photo in photos]
    if have == want:
        return False
    rows.delete()
    PostPhoto.objects.bulk_create(
        PostPhoto(school_id=post.school_id, post=post, photo_id=key, only_for_id=child_id, own_group=is_own, position=n)
        for n, (key, child_id, is_own) in enumerate(want)
    )
    return True


def photos_of(post: Post) -> list[Photo]:
    """Return the post's photos in order."""
    return chosen_photos(post)[0]


def chosen_photos(post: Post) -> tuple[list[Photo], Apart]:
    """Return the post's photos in order, and which of them not everybody sees. Two queries; one without photos."""
    if not rows_of("photos chosen", _keys_of_photos, post.pk):
        return [], Apart()
    rows = PostPhoto.objects.filter(post=post).select_related("photo__group", "only_for").order_by("position", "pk")
    photos, individual, own_group = [], {}, set()
    for row in rows:
        photos.append(row.photo)
        if row.only_for is not None:
            individual[row.photo_id] = row.only_for
        if row.own_group:
            own_group.add(row.photo_id)
    return photos, Apart(individual, frozenset(own_group))


def _keys_of_photos(post_id: int) -> QuerySet[Any, Any]:
    return PostPhoto.objects.filter(post_id=post_id).values_list("pk")


def put_items(post: Post, items: Sequence[ItemInput], target: Target) -> None:
    """Replace the dated rows. Raises Refused for a child that is not in the audience or a person of another school."""
    _refuse_strangers(post, items, target)
    PostItem.objects.filter(post=post).delete()
    PostItem.objects.bulk_create(
        PostItem(
            school_id=post.school_id,
            post=post,
            kind=post.kind,
            position=position,
            from_date=item.from_date,
            until_date=item.until_date,
            starts=item.starts,
            ends=item.ends,
            child=item.child,
            absent=item.absent,
            substitute=item.substitute,
            text=item.text,
            place=item.place,
        )
        for position, item in enumerate(items)
    )


def _refuse_strangers(post: Post, items: Sequence[ItemInput], target: Target) -> None:
    children = {item.child.pk for item in items if item.child}
    if children:
        sits_in = Enrolment.objects.filter(child_id__in=children, group_id__in=target.group_ids)
        if target.whole_school or target.layer_ids or sits_in.values("child_id").distinct().count() < len(children):
            raise Refused(_("A talk of a child goes to the child's own group only. Choose that group."), clause="F1")
    people = [person for item in items for person in (item.absent, item.substitute) if person]
    if any(person.school_id != post.school_id for person in people):
        raise Refused(_("Choose somebody of this school."))
