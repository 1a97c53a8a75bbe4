"""Placed before its photos are ready: the message waits for them, and no photo keeps it for ever."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.urls import reverse

from kring.photos import rules, store
from kring.photos.actions import add_photo, cover_photo, process_photo, retry_photo
from kring.photos.frames import Frame
from kring.photos.models import Photo
from kring.photos.shown import photos_shown_to
from kring.posts import actions
from kring.posts.actions import Content
from kring.posts.jobs import publish_due_posts
from kring.posts.models import Post
from kring.posts.permissions import Target
from kring.posts.rules import State
from tests.cast import NOW, Cast
from tests.photos.pictures import jpeg, upload

pytestmark = pytest.mark.django_db


def placed(cast: Cast, *widths: int) -> tuple[Post, list[Photo]]:
    """Return a message placed now, and its photos, which the worker has not seen yet."""
    viewer, target = cast.viewer("teacher"), Target(group_ids=frozenset([cast.five.pk]))
    photos = [add_photo(by=viewer, school=cast.school, group=cast.five, upload=upload(jpeg(width))) for width in widths]
    post = actions.start_draft(by=viewer, school=cast.school, kind="group", target=target)
    content = Content(title="Bollen", source="Geplant", photos_checked=True)
    post = actions.save_draft(by=viewer, post=post, content=content, target=target, photos=photos)
    return actions.order_post(by=viewer, post=post), photos


def seen_by_a_parent(cast: Cast, post: Post) -> int:
    """Return how many photos of the message its reader gets."""
    assert post.audience_id is not None
    return len(photos_shown_to(cast.viewer("guardian"), [post.audience_id])[post.audience_id])


def test_the_message_goes_out_once_its_last_photo_is_ready(cast: Cast) -> None:
    post, photos = placed(cast, 60, 70)
    assert post.state == State.SCHEDULED
    process_photo.call(photos[0].pk)
    assert publish_due_posts() == 0
    guardian, address = cast.client("guardian"), reverse("photos:rendition", args=[photos[0].public_id, 400])
    assert guardian.get(address).status_code == 404
    process_photo.call(photos[1].pk)
    assert publish_due_posts() == 1
    post.refresh_from_db()
    assert post.state == State.PUBLISHED
    with time_machine.travel(NOW + timedelta(minutes=1)):
        assert guardian.get(address).status_code == 200
        assert seen_by_a_parent(cast, post) == 2


def test_a_photo_that_fails_holds_the_message_and_a_second_try_lets_it_go(cast: Cast) -> None:
    post, photos = placed(cast, 60, 70)
    process_photo.call(photos[0].pk)
    with patch.object(store, "keep_renditions", side_effect=OSError(28, "No space left on device")):
        for _ in range(rules.MAX_TRIES - 1):
            with pytest.raises(OSError, match="No space"):
                process_photo.call(photos[1].pk)
        assert process_photo.call(photos[1].pk) == "failed"
    assert publish_due_posts() == 0
    post.refresh_from_db()
    assert post.held_since is not None, "Whoever works with the group sees that it waits, and why."
    photos[1].refresh_from_db()
    retry_photo(by=cast.viewer("duo"), photo=photos[1])
    assert publish_due_posts() == 0
    process_photo.call(photos[1].pk)
    assert publish_due_posts() == 1
    post.refresh_from_db()
    assert (post.state, post.held_since) == (State.PUBLISHED, None)


def test_a_message_waits_for_a_photo_that_is_being_covered(cast: Cast) -> None:
    _post, photos = placed(cast, 60)
    process_photo.call(photos[0].pk)
    photos[0].refresh_from_db()
    cover_photo(by=cast.viewer("teacher"), photo=photos[0], boxes=[Frame(0, 0, 0.5, 0.5)])
    assert publish_due_posts() == 0
    process_photo.call(photos[0].pk)
    assert publish_due_posts() == 1


def test_a_photo_covered_after_publication_goes_from_the_message_and_comes_back_covered(cast: Cast) -> None:
    post, photos = placed(cast, 60, 70)
    for photo in photos:
        process_photo.call(photo.pk)
        photo.refresh_from_db()
    publish_due_posts()
    with time_machine.travel(NOW + timedelta(minutes=1)):
        assert seen_by_a_parent(cast, post) == 2
        cover_photo(by=cast.viewer("duo"), photo=photos[0], boxes=[Frame(0, 0, 0.5, 0.5)])
        assert seen_by_a_parent(cast, post) == 1
        process_photo.call(photos[0].pk)
        assert seen_by_a_parent(cast, post) == 2


def test_two_rounds_at_once_publish_it_once(cast: Cast) -> None:
    _post, photos = placed(cast, 60)
    process_photo.call(photos[0].pk)
    assert [publish_due_posts(), publish_due_posts()] == [1, 0]
