"""Uploading: each file by itself, clear sentences, nothing of the original left."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
import time_machine
from django.urls import reverse

from kring.core.access import Refused
from kring.photos import processing, rules, store
from kring.photos.actions import add_photo, process_photo, remove_photo, retry_photo
from kring.photos.models import Photo, PhotoState
from tests.cast import NOW, Cast
from tests.photos import pictures
from tests.photos.conftest import MakePhoto, Publish

pytestmark = pytest.mark.django_db


def address(cast: Cast) -> str:
    return reverse("photos:upload", args=[cast.school.public_id, cast.five.public_id])


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_one_bad_file_does_not_lose_the_others(cast: Cast) -> None:
    files = [
        pictures.upload(pictures.jpeg(61), "een.jpg"),
        pictures.upload(b"<svg onload=alert(1)>", '<img src=x onerror=alert(1)>".jpg'),
        pictures.upload(b"", "leeg.jpg"),
        pictures.upload(pictures.png_that_claims(60_000, 60_000), "groot.png"),
        pictures.upload(pictures.heic(), "twee.heic"),
    ]
    answer = cast.client("teacher").post(address(cast), {"photo_files": files}, headers={"hx-request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert Photo.objects.count() == 2
    assert page.count("data-photo=") == 2
    assert page.count("data-refused") == 2 + ("leeg.jpg" in page)
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "groot.png" in page


def test_without_javascript_the_way_leads_back_with_the_photos(cast: Cast) -> None:
    files = [pictures.upload(pictures.jpeg(61)), pictures.upload(b"niets", "kapot.jpg")]
    answer = cast.client("teacher").post(address(cast), {"photo_files": files, "next": "/nieuw/?soort=group"})
    assert answer.headers["Location"] == f"/nieuw/?soort=group&photos={Photo.objects.get().public_id}"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_never_leaves_this_host(cast: Cast, target: str) -> None:
    answer = cast.client("teacher").post(address(cast), {"next": target})
    assert answer.headers["Location"] == "/"


def test_the_same_file_is_recognised_within_a_message(cast: Cast) -> None:
    same = pictures.jpeg(62)
    client = cast.client("teacher")
    client.post(address(cast), {"photo_files": [pictures.upload(same), pictures.upload(same, "kopie.jpg")]})
    first = Photo.objects.get()
    client.post(address(cast), {"photo_files": pictures.upload(same), "photos": first.public_id})
    assert Photo.objects.count() == 1
    client.post(address(cast), {"photo_files": pictures.upload(same)})  # another message may show it too
    assert Photo.objects.count() == 2


def test_the_upload_is_gone_once_the_pictures_are_there(
    cast: Cast, add: MakePhoto, own_files: Path, django_capture_on_commit_callbacks: object
) -> None:
    photo = add(pictures.telltale_jpeg(6), name=pictures.FILE_NAME)
    assert [path.parent.name for path in stored(own_files)] == ["photos"]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert process_photo.call(photo.pk) == "ready"
    files = stored(own_files)
    assert sorted(path.name.rsplit("-", 1)[1] for path in files) == ["400.webp"]
    photo.refresh_from_db()
    assert (photo.width, photo.height, photo.upload_name) == (120, 160, "")
    for path in files:
        assert not [marker for marker in pictures.MARKERS if marker in path.read_bytes()]
        assert "kanarie" not in str(path)
        assert path.stat().st_mode & 0o077 == 0
    assert "anari" not in str([getattr(photo, field.attname) for field in Photo._meta.concrete_fields])


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.jpg", "..\\..\\x.jpg", "/etc/cron.d/x.jpg", "a" * 300 + ".jpg", "‮gpj.exe", "nul.jpg "]
)
def test_a_hostile_name_reaches_neither_disk_nor_row(add: MakePhoto, own_files: Path, name: str) -> None:
    photo = add(name=name)
    (only,) = stored(own_files)
    assert only.parent == own_files / "uploads" / "photos"
    assert len(only.name) == 32
    assert photo.upload_name == f"uploads/photos/{only.name}"


def test_a_name_in_a_sentence_is_short_and_cannot_turn_its_direction(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        add_photo(
            by=cast.viewer("teacher"),
            school=cast.school,
            group=cast.five,
            upload=pictures.upload(b"niets", "‮" + "x" * 200 + "einde.jpg"),
        )
    assert "‮" not in refused.value.sentence
    assert "einde.jpg" in refused.value.sentence
    assert len(refused.value.sentence) < 250


def test_processing_twice_leaves_one_set_of_pictures(ready: MakePhoto, own_files: Path) -> None:
    photo = ready()
    before = stored(own_files)
    assert process_photo.call(photo.pk) == "nothing to do"
    assert stored(own_files) == before


def test_two_workers_on_one_photo_leave_one_set_of_pictures(
    add: MakePhoto, own_files: Path, django_capture_on_commit_callbacks: object
) -> None:
    photo = add()
    real = processing.make_renditions
    with django_capture_on_commit_callbacks(execute=True) as _:  # type: ignore[operator]

        def second_worker_first(upload: object, **options: bool) -> processing.Made:
            with patch.object(processing, "make_renditions", real):
                assert process_photo.call(photo.pk) == "ready"
            return real(upload, **options)  # type: ignore[arg-type]

        with patch.object(processing, "make_renditions", second_worker_first):
            assert process_photo.call(photo.pk) == "somebody else was first"
    photo.refresh_from_db()
    assert [path.name for path in stored(own_files)] == [f"{photo.key}-400.webp"]


def test_a_damaged_photo_keeps_its_place_and_says_why(cast: Cast, add: MakePhoto, own_files: Path) -> None:
    photo = add(pictures.jpeg(400, 300)[:3000])
    assert process_photo.call(photo.pk) == "failed"
    photo.refresh_from_db()
    assert (photo.state, photo.fault, photo.can_retry) == (PhotoState.FAILED, "damaged", False)
    page = cast.client("teacher").get(reverse("photos:status", args=[photo.public_id])).content.decode()
    assert photo.fault_sentence in page
    with pytest.raises(Refused):
        retry_photo(by=cast.viewer("teacher"), photo=photo)


def test_a_full_disk_is_tried_again_and_then_offered_again(cast: Cast, add: MakePhoto, own_files: Path) -> None:
    photo = add()
    with patch.object(store, "keep_renditions", side_effect=OSError(28, "No space left on device")):
        for _ in range(rules.MAX_TRIES - 1):
            with pytest.raises(OSError, match="No space"):
                process_photo.call(photo.pk)
        assert process_photo.call(photo.pk) == "failed"
    photo.refresh_from_db()
    assert (photo.fault, photo.can_retry) == ("no_room", True)
    answer = cast.client("teacher").post(
        reverse("photos:retry", args=[photo.public_id]), headers={"hx-request": "true"}
    )
    assert "data-photo-waiting" in answer.content.decode()
    assert process_photo.call(photo.pk) == "ready"


def test_what_takes_the_worker_down_each_time_is_given_up(add: MakePhoto) -> None:
    photo = add()
    with patch.object(processing, "make_renditions", side_effect=SystemExit):
        for _ in range(rules.MAX_TRIES):
            with pytest.raises(SystemExit):
                process_photo.call(photo.pk)
    assert process_photo.call(photo.pk) == "failed"


def test_an_upload_that_is_gone_fails_with_a_way_out(add: MakePhoto, own_files: Path) -> None:
    photo = add()
    (own_files / photo.upload_name).unlink()
    assert process_photo.call(photo.pk) == "failed"
    photo.refresh_from_db()
    assert photo.fault == "gone"


def test_little_free_disk_refuses_before_anything_is_written(cast: Cast, add: MakePhoto, own_files: Path) -> None:
    with patch("kring.files.durable.free_bytes", return_value=rules.KEEP_FREE_BYTES), pytest.raises(Refused):
        add()
    assert not stored(own_files)
    assert add()


def test_unfinished_uploads_have_a_limit_per_person(cast: Cast, add: MakePhoto) -> None:
    with patch.object(rules, "MAX_UNFINISHED", 2):
        add()
        add()
        with pytest.raises(Refused):
            add()
        assert add(by="duo")


def test_a_row_that_cannot_be_written_leaves_no_file(add: MakePhoto, own_files: Path) -> None:
    with patch.object(process_photo.__class__, "enqueue", side_effect=RuntimeError), pytest.raises(RuntimeError):
        add()
    assert not stored(own_files)
    assert not Photo.objects.exists()


def test_removing_takes_the_files_along(
    cast: Cast, ready: MakePhoto, publish: Publish, own_files: Path, django_capture_on_commit_callbacks: object
) -> None:
    photo = ready()
    publish(photo)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        remove_photo(by=cast.viewer("duo"), photo=photo)
    assert not Photo.objects.exists()
    assert not [path for path in stored(own_files) if path.suffix == ".webp"]


def test_a_draft_that_leaves_a_photo_out_removes_it_only_when_no_message_shows_it(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    shown, loose = ready(pictures.jpeg(70)), ready(pictures.jpeg(71))
    publish(shown)
    client = cast.client("teacher")
    leave_out = {"only": "unused"}
    assert client.post(reverse("photos:remove", args=[shown.public_id]), leave_out).status_code == 404
    assert client.post(reverse("photos:remove", args=[loose.public_id]), leave_out).status_code == 302
    assert list(Photo.objects.all()) == [shown]


def test_more_than_sixty_megabytes_is_a_413_in_our_own_layout(cast: Cast, settings: object) -> None:
    settings.UPLOAD_MAX_BYTES = 200_000  # type: ignore[attr-defined]
    big = pictures.upload(b"\xff\xd8\xff" + b"x" * 300_000, "groot.jpg")
    answer = cast.client("teacher").post(address(cast), {"photo_files": big})
    assert answer.status_code == 413
    assert not Photo.objects.exists()


def test_a_photo_of_more_than_thirty_megabytes_gets_a_sentence(cast: Cast) -> None:
    with patch.object(rules, "MAX_UPLOAD_BYTES", 500), pytest.raises(Refused) as refused:
        add_photo(
            by=cast.viewer("teacher"),
            school=cast.school,
            group=cast.five,
            upload=pictures.upload(pictures.jpeg(), "groot.jpg"),
        )
    assert "groot.jpg" in refused.value.sentence


def test_a_file_sent_again_because_no_answer_came_is_the_same_photo(cast: Cast) -> None:
    client, same = cast.client("teacher"), pictures.jpeg(62)
    client.post(address(cast), {"photo_files": pictures.upload(same)})
    again = {"photo_files": pictures.upload(same), "photo_repeated": "1", "next": "/nieuw/"}
    answer = client.post(address(cast), again)
    photo = Photo.objects.get()
    assert answer.headers["Location"] == f"/nieuw/?photos={photo.public_id}"
    cast.client("duo").post(address(cast), {**again, "photo_files": pictures.upload(same)})
    assert Photo.objects.count() == 2, "What a colleague sent is hers."


def test_a_file_sent_again_after_its_photo_was_placed_or_failed_is_a_new_one(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    client, same = cast.client("teacher"), pictures.jpeg(62)
    again = {"photo_repeated": "1"}
    publish(ready(same))
    client.post(address(cast), {**again, "photo_files": pictures.upload(same)})
    assert Photo.objects.count() == 2
    Photo.objects.update(state=PhotoState.FAILED, fault="busy")
    client.post(address(cast), {**again, "photo_files": pictures.upload(same)})
    assert Photo.objects.count() == 3
    with time_machine.travel(NOW + timedelta(hours=2)):
        client.post(address(cast), {**again, "photo_files": pictures.upload(same)})
    assert Photo.objects.count() == 4
