"""What a picture may be and how large its renditions are. Pure: no Django, no Pillow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

SIZES = (400, 800, 1600)  # longest side of a rendition, in pixels
FULL = 2560  # longest side of the re-encoded full size, where the installation keeps one (KRING_KEEP_FULL_PHOTOS)
MAX_UPLOAD_BYTES = 30 * 1024 * 1024
MAX_PIXELS = 60_000_000  # a phone's 48 megapixels pass, a bomb does not (security.md, R15)
MAX_MEMORY = 290_000_000  # bytes that decoding one picture may take
# Bytes per pixel while it is decoded, measured (tests/photos/test_memory.py). A JPEG is decoded small; see headers.py.
DECODING = {"PNG": 5.3, "WEBP": 15.5, "HEIF": 4.8, "HEIF, deep": 7.6}
MAX_HELD_BYTES = 190_000_000  # coefficients of a JPEG in several scans
MAX_SCANS = 200  # a progressive JPEG has about ten; each one more is a walk over all pixels
MAX_ALT = 300
MAX_PER_POST = 40
MAX_UNFINISHED = 60  # uploads of one person that wait for the worker
MAX_UNUSED = 400  # photos of one person that stand in no message yet
KEEP_FREE_BYTES = 500 * 1024 * 1024
MAX_TRIES = 3
SWEEP_AFTER = timedelta(hours=1)
STUCK_AFTER = timedelta(minutes=10)
REPEAT_WITHIN = timedelta(hours=1)  # a file sent again within this time is the same upload
KEEP_UPLOAD = timedelta(hours=24)  # an original that could not be made ready holds a place and a time: gone in a day
KEEP_UNUSED = timedelta(days=60)


class State(StrEnum):
    """Where a photo stands between upload and picture."""

    WAITING = "waiting"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


class Fault(StrEnum):
    """Why a file did not become a picture; the screen shows a sentence for each (wording.py)."""

    KIND = "kind"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    PIXELS = "pixels"
    HEAVY = "heavy"
    DAMAGED = "damaged"
    TWICE = "twice"
    TOO_MANY = "too_many"
    NO_ROOM = "no_room"
    BUSY = "busy"
    GONE = "gone"


# What trying again can mend: the file was fine, the server was not.
PASSING = frozenset({Fault.NO_ROOM, Fault.BUSY})


@dataclass(frozen=True, slots=True)
class Picked:
    """What a composer's form says of its photos: their order, the words typed with each, and which button was pressed.

    `rearranged`: a button of the picker sent the form, so it is to be shown again, not published. `repeated`: these
    files were sent before and no answer came, so they may be here already.
    """

    order: list[str] = field(default_factory=list)
    alts: dict[str, str] = field(default_factory=dict)
    dropped: str = ""
    again: str = ""
    rearranged: bool = False
    repeated: bool = False


def box(width: int, height: int, size: int) -> tuple[int, int]:
    """Return width and height of the rendition `size` of a picture, in pixels. Never larger than the picture."""
    longest = max(width, height)
    if longest <= size:
        return width, height
    return max(1, round(width * size / longest)), max(1, round(height * size / longest))


def sizes_for(width: int, height: int) -> tuple[int, ...]:
    """Return which of SIZES are made for a picture: every one that is smaller than it, and the first that holds it."""
    longest = max(width, height)
    smaller = [size for size in SIZES if size < longest]
    return (*smaller, *SIZES[len(smaller) : len(smaller) + 1])


def kept_sizes(width: int, height: int, *, keep_full: bool) -> tuple[int, ...]:
    """Return the sizes to store: the renditions, and the full size where it is kept and is more than the largest."""
    with_full = keep_full and max(width, height) > SIZES[-1]
    return (*sizes_for(width, height), *([FULL] if with_full else []))


def nearest_size(width: int, height: int, asked: int) -> int:
    """Return the size that was made for a picture and serves best for `asked`."""
    return max(size for size in sizes_for(width, height) if size <= max(asked, SIZES[0]))


def moved(order: Sequence[str], which: str, *, up: bool) -> list[str]:
    """Return `order` with `which` one place earlier or later; unknown names and the ends change nothing."""
    result = list(order)
    if which not in result:
        return result
    here = result.index(which)
    there = here - 1 if up else here + 1
    if 0 <= there < len(result):
        result[here], result[there] = result[there], result[here]
    return result


def once(names: Iterable[str]) -> list[str]:
    """Return `names` in their order, each once."""
    return list(dict.fromkeys(names))


_STORED = re.compile(r"^([0-9a-f]{32})-(?:400|800|1600|2560)\.webp$")


def rendition_name(key: str, size: int) -> str:
    """Return where the rendition is stored. `key` is random: nothing in the name comes from the upload."""
    return f"photos/{key[:2]}/{key}-{size}.webp"


def key_of(file_name: str) -> str:
    """Return the key in a stored file's own name (without folders); empty when it is not a rendition."""
    found = _STORED.match(file_name)
    return found.group(1) if found else ""
