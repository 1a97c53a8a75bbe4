"""A picture that somebody sends along as a document: known by what it is, and made anew from its pixels only."""

from __future__ import annotations

import filetype
from django.core.files.uploadedfile import UploadedFile

from kring.core.access import Refused
from kring.photos import processing
from kring.photos.rules import MAX_UPLOAD_BYTES, Fault
from kring.photos.wording import refusal

HEAD = 8192


def is_picture(upload: UploadedFile) -> bool:
    """Say whether the file is a picture or a film, whatever its name says (P3)."""
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(0)
    if filetype.is_image(head) or filetype.is_video(head):
        return True
    # filetype looks at the first bytes; pictures of phones (HEIC, AVIF) and drawings (SVG) are asked for by hand.
    return head[4:8] == b"ftyp" or b"<svg" in head[:1024].lower()


def made_anew(upload: UploadedFile) -> bytes:
    """Return the picture as WebP, decoded within the limits of photos and turned upright: place, camera and owner are
    gone. Raises Refused with a sentence that names the file.

    Made at once, one at a time per process: it is rare, and what cannot become a picture is refused with the text of
    the form still there.
    """
    name = upload.name or ""
    if (upload.size or 0) > MAX_UPLOAD_BYTES:
        raise Refused(refusal(Fault.TOO_LARGE, name))
    upload.seek(0)
    try:
        made = processing.make_renditions(upload)  # type: ignore[arg-type]
    except processing.Unfit as unfit:
        raise Refused(refusal(unfit.fault, name)) from None
    except MemoryError:
        raise Refused(refusal(Fault.TOO_LARGE, name)) from None
    return made.files[max(made.files)]
