"""The worker's part: from upload to pictures, and from a picture to a cropped or covered one.

May run twice, and may be cut off anywhere, without harm.
"""

from __future__ import annotations

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from kring.photos import frames, processing, rules, store
from kring.photos.models import Photo, PhotoQuerySet, PhotoState

log = structlog.get_logger(__name__)


@task(queue_name="photos")
def process_photo(photo_id: int) -> str:
    """Make the renditions of a waiting photo, or those of its crop or cover, and say how it stands after that.

    A file that is no picture fails at once. What the server lacked (memory, room) is raised, so that the worker tries
    again later; after MAX_TRIES the photo says so and keeps its place. Has no viewer: it only finishes what
    `add_photo`, `crop_photo` or `cover_photo` allowed.
    """
    photo = _claim(photo_id)
    if photo is None:
        return "nothing to do"
    if photo.tries > rules.MAX_TRIES:  # it took the worker down with it each time
        return _fail(photo, rules.Fault.BUSY)
    try:
        made = _made(photo)
        key = store.keep_renditions(made.files)
    except processing.Unfit as unfit:
        return _fail(photo, unfit.fault)
    except FileNotFoundError:
        return _fail(photo, rules.Fault.GONE)
    except (OSError, MemoryError) as trouble:
        fault = rules.Fault.BUSY if isinstance(trouble, MemoryError) else rules.Fault.NO_ROOM
        if photo.tries >= rules.MAX_TRIES:
            return _fail(photo, fault)
        _put_back(photo)
        raise
    return _finish(photo, made, key)


def _claim(photo_id: int) -> Photo | None:
    """Take the photo in hand, unless it is finished or gone."""
    unfinished = Photo.objects.filter(pk=photo_id, state__in=[PhotoState.WAITING, PhotoState.PROCESSING])
    if not unfinished.update(state=PhotoState.PROCESSING, tries=F("tries") + 1, touched_at=timezone.now()):
        return None
    return Photo.objects.get(pk=photo_id)


def _made(photo: Photo) -> processing.Made:
    """Return the pictures: of the upload, or of the largest picture kept of it with what is to be done to that."""
    keep_full = settings.KEEP_FULL_PHOTOS
    if not photo.alteration:
        with store.open_upload(photo.upload_name) as upload:
            return processing.make_renditions(upload, keep_full=keep_full)
    kind, drawn = frames.read(photo.alteration)
    with store.open_largest(photo.key, photo.width, photo.height) as kept:
        if kind == frames.Alteration.CROP:
            return processing.crop(kept, drawn[0], keep_full=keep_full)
        return processing.cover(kept, drawn, keep_full=keep_full)


def _in_hand(photo: Photo) -> PhotoQuerySet:
    """Return the photo as it was claimed; nothing when somebody finished, altered or removed it meanwhile."""
    return Photo.objects.filter(pk=photo.pk, state=PhotoState.PROCESSING, key=photo.key, alteration=photo.alteration)


def _put_back(photo: Photo) -> None:
    _in_hand(photo).update(state=PhotoState.WAITING, touched_at=timezone.now())


@transaction.atomic
def _fail(photo: Photo, fault: rules.Fault) -> str:
    keeps_upload = fault in rules.PASSING
    _in_hand(photo).update(
        state=PhotoState.FAILED,
        fault=fault.value,
        touched_at=timezone.now(),
        upload_name=photo.upload_name if keeps_upload else "",
    )
    if not keeps_upload:
        transaction.on_commit(lambda: store.remove_files(key="", upload_name=photo.upload_name))
    log.info("photo.failed", photo=photo.public_id, fault=fault.value, tries=photo.tries)
    return PhotoState.FAILED.value


@transaction.atomic
def _finish(photo: Photo, made: processing.Made, key: str) -> str:
    """Write down that the pictures are on disk. If somebody removed the photo meanwhile, or was first, drop ours.

    What they were made of goes after the commit: the upload, or the picture before it was cropped or covered.
    """
    done = _in_hand(photo).update(
        state=PhotoState.READY,
        fault="",
        key=key,
        alteration="",
        width=made.width,
        height=made.height,
        upload_name="",
        touched_at=timezone.now(),
    )
    if not done:
        transaction.on_commit(lambda: store.remove_files(key=key, upload_name=""))
        return "somebody else was first"
    transaction.on_commit(lambda: store.remove_files(key=photo.key, upload_name=photo.upload_name))
    return PhotoState.READY.value
