"""The rows of a feed: what a page of cards needs, read with kept statements and made into as little as it takes.

The conditions are those of the QuerySets in models.py; see `core/prepared.py` for why they are not put together anew at
each request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kring.agreements.current import closing_dates
from kring.core.prepared import made, rows_of
from kring.core.viewer import Viewer
from kring.people.models import Audience, Child, Person
from kring.people.reading import only_open
from kring.photos.models import Photo
from kring.posts.models import GroupOfAudience, Post, PostItem, PostQuerySet, Reaction, Reading
from kring.posts.permissions import Target
from kring.posts.rights import LayerOfAudience
from kring.posts.rules import State
from kring.school.models import School

# Columns in the order of the models' fields.
POST = (
    "id", "public_id", "school_id", "author_id", "kind", "state", "title", "audience_id", "version",
    "visible_from", "changed_at",
)  # fmt: skip
PERSON = ("id", "first_name", "infix", "last_name", "called")
TOLD = ("id", "public_id", "title", "source", "visible_from")
ITEM = (
    "id", "school_id", "post_id", "kind", "position", "from_date", "until_date", "starts", "ends", "child_id",
    "absent_id", "substitute_id", "text", "place",
)  # fmt: skip
OF_ITEM = ("id", "public_id", "school_id", "kind", "title", "audience_id", "visible_from")
CHILD = ("id", "first_name", "shielded")


def message_with(viewer: Viewer, photo: Photo) -> Post | None:
    """Return the message in which she can read of the photo: the first, when there are more; None without any."""
    return Post.objects.readable_by(viewer).filter(photos__photo=photo).order_by("visible_from", "pk").first()


def for_cards(posts: PostQuerySet, viewer: Viewer) -> PostQuerySet:
    """Return the posts with what a card needs of each row: author, school, read or not, hearts. Still one query."""
    return _marked(posts.select_related("school", "author", "audience"), viewer)


def _marked(posts: PostQuerySet, viewer: Viewer) -> PostQuerySet:
    own = list(viewer.persons.values())
    hearts = Reaction.objects.filter(post=OuterRef("pk")).order_by().values("post").annotate(n=Count("pk")).values("n")
    return posts.annotate(
        is_read=Exists(Reading.objects.filter(post=OuterRef("pk"), person_id__in=own)),
        has_heart=Exists(Reaction.objects.filter(post=OuterRef("pk"), person_id__in=own)),
        hearts=Coalesce(Subquery(hearts, output_field=IntegerField()), 0),
    )


def newest_for(viewer: Viewer, *, most: int) -> list[Post]:
    """Return the newest `most` posts that were published to this viewer, each as a row of `for_cards`. One query.

    Texts that a card keeps (`body`) are not read.
    """

    def build(viewer: Viewer) -> QuerySet[Post, Any]:
        found = _marked(Post.objects.readable_by(viewer), viewer).newest_first()
        # A join with the school would be walked first, and the posts then sorted.
        found = found.annotate(zone=Subquery(School.objects.filter(pk=OuterRef("school_id")).values("timezone")[:1]))
        columns = (
            *POST,
            *("is_read", "has_heart", "hearts", "audience__whole_school", "zone"),
            *(f"author__{name}" for name in PERSON),
        )
        return found.values_list(*columns)[:most]

    rows = rows_of(f"posts.newest.{most}", build, only_open(viewer, closes_on=closing_dates(viewer)))
    schools: dict[int, School] = {}
    people: dict[int, Person] = {}
    posts = []
    for row in rows:
        post = made(Post, POST, row)
        is_read, has_heart, hearts, whole_school, zone = row[len(POST) : len(POST) + 5]
        vars(post).update(is_read=bool(is_read), has_heart=bool(has_heart), hearts=hearts)  # as annotations would
        kept = post._state.fields_cache
        if post.school_id not in schools:
            schools[post.school_id] = made(School, ("id", "timezone"), (post.school_id, zone))
        kept["school"] = schools[post.school_id]
        kept["audience"] = made(Audience, ("id", "whole_school"), (post.audience_id, bool(whole_school)))
        kept["author"] = _person(people, row[len(POST) + 5 :])
        posts.append(post)
    return posts


def key_of(viewer: Viewer, public_id: str) -> int | None:
    """Return the key of the post with this name if the viewer may open it (`visible_to`), else None. One query."""

    def build(viewer: Viewer, public_id: str) -> QuerySet[Post, Any]:
        return Post.objects.visible_to(viewer).filter(public_id=public_id).values_list("pk")

    shown = only_open(viewer, closes_on=closing_dates(viewer))
    return next((pk for (pk,) in rows_of("posts.key", build, shown, public_id)), None)


def recent_to_the_same(
    viewer: Viewer, *, school_id: int, target: Target, since: datetime, but: int | None, most: int
) -> list[Post]:
    """Return what was published since `since` (aware) to some of the same audience, if the viewer may open it.

    Without the post `but`. Of each its name, title, source and moment. One query.
    """

    def build(
        viewer: Viewer, school: int, since: datetime, but: int, groups: Sequence[int], layers: Sequence[int]
    ) -> QuerySet[Post, Any]:
        same = Q(audience__whole_school=True)
        if not target.whole_school:
            same = Q(audience__in=GroupOfAudience.objects.filter(group_id__in=groups).values("audience_id"))
            same |= Q(audience__in=LayerOfAudience.objects.filter(layer_id__in=layers).values("audience_id"))
        recent = Post.objects.visible_to(viewer).filter(
            same, school=school, state=State.PUBLISHED, visible_from__gte=since
        )
        return recent.exclude(pk=but).newest_first().values_list(*TOLD)[:most]

    shown = only_open(viewer, closes_on=closing_dates(viewer))
    name = f"posts.recent.{target.whole_school}.{most}"
    asked = (shown, school_id, since, but or 0, sorted(target.group_ids), sorted(target.layer_ids))
    return [made(Post, TOLD, row) for row in rows_of(name, build, *asked)]


def is_news_since(viewer: Viewer, moment: datetime) -> bool:
    """Say whether something was published to this viewer, or changed, after `moment` (aware). One query."""

    def build(viewer: Viewer, moment: datetime) -> QuerySet[Post, Any]:
        later = Q(visible_from__gt=moment) | Q(changed_at__gt=moment)
        return Post.objects.readable_by(viewer).filter(later).values_list("pk")[:1]

    return bool(rows_of("posts.since", build, only_open(viewer, closes_on=closing_dates(viewer)), moment))


def read_texts(posts: Sequence[Post]) -> None:
    """Read the texts of these rows of `newest_for`. One query."""

    def build(keys: Sequence[int]) -> QuerySet[Post, Any]:
        return Post.objects.filter(pk__in=keys).values_list("pk", "body", "emphasis", "fragment_url")

    texts = {pk: rest for pk, *rest in rows_of("posts.texts", build, [post.pk for post in posts])}
    for post in posts:
        body, emphasis, fragment_url = texts[post.pk]
        post.body, post.emphasis, post.fragment_url = body, bool(emphasis), fragment_url


def items_told_to(viewer: Viewer, *, first: date, last: date, most: int) -> list[PostItem]:
    """Return the dated things from `first` to `last` that were told to this viewer, each with its post. One query."""

    def build(viewer: Viewer, first: date, last: date) -> QuerySet[PostItem, Any]:
        return _columns(PostItem.objects.readable_by(viewer).between(first, last))[:most]

    shown = only_open(viewer, closes_on=closing_dates(viewer))
    return _items(rows_of(f"items.told.{most}", build, shown, first, last))


def items_of_posts(viewer: Viewer, post_ids: Sequence[int]) -> list[PostItem]:
    """Return the dated things of these posts, which she may read, as far as they name nobody she must not see."""

    def build(viewer: Viewer, post_ids: Sequence[int]) -> QuerySet[PostItem, Any]:
        found = PostItem.objects.filter(post_id__in=post_ids).naming_for(viewer)
        return _columns(found.order_by("post_id", "position", "pk"))

    return _items(rows_of("items.of_posts", build, viewer, post_ids))


def _columns(items: QuerySet[PostItem]) -> QuerySet[PostItem, Any]:
    return items.values_list(
        *ITEM,
        *(f"post__{name}" for name in OF_ITEM),
        "post__audience__whole_school",
        *(f"child__{name}" for name in CHILD),
        *(f"absent__{name}" for name in PERSON),
        *(f"substitute__{name}" for name in PERSON),
    )


def _items(rows: Iterable[tuple[Any, ...]]) -> list[PostItem]:
    posts: dict[int, Post] = {}
    children: dict[int, Child] = {}
    people: dict[int, Person] = {}
    found = []
    for row in rows:
        item, rest = made(PostItem, ITEM, row), row[len(ITEM) :]
        if item.post_id not in posts:
            posts[item.post_id] = post = made(Post, OF_ITEM, rest)
            audience = made(Audience, ("id", "whole_school"), (post.audience_id, bool(rest[len(OF_ITEM)])))
            post._state.fields_cache["audience"] = audience
        rest = rest[len(OF_ITEM) + 1 :]
        if item.child_id is not None and item.child_id not in children:
            children[item.child_id] = made(Child, CHILD, rest)
        kept = item._state.fields_cache
        kept["post"], kept["child"] = posts[item.post_id], children.get(item.child_id or 0)
        kept["absent"] = _person(people, rest[len(CHILD) :])
        kept["substitute"] = _person(people, rest[len(CHILD) + len(PERSON) :])
        found.append(item)
    return found


def _person(known: dict[int, Person], row: Sequence[Any]) -> Person | None:
    pk = row[0]
    if pk is None:
        return None
    if pk not in known:
        known[pk] = made(Person, PERSON, row)
    return known[pk]
