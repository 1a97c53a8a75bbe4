"""What the clock does for photos: nothing that was cut off stays lying about, nothing that is needed goes."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from kring.photos import jobs, rules
from kring.photos.models import Photo
from tests.cast import NOW
from tests.photos.conftest import MakePhoto, Publish

pytestmark = pytest.mark.django_db


def left_behind(folder: Path, name: str, *, hours: float) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    then = (NOW - timedelta(hours=hours)).timestamp()
    os.utime(path, (then, then))
    return path


def test_files_without_a_row_are_swept_after_an_hour(ready: MakePhoto, own_files: Path) -> None:
    photo = ready()
    key = "ab" * 16
    old = [
        left_behind(own_files, rules.rendition_name(key, 400), hours=2),
        left_behind(own_files, f"uploads/photos/{key}", hours=2),
    ]
    fresh = [
        left_behind(own_files, rules.rendition_name("cd" * 16, 400), hours=0.2),
        left_behind(own_files, f"uploads/photos/{'cd' * 16}", hours=0.2),
    ]
    mine = own_files / rules.rendition_name(photo.key, 400)
    os.utime(mine, (0, 0))
    assert jobs.sweep_photos() >= 2
    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in fresh)
    assert mine.exists()
    jobs.sweep_photos()
    assert mine.exists()


def test_an_upload_that_never_became_a_picture_is_gone_in_a_day(
    add: MakePhoto, own_files: Path, django_capture_on_commit_callbacks: object
) -> None:
    photo = add()
    with time_machine.travel(NOW + timedelta(hours=25)), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        jobs.sweep_photos()
    photo.refresh_from_db()
    assert (photo.state, photo.fault, photo.upload_name) == ("failed", "gone", "")
    assert not [path for path in own_files.rglob("*") if path.is_file()]


def test_photos_that_no_message_ever_showed_go_after_sixty_days(ready: MakePhoto, publish: Publish) -> None:
    loose, shown = ready(), ready()
    publish(shown)
    with time_machine.travel(NOW + timedelta(days=59)):
        jobs.sweep_photos()
        assert Photo.objects.count() == 2
    with time_machine.travel(NOW + timedelta(days=61)):
        jobs.sweep_photos()
    assert list(Photo.objects.values_list("pk", flat=True)) == [shown.pk]
    assert loose.pk != shown.pk


def test_a_photo_whose_task_was_lost_is_taken_up_again(add: MakePhoto, ready: MakePhoto) -> None:
    add()
    ready()
    assert jobs.finish_stuck_photos() == 0
    with time_machine.travel(NOW + timedelta(minutes=11)):
        assert jobs.finish_stuck_photos() == 1
