"""From an upload to pictures: decode with limits, turn upright, drop everything but the pixels, re-encode.

Knows no Django and no database. What a rendition holds is made from pixels only: EXIF (with GPS, owner and serial
numbers), XMP, IPTC, PNG text, embedded thumbnails and colour profiles never reach it (security.md, R14 to R16).
"""

from __future__ import annotations

import ctypes
import io
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import pillow_heif
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from kring.photos import frames, headers, rules
from kring.photos.frames import Frame
from kring.photos.rules import Fault

# A phone's thumbnails inside a HEIC are of no use and only more to decode.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
Image.MAX_IMAGE_PIXELS = rules.MAX_PIXELS

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
OPENED = {*FORMATS, "MPO"}  # MPO: a JPEG with a second picture behind it, as phones write; the first is taken
QUALITY = 80
COVER = (64, 64, 64)  # the same grey over everybody: an average of what was there would still tell something
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
DRAFT = 1.2  # a JPEG is decoded at an eighth, a quarter or half where that is still this many times what is asked for
GAP = 1.5  # a large picture is first made coarsely smaller, to this many times what is asked for, and then finely
_STRIP = 1_000_000  # pixels that are taken at a time where a whole copy would cost too much
_one_at_a_time = threading.BoundedSemaphore(1)  # a decoded picture is large: never two in one process


def _give_memory_back() -> None:
    """Let the C library (glibc; others do so anyway) give a large block back to the system as soon as it is freed.

    It would learn to keep them, one for each thread of a decoder: hundreds of megabytes after some photos.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(-3, 8 * 1024 * 1024)  # M_MMAP_THRESHOLD (mallopt(3)): a constant, where it would grow


_give_memory_back()


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


def make_renditions(upload: IO[bytes], *, keep_full: bool = False) -> Made:
    """Decode an upload and return its renditions, largest side 400, 800 and 1600 pixels, never enlarged.

    With `keep_full` one of at most 2560 pixels is kept beside them, re-encoded like the others. Raises Unfit for a
    file that is damaged or larger than the limits, MemoryError when the machine is too full. One picture at a time
    per process; a JPEG is decoded at the smallest scale that is large enough.
    """
    with _one_at_a_time:
        longest = rules.FULL if keep_full else rules.SIZES[-1]
        kind, _, _ = look(upload)
        small, size = (_from_heif if kind == "HEIF" else _from_file)(upload, longest)
        return _made(small, size, keep_full)


def crop(source: IO[bytes], frame: Frame, *, keep_full: bool = False) -> Made:
    """Return the renditions of what lies inside `frame`; nothing outside it is kept. `source` is a kept rendition.

    Raises Unfit when the source is damaged.
    """
    with _one_at_a_time:
        with _opened(source) as kept:
            part = kept.crop(frames.pixels_in(frame, *kept.size)).convert("RGB")
        return _made(part, part.size, keep_full)


def cover(source: IO[bytes], covers: Sequence[Frame], *, keep_full: bool = False) -> Made:
    """Return the renditions with a solid rectangle over each frame: the pixels under it are gone, not hidden.

    `source` is a kept rendition. Raises Unfit when it is damaged.
    """
    with _one_at_a_time:
        with _opened(source) as kept:
            picture = kept.convert("RGB")
        for frame in covers:
            picture.paste(COVER, frames.pixels_under(frame, *picture.size))
        return _made(picture, picture.size, keep_full)


def _made(picture: Image.Image, size: tuple[int, int], keep_full: bool) -> Made:
    """Return the renditions of a picture in RGB that stands upright and is `size` pixels large in full."""
    files = {}
    for longest in sorted(rules.kept_sizes(*size, keep_full=keep_full), reverse=True):
        target = rules.box(*size, longest)
        if picture.size != target:
            picture = picture.resize(target, Image.Resampling.LANCZOS)
        files[longest] = _encoded(picture)
    return Made(*size, files)


@contextmanager
def _complaints() -> Iterator[None]:
    """Turn what decoders raise into Unfit; trouble of the machine (disk, memory) passes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
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


@contextmanager
def _opened(upload: IO[bytes]) -> Iterator[Image.Image]:
    """Open with the allowlist and the limits of pixels and memory."""
    with _complaints():
        upload.seek(0)
        with Image.open(upload, formats=FORMATS) as picture:
            if picture.format not in OPENED:
                raise Unfit(Fault.KIND)
            if picture.width * picture.height > rules.MAX_PIXELS:
                raise Unfit(Fault.PIXELS)
            place = upload.tell()
            _refuse_liars(picture, upload)
            upload.seek(place)
            yield picture


def _refuse_liars(picture: Image.Image, upload: IO[bytes]) -> None:
    """Refuse what would take more memory or more passes than one picture may, and what cannot hold what it says."""
    kind, pixels = str(picture.format), picture.width * picture.height
    length = upload.seek(0, io.SEEK_END)
    if kind in {"JPEG", "MPO"}:
        scans = headers.jpeg_scans(upload)
        is_heavy, is_hollow = scans.is_heavy, length < scans.least_bytes
    else:
        if kind == "HEIF" and (picture.mode != "RGB" or picture.info.get("bit_depth", 8) > 8):
            kind = "HEIF, deep"
        is_heavy = pixels * rules.DECODING[kind] > rules.MAX_MEMORY
        if kind == "PNG":
            is_hollow = length < headers.png_least_bytes(picture.mode, *picture.size)
        else:  # where the grid of a HEIC cannot be read, its first tile would pass for the picture
            is_hollow = kind != "WEBP" and not (picture.info.get("primary") and headers.heic_is_whole(upload))
    if is_heavy:
        raise Unfit(Fault.HEAVY)
    if is_hollow:
        raise Unfit(Fault.DAMAGED)


def _orientation(picture: Image.Image) -> int:
    """Return the EXIF orientation (1 to 8)."""
    try:
        found = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # a broken EXIF block must not cost the picture
        return 1
    return found if isinstance(found, int) else 1


def _from_file(upload: IO[bytes], longest: int) -> tuple[Image.Image, tuple[int, int]]:
    """Return the picture upright, in sRGB and at most `longest`, and how large it is in full."""
    coarse, size, turn, profile = _decoded(upload, longest)
    small = _in_srgb(coarse.resize(rules.box(*size, longest), Image.Resampling.LANCZOS), profile)
    if turn in _UPRIGHT:
        small = small.transpose(_UPRIGHT[turn])
    return small, (size[1], size[0]) if turn in _SIDEWAYS else size


def _decoded(upload: IO[bytes], longest: int) -> tuple[Image.Image, tuple[int, int], int, object]:
    """Return the picture at somewhat more than `longest`, its size as it is stored, its orientation and its profile.

    What was decoded in full is left behind here, before the fine work begins.
    """
    with _opened(upload) as picture:
        size, profile = picture.size, picture.info.get("icc_profile")
        picture.draft(None, rules.box(*size, int(longest * DRAFT)))
        picture.load()
        turn = _orientation(picture)  # after loading: it would load a PNG itself, and hide what is wrong with it
        if picture.mode in {"RGB", "L", "CMYK"}:
            factor = _factor(picture.size, longest)
            return (picture.reduce(factor) if factor > 1 else picture), size, turn, profile
        coarse = _in_strips(picture.size, picture.crop, longest)
        if picture.mode[0] in "1LI":  # grey with transparency, in 16 bits, or black and white
            coarse = coarse.convert("L")
        return coarse, size, turn, profile


def _from_heif(upload: IO[bytes], longest: int) -> tuple[Image.Image, tuple[int, int]]:
    """Do the same for a HEIC, which is turned by boxes of its own (`irot`, `imir`: ISO 23008-12, 6.5.10) only."""
    with _complaints():
        coarse, size, profile = _decoded_heif(upload, longest)
        return _in_srgb(coarse.resize(rules.box(*size, longest), Image.Resampling.LANCZOS), profile), size


def _decoded_heif(upload: IO[bytes], longest: int) -> tuple[Image.Image, tuple[int, int], object]:
    """Return the picture at somewhat more than `longest`, its size and its profile.

    The decoder's own memory is read in strips: a copy of 48 megapixels as a Pillow picture would be 200 MB more.
    """
    upload.seek(0)
    heif = pillow_heif.open_heif(upload, convert_hdr_to_8bit=True, remove_stride=False)
    pixels = memoryview(heif.data)
    size: tuple[int, int] = heif.size  # sure only after decoding
    mode, stride = heif.mode, heif.stride

    def band(box: tuple[int, int, int, int]) -> Image.Image:
        rows = pixels[box[1] * stride : box[3] * stride]
        return Image.frombytes(mode, (size[0], box[3] - box[1]), rows, "raw", mode, stride)

    return _in_strips(size, band, longest), size, heif.info.get("icc_profile")


def _factor(size: tuple[int, int], longest: int) -> int:
    """Return by which whole number a picture can be made smaller before the fine work."""
    return max(1, int(max(size) / longest / GAP))


def _in_strips(
    size: tuple[int, int], band: Callable[[tuple[int, int, int, int]], Image.Image], longest: int
) -> Image.Image:
    """Return a picture of `size` in RGB at somewhat more than `longest`, holding little more than a strip at a time.

    `band(box)` gives the pixels between two rows. What would first be copied whole (palette, transparency, 16 bits)
    is made opaque and smaller strip by strip.
    """
    (width, height), factor = size, _factor(size, longest)
    coarse = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    strip = factor * max(1, _STRIP // (width * factor))
    for top in range(0, height, strip):
        part = _opaque(band((0, top, width, min(top + strip, height))))
        coarse.paste(part.reduce(factor) if factor > 1 else part, (0, top // factor))
    return coarse


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
