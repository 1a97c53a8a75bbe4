"""An album of 500 photos of named children, each with consent: its pages and a picture, as a parent asks for them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import cycle, islice
from typing import TYPE_CHECKING

from bench.photos import like_a_photo

if TYPE_CHECKING:
    from bench.schools import Bench

NUMBER = 500
IN_EACH = 3  # children named in each photo


def with_album() -> tuple[Bench, dict[str, str]]:
    """Make a school with the album; returns it and what to ask for: words by address."""
    from django.urls import reverse

    from bench.schools import build
    from kring.people.models import Child, Guardianship
    from kring.photos import processing, store
    from kring.photos.models import PersonInPhoto, Photo

    bench = build(name="Album", groups=1, children=25, guardians=26, posts_a_group=NUMBER, years=1)
    group, children = bench.groups[0], list(Child.objects.filter(school=bench.school))
    Guardianship.objects.filter(school=bench.school).update(authority="yes")
    _say_yes(children)
    photos = list(Photo.objects.filter(group=group).order_by("-added_at", "pk"))
    assert len(photos) == NUMBER
    turn = cycle(children)
    PersonInPhoto.objects.bulk_create(
        PersonInPhoto(school=bench.school, photo=photo, child=child)
        for photo in photos
        for child in islice(turn, IN_EACH)
    )
    picture = io.BytesIO()
    like_a_photo(4000, 3000).save(picture, "JPEG", quality=85)
    Photo.objects.filter(group=group).update(people="named")
    key = store.keep_renditions(processing.make_renditions(picture).files)
    Photo.objects.filter(pk=photos[0].pk).update(key=key)
    names = [bench.school.public_id, group.public_id]
    return bench, {
        reverse("photos:group_album", args=names): "a month of the album, 60 photos",
        reverse("photos:group_photo", args=[*names, photos[0].public_id]): "one photo large",
        reverse("photos:child_album", args=[children[0].public_id]): "photos with my child",
        reverse("photos:rendition", args=[photos[0].public_id, 400]): "the picture itself, 400 px",
    }


def _say_yes(children: Sequence[object]) -> None:
    from django.utils import timezone

    from kring.consents.actions import answer
    from kring.people.models import Guardianship
    from kring.people.viewers import viewer_for

    rows = Guardianship.objects.filter(child__in=children).select_related("person__user", "child")
    for row in rows:
        by = viewer_for(row.person.user, now=timezone.now())
        answer(by=by, child=row.child, answers={"app_group": True})
