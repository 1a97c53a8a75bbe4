"""Photos that stand ready, made the way the product makes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from kring.people.actions.audience import make_audience
from kring.people.models import Audience, Child
from kring.photos.actions import add_photo, name_children, process_photo, use_photos
from kring.photos.models import Photo, PhotoUse
from tests.cast import NOW, Cast
from tests.photos import pictures

MakePhoto = Callable[..., Photo]
Publish = Callable[..., PhotoUse]
Name = Callable[..., Photo]


@pytest.fixture
def add(cast: Cast) -> MakePhoto:
    """Return a function that uploads a picture for group 5 as the teacher; the worker has not seen it yet."""

    def add(content: bytes = b"", *, by: str = "teacher", name: str = "foto.jpg") -> Photo:
        file = pictures.upload(content or pictures.jpeg(), name)
        return add_photo(by=cast.viewer(by), school=cast.school, group=cast.five, upload=file)

    return add


@pytest.fixture
def ready(add: MakePhoto) -> MakePhoto:
    """Return a function that uploads a picture and lets the worker make it ready."""

    def ready(content: bytes = b"", **options: str) -> Photo:
        photo = add(content, **options)
        process_photo.call(photo.pk)
        photo.refresh_from_db()
        assert photo.is_ready, photo.fault
        return photo

    return ready


@pytest.fixture
def publish(cast: Cast) -> Publish:
    """Return a function that shows a photo: to group 5, to an audience, or to the guardians of `only_for` beside it."""

    def publish(
        photo: Photo,
        *,
        audience: Audience | None = None,
        only_for: Child | None = None,
        by: str = "teacher",
        shown_from: datetime = NOW,
        checked: bool = True,
    ) -> PhotoUse:
        audience = audience or make_audience(school=cast.school, groups=[cast.five])
        individual = {photo.pk: only_for} if only_for else None
        return use_photos(
            by=cast.viewer(by),
            photos=[photo],
            audience=audience,
            shown_from=shown_from,
            checked=checked,
            individual=individual,
        )[0]

    return publish


@pytest.fixture
def name(cast: Cast) -> Name:
    """Return a function with which the teacher names these children on a photo; nobody without any."""

    def name(photo: Photo, *children: Child, by: str = "teacher") -> Photo:
        return name_children(by=cast.viewer(by), photo=photo, children=children, nobody=not children)

    return name
