"""Uploads: each file is judged by itself, so that one bad file never loses the others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from kring.audit import actions as audit
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import Viewer
from kring.photos import processing, rules, store
from kring.photos.actions.change import describe_photo, remove_photo, retry_photo
from kring.photos.actions.ready import process_photo
from kring.photos.actions.say import say_of_photos
from kring.photos.models import Photo, PhotoState
from kring.photos.permissions import can_add_photo
from kring.photos.showing import Apart
from kring.photos.wording import refusal
from kring.school.models import Group, School


@dataclass(slots=True)
class Picking:
    """What came of a set of uploads: the photos in their order, a sentence for each thing that was refused, and which
    of the photos not everybody is to see."""

    photos: list[Photo] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    apart: Apart = field(default_factory=Apart)


def add_photo(
    *,
    by: Viewer,
    school: School,
    group: Group,
    upload: UploadedFile,
    beside: Iterable[Photo] = (),
    repeated: bool = False,
) -> Photo:
    """Take in one upload for the group and give it to the worker; returns the photo, which is not a picture yet.

    The header is read here, so that a wrong kind of file is refused at once; the pixels are decoded by the worker.
    `beside` are the photos of the same message: a file that is already among them is refused. With `repeated` (sent
    before, and the connection was lost before the answer came) a photo that did arrive is returned.
    The upload is on disk (fsync) before the row says so; the file work stands outside the transaction, because SQLite
    has one writer.
    Raises Refused with a sentence that names the file, and NotAllowed when she may not add for this group.
    """
    require(can_add_photo(by, group) and group.school_id == school.pk)
    name = upload.name or ""
    _refuse_too_many(by, school, name)
    if upload.size is None or upload.size == 0:
        raise Refused(refusal(rules.Fault.EMPTY, name))
    if upload.size > rules.MAX_UPLOAD_BYTES:
        raise Refused(refusal(rules.Fault.TOO_LARGE, name))
    if not store.has_room_for(upload.size):
        raise Refused(refusal(rules.Fault.NO_ROOM, name))
    try:
        processing.look(upload)
    except processing.Unfit as unfit:
        raise Refused(refusal(unfit.fault, name)) from None
    content_hash = _hash_of(upload)
    if any(photo.content_hash == content_hash for photo in beside):
        raise Refused(refusal(rules.Fault.TWICE, name))
    if repeated and (arrived := _arrived(by, group, content_hash)):
        return arrived
    try:
        upload_name = store.keep_upload(upload)
    except OSError:
        raise Refused(refusal(rules.Fault.NO_ROOM, name)) from None
    try:
        return _write_down(by=by, school=school, group=group, content_hash=content_hash, upload_name=upload_name)
    except BaseException:
        store.remove_files(key="", upload_name=upload_name)
        raise


@transaction.atomic
def _write_down(*, by: Viewer, school: School, group: Group, content_hash: str, upload_name: str) -> Photo:
    photo = Photo.objects.create(
        school=school,
        group=group,
        added_by_id=by.person_at(school.pk),
        added_at=by.now,
        touched_at=by.now,
        content_hash=content_hash,
        upload_name=upload_name,
    )
    audit.record(by=by, what="photo.added", about=photo)
    process_photo.enqueue(photo.pk)
    return photo


def pick_photos(
    *,
    by: Viewer,
    school: School,
    group: Group,
    picked: rules.Picked,
    uploads: Sequence[UploadedFile] = (),
    apart: Apart | None = None,
) -> Picking:
    """Do what the picker of a composer asks (forms.read_picked): order, words, and new files, each by itself.

    Names of photos that are not of this group, or that she may not change, are left out. A dropped photo that no
    message shows yet is removed; one that is shown stays until the message is saved without it. `apart` is which of
    the photos not everybody saw before. Returns the photos in their new order and a sentence for each refused file.
    """
    require(can_add_photo(by, group) and group.school_id == school.pk)
    own = Photo.objects.workable_by(by).filter(group=group)
    for photo in own.unused().in_order([picked.dropped]):
        remove_photo(by=by, photo=photo)
    result = Picking(photos=own.in_order(picked.order))
    for photo in result.photos:
        if photo.public_id == picked.again:
            _try_again(by, photo, result)
        alt = picked.alts.get(photo.public_id)
        if alt is not None and alt != photo.alt:
            describe_photo(by=by, photo=photo, alt=alt)
    result.apart, refused = say_of_photos(by=by, photos=result.photos, picked=picked, apart=apart or Apart())
    result.refused += refused
    for upload in uploads:
        if len(result.photos) >= rules.MAX_PER_POST:
            result.refused.append(refusal(rules.Fault.TOO_MANY, upload.name or ""))
            continue
        take_in(by=by, school=school, group=group, upload=upload, result=result, repeated=picked.repeated)
    return result


def take_in(
    *, by: Viewer, school: School, group: Group, upload: UploadedFile, result: Picking, repeated: bool = False
) -> None:
    """Add one upload to the photos of `result`, or to its sentences why it was refused: one bad file loses no other.

    Raises NotAllowed when she may not add photos to the group. `repeated` is that of `add_photo`.
    """
    try:
        photo = add_photo(by=by, school=school, group=group, upload=upload, beside=result.photos, repeated=repeated)
    except NotAllowed:
        raise
    except Refused as reason:
        result.refused.append(reason.sentence)
    else:
        result.photos.append(photo)


def _try_again(by: Viewer, photo: Photo, result: Picking) -> None:
    try:
        retry_photo(by=by, photo=photo)
    except Refused as refused:
        result.refused.append(refused.sentence)


def _arrived(by: Viewer, group: Group, content_hash: str) -> Photo | None:
    """Return the photo that this person just sent and that no message shows yet."""
    sent = Photo.objects.filter(
        group=group,
        added_by_id=by.person_at(group.school_id),
        content_hash=content_hash,
        added_at__gte=by.now - rules.REPEAT_WITHIN,
    )
    return sent.exclude(state=PhotoState.FAILED).unused().order_by("-pk").first()


def _refuse_too_many(by: Viewer, school: School, name: str) -> None:
    person_id = by.person_at(school.pk)
    if Photo.objects.unfinished_of(person_id).count() >= rules.MAX_UNFINISHED:
        raise Refused(refusal(rules.Fault.BUSY, name))
    if Photo.objects.filter(added_by_id=person_id).unused().count() >= rules.MAX_UNUSED:
        raise Refused(refusal(rules.Fault.TOO_MANY, name))


def _hash_of(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()
