"""Files that survive a power cut: what a row says is on disk, is on disk."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage


def random_name() -> str:
    """Return 128 random bits as 32 hexadecimal characters: nothing in a stored name comes from an upload."""
    return secrets.token_hex(16)


def keep(name: str, content: File) -> None:
    """Store `content` under exactly `name` and flush file and folder to disk. Raises OSError when there is no room.

    With another storage than the disk of this machine (S3), the storage itself answers for what it accepted.
    """
    stored = default_storage.save(name, content)
    if stored != name:
        default_storage.delete(stored)
        raise FileExistsError(name)
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:
        return
    _flush(path)
    root = Path(settings.MEDIA_ROOT)
    folder = path.parent
    while folder != root and root in folder.parents:
        _flush(folder)
        folder = folder.parent
    _flush(folder)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def drop(names: Iterable[str]) -> None:
    """Delete these files; one that is not there is fine, and one that cannot be deleted is left to the sweep."""
    for name in names:
        with contextlib.suppress(OSError):
            default_storage.delete(name)


def listing(folder: str) -> Iterator[str]:
    """Yield the names of all files under `folder`, sub-folders included; nothing when it does not exist."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}"
    for inner in folders:
        yield from listing(f"{folder}/{inner}")


def is_older(name: str, than: datetime) -> bool:
    """Say whether the stored file was written before `than` (aware). A file that is gone meanwhile is not."""
    try:
        return default_storage.get_modified_time(name) < than
    except FileNotFoundError:
        return False


def drop_left_uploads(before: datetime) -> int:
    """Delete the temporary files of uploads that were cut off before `before` (aware); return how many.

    While a large file comes in, Django writes it to its temporary folder and deletes it at the end of the request. A
    server that is killed in between leaves it there: a roster, or a photo with its place.
    """
    folder, gone = Path(settings.FILE_UPLOAD_TEMP_DIR), 0
    for path in folder.glob("tmp*.upload*"):
        with contextlib.suppress(OSError):
            about = path.lstat()
            if stat.S_ISREG(about.st_mode) and about.st_uid == os.getuid() and about.st_mtime < before.timestamp():
                path.unlink()
                gone += 1
    return gone


def free_bytes() -> int:
    """Return how many bytes are free where this installation keeps its data."""
    return shutil.disk_usage(settings.DATA_DIR).free
