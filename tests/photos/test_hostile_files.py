"""What is no photo, or is one with something up its sleeve: a clear sentence or a clean picture, and nothing else."""

from __future__ import annotations

import contextlib
import gzip
import io
import re
import struct
import tarfile
import threading
import zlib
from pathlib import Path
from unittest.mock import patch

import pytest
from django.urls import reverse
from PIL import Image

from kring.photos import processing, store
from kring.photos.actions import process_photo, remove_photo
from kring.photos.models import Photo
from kring.photos.rules import Fault
from kring.photos.wording import SENTENCES
from tests.cast import Cast
from tests.photos import heics
from tests.photos import pictures as make
from tests.photos.conftest import MakePhoto, Publish

pytestmark = pytest.mark.django_db
SCRIPT = b"<script>alert('kanarie')</script>"


def tar_of(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        about = tarfile.TarInfo(name)
        about.size = len(content)
        archive.addfile(about, io.BytesIO(content))
    return out.getvalue()


NO_PICTURES = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "svg with a declaration": b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>",
    "packed svg": gzip.compress(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "html": b"<!doctype html><html><body>" + SCRIPT,
    "javascript": b"alert('kanarie')",
    "php": b"<?php system($_GET['c']);",
    "shell": b"#!/bin/sh\nrm -rf /\n",
    "program": b"MZ" + bytes(200),
    "elf": b"\x7fELF" + bytes(200),
    "zip": make.zip_of(**{"foto.jpg": make.jpeg()}),
    "tar.gz": tar_of("foto.jpg", make.jpeg()),
    "rar": b"Rar!\x1a\x07\x01\x00" + bytes(64),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(64),
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "gif that is javascript": b"GIF89a/*" + b"\x00" * 40 + b"*/=1;alert(1)",
    "bmp": make.saved(make.picture(), "BMP"),
    "tiff": make.saved(make.picture(), "TIFF"),
    "icon": make.saved(make.picture(32, 32), "ICO"),
    "movie": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(64),
    "page before a picture": SCRIPT + make.jpeg(),
    "zip before a picture": make.zip_of(**{"a": b"b"}) + make.jpeg(),
    "spaces before a picture": b"\n\n" + make.jpeg(),
}


@pytest.mark.parametrize("name", ["foto.jpg", "foto.svg", "foto.php.jpg"])
@pytest.mark.parametrize("kind", list(NO_PICTURES))
def test_no_picture_gets_the_sentence_about_kinds_whatever_it_is_called(
    cast: Cast, own_files: Path, kind: str, name: str
) -> None:
    file = make.upload(NO_PICTURES[kind], name)
    answer = send(cast, file)
    assert str(SENTENCES[Fault.KIND]) in answer
    assert name in answer
    assert not Photo.objects.exists()
    assert not [path for path in own_files.rglob("*") if path.is_file()]


def send(cast: Cast, *files: object) -> str:
    address = reverse("photos:upload", args=[cast.school.public_id, cast.five.public_id])
    headers = {"hx-request": "true", "accept-language": "nl"}
    answer = cast.client("teacher").post(address, {"photo_files": list(files)}, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


WITH_MORE = {
    "zip behind a jpeg": make.jpeg() + make.zip_of(**{"kanarie.exe": b"kanarie" * 50}),
    "page behind a jpeg": make.jpeg() + SCRIPT,
    "page in the comment of a jpeg": make.jpeg(comment=SCRIPT),
    "page in the text of a png": make.png_of(
        struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0), bytes(14), (b"tEXt", b"Title\x00" + SCRIPT)
    ),
    "page in a chunk of its own": make.png_of(
        struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0), bytes(14), (b"kaNa", SCRIPT)
    ),
    "page behind a png": make.saved(make.picture(), "PNG") + SCRIPT,
    "page behind a webp": make.saved(make.picture(), "WEBP") + SCRIPT,
    "page in a box of a heic": make.heic() + heics.box(b"free", SCRIPT),
    "zip behind a heic": make.heic() + make.zip_of(**{"kanarie.exe": b"kanarie" * 50}),
    "zeros behind a heic": make.heic() + bytes(100),
    "pdf behind a jpeg": make.jpeg() + b"%PDF-1.7\n%%EOF",
}


@pytest.mark.parametrize("kind", list(WITH_MORE))
def test_of_a_polyglot_only_the_pixels_are_left(
    cast: Cast, own_files: Path, publish: Publish, kind: str, django_capture_on_commit_callbacks: object
) -> None:
    send(cast, make.upload(WITH_MORE[kind], "foto.php"))
    photo = Photo.objects.get()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert process_photo.call(photo.pk) == "ready"
    publish(photo)
    answer = cast.client("guardian").get(reverse("photos:rendition", args=[photo.public_id, 400]))
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    served = b"".join(answer.streaming_content)
    kept = [path.read_bytes() for path in own_files.rglob("*") if path.is_file()]
    for content in (served, *kept):
        assert content[:4] == b"RIFF"
        assert len(content) == 8 + struct.unpack("<I", content[4:8])[0], "Nothing stands behind it."
        assert not re.search(rb"script|kanarie|PK\x03\x04|%PDF|<\?php", content)


def header_of(width: int, height: int) -> bytes:
    return struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)


BOMBS = {
    "png that claims 3,600 megapixels": (make.png_that_claims(60_000, 60_000), {Fault.PIXELS}),
    "png that claims 2 to the 62nd": (make.png_that_claims(2**31 - 1, 2**31 - 1), {Fault.PIXELS, Fault.DAMAGED}),
    "png of 58 megapixels": (make.png_that_claims(8_000, 7_300), {Fault.HEAVY}),
    "webp that claims 256 megapixels": (make.webp_that_claims(16_000, 16_000), {Fault.PIXELS}),
    "webp that claims 20 megapixels": (make.webp_that_claims(5_000, 4_000), {Fault.HEAVY}),
    "heic that claims 900 megapixels": (make.heic_that_claims(30_000, 30_000), {Fault.PIXELS, Fault.DAMAGED}),
    "heic grid of 134 megapixels": (heics.grid_of(16_384, 8_192, make.RED), {Fault.PIXELS}),
    "heic of a thousand tiles": (heics.grid_of(16_384, 16_384, make.RED), {Fault.KIND, Fault.DAMAGED}),
    "jpeg that claims 3,600 megapixels": (make.jpeg_that_claims(60_000, 60_000), {Fault.PIXELS}),
    "progressive jpeg in full colour that claims 56 megapixels": (
        make.jpeg_that_claims(8_000, 7_000, progressive=True, subsampling=0),
        {Fault.HEAVY},
    ),
}


@pytest.mark.parametrize("kind", list(BOMBS))
def test_a_bomb_is_refused_by_its_header_with_a_sentence(cast: Cast, kind: str) -> None:
    content, faults = BOMBS[kind]
    answer = send(cast, make.upload(content))
    assert any(str(SENTENCES[fault]) in answer for fault in faults)
    assert not Photo.objects.exists()


def many_scans(content: bytes, times: int) -> bytes:
    """Repeat the last scan of a progressive JPEG: few bytes, and each a walk over all pixels."""
    last = content.rindex(b"\xff\xda")
    return content[:-2] + content[last:-2] * times + b"\xff\xd9"


def test_a_jpeg_of_very_many_scans_is_refused_and_an_ordinary_one_is_not(cast: Cast) -> None:
    ordinary = make.jpeg(400, 300, progressive=True)
    assert str(SENTENCES[Fault.HEAVY]) in send(cast, make.upload(many_scans(ordinary, 250)))
    assert "data-photo=" in send(cast, make.upload(ordinary))


LIES = {
    "jpeg with the header of 42 megapixels": make.jpeg_that_claims(7_000, 6_000),
    "progressive jpeg with the header of 42 megapixels": make.jpeg_that_claims(7_000, 6_000, progressive=True),
    "png with two of 2,000 rows": make.png_of(header_of(2_000, 2_000), bytes(12_002)),
    "png with the sum of another": make.saved(make.picture(), "PNG").replace(b"IDAT", b"IDAT\x00", 1),
    "heic with another size in its header": make.heic_that_claims(5_000, 5_000),
    "heic whose tiles are too few": heics.phone_heic([[make.RED]], size=(4_000, 4_000)),
}


@pytest.mark.parametrize("kind", list(LIES))
def test_a_header_that_lies_ends_in_a_sentence_or_in_the_picture_that_is_there(
    cast: Cast, own_files: Path, kind: str, django_capture_on_commit_callbacks: object
) -> None:
    answer = send(cast, make.upload(LIES[kind]))
    photo = Photo.objects.first()
    if photo is None:
        assert str(SENTENCES[Fault.DAMAGED]) in answer
        return
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        process_photo.call(photo.pk)
    photo.refresh_from_db()
    if photo.is_ready:
        assert photo.width * photo.height < 2_000_000, "What is shown was there."
        return
    assert photo.fault == Fault.DAMAGED
    assert not [path for path in own_files.rglob("*") if path.is_file()], "The upload does not lie about."


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", ["JPEG", "progressive", "PNG", "WEBP", "HEIF", "phone's HEIC"])
def test_a_truncated_file_gets_a_sentence_at_once_or_from_the_worker(cast: Cast, kind: str, kept: float) -> None:
    if kind == "phone's HEIC":
        whole = heics.phone_heic([[make.RED, make.GREEN], [make.WHITE, make.BLUE]])
    elif kind == "progressive":
        whole = make.jpeg(900, 700, progressive=True)
    else:
        # Noise, so that the file is long: the end of a flat picture holds nothing that could be missed.
        whole = make.saved(Image.effect_noise((300, 200), 80).convert("RGB"), kind)
    answer = send(cast, make.upload(whole[: int(len(whole) * kept)]))
    photo = Photo.objects.first()
    if photo is None:
        assert any(str(SENTENCES[fault]) in answer for fault in (Fault.DAMAGED, Fault.KIND))
        return
    assert process_photo.call(photo.pk) == "failed"
    photo.refresh_from_db()
    assert photo.fault == Fault.DAMAGED


def test_an_empty_file_gets_its_own_sentence(cast: Cast) -> None:
    answer = send(cast, make.upload(b"", "leeg.jpg"), make.upload(make.jpeg(), "goed.jpg"))
    assert answer.count("data-photo=") == 1
    assert str(SENTENCES[Fault.EMPTY]) in answer


class Endless:
    """A body that counts what is read of it, and sends nothing but zeros."""

    def __init__(self) -> None:
        self.read_bytes = 0

    def read(self, size: int = -1) -> bytes:
        """Return as many zeros as asked for."""
        self.read_bytes += max(0, size)
        return bytes(max(0, size))

    readline = read


def test_a_hundred_megabytes_are_refused_before_they_are_read(cast: Cast, own_files: Path) -> None:
    address = reverse("photos:upload", args=[cast.school.public_id, cast.five.public_id])
    body = Endless()
    request = {
        "PATH_INFO": address,
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "multipart/form-data; boundary=grens",
        "CONTENT_LENGTH": str(100 * 1024 * 1024),
        "wsgi.input": body,
    }
    answer = cast.client("teacher").request(**request)
    assert answer.status_code == 413
    assert body.read_bytes < 1_000_000
    assert not Photo.objects.exists()


def test_words_packed_into_a_png_do_not_unpack_into_memory(cast: Cast) -> None:
    packed = zlib.compress(bytes(200_000_000), 9)
    for chunk in ((b"zTXt", b"Title\x00\x00" + packed), (b"iCCP", b"profiel\x00\x00" + packed)):
        with patch.object(zlib, "decompress", side_effect=AssertionError("unpacked whole")):
            content = make.png_of(header_of(2, 2), bytes(14), chunk)
            with contextlib.suppress(processing.Unfit):
                made = processing.make_renditions(io.BytesIO(content))
                assert (made.width, made.height) == (2, 2)


def test_a_photo_that_is_removed_while_the_worker_has_it_leaves_nothing(
    cast: Cast, add: MakePhoto, own_files: Path, django_capture_on_commit_callbacks: object
) -> None:
    photo = add()
    real = processing.make_renditions

    def removed_meanwhile(upload: object, **options: bool) -> processing.Made:
        remove_photo(by=cast.viewer("duo"), photo=Photo.objects.get(pk=photo.pk))
        return real(upload, **options)  # type: ignore[arg-type]

    with (
        django_capture_on_commit_callbacks(execute=True),  # type: ignore[operator]
        patch.object(processing, "make_renditions", removed_meanwhile),
    ):
        assert process_photo.call(photo.pk) == "somebody else was first"
    assert not [path for path in own_files.rglob("*") if path.is_file()]
    assert process_photo.call(photo.pk) == "nothing to do"


def test_a_photo_that_is_removed_while_somebody_looks_at_it_is_sent_whole_and_then_not_there(
    cast: Cast, ready: MakePhoto, publish: Publish, django_capture_on_commit_callbacks: object
) -> None:
    photo = ready()
    publish(photo)
    with store.open_rendition(photo.key, 400) as file:
        whole = file.read()
    guardian, address = cast.client("guardian"), reverse("photos:rendition", args=[photo.public_id, 400])
    looking = guardian.get(address)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        remove_photo(by=cast.viewer("teacher"), photo=photo)
    assert b"".join(looking.streaming_content) == whole
    assert guardian.get(address, headers={"if-none-match": looking.headers["ETag"]}).status_code == 404


def test_a_picture_whose_file_is_gone_is_not_there(cast: Cast, ready: MakePhoto, own_files: Path) -> None:
    photo = ready()
    for path in own_files.rglob("*.webp"):
        path.unlink()
    address = reverse("photos:rendition", args=[photo.public_id, 400])
    assert cast.client("teacher").get(address).status_code == 404


def test_two_pictures_are_never_decoded_at_once_in_one_process() -> None:
    at_once, most = 0, 0
    lock, real = threading.Lock(), processing._from_file

    def counted(*about: object) -> object:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        try:
            return real(*about)  # type: ignore[arg-type]
        finally:
            with lock:
                at_once -= 1

    with patch.object(processing, "_from_file", counted):
        content = make.jpeg(2000, 1500)
        threads = [threading.Thread(target=processing.make_renditions, args=(io.BytesIO(content),)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == 1
