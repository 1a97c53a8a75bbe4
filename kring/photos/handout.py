"""Photos as files to keep: JPEG, which every family can open, one by one or in a zip that is never stored anywhere.

A zip is made while it is sent: one picture in memory, no temporary file. Whether she may see a picture is asked again
when it is its turn, because a long download must not outlive a withdrawal or the end of a role.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date

from django.utils import timezone
from PIL import Image

from kring.people.models import User
from kring.people.viewers import viewer_for
from kring.photos import store
from kring.photos.models import Photo

QUALITY = 90


def as_jpeg(photo: Photo) -> bytes:
    """Return the largest picture that is kept, as a JPEG without any metadata. FileNotFoundError when it is gone."""
    with store.open_largest(photo.key, photo.width, photo.height) as file, Image.open(file) as picture:
        made = io.BytesIO()
        picture.convert("RGB").save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


def zipped(user_id: int, photos: Sequence[tuple[int, str, date]]) -> Iterator[bytes]:
    """Yield a zip of these photos: (key, name of the file, its day). What she may not see by then is left out."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for pk, name, day in photos:
            content = _if_visible(user_id, pk)
            if content is not None:
                info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 12, 0, 0))
                info.external_attr = 0o644 << 16
                archive.writestr(info, content)
                yield sink.drain()
    yield sink.drain()


def _if_visible(user_id: int, pk: int) -> bytes | None:
    viewer = viewer_for(User.objects.filter(pk=user_id).first(), now=timezone.now())
    photo = Photo.objects.visible_to(viewer).ready().filter(pk=pk).first()
    if photo is None:
        return None
    try:
        return as_jpeg(photo)
    except FileNotFoundError:
        return None


class _Sink(io.RawIOBase):
    """A file that holds only what was not sent yet.

    `zipfile` goes back to the head of a picture to write its length there; that is still here. So no programme that
    unpacks has to cope with lengths that come afterwards.
    """

    def __init__(self) -> None:
        self._sent = 0
        self._held = io.BytesIO()

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self._held.write(data)

    def tell(self) -> int:
        return self._sent + self._held.tell()

    def seek(self, position: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or position < self._sent:
            raise io.UnsupportedOperation("What was sent is gone.")
        return self._sent + self._held.seek(position - self._sent)

    def drain(self) -> bytes:
        """Return what was written since the last time, and forget it."""
        found = self._held.getvalue()
        self._sent += len(found)
        self._held = io.BytesIO()
        return found
