"""Beside a photo the team writes down where it is used outside Kring; a message says to its team what is kept back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kring.photos.elsewhere import places_for
from kring.photos.kept_back import kept_back_within
from kring.photos.models import Photo, UsedElsewhere
from kring.posts.actions import order_post, save_draft, start_draft
from kring.posts.actions.content import Content
from kring.posts.models import Post
from kring.posts.permissions import Target
from tests.cast import Cast
from tests.consents.giving import say
from tests.photos.conftest import MakePhoto, Name, Publish
from tests.photos.test_album import of_group

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def large(cast: Cast, photo: Photo, role: str = "teacher") -> str:
    return cast.client(role).get(of_group(cast, "photo", photo.public_id)).content.decode()


def test_beside_a_photo_the_team_says_where_it_is_used_and_that_it_was_taken_down(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True, "app_group", "website")
    photo = name(ready(), cast.child)
    publish(photo)
    told = large(cast, photo)
    assert "Buiten Kring gebruikt?" in told
    assert "Nieuwsbrief: daar mag 1 kind niet op te zien zijn." in told
    assert "Buiten Kring gebruikt?" not in large(cast, photo, "guardian")
    here = of_group(cast, "photo", photo.public_id)
    sent = {"code": "website", "next": here}
    answer = cast.client("teacher").post(reverse("photos:used_elsewhere", args=[photo.public_id]), sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, here)
    (place,) = [place for place in places_for(cast.viewer("teacher"), photo) if place.code == "website"]
    assert (place.since, place.why) == (UsedElsewhere.objects.get().at, "")
    say(cast, "guardian", cast.child, False, "website")
    assert "Haal de foto daar weg." in large(cast, photo)
    cast.client("duo").post(reverse("photos:taken_down", args=[photo.public_id]), sent)
    assert "Haal de foto daar weg." not in large(cast, photo)


def test_who_may_not_read_the_consents_hears_no_number(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True, "app_group")
    photo = name(ready(), cast.child)
    publish(photo)
    assert "Website van de school: daar mag 1 kind" in large(cast, photo)
    told = large(cast, photo, "office")
    assert "Website van de school: daar mag deze foto niet voor worden gebruikt." in told
    assert "1 kind" not in told


def placed(cast: Cast, photos: list[Photo]) -> Post:
    by, target = cast.viewer("teacher"), Target(group_ids=frozenset([cast.five.pk]))
    post = start_draft(by=by, school=cast.school, kind="group", target=target)
    content = Content(title="Naar het bos", source="Tekst", photos_checked=True)
    post = order_post(by=by, post=save_draft(by=by, post=post, content=content, target=target, photos=photos))
    Post.objects.filter(pk=post.pk).update(visible_from=by.now)
    return post


def test_the_page_of_a_message_tells_its_team_alone_that_a_photo_is_kept_back(
    cast: Cast, ready: MakePhoto, name: Name
) -> None:
    say(cast, "guardian", cast.child, True)
    post = placed(cast, [name(ready(), cast.child), name(ready())])
    address, hint = reverse("posts:read", args=[post.public_id]), "1 foto is niet te zien"
    assert hint not in cast.client("teacher").get(address).content.decode()
    say(cast, "guardian", cast.child, False)
    for role in ("teacher", "office"):
        told = cast.client(role).get(address).content.decode()
        assert hint in told
        assert reverse("photos:hidden", args=[cast.school.public_id, cast.five.public_id]) in told
        assert "Joep" not in told.split("standing__kept")[1].split("</p>")[0]
    for role in ("guardian", "class_parent"):
        assert hint not in cast.client(role).get(address).content.decode()
    assert post.audience_id is not None
    assert kept_back_within(cast.viewer("class_parent"), post.audience_id) == []
    assert kept_back_within(cast.viewer("duo"), post.audience_id) == [(cast.five, 1)]
