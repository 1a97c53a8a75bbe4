"""Posts as a reader sees them in a feed: fixed parts made once per version and language, the rest joined in.

What is kept holds no form, token, relative date, child's name or address of a picture (house.md, 5), and it never
decides access: the caller hands in posts that it fetched through `readable_by` or `visible_to`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kring.agreements.current import policies_seen_by
from kring.core.moulds import Mould, cast_mould, fill, keep_under, kept_mould, kept_under
from kring.core.prepared import rows_of
from kring.core.templatetags.kring import spoken_day, spoken_moment
from kring.core.viewer import Viewer
from kring.people.models import Child
from kring.photos.models import Photo
from kring.photos.shown import photos_shown_to
from kring.posts.feed import for_cards as for_cards  # noqa: PLC0414  its rows are what cards are made of
from kring.posts.feed import items_of_posts, read_texts
from kring.posts.models import ICONS, GroupOfAudience, Post, PostDocument, PostItem
from kring.posts.rights import LayerOfAudience
from kring.posts.rules import Kind, State

SHOWN_PHOTOS = 5


@dataclass(frozen=True, slots=True)
class OwnChild:
    """A child of the reader: its first name and its colour, the same on every page."""

    pk: int
    name: str
    css: str

    @property
    def initial(self) -> str:
        """Return the letter in the ring."""
        return self.name[:1].upper()


@dataclass(frozen=True, slots=True)
class Whom:
    """For whom a post is: its groups by key and name, its layers by name, their levels, or everybody."""

    whole_school: bool = False
    groups: dict[int, str] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    levels: frozenset[int] = frozenset()
    documents: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Card:
    """One post for one reader."""

    post: Post
    html: SafeString
    is_read: bool
    children: list[OwnChild]
    whom: str
    photos: list[Photo]

    @property
    def icon(self) -> str:
        """Return the icon of its kind."""
        return ICONS[Kind(self.post.kind)]


def own_children(viewer: Viewer) -> dict[int, OwnChild]:
    """Return the reader's children by key, with their colours in a fixed order. One query."""
    if not viewer.own_child_ids:
        return {}
    rows = (
        Child.objects.filter(pk__in=viewer.own_child_ids)
        .order_by(F("birth_date").asc(nulls_first=True), "pk")
        .values_list("pk", "first_name")
    )
    return {pk: OwnChild(pk, name, f"c{n % 6 + 1}") for n, (pk, name) in enumerate(rows)}


def cards_for(
    viewer: Viewer,
    posts: Iterable[Post],
    *,
    csrf_token: str = "",
    children: Mapping[int, OwnChild] | None = None,
    level: int = 3,
    whom: Mapping[int, Whom] | None = None,
    lines: Container[Post] = (),
) -> list[Card]:
    """Return a card for each post (rows of `for_cards`), in the same order.

    At most four queries: whom and documents (unless `whom` is given), dated items, photos, policies; one more without
    `children`. `level` is that of the heading (WCAG 1.3.1). Photos show only to who may see them (limited: none).
    Those in `lines` are shown as a line: their card has no HTML and no photos.
    """
    posts = list(posts)
    if not posts:
        return []
    children = own_children(viewer) if children is None else children
    whom = whom_of(posts) if whom is None else whom
    whole = [post for post in posts if post not in lines]
    _with_texts(whole, level)
    items = _items_of(viewer, whole)
    photos = photos_shown_to(viewer, [post.audience_id for post in whole if post.audience_id])
    policies = policies_seen_by(viewer, {post.school_id for post in posts})
    cards = []
    for post in posts:
        target = whom[post.pk]
        mine = children_in(viewer, post, target, children)
        words = whom_words(target)
        if post in lines:
            cards.append(Card(post, mark_safe(""), post.is_read, mine, words, []))  # type: ignore[attr-defined]
            continue
        shown = photos.get(post.audience_id or 0, [])
        way = policies[post.school_id].reactions.to(post.kind, school_wide=target.whole_school)
        values = {
            "new": _new_tag(viewer, post),
            "when": when_line(post),
            "photos": photos_html(post, shown),
            "talks": talks_html([item for item in items[post.pk] if item.child_id]),
            "whom": whom_html(mine, words),
            "foot": foot_html(viewer, post, way=way, csrf_token=csrf_token),
        }
        mould = fixed_part(post, items[post.pk], target, level)
        cards.append(Card(post, fill(mould, values), post.is_read, mine, words, shown))  # type: ignore[attr-defined]
    return cards


def whom_of(posts: Sequence[Post]) -> dict[int, Whom]:
    """Return for whom each post is, with its documents. One query."""
    found = whom_of_audiences(audiences_of_posts(posts))
    return {post.pk: found.get(post.audience_id or 0, Whom()) for post in posts}


def audiences_of_posts(posts: Sequence[Post]) -> dict[int, bool]:
    """Return the audiences of these posts, each with whether it is the whole school."""
    return {post.audience_id: bool(post.audience and post.audience.whole_school) for post in posts if post.audience_id}


def whom_of_audiences(audiences: Mapping[int, bool]) -> dict[int, Whom]:
    """Return whom each audience names, by its key; the value says whether it is the whole school. One query.

    For a higher room too, whose events have audiences like posts.
    """
    found: dict[int, dict[str, list[tuple[int, str, str]]]] = defaultdict(lambda: defaultdict(list))
    for audience_id, what, number, name, extra in rows_of("posts.whom", _whom_rows, sorted(audiences)):
        found[audience_id][what].append((number, name, extra))
    return {
        key: Whom(
            whole_school,
            {number: name for number, name, _x in sorted(found[key]["group"], key=lambda row: row[1])},
            tuple(name for _n, name, _x in found[key]["layer"]),
            frozenset(year for year, _n, _x in found[key]["level"] if year is not None),
            tuple((name, public_id) for _n, name, public_id in sorted(found[key]["document"])),
        )
        for key, whole_school in audiences.items()
    }


def _whom_rows(audiences: Sequence[int]) -> QuerySet:
    """Return audience, kind, number, name and one more text of all that tells for whom these audiences are."""
    none = Value("", output_field=CharField())

    def rows(model: type, path: str, what: str, key: str, name: str, extra: object = none) -> QuerySet:
        found = model.objects.filter(**{f"{path}__in": audiences})  # type: ignore[attr-defined]
        number = Cast(key, IntegerField())
        return found.values_list(path, Value(what, output_field=CharField()), number, name or none, extra).order_by()

    groups = rows(GroupOfAudience, "audience_id", "group", "group_id", "group__name")
    layers = rows(LayerOfAudience, "audience_id", "layer", "layer_id", "layer__name")
    levels = rows(LayerOfAudience, "audience_id", "level", "layer__levels__year_level", "")
    documents = PostDocument.objects.filter(post__audience_id__in=audiences).values_list(
        "post__audience_id",
        Value("document", output_field=CharField()),
        Cast("position", IntegerField()),
        "document__name",
        "public_id",
    )
    return groups.union(layers, levels, documents.order_by(), all=True)


def whom_words(whom: Whom) -> str:
    """Say for whom a post is: "Groep 5", "Onderbouw", "The whole school"."""
    if whom.whole_school:
        return _("The whole school")
    return ", ".join([*whom.layers, *whom.groups.values()])


def children_in(viewer: Viewer, post: Post, whom: Whom, children: Mapping[int, OwnChild]) -> list[OwnChild]:
    """Return for which of the reader's own children the post is."""
    moment = post.visible_from or viewer.now
    found = {
        span.child_id
        for span in viewer.spans
        if span.school_id == post.school_id
        and (span.until is None or moment < span.until)
        and (whom.whole_school or span.group_id in whom.groups or span.year_level in whom.levels)
    }
    return [child for pk, child in children.items() if pk in found]


def when_line(post: Post, *, published: datetime | None = None) -> str:
    """Say who wrote it and when: "Juf Fenna, today at 15.10"; with "changed" when it was."""
    moment = published or post.visible_from
    name = post.author.display_name if post.author else _("The school")
    line = f"{name}, {spoken_moment(moment)}" if moment else name
    if post.changed_at:
        line = _("%(line)s · changed %(day)s") % {"line": line, "day": spoken_day(post.changed_at)}
    return line


def _items_of(viewer: Viewer, posts: Sequence[Post]) -> dict[int, list[PostItem]]:
    found: dict[int, list[PostItem]] = defaultdict(list)
    dated = [post.pk for post in posts if post.kind != Kind.GROUP]
    if dated:
        for item in items_of_posts(viewer, dated):
            found[item.post_id].append(item)
    return found


def fixed_part(post: Post, items: Sequence[PostItem], whom: Whom, level: int) -> Mould:
    """Return the mould of a post: what is the same for every reader, kept per version and language."""
    kept = kept_under(_key(post, level)) if post.state == State.PUBLISHED else None
    if kept is None:
        named = [item for item in items if not item.child_id]
        # A talk of a shielded child may not even show its day to others, so a leaf comes from what all may see.
        context = {"post": post, "items": named, "first": named[0] if named else None, "icon": ICONS[Kind(post.kind)]}
        kept = cast_mould("posts/card.html", {**context, "documents": whom.documents, "level": level})
        if post.state == State.PUBLISHED:
            keep_under(_key(post, level), kept)
    return kept


def _key(post: Post, level: int) -> tuple[object, ...]:
    return ("card", post.school_id, post.public_id, post.version, get_language(), level)


def _with_texts(posts: Sequence[Post], level: int) -> None:
    """Read the texts of those posts of which no mould is kept. One query, or none."""
    missing = [post for post in posts if kept_under(_key(post, level)) is None and "body" in post.get_deferred_fields()]
    if missing:
        read_texts(missing)


def _new_tag(viewer: Viewer, post: Post) -> SafeString:
    is_new = not post.is_read and bool(viewer.own_child_ids)  # type: ignore[attr-defined]
    return fill(kept_mould("posts/card_new.html"), {}) if is_new else mark_safe("")


def picture_html(photo: Photo, *, sizes: str = "(min-width: 40rem) 36rem, 100vw") -> SafeString:
    """Return one photo of a card. The same as photos/picture.html, from a mould."""
    edition = photo.edition
    sources = ", ".join(f"/photos/{photo.public_id}/{size}.webp?{edition} {width}w" for size, width in photo.sources)
    values = {
        "pid": photo.public_id,
        "edition": edition,
        "sources": sources,
        "sizes": sizes,
        "width": photo.width,
        "height": photo.height,
    }
    return fill(kept_mould("posts/card_photo.html"), {**values, "alt": photo.alt or _("Photo without description")})


def photos_html(post: Post, photos: Sequence[Photo]) -> SafeString:
    """Return the photos of a card; empty without any."""
    if not photos:
        return mark_safe("")
    pictures = "".join(picture_html(photo) for photo in photos[:SHOWN_PHOTOS])
    more = len(photos) - SHOWN_PHOTOS
    text = ngettext("%(n)d more photo", "%(n)d more photos", more) % {"n": more} if more > 0 else ""
    mould = kept_mould("posts/card_photos.html", number=min(len(photos), SHOWN_PHOTOS), more=more > 0)
    return fill(mould, {"pid": post.public_id, "pictures": mark_safe(pictures), "more": text})  # noqa: S308  filled moulds


def talks_html(items: Sequence[PostItem]) -> SafeString:
    """Return the list of talks: day, child, subject. Never kept, because it names children."""
    if not items:
        return mark_safe("")
    mould = kept_mould("posts/card_talk.html")
    rows = [
        fill(mould, {"day": spoken_day(item.from_date), "child": item.child.first_name, "text": item.text})  # type: ignore[union-attr]
        for item in items
    ]
    return fill(kept_mould("posts/card_talks.html"), {"rows": mark_safe("".join(rows))})  # noqa: S308  filled moulds


def whom_html(children: Sequence[OwnChild], words: str) -> SafeString:
    """Return the line that says for which of the reader's children, and for whom."""
    mould = kept_mould("posts/card_child.html")
    labels = [fill(mould, {"css": child.css, "initial": child.initial, "name": child.name}) for child in children]
    values = {"children": mark_safe(" ".join(labels)), "words": words}  # noqa: S308  filled moulds
    return fill(kept_mould("posts/card_whom.html"), values)


def foot_html(viewer: Viewer, post: Post, *, way: str, csrf_token: str) -> SafeString:
    """Return the buttons under a post for this reader; her own row of `for_cards`."""
    if post.state != State.PUBLISHED or viewer.person_at(post.school_id) is None:
        return mark_safe("")
    hearts = post.hearts  # type: ignore[attr-defined]
    mould = kept_mould(
        "posts/card_foot.html",
        way=way,
        is_read=post.is_read,  # type: ignore[attr-defined]
        has_heart=post.has_heart,  # type: ignore[attr-defined]
        can_see=bool(viewer.own_child_ids),
    )
    words = ngettext("%(n)d heart", "%(n)d hearts", hearts) % {"n": hearts} if hearts else _("Give a heart")
    return fill(mould, {"pid": post.public_id, "token": csrf_token, "hearts": words})
