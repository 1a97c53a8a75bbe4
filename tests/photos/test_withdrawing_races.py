"""A withdrawal and a publication at the same moment: whoever is first, nobody sees the photo after both."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections
from django.utils import timezone

from kring.core.access import Refused
from kring.people.actions.audience import make_audience
from kring.people.models import Audience
from kring.people.viewers import viewer_for
from kring.photos.actions import name_children, use_photos
from kring.photos.models import PersonInPhoto, Photo, PhotoUse
from kring.photos.showing import look_at, towards_of
from tests.cast import Cast
from tests.consents.giving import say
from tests.photos.conftest import MakePhoto, Name

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def at_once(*jobs: Callable[[], object]) -> None:
    """Run the jobs together. On SQLite the test database is one connection in memory: there they follow each other."""
    if connections["default"].vendor != "postgresql":
        for job in jobs:
            job()
        return
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        start.wait(10)
        job()
        connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def place(cast: Cast, photo: Photo, audience: Audience) -> bool:
    by = viewer_for(cast.user("teacher"), now=timezone.now())
    try:
        use_photos(by=by, photos=[photo], audience=audience, shown_from=by.now, checked=False)
    except Refused:
        return False
    return True


def is_seen(cast: Cast, photo: Photo, role: str = "class_parent") -> bool:
    return Photo.objects.visible_to(cast.viewer(role)).filter(pk=photo.pk).exists()


def test_withdrawing_while_it_is_placed_leaves_it_hidden(cast: Cast, ready: MakePhoto, name: Name) -> None:
    photo = name(ready(), cast.child)
    for _round in range(5):
        say(cast, "guardian", cast.child, True, "app_group")
        audience = make_audience(school=cast.school, groups=[cast.five])
        at_once(
            lambda audience=audience: place(cast, photo, audience),
            lambda: say(cast, "guardian", cast.child, False, "app_group"),
        )
        assert not is_seen(cast, photo)
        PhotoUse.objects.all().delete()


def test_withdrawing_between_the_look_and_the_row_leaves_it_hidden(
    cast: Cast, ready: MakePhoto, name: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst moment, held still: everything was looked at, and the row is not written yet."""
    say(cast, "guardian", cast.child, True, "app_group")
    photo, audience = name(ready(), cast.child), make_audience(school=cast.school, groups=[cast.five])

    def look_and_withdraw(*args: object, **options: object) -> object:
        looks = look_at(*args, **options)  # type: ignore[arg-type]
        say(cast, "guardian", cast.child, False, "app_group")
        return looks

    monkeypatch.setattr("kring.photos.actions.show.look_at", look_and_withdraw)
    assert place(cast, photo, audience)
    assert PhotoUse.objects.filter(photo=photo, hidden_at=None).exists()
    assert not is_seen(cast, photo)


def test_a_decision_made_when_it_was_placed_would_have_shown_it(cast: Cast, ready: MakePhoto, name: Name) -> None:
    """The twin without the guard: who looks when placing and never again shows a photo that may not be shown."""
    say(cast, "guardian", cast.child, True, "app_group")
    photo, audience = name(ready(), cast.child), make_audience(school=cast.school, groups=[cast.five])
    (look,) = look_at(cast.viewer("teacher"), [photo], towards_of(audience))
    say(cast, "guardian", cast.child, False, "app_group")
    decided = look.is_fine
    assert decided
    assert not is_seen(cast, photo)


def test_two_who_name_at_once_leave_one_of_the_two_answers(cast: Cast, ready: MakePhoto) -> None:
    photo = ready()
    for _round in range(5):
        viewers = {role: viewer_for(cast.user(role), now=timezone.now()) for role in ("teacher", "duo")}
        at_once(
            lambda by=viewers["teacher"]: name_children(by=by, photo=photo, children=[cast.child, cast.shielded]),
            lambda by=viewers["duo"]: name_children(by=by, photo=photo, nobody=True),
        )
        people = Photo.objects.get(pk=photo.pk).people
        rows = set(PersonInPhoto.objects.filter(photo=photo).values_list("child_id", flat=True))
        assert (people, rows) in [("named", {cast.child.pk, cast.shielded.pk}), ("nobody", set())]
