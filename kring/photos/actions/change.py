"""Words under a photo, trying again, taking it away."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.people.models import Audience
from kring.photos import rules, store
from kring.photos.actions.ready import process_photo
from kring.photos.models import Photo, PhotoState, PhotoUse
from kring.photos.permissions import can_change_photo


@transaction.atomic
def describe_photo(*, by: Viewer, photo: Photo, alt: str) -> Photo:
    """Keep what can be seen on the photo, for who cannot see it: one line, at most 300 characters (WCAG 1.1.1)."""
    require(can_change_photo(by, photo))
    photo.alt = " ".join(alt.split())[: rules.MAX_ALT]
    Photo.objects.filter(pk=photo.pk).update(alt=photo.alt)
    return photo


@transaction.atomic
def retry_photo(*, by: Viewer, photo: Photo) -> Photo:
    """Give a failed photo to the worker once more; Refused when there is nothing left to make it of."""
    require(can_change_photo(by, photo))
    failed = Photo.objects.filter(pk=photo.pk, state=PhotoState.FAILED, fault__in=rules.PASSING)
    again = failed.exclude(upload_name="", alteration="")
    if not again.update(state=PhotoState.WAITING, fault="", tries=0, touched_at=by.now):
        raise Refused(_("This photo cannot be tried again. Remove it and choose the file again."))
    process_photo.enqueue(photo.pk)
    photo.refresh_from_db()
    return photo


@transaction.atomic
def remove_photo(*, by: Viewer, photo: Photo) -> None:
    """Take the photo away everywhere: the row, its uses and, after commit, its files."""
    require(can_change_photo(by, photo))
    audit.record(by=by, what="photo.removed", about=photo)
    photo.refresh_from_db(fields=["key", "upload_name"])
    transaction.on_commit(partial(store.remove_files, key=photo.key, upload_name=photo.upload_name))
    narrowed = PhotoUse.objects.filter(photo=photo).exclude(audience=F("within"))
    own = list(narrowed.values_list("audience_id", flat=True))
    photo.delete()
    Audience.objects.filter(pk__in=own, photo_uses__isnull=True).delete()  # made for this photo alone
