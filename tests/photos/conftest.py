"""Photos that stand ready, made the way the product makes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from kring.people.actions.audience import make_audience
from kring.photos.actions import add_photo, process_photo, use_photos
from kring.photos.models import Photo, PhotoUse
from tests.cast import NOW, Cast
from tests.photos import pictures

MakePhoto = Callable[..., Photo]
Publish = Callable[..., PhotoUse]


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
    """Return a function that shows a photo to group 5."""

    def publish(photo: Photo, *, shown_from: datetime = NOW) -> PhotoUse:
        audience = make_audience(school=cast.school, groups=[cast.five])
        return use_photos(
            by=cast.viewer("teacher"), photos=[photo], audience=audience, shown_from=shown_from, checked=True
        )[0]

    return publish
