"""Taking documents in and away."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.files import durable, inspection, rules
from kring.files.models import Document
from kring.files.permissions import can_store_document
from kring.files.wording import refusal
from kring.school.models import School


def store_document(*, by: Viewer, school: School, upload: UploadedFile, from_family: bool = False) -> Document:
    """Take in one PDF or office file, at most 20 MB, judged by its content. The caller attaches it.

    The file is on disk (fsync) before the row says so; the file work stands outside the transaction, because SQLite
    has one writer. Raises Refused with a sentence that names the file, NotAllowed for who does not work at the school;
    with `from_family` a full guardian of a child there may too.
    """
    require(can_store_document(by, school, from_family=from_family))
    name = upload.name or ""
    size = upload.size or 0
    if size > rules.MAX_BYTES:
        raise Refused(refusal(rules.Fault.TOO_LARGE, name))
    if durable.free_bytes() - size < rules.KEEP_FREE_BYTES:
        raise Refused(refusal(rules.Fault.NO_ROOM, name))
    try:
        kind = inspection.kind_of(upload)
    except rules.Unfit as unfit:
        raise Refused(refusal(unfit.fault, name)) from None
    random = durable.random_name()
    stored = f"{rules.FOLDER}/{random[:2]}/{random}"
    upload.seek(0)
    try:
        durable.keep(stored, upload)
    except OSError:
        durable.drop([stored])
        raise Refused(refusal(rules.Fault.NO_ROOM, name)) from None
    try:
        safe, media = rules.safe_name(name, kind), rules.MEDIA_TYPES[kind]
        return _write_down(by=by, school=school, name=safe, media=media, size=size, stored=stored)
    except BaseException:
        durable.drop([stored])
        raise


def store_picture(*, by: Viewer, school: School, content: bytes, name: str, from_family: bool = False) -> Document:
    """Keep a picture that was made from pixels only (WebP, without metadata); the caller attaches it.

    `name` is ours: that of the upload may say whose camera it was. Raises as `store_document` does.
    """
    require(can_store_document(by, school, from_family=from_family))
    if durable.free_bytes() - len(content) < rules.KEEP_FREE_BYTES:
        raise Refused(refusal(rules.Fault.NO_ROOM, name))
    random = durable.random_name()
    stored = f"{rules.FOLDER}/{random[:2]}/{random}"
    try:
        durable.keep(stored, ContentFile(content))
    except OSError:
        durable.drop([stored])
        raise Refused(refusal(rules.Fault.NO_ROOM, name)) from None
    try:
        return _write_down(by=by, school=school, name=name, media=rules.PICTURE, size=len(content), stored=stored)
    except BaseException:
        durable.drop([stored])
        raise


@transaction.atomic
def _write_down(*, by: Viewer, school: School, name: str, media: str, size: int, stored: str) -> Document:
    document = Document.objects.create(
        school=school,
        added_by_id=by.person_at(school.pk),
        added_at=by.now,
        name=name,
        media_type=media,
        size=size,
        storage_name=stored,
    )
    audit.record(by=by, what="document.stored", about=document, size=size, kind=media)
    return document


@transaction.atomic
def remove_document(*, by: Viewer, document: Document) -> None:
    """Take the document away: the row and, after commit, the file.

    Whether she may, is asked by the action of the room that attached it: who may change a message, may take its
    documents off, also those that a colleague brought in.
    """
    audit.record(by=by, what="document.removed", about=document)
    transaction.on_commit(lambda: durable.drop([document.storage_name]))
    document.delete()
