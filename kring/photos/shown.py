"""The photos of a page of messages, and one picture, read with a kept statement (core/prepared.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from kring.agreements.current import closing_dates
from kring.core.prepared import made, rows_of
from kring.core.viewer import Viewer
from kring.people.reading import only_open
from kring.photos.models import Photo, PhotoUse

PHOTO = ("id", "public_id", "alt", "width", "height", "key")


def photos_shown_to(viewer: Viewer, audience_ids: Sequence[int]) -> dict[int, list[Photo]]:
    """Return the photos of each audience that she may see, in their order. One query, and none without audiences."""

    def build(viewer: Viewer, audience_ids: Sequence[int]) -> QuerySet[PhotoUse, Any]:
        found = PhotoUse.objects.visible_to(viewer).of_audiences(audience_ids)
        return found.values_list("within_id", *(f"photo__{name}" for name in PHOTO))

    shown: dict[int, list[Photo]] = {pk: [] for pk in audience_ids}
    viewer = only_open(viewer, closes_on=closing_dates(viewer))
    for audience_id, *row in rows_of("photos.shown", build, viewer, audience_ids):
        shown[audience_id].append(made(Photo, PHOTO, row))
    return shown


def picture_for(viewer: Viewer, public_id: str) -> Photo | None:
    """Return the photo if she may open it now and it is ready, with what its picture needs; else None. One query."""

    def build(viewer: Viewer, public_id: str) -> QuerySet[Photo, Any]:
        return Photo.objects.visible_to(viewer).ready().filter(public_id=public_id).values_list(*PHOTO)

    viewer = only_open(viewer, closes_on=closing_dates(viewer))
    return next((made(Photo, PHOTO, row) for row in rows_of("photos.picture", build, viewer, public_id)), None)
