"""Every kind of picture that phones and cameras make comes out right: upright, in its colours, the first of many."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from PIL import Image

from kring.photos import processing
from kring.photos.rules import Fault
from tests.photos import heics, profiles
from tests.photos import pictures as make

UPRIGHT = ["red", "green", "blue", "white"]
CORNERS = [[make.RED, make.GREEN], [make.WHITE, make.BLUE]]
FLIPS = {0: Image.Transpose.FLIP_TOP_BOTTOM, 1: Image.Transpose.FLIP_LEFT_RIGHT}


def made(content: bytes) -> processing.Made:
    return processing.make_renditions(io.BytesIO(content))


def shown(content: bytes, size: int = 400) -> Image.Image:
    return Image.open(io.BytesIO(made(content).files[size])).convert("RGB")


def middle(image: Image.Image) -> tuple[int, int, int]:
    found: Any = image.getpixel((image.width // 2, image.height // 2))
    return found


def near(found: tuple[int, int, int], expected: tuple[int, int, int], within: int = 5) -> bool:
    return all(abs(a - b) <= within for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("mirror", [None, 0, 1])
@pytest.mark.parametrize("quarter_turns", range(4))
def test_a_phones_heic_is_turned_and_mirrored_by_its_boxes_and_not_once_more_by_exif(
    quarter_turns: int, mirror: int | None
) -> None:
    exif = make.telltale_exif(6).tobytes()
    file = heics.phone_heic(CORNERS, size=(1024, 700), quarter_turns=quarter_turns, mirror=mirror, exif=exif)
    expected = Image.new("RGB", (1024, 1024))
    for n, colour in enumerate((make.RED, make.GREEN, make.WHITE, make.BLUE)):
        expected.paste(colour, (n % 2 * 512, n // 2 * 512, n % 2 * 512 + 512, n // 2 * 512 + 512))
    expected = expected.crop((0, 0, 1024, 700))
    for _ in range(quarter_turns):
        expected = expected.transpose(Image.Transpose.ROTATE_90)
    if mirror is not None:
        expected = expected.transpose(FLIPS[mirror])
    result = made(file)
    assert (result.width, result.height) == expected.size
    assert make.corners(Image.open(io.BytesIO(result.files[400]))) == make.corners(expected)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_heic_that_only_exif_calls_turned_stays_as_it_is(orientation: int) -> None:
    # Whoever writes a HEIC turns it with boxes; EXIF repeats that for who reads nothing else.
    file = heics.phone_heic(CORNERS, exif=make.telltale_exif(orientation).tobytes())
    assert make.corners(shown(file)) == UPRIGHT


def test_a_heic_with_a_thumbnail_shows_the_picture_itself() -> None:
    file = heics.phone_heic([[make.RED] * 4] * 2, thumbnail=make.BLUE)
    result = made(file)
    assert (result.width, result.height) == (2048, 1024)
    assert near(middle(shown(file)), make.RED, 12)


@pytest.mark.parametrize("colour", [(180, 100, 60), (90, 140, 200), (128, 128, 128), (60, 160, 90)])
@pytest.mark.parametrize("space", [profiles.DISPLAY_P3, profiles.ADOBE_RGB], ids=["Display P3", "Adobe RGB"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_colours_of_a_wide_space_stay_what_they_are(
    kind: str, space: profiles.Space, colour: tuple[int, int, int]
) -> None:
    options = {"quality": 95} if kind != "PNG" else {}
    file = make.saved(Image.new("RGB", (64, 64), colour), kind, icc_profile=profiles.rgb_profile(space), **options)
    expected = profiles.in_srgb(colour, space)
    assert near(middle(shown(file)), expected)
    grey = len(set(colour)) == 1
    assert grey or not near(expected, colour), "Without conversion it would show."


def test_a_heic_in_display_p3_keeps_its_colours() -> None:
    colour = (180, 100, 60)
    file = heics.phone_heic([[colour]], profile=profiles.rgb_profile(profiles.DISPLAY_P3))
    assert near(middle(shown(file)), profiles.in_srgb(colour, profiles.DISPLAY_P3), 8)
    assert not near(middle(shown(heics.phone_heic([[colour]]))), profiles.in_srgb(colour, profiles.DISPLAY_P3), 8)


def test_a_wide_space_stays_right_in_a_large_picture_with_transparency() -> None:
    colour = (180, 100, 60)
    profile = profiles.rgb_profile(profiles.ADOBE_RGB)
    file = make.saved(Image.new("RGBA", (4000, 3000), (*colour, 255)), "PNG", icc_profile=profile, compress_level=1)
    assert near(middle(shown(file, 1600)), profiles.in_srgb(colour, profiles.ADOBE_RGB))


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_grey_with_a_profile_of_its_own_keeps_its_brightness(mode: str) -> None:
    grey = Image.new(mode, (64, 64), 100 if mode == "L" else (100, 255))
    file = make.saved(grey, "PNG", icc_profile=profiles.grey_profile(1.0))  # light itself, without a curve
    assert near(middle(shown(file)), (168, 168, 168), 6)  # 100/255 of light in sRGB


def test_a_profile_of_another_kind_of_colour_is_left_alone() -> None:
    file = make.saved(make.picture(160, 120), "PNG", icc_profile=profiles.grey_profile(1.0))
    assert make.corners(shown(file)) == UPRIGHT
    cmyk = make.picture(160, 120, "CMYK")
    file = make.saved(cmyk, "JPEG", quality=95, icc_profile=profiles.rgb_profile(profiles.ADOBE_RGB))
    assert make.corners(shown(file)) == UPRIGHT


def test_a_cmyk_jpeg_as_print_shops_write_it_is_not_inverted() -> None:
    # Adobe writes CMYK upside down and says so in APP14; Pillow writes the same.
    file = make.saved(make.picture(160, 120, "CMYK"), "JPEG", quality=95)
    assert b"Adobe" in file[:40]
    assert make.corners(shown(file)) == UPRIGHT
    assert make.corners(shown(make.saved(make.picture(4000, 3000, "CMYK"), "JPEG"), 1600)) == UPRIGHT


def sixteen_bit_png(colour_type: int, values: tuple[int, ...], width: int = 64, height: int = 48) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    row = b"\x00" + struct.pack(f">{len(values)}H", *values) * width
    return make.png_of(header, row * height)


@pytest.mark.parametrize(
    ("colour_type", "values", "expected"),
    [
        (0, (40_000,), (155, 155, 155)),
        (2, (0xB400, 0x6400, 0x3C00), (180, 100, 60)),
        (4, (40_000, 65_535), (155, 155, 155)),
        (6, (0xB400, 0x6400, 0x3C00, 0xFFFF), (180, 100, 60)),
        (6, (0xB400, 0x6400, 0x3C00, 0), (255, 255, 255)),
    ],
    ids=["grey", "rgb", "grey with alpha", "rgba", "clear"],
)
def test_sixteen_bits_a_channel_become_eight(
    colour_type: int, values: tuple[int, ...], expected: tuple[int, int, int]
) -> None:
    assert near(middle(shown(sixteen_bit_png(colour_type, values))), expected)


def test_a_palette_with_a_transparent_colour_shows_white_there() -> None:
    picture = Image.new("P", (64, 64), 0)
    picture.putpalette([220, 20, 20, 20, 20, 220])
    picture.paste(1, (0, 0, 32, 64))
    image = shown(make.saved(picture, "PNG", transparency=1))
    left: Any = image.getpixel((8, 32))
    assert min(left) > 240
    assert near(image.getpixel((56, 32)), make.RED, 12)  # type: ignore[arg-type]


def test_grey_with_half_transparency_lies_on_white() -> None:
    image = shown(make.saved(Image.new("LA", (64, 64), (0, 128)), "PNG"))
    assert near(middle(image), (127, 127, 127))


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_of_a_moving_picture_the_first_frame_is_taken(kind: str) -> None:
    moving = [Image.new("RGB", (60, 40), colour) for colour in (make.RED, make.BLUE, make.GREEN)]
    file = make.saved(moving[0], kind, save_all=True, append_images=moving[1:], duration=100)
    assert b"ANMF" in file or b"fcTL" in file
    assert near(middle(shown(file)), make.RED, 12)


def test_a_moving_gif_gets_the_sentence_about_kinds() -> None:
    moving = [Image.new("RGB", (60, 40), colour) for colour in (make.RED, make.BLUE)]
    with pytest.raises(processing.Unfit) as refused:
        made(make.saved(moving[0], "GIF", save_all=True, append_images=moving[1:]))
    assert refused.value.fault == Fault.KIND


def test_of_two_pictures_in_one_jpeg_the_first_is_taken() -> None:
    # Phones write a gain map, a portrait or a second exposure behind the picture (MPF).
    second = Image.new("RGB", (60, 40), make.BLUE)
    file = make.saved(Image.new("RGB", (60, 40), make.RED), "MPO", save_all=True, append_images=[second])
    assert near(middle(shown(file)), make.RED, 12)


@pytest.mark.parametrize(
    ("width", "height"), [(1, 1), (1, 3000), (3000, 1), (2, 5), (12_000, 1_000), (1_000, 12_000), (16_000, 3)]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_dot_a_line_and_a_panorama_keep_their_shape(kind: str, width: int, height: int) -> None:
    result = made(make.saved(Image.new("RGB", (width, height), make.RED), kind))
    assert (result.width, result.height) == (width, height)
    for size, content in result.files.items():
        image = Image.open(io.BytesIO(content))
        assert max(image.size) == min(size, max(width, height))
        assert abs(min(image.size) - max(1, min(width, height) * max(image.size) / max(width, height))) <= 1
        assert near(middle(image.convert("RGB")), make.RED, 12)


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"subsampling": 0}, {"progressive": True, "optimize": True}]
)
def test_jpeg_in_several_scans_and_without_thrift_are_taken(options: dict[str, object]) -> None:
    assert make.corners(shown(make.jpeg(1000, 800, **options), 800)) == UPRIGHT


def test_a_broken_exif_block_does_not_cost_the_picture() -> None:
    assert (
        make.corners(shown(make.jpeg(160, 120, exif=b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff" + b"\xff" * 40)))
        == UPRIGHT
    )


def test_an_orientation_that_does_not_exist_changes_nothing() -> None:
    exif = Image.Exif()
    exif[0x0112] = 99
    assert make.corners(shown(make.jpeg(160, 120, exif=exif))) == UPRIGHT


def test_a_full_size_is_made_only_where_it_is_kept_and_there_is_more_to_keep() -> None:
    file = io.BytesIO(make.jpeg(4000, 3000))
    assert set(processing.make_renditions(file, keep_full=True).files) == {400, 800, 1600, 2560}
    assert set(processing.make_renditions(file).files) == {400, 800, 1600}
    small = io.BytesIO(make.jpeg(1600, 900))
    assert set(processing.make_renditions(small, keep_full=True).files) == {400, 800, 1600}
    between = processing.make_renditions(io.BytesIO(make.jpeg(2000, 1500)), keep_full=True)
    assert Image.open(io.BytesIO(between.files[2560])).size == (2000, 1500)
