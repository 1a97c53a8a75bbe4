"""Downloads at the same moment: the limit of a day holds, whoever is first."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from kring.core.access import Refused
from kring.people.viewers import viewer_for
from kring.photos.actions import download_photos, keep
from kring.photos.models import HandedOut, Photo
from tests.cast import TODAY, Cast
from tests.photos.conftest import MakePhoto, Publish
from tests.photos.test_withdrawing_races import at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
MOST, TRIES = 3, 8


def test_eight_downloads_at_once_get_no_more_than_the_limit(
    cast: Cast, ready: MakePhoto, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep, "MOST_A_DAY", MOST)
    photo = ready()
    publish(photo)
    viewer = viewer_for(cast.user("guardian"), now=timezone.now())
    (found,) = Photo.objects.filter(pk=photo.pk).select_related("school", "group__school_year")
    given: list[int] = []

    def fetch() -> None:
        try:
            download_photos(by=viewer, photos=[found], is_zip=False)
        except Refused:
            return
        given.append(1)

    at_once(*[fetch] * TRIES)
    assert len(given) == MOST
    assert HandedOut.objects.get().number == MOST


def test_counting_first_and_writing_after_lets_too_many_through(cast: Cast) -> None:
    """The twin without the guard: both looked before either wrote, so both found room for the last photo."""
    user_id, day = cast.user("guardian").pk, TODAY
    HandedOut.objects.create(user_id=user_id, day=day, number=MOST - 1)
    looked = [_number(user_id, day), _number(user_id, day)]
    given = 0
    for before in looked:
        if before + 1 <= MOST:
            HandedOut.objects.update(number=before + 1)
            given += 1
    assert given == 2
    assert HandedOut.objects.get().number == MOST  # and the day says three where four were given


def _number(user_id: int, day: date) -> int:
    return HandedOut.objects.get(user_id=user_id, day=day).number
