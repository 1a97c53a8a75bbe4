"""Where photos are kept: uploads for a moment, renditions for as long as the row exists. Never reachable by address."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from kring.files import durable
from kring.photos import rules

UPLOADS = "uploads/photos"
RENDITIONS = "photos"


def has_room_for(size: int) -> bool:
    """Say whether `size` bytes more leave enough free for everything else (the database first)."""
    return durable.free_bytes() - size > rules.KEEP_FREE_BYTES


def keep_upload(upload: UploadedFile) -> str:
    """Store an upload until the worker has read it; returns its stored name. Raises OSError when there is no room."""
    name = f"{UPLOADS}/{durable.random_name()}"
    upload.seek(0)
    try:
        durable.keep(name, upload)
    except OSError:
        durable.drop([name])
        raise
    return name


def open_upload(name: str) -> IO[bytes]:
    """Open a stored upload; FileNotFoundError when it is gone."""
    if not name:
        raise FileNotFoundError(name)
    return default_storage.open(name, "rb")


def keep_renditions(files: dict[int, bytes]) -> str:
    """Store the renditions by size under a new random key and return it. After an OSError nothing is left."""
    key = durable.random_name()
    names = {size: rules.rendition_name(key, size) for size in files}
    try:
        for size, content in files.items():
            durable.keep(names[size], ContentFile(content))
    except OSError:
        durable.drop(names.values())
        raise
    return key


def open_rendition(key: str, size: int) -> File:
    """Open a stored rendition; FileNotFoundError when it is gone."""
    return default_storage.open(rules.rendition_name(key, size), "rb")


def open_largest(key: str, width: int, height: int) -> File:
    """Open the largest picture that is kept of a photo of that size: the full size, else the largest rendition.

    Raises FileNotFoundError when it is gone.
    """
    with contextlib.suppress(FileNotFoundError):
        return open_rendition(key, rules.FULL)
    return open_rendition(key, rules.sizes_for(width, height)[-1])


def remove_files(*, key: str, upload_name: str) -> None:
    """Delete the renditions under `key` and the upload, whichever is given."""
    if key:
        durable.drop(rules.rendition_name(key, size) for size in (*rules.SIZES, rules.FULL))
    if upload_name:
        durable.drop([upload_name])


def stored_keys() -> Iterator[tuple[str, str]]:
    """Yield (key, stored name) for every stored rendition."""
    for name in durable.listing(RENDITIONS):
        yield rules.key_of(name.rsplit("/", 1)[-1]), name
