"""Frames on a picture: fractions in, pixels out, and what is written down is read back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.photos import frames
from kring.photos.frames import Alteration, Frame

part = st.floats(0, 1)
any_number = st.floats(-3, 3)
any_frame = st.builds(Frame, any_number, any_number, any_number, any_number)
side = st.integers(1, 8000)


@pytest.mark.parametrize(
    ("frame", "is_sound"),
    [
        (Frame(0, 0, 1, 1), True),
        (Frame(0.2, 0.3, 0.1, 0.1), True),
        (Frame(-0.2, -0.2, 0.5, 0.5), True),  # drawn over the edge: what lies on the picture counts
        (Frame(0.9, 0.9, 0.5, 0.5), True),
        (Frame(0.2, 0.3, 0.001, 0.5), False),
        (Frame(0.2, 0.3, -0.5, 0.5), False),
        (Frame(1.2, 0.3, 0.5, 0.5), False),
        (Frame(0.2, 0.3, 0, 0), False),
        (Frame(math.nan, 0, 1, 1), False),
        (Frame(0, 0, math.inf, 1), False),
    ],
)
def test_a_frame_needs_numbers_and_something_of_the_picture(frame: Frame, is_sound: bool) -> None:
    assert frame.is_sound is is_sound


@given(any_frame, side, side)
def test_pixels_always_lie_on_the_picture(frame: Frame, width: int, height: int) -> None:
    if not frame.is_sound:
        return
    for left, top, right, bottom in (
        frames.pixels_in(frame, width, height),
        frames.pixels_under(frame, width, height),
    ):
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height


@given(any_frame, side, side)
def test_a_cover_takes_every_pixel_that_its_frame_touches(frame: Frame, width: int, height: int) -> None:
    if not frame.is_sound:
        return
    left, top, right, bottom = frames.pixels_under(frame, width, height)
    seen = frame.clipped()
    assert left <= seen.x * width
    assert top <= seen.y * height
    assert right >= min(width, (seen.x + seen.w) * width)
    assert bottom >= min(height, (seen.y + seen.h) * height)


@given(st.sampled_from(Alteration), st.lists(st.builds(Frame, part, part, part, part), min_size=1, max_size=20))
def test_what_is_written_down_is_read_back(kind: Alteration, drawn: list[Frame]) -> None:
    again, found = frames.read(frames.written(kind, drawn))
    assert again == kind
    for frame, seen in zip(drawn, found, strict=True):
        kept = frame.clipped()
        assert (seen.x, seen.y, seen.w, seen.h) == pytest.approx((kept.x, kept.y, kept.w, kept.h), abs=1e-6)


@pytest.mark.parametrize("line", ["", "crop", "turn 0 0 1 1", "crop 0 0 1", "cover 0 0 1 1;", "crop a b c d"])
def test_anything_else_is_not_read(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whichever part is wrong
        frames.read(line)


def test_a_scrap_is_too_small_unless_the_picture_is_one_itself() -> None:
    assert frames.is_too_small(Frame(0, 0, 0.01, 0.5), 1200, 1600)
    assert not frames.is_too_small(Frame(0, 0, 0.1, 0.5), 1200, 1600)
    assert not frames.is_too_small(Frame(0, 0, 1, 0.5), 1, 2)
