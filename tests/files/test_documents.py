"""Documents: judged by content, named safely, handed out as downloads only."""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import Http404

from kring.core.access import NotAllowed, Refused
from kring.files import jobs, rules
from kring.files.actions import remove_document, store_document
from kring.files.handout import send_document
from kring.files.models import Document
from kring.files.rules import Fault
from kring.files.wording import SENTENCES
from kring.imports.jobs import forget_uploads
from tests.cast import NOW, ROLES, Cast
from tests.files import papers

pytestmark = pytest.mark.django_db
GOOD = {
    "pdf": papers.pdf(),
    **{kind: papers.office(kind) for kind in ("docx", "xlsx", "pptx")},
    **{kind: papers.opendocument(kind) for kind in ("odt", "ods", "odp")},
}


def store(cast: Cast, content: bytes, name: str = "brief.pdf", by: str = "teacher") -> Document:
    return store_document(by=cast.viewer(by), school=cast.school, upload=papers.upload(content, name))


@pytest.mark.parametrize("kind", GOOD)
def test_what_a_document_is_follows_from_its_content(cast: Cast, kind: str) -> None:
    document = store(cast, GOOD[kind], "kamp brief.exe")
    assert (document.media_type, document.name) == (rules.MEDIA_TYPES[kind], f"kamp brief.exe.{kind}")
    assert document.size == len(GOOD[kind])
    assert b"".join(send_document(document).streaming_content) == GOOD[kind]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"Beste ouders", Fault.KIND),
        (b"<!doctype html><script>alert(1)</script>", Fault.KIND),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", Fault.KIND),
        (b"MZ\x90\x00" + b"\x00" * 200, Fault.KIND),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 200, Fault.KIND),
        (b"GIF89a" + b"\x00" * 200, Fault.KIND),
        (b"\x00\x00" + papers.pdf(), Fault.KIND),
        (b"<script>alert(1)</script>\n" + papers.pdf(), Fault.KIND),
        (papers.pdf(b"<html><script>alert(1)</script></html>"), Fault.KIND),
        (papers.pdf() + papers.package({"x.exe": b"x"}), Fault.KIND),
        (papers.pdf()[:-10], Fault.DAMAGED),
        (papers.package({"foto.jpg": b"x"}), Fault.KIND),
        (papers.package({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"x"}), Fault.KIND),
        (papers.office("docx")[:-30], Fault.DAMAGED),
        (papers.office("docx", more={"word/vbaProject.bin": b"x"}), Fault.MACROS),
        (papers.office("docx", macro_type=True), Fault.MACROS),
        (papers.office("xlsx", more={"xl/macrosheets/sheet1.xml": b"x"}), Fault.MACROS),
        (papers.opendocument("ods", more={"Basic/Standard/Module1.xml": b"x"}), Fault.MACROS),
        (papers.opendocument("odt", manifest=b"<manifest:encryption-data/>"), Fault.LOCKED),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600, Fault.OLD),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), Fault.LOCKED),
        (papers.office("docx", more={"word/media/a.bmp": b"\x00" * 5_000_000}), Fault.BOMB),
        (papers.office("docx", more={f"word/{n}": b"" for n in range(5_001)}), Fault.BOMB),
        (b"MZ" + papers.office("docx"), Fault.KIND),
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence(
    cast: Cast, own_files: Path, content: bytes, fault: Fault
) -> None:
    with pytest.raises(Refused) as refused:
        store(cast, content, "brief.pdf")
    assert refused.value.sentence == f"brief.pdf: {SENTENCES[fault]}"
    assert not Document.objects.exists()
    assert not list(own_files.rglob("*"))


def test_a_locked_zip_inside_is_refused(cast: Cast) -> None:
    locked = bytearray(papers.office("docx"))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.index(signature)
        locked[at + place] |= 1
    with pytest.raises(Refused) as refused:
        store(cast, bytes(locked))
    assert str(SENTENCES[Fault.LOCKED]) in refused.value.sentence


def test_twenty_megabytes_is_the_limit(cast: Cast) -> None:
    with patch.object(rules, "MAX_BYTES", len(papers.pdf())):
        assert store(cast, papers.pdf())
        with pytest.raises(Refused):
            store(cast, papers.pdf(b" "))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("brief.pdf", "brief.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\juf\\brief.PDF", "brief.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ("‮fdp.exe", "fdp.exe.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        (".pdf", "document.pdf"),
        ('"><script>.pdf', "script.pdf"),
        ("x" * 400 + ".pdf", "x" * 116 + ".pdf"),
        ("Ouderbrief één ☃.pdf", "Ouderbrief één ☃.pdf"),
    ],
)
def test_a_name_is_made_safe(sent: str, kept: str) -> None:
    assert rules.safe_name(sent, "pdf") == kept


def test_a_document_is_only_ever_a_download(cast: Cast, own_files: Path) -> None:
    answer = send_document(store(cast, papers.pdf(), "één brief.pdf"))
    assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9%C3%A9n%20brief.pdf"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    (file,) = [path for path in own_files.rglob("*") if path.is_file()]
    assert "brief" not in str(file)
    assert file.stat().st_mode & 0o077 == 0


def test_a_file_that_is_gone_is_a_404(cast: Cast, own_files: Path) -> None:
    document = store(cast, papers.pdf())
    (own_files / document.storage_name).unlink()
    with pytest.raises(Http404):
        send_document(document)


STAFF = {"teacher", "duo", "other_teacher", "office", "management", "care_coordinator"}
STORERS = STAFF | {"class_parent", "parent_council"}


@pytest.mark.both_databases
@pytest.mark.parametrize("role", ROLES)
def test_who_works_at_the_school_or_may_ask_for_help_may_bring_a_document(cast: Cast, role: str) -> None:
    if role in STORERS:
        assert store(cast, papers.pdf(), by=role)
        return
    with pytest.raises(NotAllowed):
        store(cast, papers.pdf(), by=role)


def test_the_file_of_a_document_that_is_taken_away_is_gone_too(
    cast: Cast, own_files: Path, django_capture_on_commit_callbacks: object
) -> None:
    document = store(cast, papers.pdf())
    assert [path for path in own_files.rglob("*") if path.is_file()]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        remove_document(by=cast.viewer("teacher"), document=document)
    assert not [path for path in own_files.rglob("*") if path.is_file()]


def test_little_free_disk_refuses_before_anything_is_written(cast: Cast, own_files: Path) -> None:
    with patch("kring.files.durable.free_bytes", return_value=rules.KEEP_FREE_BYTES), pytest.raises(Refused):
        store(cast, papers.pdf())
    assert not list(own_files.rglob("*"))


def test_files_without_a_row_are_swept_after_an_hour(cast: Cast, own_files: Path) -> None:
    document = store(cast, papers.pdf())
    orphans = [own_files / rules.FOLDER / "ab" / ("ab" * 16), own_files / rules.FOLDER / "cd" / ("cd" * 16)]
    for path, hours in zip(orphans, (2, 0), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        os.utime(path, (NOW.timestamp() - hours * 3600,) * 2)
    os.utime(own_files / document.storage_name, (0, 0))
    assert jobs.sweep_documents() == 1
    assert [path.exists() for path in orphans] == [False, True]
    assert (own_files / document.storage_name).exists()


def test_what_a_killed_server_left_of_an_upload_is_deleted_after_an_hour(settings, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    with TemporaryUploadedFile("rooster.zip", "application/zip", 3, None) as upload:
        left = Path(upload.temporary_file_path())
        others = [tmp_path / "tmpx.upload.csv", tmp_path / "brief.pdf"]
        for path in others:
            path.write_bytes(b"x")
        for path in (left, others[1]):
            os.utime(path, (NOW.timestamp() - 7200,) * 2)
        os.utime(others[0], (NOW.timestamp() - 60,) * 2)
        forget_uploads()
        assert [path.exists() for path in (left, *others)] == [False, True, True]
