"""Cropping, and covering somebody who must not be seen: hidden at once, made anew, and what was is gone."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
import time_machine
from django.urls import reverse
from PIL import Image

from kring.audit.models import AuditEvent
from kring.core.access import NotAllowed, Refused
from kring.photos import frames, jobs, processing, rules, store
from kring.photos.actions import cover_photo, crop_photo, process_photo, remove_photo, retry_photo
from kring.photos.frames import Frame
from kring.photos.models import Photo, PhotoState
from kring.photos.shown import photos_shown_to
from tests.cast import NOW, Cast
from tests.photos import pictures
from tests.photos.conftest import MakePhoto, Publish

pytestmark = pytest.mark.django_db

Commit = Callable[..., AbstractContextManager[object]]
RIGHT, LEFT_TOP = Frame(0.5, 0, 0.5, 1), Frame(0, 0, 0.5, 0.5)


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]) -> Commit:
    """Return a context in which what waits for the commit happens."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def webps(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*.webp")}


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def address(photo: Photo, size: int = 400) -> str:
    return reverse("photos:rendition", args=[photo.public_id, size])


def work(photo: Photo) -> str:
    found = process_photo.call(photo.pk)
    photo.refresh_from_db()
    return found


def test_a_crop_keeps_only_what_lies_in_the_frame(
    cast: Cast, ready: MakePhoto, own_files: Path, commit: Commit
) -> None:
    photo = ready(pictures.jpeg(1000, 600))
    before = photo.key
    with commit():
        crop_photo(by=cast.viewer("teacher"), photo=photo, box=RIGHT)
        assert work(photo) == "ready"
    assert (photo.width, photo.height, photo.alteration) == (500, 600, "")
    assert photo.key != before
    files = webps(own_files)
    assert sorted(files) == [f"{photo.key}-400.webp", f"{photo.key}-800.webp"]
    for content in files.values():
        assert pictures.corners(opened(content)) == ["green", "green", "blue", "blue"]


def test_a_cover_is_solid_and_nothing_is_left_of_what_was_under_it(
    cast: Cast, ready: MakePhoto, own_files: Path, commit: Commit
) -> None:
    photo = ready(pictures.jpeg(1000, 600))
    with commit():
        cover_photo(by=cast.viewer("teacher"), photo=photo, boxes=[LEFT_TOP, Frame(0.9, 0.9, 0.5, 0.5)])
        assert work(photo) == "ready"
    assert (photo.width, photo.height) == (1000, 600)
    files = webps(own_files)
    assert {name.split("-")[0] for name in files} == {photo.key}
    for content in files.values():
        shown = opened(content)
        width, height = shown.size
        covered = shown.crop((0, 0, width // 2 - 4, height // 2 - 4))
        assert all(low > 50 and high < 80 for low, high in covered.getextrema()), "One grey, without a trace of red."
        assert pictures.corners(shown)[1] == "green"
        assert pictures.corners(shown)[3] == "white"
        assert max(shown.getpixel((width - 3, height - 3))) < 80  # type: ignore[arg-type]


def test_while_it_waits_nobody_is_shown_the_photo_and_afterwards_it_is_another(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    photo = ready()
    audience = publish(photo).audience
    guardian, teacher = cast.client("guardian"), cast.client("teacher")
    first = guardian.get(address(photo))
    assert first.status_code == 200
    kept = {"if-none-match": first.headers["ETag"]}
    edition = photo.edition
    cover_photo(by=cast.viewer("teacher"), photo=photo, boxes=[LEFT_TOP])
    assert photo.state == PhotoState.PROCESSING
    for client in (guardian, teacher):
        assert client.get(address(photo), headers=kept).status_code == 404
    reader = cast.viewer("guardian")
    assert photos_shown_to(reader, [audience.pk])[audience.pk] == []
    status = teacher.get(reverse("photos:status", args=[photo.public_id])).content.decode()
    assert "data-photo-waiting" in status
    work(photo)
    again = guardian.get(address(photo), headers=kept)
    assert again.status_code == 200
    assert again.headers["ETag"] != first.headers["ETag"]
    assert photo.edition != edition
    assert photos_shown_to(reader, [audience.pk])[audience.pk] == [photo]


def test_what_goes_wrong_half_way_shows_nobody_and_can_be_tried_again(
    cast: Cast, ready: MakePhoto, publish: Publish, own_files: Path, commit: Commit
) -> None:
    photo = ready(pictures.jpeg(1000, 600))
    publish(photo)
    cover_photo(by=cast.viewer("teacher"), photo=photo, boxes=[LEFT_TOP])
    with patch.object(store, "keep_renditions", side_effect=OSError(28, "No space left on device")):
        for _ in range(rules.MAX_TRIES - 1):
            with pytest.raises(OSError, match="No space"):
                process_photo.call(photo.pk)
        assert work(photo) == "failed"
    assert (photo.fault, photo.can_retry) == ("no_room", True)
    assert cast.client("guardian").get(address(photo)).status_code == 404
    retry_photo(by=cast.viewer("teacher"), photo=photo)
    with commit():
        assert work(photo) == "ready"
    assert {name.split("-")[0] for name in webps(own_files)} == {photo.key}
    assert pictures.corners(opened(next(iter(webps(own_files).values()))))[1:] == ["green", "blue", "white"]


def test_a_worker_that_dies_half_way_leaves_work_for_the_next_one(cast: Cast, ready: MakePhoto) -> None:
    photo = ready()
    crop_photo(by=cast.viewer("teacher"), photo=photo, box=RIGHT)
    with patch.object(processing, "crop", side_effect=SystemExit), pytest.raises(SystemExit):
        process_photo.call(photo.pk)
    with time_machine.travel(NOW + timedelta(minutes=11)):
        assert jobs.finish_stuck_photos() == 1
    assert work(photo) == "ready"
    assert (photo.width, photo.height) == (30, 40)


def test_files_of_a_worker_that_died_before_it_wrote_them_down_are_swept(
    cast: Cast, ready: MakePhoto, own_files: Path, commit: Commit
) -> None:
    photo = ready()
    crop_photo(by=cast.viewer("teacher"), photo=photo, box=RIGHT)
    with patch("kring.photos.actions.ready._finish", side_effect=SystemExit), pytest.raises(SystemExit):
        process_photo.call(photo.pk)
    assert len(webps(own_files)) == 2
    with commit():
        work(photo)
    for path in own_files.rglob("*.webp"):
        os.utime(path, (0, 0))
    jobs.sweep_photos()
    assert list(webps(own_files)) == [f"{photo.key}-400.webp"]


def test_two_workers_on_one_cover_leave_one_set_of_pictures(
    cast: Cast, ready: MakePhoto, own_files: Path, commit: Commit
) -> None:
    photo = ready()
    cover_photo(by=cast.viewer("teacher"), photo=photo, boxes=[LEFT_TOP])
    real = processing.cover

    def second_worker_first(*about: object, **options: bool) -> processing.Made:
        made = real(*about, **options)  # type: ignore[arg-type]
        with patch.object(processing, "cover", real):
            assert process_photo.call(photo.pk) == "ready"
        return made

    with commit(), patch.object(processing, "cover", second_worker_first):
        assert work(photo) == "somebody else was first"
    assert list(webps(own_files)) == [f"{photo.key}-400.webp"]
    assert process_photo.call(photo.pk) == "nothing to do"


def test_a_photo_removed_while_it_is_being_cropped_leaves_nothing(
    cast: Cast, ready: MakePhoto, own_files: Path, commit: Commit
) -> None:
    photo = ready()
    crop_photo(by=cast.viewer("teacher"), photo=photo, box=RIGHT)
    real = processing.crop

    def removed_meanwhile(*about: object, **options: bool) -> processing.Made:
        remove_photo(by=cast.viewer("duo"), photo=Photo.objects.get(pk=photo.pk))
        return real(*about, **options)  # type: ignore[arg-type]

    with commit(), patch.object(processing, "crop", removed_meanwhile):
        assert process_photo.call(photo.pk) == "somebody else was first"
    assert not webps(own_files)
    assert not Photo.objects.exists()


def test_a_kept_picture_that_is_gone_fails_without_showing_anything(
    cast: Cast, ready: MakePhoto, own_files: Path
) -> None:
    photo = ready()
    crop_photo(by=cast.viewer("teacher"), photo=photo, box=RIGHT)
    for path in own_files.rglob("*.webp"):
        path.unlink()
    assert work(photo) == "failed"
    assert (photo.fault, photo.can_retry) == ("gone", False)


@pytest.mark.parametrize("keep", [True, False])
def test_the_full_size_is_what_a_crop_is_taken_from_where_it_is_kept(
    cast: Cast, ready: MakePhoto, own_files: Path, settings: object, commit: Commit, keep: bool
) -> None:
    settings.KEEP_FULL_PHOTOS = keep  # type: ignore[attr-defined]
    photo = ready(pictures.jpeg(4000, 3000))
    names = {path.name.split("-")[1] for path in own_files.rglob("*.webp")}
    assert names == {"400.webp", "800.webp", "1600.webp"} | ({"2560.webp"} if keep else set())
    with store.open_largest(photo.key, photo.width, photo.height) as largest:
        assert Image.open(largest).size == ((2560, 1920) if keep else (1600, 1200))
    with commit():
        crop_photo(by=cast.viewer("teacher"), photo=photo, box=Frame(0, 0, 0.75, 0.5))
        work(photo)
    assert (photo.width, photo.height) == ((1920, 960) if keep else (1200, 600))
    assert f"{photo.key}-2560.webp" in webps(own_files) if keep else f"{photo.key}-2560.webp" not in webps(own_files)
    assert {name.split("-")[0] for name in webps(own_files)} == {photo.key}
    with commit():
        remove_photo(by=cast.viewer("teacher"), photo=photo)
    assert not webps(own_files)


def test_the_full_size_has_no_address_for_readers(cast: Cast, ready: MakePhoto, settings: object) -> None:
    settings.KEEP_FULL_PHOTOS = True  # type: ignore[attr-defined]
    photo = ready(pictures.jpeg(4000, 3000))
    teacher = cast.client("teacher")
    assert teacher.get(address(photo, 1600)).status_code == 200
    assert teacher.get(address(photo, 2560)).status_code == 404


@pytest.mark.both_databases
def test_who_comes_second_is_told_and_the_first_crop_stands(cast: Cast, ready: MakePhoto) -> None:
    photo = ready()
    stale = Photo.objects.get(pk=photo.pk)
    crop_photo(by=cast.viewer("teacher"), photo=photo, box=RIGHT)
    with pytest.raises(Refused):
        cover_photo(by=cast.viewer("duo"), photo=stale, boxes=[LEFT_TOP])
    work(photo)
    with pytest.raises(Refused):  # her frame was drawn on a picture that is no longer there
        cover_photo(by=cast.viewer("duo"), photo=stale, boxes=[LEFT_TOP])
    cover_photo(by=cast.viewer("duo"), photo=photo, boxes=[LEFT_TOP])
    assert work(photo) == "ready"


def test_a_frame_drawn_on_an_earlier_picture_is_not_laid_on_this_one(cast: Cast, ready: MakePhoto) -> None:
    photo = ready()
    with pytest.raises(Refused):
        crop_photo(by=cast.viewer("teacher"), photo=photo, box=RIGHT, seen="0" * 8)
    crop_photo(by=cast.viewer("teacher"), photo=photo, box=RIGHT, seen=photo.edition)
    assert photo.state == PhotoState.PROCESSING


def test_only_a_photo_that_is_ready_can_be_altered(cast: Cast, add: MakePhoto) -> None:
    photo = add()
    with pytest.raises(Refused):
        crop_photo(by=cast.viewer("teacher"), photo=photo, box=RIGHT)
    work(photo)
    assert crop_photo(by=cast.viewer("teacher"), photo=photo, box=RIGHT)


@pytest.mark.parametrize(
    "box",
    [Frame(0, 0, 1, 1), Frame(2, 2, 1, 1), Frame(float("nan"), 0, 1, 1), Frame(0, 0, -1, -1), Frame(0, 0, 0, 0)],
    ids=["whole", "beside", "no number", "backwards", "nothing"],
)
def test_a_frame_that_makes_no_sense_gets_a_sentence(cast: Cast, ready: MakePhoto, box: Frame) -> None:
    photo, teacher = ready(pictures.jpeg(1000, 600)), cast.viewer("teacher")
    with pytest.raises(Refused):
        crop_photo(by=teacher, photo=photo, box=box)
    with pytest.raises(Refused):
        cover_photo(by=teacher, photo=photo, boxes=[LEFT_TOP, box])
    photo.refresh_from_db()
    assert photo.is_ready


def test_a_crop_to_a_scrap_is_refused_and_a_small_cover_is_not(cast: Cast, ready: MakePhoto) -> None:
    photo, scrap = ready(pictures.jpeg(1000, 600)), Frame(0, 0, 0.012, 0.5)
    with pytest.raises(Refused):
        crop_photo(by=cast.viewer("teacher"), photo=photo, box=scrap)
    cover_photo(by=cast.viewer("teacher"), photo=photo, boxes=[scrap])
    assert work(photo) == "ready"


def test_at_most_twenty_frames_at_once(cast: Cast, ready: MakePhoto) -> None:
    photo = ready()
    with pytest.raises(Refused):
        cover_photo(by=cast.viewer("teacher"), photo=photo, boxes=[])
    with pytest.raises(Refused):
        cover_photo(by=cast.viewer("teacher"), photo=photo, boxes=[LEFT_TOP] * 21)
    cover_photo(by=cast.viewer("teacher"), photo=photo, boxes=[LEFT_TOP] * 20)
    assert work(photo) == "ready"


@pytest.mark.parametrize("name", ["guardian", "other_teacher", "care_coordinator", "second_teacher"])
def test_who_may_not_change_the_photo_may_not_alter_it(
    cast: Cast, ready: MakePhoto, publish: Publish, name: str
) -> None:
    photo = ready()
    publish(photo)
    with pytest.raises(NotAllowed):
        crop_photo(by=cast.viewer(name), photo=photo, box=RIGHT)
    with pytest.raises(NotAllowed):
        cover_photo(by=cast.viewer(name), photo=photo, boxes=[LEFT_TOP])
    assert not AuditEvent.objects.filter(what__in=["photo.cropped", "photo.covered"]).exists()
    crop_photo(by=cast.viewer("duo"), photo=photo, box=RIGHT)
    work(photo)
    cover_photo(by=cast.viewer("office"), photo=photo, boxes=[LEFT_TOP])
    assert AuditEvent.objects.filter(what__in=["photo.cropped", "photo.covered"]).count() == 2


def test_the_form_answers_with_the_photo_or_with_a_sentence(cast: Cast, ready: MakePhoto) -> None:
    photo, teacher = ready(), cast.client("teacher")
    frame = {"x": "0.5", "y": "0", "w": "0,5", "h": "1", "edition": photo.edition}
    crop, cover = (reverse(f"photos:{verb}", args=[photo.public_id]) for verb in ("crop", "cover"))
    for verb in (crop, cover):
        for wrong in ({}, {"x": "0.5"}, {**frame, "x": "links"}, {**frame, "edition": "0" * 8}):
            answer = teacher.post(verb, wrong, headers={"hx-request": "true"})
            assert (answer.status_code, answer.headers["Content-Type"]) == (422, "text/plain; charset=utf-8")
    answer = teacher.post(crop, frame, headers={"hx-request": "true"})
    assert "data-photo-waiting" in answer.content.decode()
    assert work(photo) == "ready"
    assert (photo.width, photo.height) == (30, 40)
    back = teacher.post(cover, {"x": ["0", "0.5"], "y": [0, 0.5], "w": [0.2, 0.2], "h": [0.2, 0.2], "next": "/nieuw/"})
    assert back.headers["Location"] == "/nieuw/"
    assert work(photo) == "ready"
    refused = teacher.post(cover, {"next": reverse("home:more")}, follow=True, headers={"accept-language": "en"})
    assert "First draw a frame over what should be covered." in refused.content.decode()


def test_frames_that_stand_and_the_one_being_drawn_are_covered_together(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    photo = ready()
    sent = {"x": ["0.1", "0.6"], "y": ["0.1", "0.1"], "w": ["0.2", "0.2"], "h": ["0.2", "0.2"]}
    sent |= {"left": ["40"], "top": ["60"], "width": ["10"], "height": ["20"]}
    assert cast.client("teacher").post(reverse("photos:cover", args=[photo.public_id]), sent).status_code == 302
    photo.refresh_from_db()
    kind, drawn = frames.read(photo.alteration)
    assert kind == "cover"
    assert drawn == [Frame(0.1, 0.1, 0.2, 0.2), Frame(0.6, 0.1, 0.2, 0.2), Frame(0.4, 0.6, 0.1, 0.2)]


def test_only_one_part_can_be_kept(cast: Cast, ready: MakePhoto) -> None:
    photo = ready()
    sent = {"x": ["0.1", "0.6"], "y": ["0.1", "0.1"], "w": ["0.2", "0.2"], "h": ["0.2", "0.2"]}
    cast.client("teacher").post(reverse("photos:crop", args=[photo.public_id]), sent)
    photo.refresh_from_db()
    assert photo.is_ready
