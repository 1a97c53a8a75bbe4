"""Cropping, and covering somebody: the picture itself is made anew and what it was is thrown away."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.photos import frames, rules
from kring.photos.actions.ready import process_photo
from kring.photos.frames import Alteration, Frame
from kring.photos.models import Photo, PhotoState
from kring.photos.permissions import can_change_photo


@transaction.atomic
def crop_photo(*, by: Viewer, photo: Photo, box: Frame, seen: str = "") -> Photo:
    """Keep only what lies inside `box` (fractions of the upright picture) and throw the rest away for good.

    The worker does it; until then nobody is shown the photo. `seen` is the edition of the picture on which the frame
    was drawn, when the page knows it. Raises NotAllowed, and Refused for a frame that is none, that leaves a scrap or
    leaves out nothing, and when the photo is not ready or changed meanwhile.
    """
    require(can_change_photo(by, photo))
    if not box.is_sound:
        raise Refused(_("First draw a frame around what should stay."))
    if box.is_whole:
        raise Refused(_("This frame holds the whole photo. Make it smaller, or leave the photo as it is."))
    if frames.is_too_small(box, *photo.box(rules.SIZES[-1])):
        raise Refused(_("This frame is too small: hardly anything of the photo would be left. Make it larger."))
    _order(by, photo, frames.written(Alteration.CROP, [box]), seen)
    audit.record(by=by, what="photo.cropped", about=photo)
    return photo


@transaction.atomic
def cover_photo(*, by: Viewer, photo: Photo, boxes: Sequence[Frame], seen: str = "") -> Photo:
    """Lay a solid rectangle over each of `boxes` (fractions of the upright picture); what is under them is gone.

    The worker does it; until then nobody is shown the photo. `seen` as for `crop_photo`. Raises NotAllowed, and
    Refused without frames, for one that is none, for more than twenty, for one over the whole photo, and when the
    photo is not ready or changed meanwhile.
    """
    require(can_change_photo(by, photo))
    if not boxes or not all(box.is_sound for box in boxes):
        raise Refused(_("First draw a frame over what should be covered."))
    if len(boxes) > frames.MAX_COVERS:
        raise Refused(_("Those are too many frames at once. Cover at most twenty, then look again."))
    if any(box.is_whole for box in boxes):
        raise Refused(_("This frame covers the whole photo. Make it smaller, or leave the photo out."))
    _order(by, photo, frames.written(Alteration.COVER, boxes), seen)
    audit.record(by=by, what="photo.covered", about=photo, count=len(boxes))
    return photo


def _order(by: Viewer, photo: Photo, alteration: str, seen: str) -> None:
    """Take the photo from everybody's sight and give it to the worker; once, whoever comes second is told."""
    if seen and seen != photo.edition:
        raise Refused(_("Somebody changed this photo meanwhile. Look at it again first."))
    ready = Photo.objects.filter(pk=photo.pk, state=PhotoState.READY, key=photo.key)
    if not ready.update(state=PhotoState.PROCESSING, alteration=alteration, fault="", tries=0, touched_at=by.now):
        raise Refused(_("This photo is being made ready or was changed meanwhile. Wait a moment and look at it again."))
    process_photo.enqueue(photo.pk)
    photo.refresh_from_db()
