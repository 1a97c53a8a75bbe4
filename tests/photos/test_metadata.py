"""Nothing of place, device, owner, thumbnail or file name is left: asked of exiftool, for what is stored and served."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from kring.photos.actions import cover_photo, crop_photo, process_photo
from kring.photos.frames import Frame
from kring.photos.models import Photo
from tests.cast import Cast
from tests.photos import heics, profiles
from tests.photos import pictures as make
from tests.photos.conftest import Publish
from tests.photos.test_album import of_group

pytestmark = pytest.mark.django_db

EXIFTOOL = shutil.which("exiftool")
# What exiftool says of a file itself (its size, its kind) and of the bare picture in it.
OF_THE_FILE = {"ExifTool", "System", "File", "Composite", "SourceFile", "JFIF"}
BARE = {"VP8Version", "HorizontalScale", "VerticalScale", "ImageWidth", "ImageHeight", "AlphaIsUsed"}
WRITTEN = [
    f"-Artist={make.OWNER}",
    f"-OwnerName={make.OWNER}",
    f"-SerialNumber={make.SERIAL}",
    "-Make=Merk",
    "-Model=Kanarietoestel",
    "-GPSLatitude=51.4389",
    "-GPSLatitudeRef=N",
    "-GPSLongitude=5.4778",
    "-GPSLongitudeRef=E",
    "-DateTimeOriginal=2026:11:24 10:00:00",
    f"-XMP-dc:Creator={make.OWNER}",
    f"-XMP-xmpMM:PreservedFileName={make.FILE_NAME}",
    f"-XMP-exif:GPSAreaInformation={make.PLACE_NAME}",
]
WRITTEN_IN_JPEG = [f"-IPTC:By-line={make.OWNER}", f"-IPTC:City={make.PLACE_NAME}", f"-Comment={make.OWNER}"]


@pytest.fixture(scope="module")
def exiftool() -> str:
    """Return where exiftool is. Without it these tests are left out, but not where every check must run."""
    if EXIFTOOL is None:
        if os.environ.get("KRING_CI") == "1":
            pytest.fail("exiftool is missing, and KRING_CI asks for it.")
        pytest.skip("exiftool is not installed: what it would say of stored photos is not asked.")
    return EXIFTOOL


def told(exiftool: str, *files: Path) -> list[dict[str, Any]]:
    """Return everything exiftool knows of each file: unknown tags and doubles too, each with its group."""
    command = [exiftool, "-json", "-G1", "-a", "-u", "-U", "-ee", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def left_over(about: dict[str, Any]) -> set[str]:
    """Return what is more than a bare picture."""
    return {tag for tag in about if tag.split(":")[0] not in OF_THE_FILE and tag.split(":")[-1] not in BARE}


def sources() -> dict[str, bytes]:
    exif = make.telltale_exif(6).tobytes()
    p3 = profiles.rgb_profile(profiles.DISPLAY_P3)
    return {
        "jpeg": make.telltale_jpeg(6),
        "png": make.telltale_png(),
        "webp": make.telltale_webp(),
        "heic": make.heic(exif=exif),
        "phone.heic": heics.phone_heic([[make.RED, make.GREEN]], exif=exif, profile=p3, thumbnail=make.BLUE),
        "two.jpeg": make.saved(
            make.picture(160, 120), "MPO", save_all=True, append_images=[make.picture(80, 60)], exif=exif
        ),
        "large.jpeg": make.jpeg(3000, 2000, exif=make.telltale_exif(8), icc_profile=p3, comment=make.OWNER.encode()),
    }


def telltale(exiftool: str, folder: Path, name: str) -> Path:
    """Return a file in which exiftool wrote all it can, a thumbnail too, beside what stood in it."""
    path = folder / f"kanarie.{name}"
    path.write_bytes(sources()[name])
    thumbnail = folder / "thumbnail.jpg"
    thumbnail.write_bytes(make.jpeg(16, 12))
    arguments = [*WRITTEN, *(WRITTEN_IN_JPEG if name.endswith("jpeg") else [])]
    if name.endswith("jpeg"):
        arguments.append(f"-ThumbnailImage<={thumbnail}")
    command = [exiftool, "-q", "-m", "-overwrite_original", *arguments, str(path)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    return path


@pytest.mark.parametrize("name", list(sources()))
def test_no_byte_of_metadata_is_stored_or_served(
    cast: Cast,
    publish: Publish,
    exiftool: str,
    own_files: Path,
    tmp_path: Path,
    settings: object,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
    name: str,
) -> None:
    settings.KEEP_FULL_PHOTOS = True  # type: ignore[attr-defined]
    path = telltale(exiftool, tmp_path, name)
    (before,) = told(exiftool, path)
    assert {"GPSLatitude", "Model", "SerialNumber"} <= {tag.split(":")[-1] for tag in before}, "There is much to lose."
    assert make.OWNER in str(before)
    assert name not in {"jpeg", "two.jpeg"} or any("ThumbnailImage" in tag for tag in before)
    address = reverse("photos:upload", args=[cast.school.public_id, cast.five.public_id])
    answer = cast.client("teacher").post(address, {"photo_files": make.upload(path.read_bytes(), make.FILE_NAME)})
    assert answer.status_code == 302
    photo = Photo.objects.get()
    for alter in (None, crop_photo, cover_photo):
        with django_capture_on_commit_callbacks(execute=True):
            if alter is crop_photo:
                crop_photo(by=cast.viewer("teacher"), photo=photo, box=Frame(0, 0, 0.5, 1))
            elif alter is cover_photo:
                cover_photo(by=cast.viewer("teacher"), photo=photo, boxes=[Frame(0, 0, 0.5, 0.5)])
            assert process_photo.call(photo.pk) == "ready"
        photo.refresh_from_db()
        publish(photo)
        stored = [path for path in own_files.rglob("*") if path.is_file()]
        assert len(stored) >= 1
        _nothing_left(exiftool, stored + _served(cast, photo, tmp_path), "WEBP")
        _nothing_left(exiftool, _downloaded(cast, photo, tmp_path), "JPEG")
    assert "anari" not in str([getattr(photo, field.attname) for field in Photo._meta.concrete_fields])


def _served(cast: Cast, photo: Photo, folder: Path) -> list[Path]:
    """Fetch every rendition as a parent and return the files; no header may carry a name either."""
    found = []
    for size in (400, 800, 1600):
        answer = cast.client("guardian").get(reverse("photos:rendition", args=[photo.public_id, size]))
        assert answer.status_code == 200
        assert "filename" not in answer.headers["Content-Disposition"]
        assert "anari" not in str(answer.headers)
        path = folder / f"served-{size}"
        path.write_bytes(b"".join(answer.streaming_content))
        found.append(path)
    return found


def _downloaded(cast: Cast, photo: Photo, folder: Path) -> list[Path]:
    """Fetch the photo alone and in a zip as a parent; the zip itself is looked at too."""
    client = cast.client("guardian")
    one = client.post(of_group(cast, "download_one", photo.public_id))
    many = client.post(of_group(cast, "download"), {"month": "2026-11"})
    found = []
    for answer, name in ((one, "downloaded.jpg"), (many, "downloaded.zip")):
        assert answer.status_code == 200
        assert "anari" not in str(answer.headers)
        path = folder / name
        path.write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)
        found.append(path)
    with zipfile.ZipFile(found.pop()) as archive:
        assert archive.comment == b""
        for entry in archive.infolist():
            assert (entry.extra, entry.comment) == (b"", b"")
            assert "anari" not in entry.filename
            found.append(Path(archive.extract(entry, folder / "unpacked")))
    assert len(found) == 2
    return found


def _nothing_left(exiftool: str, files: list[Path], kind: str) -> None:
    for about in told(exiftool, *files):
        assert about["File:FileType"] == kind
        assert not left_over(about), about
        assert "anari" not in str(
            {tag: value for tag, value in about.items() if not tag.startswith("System")}
            | {"name": about.get("System:FileName", "")}
        )
    for path in files:
        content = path.read_bytes()
        assert not [marker for marker in (*make.MARKERS, b"Merk") if marker in content]
        assert content.count(b"\xff\xd8\xff") == (kind == "JPEG"), "No thumbnail."


def test_what_is_left_over_would_be_seen(exiftool: str, tmp_path: Path) -> None:
    path = tmp_path / "picture.webp"
    path.write_bytes(make.saved(make.picture(), "WEBP"))
    assert not left_over(told(exiftool, path)[0])
    path.write_bytes(make.telltale_webp())
    assert any("GPS" in tag for tag in left_over(told(exiftool, path)[0]))
