"""What the header of a JPEG says about the cost of decoding it. Pure: reads bytes, decodes nothing.

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
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Scans:
    """How a JPEG is stored: how often its pixels are gone over, and how many bytes are held meanwhile."""

    count: int
    held_bytes: int

    @property
    def is_heavy(self) -> bool:
        """Say whether that is more than one picture may cost."""
        return self.count > rules.MAX_SCANS or self.held_bytes > rules.MAX_HELD_BYTES


def jpeg_scans(file: IO[bytes]) -> Scans:
    """Return how the JPEG is stored. A header that cannot be followed costs nothing: the decoder refuses it."""
    held, frame, is_progressive = 0, b"", False
    for marker, body in _segments(file):
        if marker in _FRAMES:
            frame, is_progressive = body, marker in _PROGRESSIVE
        elif marker == _SCAN[1]:
            is_apart = body[:1] != bytes([len(_samplings(frame))])
            held = _coefficient_bytes(frame) if is_progressive or is_apart else 0
    return Scans(_count(file), held)


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
