"""From an upload to pictures: upright, small, in sRGB, and nothing but pixels."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from PIL import Image

from kring.photos import processing
from kring.photos.rules import Fault
from tests.photos import pictures as make

UPRIGHT = ["red", "green", "blue", "white"]
TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def made(content: bytes) -> processing.Made:
    return processing.make_renditions(io.BytesIO(content))


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    assert picture.format == "WEBP"
    return picture


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stands_upright_whatever_its_orientation_says(kind: str, orientation: int) -> None:
    stored = make.picture(160, 120)
    if orientation > 1:
        stored = stored.transpose(TURNED[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    result = made(make.saved(stored, kind, exif=exif.tobytes()))
    assert (result.width, result.height) == (160, 120)
    shown = opened(result.files[400])
    assert shown.size == (160, 120)
    assert make.corners(shown) == UPRIGHT


@pytest.mark.parametrize(("quarter_turns", "first"), [(0, "red"), (1, "green"), (2, "blue"), (3, "white")])
def test_a_heic_is_turned_as_its_own_box_says(quarter_turns: int, first: str) -> None:
    result = made(make.turned_heic(quarter_turns))
    assert (result.width, result.height) == ((120, 160) if quarter_turns % 2 else (160, 120))
    assert make.corners(opened(result.files[400]))[0] == first


def test_renditions_are_400_800_and_1600_on_the_longest_side() -> None:
    result = made(make.jpeg(2000, 3000))
    assert {size: opened(content).size for size, content in result.files.items()} == {
        400: (267, 400),
        800: (533, 800),
        1600: (1067, 1600),
    }
    assert (result.width, result.height) == (2000, 3000)


@pytest.mark.parametrize(
    ("width", "height", "sizes"),
    [(60, 40, {400}), (400, 300, {400}), (401, 300, {400, 800}), (1600, 20, {400, 800, 1600})],
)
def test_a_picture_is_never_enlarged(width: int, height: int, sizes: set[int]) -> None:
    result = made(make.jpeg(width, height))
    assert set(result.files) == sizes
    assert opened(result.files[max(sizes)]).size == (width, height)


def test_a_panorama_keeps_its_shape() -> None:
    result = made(make.jpeg(9000, 900))
    assert opened(result.files[1600]).size == (1600, 160)


@pytest.mark.parametrize(
    "content",
    [
        make.telltale_jpeg(),
        make.telltale_jpeg(6),
        make.telltale_png(),
        make.telltale_webp(),
        make.heic(exif=make.telltale_exif().tobytes()),
    ],
    ids=["jpeg", "turned jpeg", "png", "webp", "heic"],
)
def test_no_byte_of_metadata_reaches_a_rendition(content: bytes) -> None:
    assert b"anari" in content, "The source must hold what is to be taken out."
    for rendition in made(content).files.values():
        assert not [marker for marker in make.MARKERS if marker in rendition]
        assert not opened(rendition).getexif()
        assert {rendition[place : place + 4] for place in (12,)} <= {b"VP8 ", b"VP8L"}, "Only the bare picture."


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (make.saved(make.picture(160, 120, "CMYK"), "JPEG", quality=95), UPRIGHT),
        (make.saved(make.picture(160, 120, "P"), "PNG"), UPRIGHT),
        (make.saved(make.picture(160, 120, "RGBA"), "PNG"), UPRIGHT),
        (make.saved(make.picture(160, 120), "JPEG", icc_profile=make.profile()), UPRIGHT),
        (make.heic(), UPRIGHT),
        (make.saved(make.picture(160, 120), "WEBP", lossless=True), UPRIGHT),
    ],
    ids=["cmyk jpeg", "palette png", "rgba png", "icc jpeg", "heic", "lossless webp"],
)
def test_every_kind_of_picture_keeps_its_colours(content: bytes, expected: list[str]) -> None:
    assert make.corners(opened(made(content).files[400])) == expected


def test_sixteen_bits_become_eight_and_keep_their_brightness() -> None:
    grey = Image.new("I;16", (100, 80), 40_000)
    seen = opened(made(make.saved(grey, "PNG")).files[400]).convert("RGB").getpixel((50, 40))
    assert all(abs(value - 155) < 4 for value in seen)  # 40000 / 257


def test_black_and_white_and_grey_are_taken() -> None:
    assert opened(made(make.saved(make.picture(80, 60, "1"), "PNG")).files[400]).size == (80, 60)
    assert opened(made(make.saved(make.picture(80, 60, "L"), "JPEG")).files[400]).size == (80, 60)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_was_transparent_becomes_white(mode: str) -> None:
    clear = Image.new(mode, (40, 40), 0)
    seen = opened(made(make.saved(clear, "PNG")).files[400]).convert("RGB").getpixel((20, 20))
    assert min(seen) > 245


def test_a_wide_profile_is_converted_to_srgb_before_it_is_dropped() -> None:
    # A profile whose red and blue are exchanged: without conversion the colours would come out wrong.
    source = make.profile()
    swapped = source.replace(b"rXYZ", b"tmpX").replace(b"bXYZ", b"rXYZ").replace(b"tmpX", b"bXYZ")
    flat = Image.new("RGB", (40, 40), (220, 20, 20))
    seen = opened(made(make.saved(flat, "PNG", icc_profile=swapped)).files[400]).convert("RGB").getpixel((20, 20))
    assert seen[2] > 180 > 80 > seen[0]


def test_a_broken_profile_does_not_cost_the_picture() -> None:
    result = made(make.saved(make.picture(80, 60), "PNG", icc_profile=b"kapot" * 40))
    assert make.corners(opened(result.files[400])) == UPRIGHT


def test_of_a_moving_picture_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in (make.RED, make.BLUE)]
    moving = make.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100)
    assert opened(made(moving).files[400]).convert("RGB").getpixel((30, 20))[0] > 180


def test_a_large_transparent_picture_is_taken_in_strips_without_a_seam() -> None:
    result = made(make.saved(make.picture(7000, 5000).convert("RGBA"), "PNG", compress_level=1))
    shown = opened(result.files[1600])
    assert shown.size == (1600, 1143)
    assert make.corners(shown) == UPRIGHT
    column = [shown.convert("RGB").getpixel((100, y)) for y in range(10, 560)]
    assert all(abs(a[0] - b[0]) < 12 for a, b in pairwise(column))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (make.png_that_claims(60_000, 60_000), Fault.PIXELS),
        (make.png_that_claims(8_000, 7_600), Fault.PIXELS),
        (make.webp_that_claims(16_000, 16_000), Fault.PIXELS),
        (make.heic_that_claims(30_000, 30_000), None),
        (make.jpeg_that_claims(60_000, 60_000), Fault.PIXELS),
        (make.jpeg()[:-300], Fault.DAMAGED),
        (make.jpeg(400, 300)[:2000], Fault.DAMAGED),
        (make.telltale_png()[:-200], Fault.DAMAGED),
        (make.heic()[:-200], Fault.DAMAGED),
        (make.saved(make.picture(), "WEBP")[:-20], Fault.DAMAGED),
        (make.png_that_claims(2_000, 2_000, rows=b"\x00" * 50), Fault.DAMAGED),
        (b"", Fault.KIND),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", Fault.KIND),
        (b"<!doctype html><script>alert(1)</script>", Fault.KIND),
        (b"GIF89a/*" + b"\x00" * 40 + b"*/=1;alert(1)", Fault.KIND),
        (make.saved(make.picture(), "GIF"), Fault.KIND),
        (make.saved(make.picture(), "BMP"), Fault.KIND),
        (make.saved(make.picture(), "TIFF"), Fault.KIND),
        (make.zip_of(**{"foto.jpg": b"x"}), Fault.KIND),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", Fault.KIND),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"\xff\xd8\xff\xe0", None),
        (b"RIFF\x10\x00\x00\x00WEBPVP8X", None),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", None),
    ],
)
def test_what_is_no_picture_is_refused_without_harm(content: bytes, fault: Fault | None) -> None:
    with pytest.raises(processing.Unfit) as refused:
        made(content)
    assert fault is None or refused.value.fault == fault


def test_what_is_hidden_behind_a_picture_does_not_survive() -> None:
    package = make.zip_of(**{"kanarie.exe": b"kanarie" * 50})
    page = b"<script>alert('kanarie')</script>"
    result = made(make.jpeg() + page + package)
    assert all(b"PK" not in content and b"script" not in content for content in result.files.values())
