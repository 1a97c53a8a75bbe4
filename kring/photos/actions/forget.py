"""What nobody needs any more. Has no viewer: the clock asks for it, and nothing that is shown is touched."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction

from kring.photos import rules, store
from kring.photos.models import HandedOut, Photo, PhotoState
from kring.school.models import School


@transaction.atomic
def forget_old_uploads(*, now: datetime) -> int:
    """Delete the uploads of photos that did not become ready within a day, and mark those failed.

    An upload still holds place, time and device; it may not lie about. Returns how many went.
    """
    old = Photo.objects.exclude(upload_name="").filter(added_at__lt=now - rules.KEEP_UPLOAD)
    names = list(old.values_list("pk", "upload_name"))
    for pk, name in names:
        fault = rules.Fault.GONE.value
        Photo.objects.filter(pk=pk).update(state=PhotoState.FAILED, fault=fault, upload_name="", touched_at=now)
        transaction.on_commit(partial(store.remove_files, key="", upload_name=name))
    return len(names)


@transaction.atomic
def forget_unused(*, now: datetime) -> int:
    """Delete the photos that no message ever showed and that are older than KEEP_UNUSED. Returns how many went."""
    old = Photo.objects.unused().filter(added_at__lt=now - rules.KEEP_UNUSED)
    rows = list(old.values_list("pk", "key", "upload_name"))
    for _, key, upload_name in rows:
        transaction.on_commit(partial(store.remove_files, key=key, upload_name=upload_name))
    Photo.objects.filter(pk__in=[pk for pk, _, _ in rows]).delete()
    return len(rows)


@transaction.atomic
def forget_handed_out(*, now: datetime) -> int:
    """Delete the counts of downloads that no limit asks about any more. Returns how many went."""
    return HandedOut.objects.forgotten_on(School().today(now)).delete()[0]
