"""Frames drawn on a picture, to crop it or to cover somebody in it. Pure: no Django, no Pillow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MAX_COVERS = 20  # rectangles in one go
LEAST = 0.01  # of a side: a smaller frame is a slip of the finger
WHOLE = 0.999  # of a side: a frame that large leaves nothing away
LEAST_PIXELS = 16  # of each side of what a crop leaves


class Alteration(StrEnum):
    """What the worker has to do to a picture that stands ready."""

    CROP = "crop"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle in fractions (0 to 1) of the upright picture: its left and upper side, its width and height."""

    x: float
    y: float
    w: float
    h: float

    def clipped(self) -> Frame:
        """Return the part of it that lies on the picture; without width or height when none does."""
        left, top = max(0.0, self.x), max(0.0, self.y)
        right, bottom = min(1.0, self.x + self.w), min(1.0, self.y + self.h)
        return Frame(left, top, max(0.0, right - left), max(0.0, bottom - top))

    @property
    def is_sound(self) -> bool:
        """Say whether it is a frame at all: finite numbers, and enough of it on the picture."""
        if not all(map(math.isfinite, (self.x, self.y, self.w, self.h))):
            return False
        seen = self.clipped()
        return min(self.w, self.h) > 0 and min(seen.w, seen.h) >= LEAST

    @property
    def is_whole(self) -> bool:
        """Say whether it holds the whole picture."""
        seen = self.clipped()
        return min(seen.w, seen.h) >= WHOLE


def pixels_in(frame: Frame, width: int, height: int) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of the pixels that a crop keeps: to the nearest pixel, at least one."""
    seen = frame.clipped()
    left = min(round(seen.x * width), width - 1)
    top = min(round(seen.y * height), height - 1)
    right = max(left + 1, round((seen.x + seen.w) * width))
    bottom = max(top + 1, round((seen.y + seen.h) * height))
    return left, top, min(right, width), min(bottom, height)


def pixels_under(frame: Frame, width: int, height: int) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of the pixels to cover: every pixel that the frame touches."""
    seen = frame.clipped()
    left, top = math.floor(seen.x * width), math.floor(seen.y * height)
    right, bottom = math.ceil((seen.x + seen.w) * width), math.ceil((seen.y + seen.h) * height)
    return left, top, min(max(right, left + 1), width), min(max(bottom, top + 1), height)


def is_too_small(frame: Frame, width: int, height: int) -> bool:
    """Say whether a crop of a picture of that size would leave a scrap."""
    left, top, right, bottom = pixels_in(frame, width, height)
    return min(right - left, bottom - top) < min(LEAST_PIXELS, width, height)


def written(kind: Alteration, frames: Sequence[Frame]) -> str:
    """Return what is to be done as one line, for the photo's row: `cover 0.1 0.2 0.3 0.4;0.5 0.5 0.1 0.1`."""
    seen = [frame.clipped() for frame in frames]
    return f"{kind.value} " + ";".join(f"{f.x:.6f} {f.y:.6f} {f.w:.6f} {f.h:.6f}" for f in seen)


def read(line: str) -> tuple[Alteration, list[Frame]]:
    """Return what `written` wrote down. Raises ValueError for anything else."""
    kind, _space, rest = line.partition(" ")
    numbers = [[float(number) for number in part.split()] for part in rest.split(";")]
    if any(len(four) != 4 for four in numbers):
        raise ValueError(kind)
    return Alteration(kind), [Frame(*four) for four in numbers]
