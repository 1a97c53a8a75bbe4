"""What other families chose cannot be told from what is shown of photos: two worlds, side by side.

Where a photo of another child is shown or not, pages differ by that photo and by nothing else.
"""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kring.people.models import Child
from kring.photos.actions import mark_used_elsewhere
from kring.posts.actions import order_post, save_draft, start_draft
from kring.posts.actions.content import Content
from kring.posts.models import Post
from kring.posts.permissions import Target
from tests.cast import Cast
from tests.consents.giving import say
from tests.consents.secret import differences, let_all_answer, pages_in_worlds
from tests.photos.conftest import MakePhoto, Name

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

# The photos of a card, and the words that count those that did not fit.
SHOWN = re.compile(rb'<div class="photos photos--\d+">.*?</div>(<p class="post__more">.*?</p>)?', re.DOTALL)


ALBUM = re.compile(rb'<section class="stack stack--s" aria-labelledby="d\d+">.*?</section>', re.DOTALL)
COUNTED = re.compile(rb'<p class="small soft">\d+ foto.*?</p>', re.DOTALL)
BESIDE = re.compile(rb'<(header|div) class="viewer__(top|photo)">.*?</\1>|<nav aria-label=.*?</nav>', re.DOTALL)
LEADS = re.compile(rb"<title>.*?</title>", re.DOTALL)


def without_album(body: bytes) -> bytes:
    """Return a page of an album without its photos and their number, in the month and beside one photo."""
    for shown in (ALBUM, COUNTED, BESIDE, LEADS):
        body = shown.sub(b"", body)
    return b" ".join(body.split())


def without_photos(body: bytes) -> bytes:
    """Return a page without what it shows of photos."""
    return b" ".join(SHOWN.sub(b"", body).split())


@pytest.fixture
def posts(cast: Cast, ready: MakePhoto, name: Name) -> list[Post]:
    """Return messages with photos: of others, of nobody, of one's own child and another, to the group and to all."""
    others = [child for child in Child.objects.filter(enrolments__group=cast.five) if child != cast.child]
    let_all_answer([cast.child, *others], is_yes=True)
    own, theirs, both = name(ready(), cast.child), name(ready(), *others), name(ready(), cast.child, *others)
    mark_used_elsewhere(by=cast.viewer("teacher"), photo=theirs, code="website")
    found = []
    for photos, whole_school in (([theirs], False), ([name(ready()), both, theirs], False), ([own, theirs], True)):
        by = cast.viewer("management" if whole_school else "teacher")
        target = Target(whole_school=whole_school, group_ids=frozenset() if whole_school else {cast.five.pk})
        post = start_draft(by=by, school=cast.school, kind="group", target=target)
        content = Content(title=f"Bericht {len(found)}", source="Tekst")
        post = order_post(by=by, post=save_draft(by=by, post=post, content=content, target=target, photos=photos))
        Post.objects.filter(pk=post.pk).update(visible_from=by.now)
        post.audience.photo_uses.update(shown_from=by.now)  # type: ignore[union-attr]
        found.append(post)
    return found


def pages(cast: Cast, posts: list[Post]) -> list[str]:
    read = [reverse("posts:read", args=[post.public_id]) for post in posts]
    hidden = reverse("photos:hidden", args=[cast.school.public_id, cast.five.public_id])
    return ["/", "/more/", "/notices/", reverse("consents:own"), *read, hidden]


@pytest.mark.parametrize("role", ["guardian", "class_parent", "shielded_guardian", "limited", "other_guardian"])
def test_pages_differ_by_the_photos_they_show_and_by_nothing_else(cast: Cast, posts: list[Post], role: str) -> None:
    others = list(Child.objects.filter(school=cast.school).exclude(pk__in=cast.viewer(role).own_child_ids))
    asked = {"role": role, "pages": pages(cast, posts), "others": others}
    assert differences(pages_in_worlds(cast, **asked, clean=without_photos)) == {}
    if role in ("guardian", "class_parent"):
        # The twin: with the photos they are not the same, so there was something to compare.
        assert differences(pages_in_worlds(cast, **asked))


def test_of_a_hidden_photo_no_page_of_a_parent_keeps_a_name(cast: Cast, posts: list[Post]) -> None:
    photos = [row.photo for post in posts for row in post.photos.select_related("photo")]
    theirs = photos[0]
    client = cast.client("guardian")
    assert theirs.public_id in client.get("/").content.decode()
    let_all_answer(Child.objects.filter(school=cast.school).exclude(pk=cast.child.pk), is_yes=False)
    say(cast, "guardian", cast.child, True)
    for address in pages(cast, posts):
        assert theirs.public_id not in client.get(address).content.decode(), address


def albums(cast: Cast, posts: list[Post]) -> list[str]:
    own = posts[2].photos.order_by("position")[0].photo.public_id
    group = [cast.school.public_id, cast.five.public_id]
    child = [cast.child.public_id]
    return [
        reverse("photos:albums"),
        reverse("photos:group_album", args=group),
        reverse("photos:group_album", args=group) + "?choose=1",
        reverse("photos:group_photo", args=[*group, own]),
        reverse("photos:child_album", args=child),
        reverse("photos:child_photo", args=[*child, own]),
    ]


@pytest.mark.parametrize("role", ["guardian", "class_parent", "shielded_guardian", "limited", "other_guardian"])
def test_albums_differ_by_their_photos_and_how_many_and_by_nothing_else(
    cast: Cast, posts: list[Post], role: str
) -> None:
    others = list(Child.objects.filter(school=cast.school).exclude(pk__in=cast.viewer(role).own_child_ids))
    asked = {"role": role, "pages": albums(cast, posts), "others": others}
    if role != "guardian":
        asked["others"] = [child for child in others if child != cast.child]  # `own` is the photo that is looked at
    assert differences(pages_in_worlds(cast, **asked, clean=without_album)) == {}
    if role in ("guardian", "class_parent"):
        assert differences(pages_in_worlds(cast, **asked)), "The twin: with the photos they are not the same."
