"""What a header says about the cost of decoding, and whether the file can hold that much. Pure: decodes nothing.

Most JPEG come in one scan and are decoded row by row. One in several scans (progressive, or colours apart) is first
held whole as coefficients, two bytes each, whatever scale is asked for (ITU T.81, 4.4 and G.1).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from kring.photos import rules

_SCAN = b"\xff\xda"
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
_ARITHMETIC = {*range(0xC9, 0xD0)} - {0xCC}
_DEFLATE = 1032  # bytes that one byte can become at most (zlib, "Maximum Compression Factor")
_DEPTHS = {"RGB": 24, "RGBA": 32, "LA": 16, "I;16": 16}  # bits per pixel; a palette or grey may have one
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Scans:
    """How a JPEG is stored: how often its pixels are gone over, what is held meanwhile, and how long it is at least."""

    count: int
    held_bytes: int
    least_bytes: int

    @property
    def is_heavy(self) -> bool:
        """Say whether that is more than one picture may cost."""
        return self.count > rules.MAX_SCANS or self.held_bytes > rules.MAX_HELD_BYTES


def jpeg_scans(file: IO[bytes]) -> Scans:
    """Return how the JPEG is stored. A header that cannot be followed costs nothing: the decoder refuses it."""
    held, least, frame, kind = 0, 0, b"", 0
    for marker, body in _segments(file):
        if marker in _FRAMES:
            frame, kind = body, marker
            # Each block of 64 coefficients takes at least a bit, but for arithmetic coding.
            least = 0 if kind in _ARITHMETIC else _coefficient_bytes(frame) // (2 * 64 * 8)
        elif marker == _SCAN[1]:
            is_apart = body[:1] != bytes([len(_samplings(frame))])
            held = _coefficient_bytes(frame) if kind in _PROGRESSIVE or is_apart else 0
    return Scans(_count(file), held, least)


def png_least_bytes(mode: str, width: int, height: int) -> int:
    """Return how many bytes a PNG of that size has at least; `mode` is Pillow's name for its pixels."""
    return width * height * _DEPTHS.get(mode, 1) // 8 // _DEFLATE


def _segments(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield marker and content of each segment from the beginning up to the first scan (ITU T.81, B.1.1)."""
    file.seek(2)
    while len(head := file.read(2)) == 2 and head[0] == 0xFF:
        if head[1] == 0xFF:  # a fill byte before a marker
            file.seek(-1, 1)
            continue
        if head[1] in _BARE:
            continue
        length = int.from_bytes(file.read(2), "big")
        body = file.read(max(0, length - 2))
        yield head[1], body
        if length < 2 or head[1] == _SCAN[1]:
            return


def _samplings(frame: bytes) -> list[tuple[int, int]]:
    """Return the horizontal and vertical sampling of each component (ITU T.81, B.2.2)."""
    return [(max(1, byte >> 4), max(1, byte & 0xF)) for byte in frame[7::3]]


def _coefficient_bytes(frame: bytes) -> int:
    height, width = struct.unpack(">HH", frame[1:5]) if len(frame) >= 5 else (0, 0)
    samplings = _samplings(frame)
    if not samplings:
        return 0
    widest, tallest = max(h for h, _ in samplings), max(v for _, v in samplings)
    return sum(2 * (width * h // widest) * (height * v // tallest) for h, v in samplings)


def _count(file: IO[bytes]) -> int:
    """Return how many scans the file can hold at most; inside a scan this marker cannot occur (ITU T.81, B.1.1.5)."""
    file.seek(0)
    count, last = 0, b""
    while chunk := file.read(_CHUNK):
        count += (last + chunk).count(_SCAN)
        last = chunk[-1:] if chunk[-1:] == b"\xff" else b""
    return count


def heic_is_whole(file: IO[bytes]) -> bool:
    """Say whether description and pixels of a HEIC lie within the file (ISO 14496-12, 4.2).

    Of a file that was cut off the decoder would show the tiles that are there, and black for the others. What phones
    append behind the last box is of no concern.
    """
    length, place = file.seek(0, 2), 0
    while place < length:
        file.seek(place)
        head = file.read(16)
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        if size < 8:  # to the end of the file, or no box any more
            return True
        if place + size > length:
            return head[4:8] not in {b"meta", b"mdat"}
        place += size
    return True
