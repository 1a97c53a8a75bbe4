"""From an upload to pictures: decode with limits, turn upright, drop everything but the pixels, re-encode.

Knows no Django and no database. What a rendition holds is made from pixels only: EXIF (with GPS, owner and serial
numbers), XMP, IPTC, PNG text, embedded thumbnails and colour profiles never reach it (security.md, R14 to R16).
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import pillow_heif
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from kring.photos import rules
from kring.photos.rules import Fault

# A phone's thumbnails inside a HEIC are of no use and only more to decode.
pillow_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = rules.MAX_PIXELS

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
OPENED = {*FORMATS, "MPO"}  # MPO: a JPEG with a second picture behind it, as phones write; the first is taken
QUALITY = 80
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = {5, 6, 7, 8}
_one_at_a_time = threading.BoundedSemaphore(1)  # a decoded picture is large: never two in one process


class Unfit(Exception):
    """The file cannot become a picture; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Made:
    """The renditions of one picture: WebP bytes by size, and the upright size of the picture itself in pixels."""

    width: int
    height: int
    files: dict[int, bytes]


def look(upload: IO[bytes]) -> tuple[str, int, int]:
    """Read the header only: format, width and height in pixels. Raises Unfit for anything that is no picture of ours.

    The format is what the content says; the file's name and the browser's word for it are not asked.
    """
    with _opened(upload) as picture:
        return str(picture.format), picture.width, picture.height


def make_renditions(upload: IO[bytes]) -> Made:
    """Decode an upload and return its renditions, largest side 400, 800 and 1600 pixels, never enlarged.

    Raises Unfit for a file that is damaged or larger than the limits, MemoryError when the machine is too full.
    One picture at a time per process; a JPEG is decoded at the smallest scale that is large enough.
    """
    with _one_at_a_time, _opened(upload) as picture:
        turn = _orientation(picture)
        profile = picture.info.get("icc_profile")
        width, height = (picture.height, picture.width) if turn in _SIDEWAYS else picture.size
        largest = rules.sizes_for(width, height)[-1]
        picture.draft(None, _target(picture.size, largest * 2))
        picture.load()
        small = _shrunk(picture, largest)
    small = _in_srgb(small, profile)
    if turn in _UPRIGHT:
        small = small.transpose(_UPRIGHT[turn])
    files = {}
    for size in sorted(rules.sizes_for(width, height), reverse=True):
        target = rules.box(width, height, size)
        if small.size != target:
            small = small.resize(target, Image.Resampling.LANCZOS)
        files[size] = _encoded(small)
    return Made(width, height, files)


@contextmanager
def _opened(upload: IO[bytes]) -> Iterator[Image.Image]:
    """Open with the allowlist and the pixel limit, and turn every decoder's complaint into Unfit."""
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=FORMATS) as picture:
                if picture.format not in OPENED:
                    raise Unfit(Fault.KIND)
                if picture.width * picture.height > rules.MAX_PIXELS:
                    raise Unfit(Fault.PIXELS)
                yield picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit(Fault.PIXELS) from None
    except UnidentifiedImageError:
        raise Unfit(Fault.KIND) from None
    except OSError as trouble:
        if trouble.errno is not None:  # the disk, not the file
            raise
        raise Unfit(Fault.DAMAGED) from None
    except (SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, RuntimeError, OverflowError):
        # What the decoders raise for a header or a chunk that lies.
        raise Unfit(Fault.DAMAGED) from None


def _orientation(picture: Image.Image) -> int:
    """Return the EXIF orientation (1 to 8). A HEIC is turned by its own `irot` box and always says 1 here."""
    try:
        found = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # a broken EXIF block must not cost the picture
        return 1
    return found if isinstance(found, int) else 1


def _target(size: tuple[int, int], longest: int) -> tuple[int, int]:
    return rules.box(*size, longest)


def _shrunk(picture: Image.Image, longest: int) -> Image.Image:
    """Return the picture in RGB, L or CMYK with about twice `longest` at most, holding little more than the original.

    Modes that would first be copied whole (palette, transparency, 16 bits) are taken in strips.
    """
    factor = max(1, max(picture.size) // (longest * 2))
    if picture.mode in {"RGB", "L", "CMYK"}:
        return picture.reduce(factor) if factor > 1 else picture.copy()
    width, height = -(-picture.width // factor), -(-picture.height // factor)
    small = Image.new("RGB", (width, height))
    strip = factor * max(1, 1_000_000 // (picture.width * factor))
    for top in range(0, picture.height, strip):
        band = _opaque(picture.crop((0, top, picture.width, min(top + strip, picture.height))))
        small.paste(band.reduce(factor) if factor > 1 else band, (0, top // factor))
    return small


def _opaque(band: Image.Image) -> Image.Image:
    """Return the band in RGB; what was transparent becomes white, 16 bits become 8."""
    if band.mode.startswith("I"):
        return band.point(lambda value: value / 257).convert("L").convert("RGB")
    if band.has_transparency_data:
        paper = Image.new("RGBA", band.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, band.convert("RGBA")).convert("RGB")
    return band.convert("RGB")


def _in_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """Return the picture in sRGB; a profile that is broken or of another colour space is ignored."""
    if isinstance(profile, bytes) and profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            space = source.profile.xcolor_space.strip()
            if (space, picture.mode) in {("RGB", "RGB"), ("CMYK", "CMYK"), ("GRAY", "L")}:
                converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
                if converted is not None:
                    return converted
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _encoded(picture: Image.Image) -> bytes:
    """Return WebP bytes made of pixels only."""
    picture.info = {}
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()
