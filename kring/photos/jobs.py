"""What the clock does for photos: finish what was left, and throw away what nobody needs. May run twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.utils import timezone

from kring.files import durable
from kring.photos import actions, rules, store
from kring.photos.models import Photo

Item = TypeVar("Item")


def finish_stuck_photos() -> int:
    """Give photos whose task was lost to the worker again; returns how many."""
    stuck = list(Photo.objects.stuck(timezone.now()).values_list("pk", flat=True))
    for photo_id in stuck:
        actions.process_photo.enqueue(photo_id)
    return len(stuck)


def sweep_photos() -> int:
    """Delete what no row needs: uploads of yesterday, files without a photo, photos that no message ever showed.

    Whatever was cut off between file and row ends here. Files of the last hour are left alone: their row may still be
    on its way. Returns how many files and photos went.
    """
    now = timezone.now()
    actions.forget_handed_out(now=now)
    gone = actions.forget_old_uploads(now=now) + actions.forget_unused(now=now)
    orphans = [name for name in durable.listing(store.UPLOADS) if durable.is_older(name, now - rules.SWEEP_AFTER)]
    for some in _in_bunches(orphans):
        kept = set(Photo.objects.with_uploads(some))
        gone += _drop(name for name in some if name not in kept)
    for pairs in _in_bunches(store.stored_keys()):
        kept = set(Photo.objects.with_keys([key for key, _ in pairs]))
        lost = [name for key, name in pairs if key not in kept]
        gone += _drop(name for name in lost if durable.is_older(name, now - rules.SWEEP_AFTER))
    return gone


def _drop(names: Iterable[str]) -> int:
    names = list(names)
    durable.drop(names)
    return len(names)


def _in_bunches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield lists of at most 500."""
    rest = iter(items)
    while some := list(islice(rest, 500)):
        yield some
