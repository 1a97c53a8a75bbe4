"""HEIC files as phones write them, built box by box (ISO 14496-12, ISO 23008-12): a grid of tiles, turned and mirrored
by boxes of their own, with EXIF and a thumbnail beside it. Only the tiles themselves are encoded by a library.
"""

from __future__ import annotations

import functools
import io
import struct

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener(thumbnails=False)

Colour = tuple[int, int, int]
TILE = 512
GRID, EXIF, THUMBNAIL, FIRST_TILE = 1, 2, 3, 10


def box(kind: bytes, *parts: bytes) -> bytes:
    """Return a box with that content."""
    content = b"".join(parts)
    return struct.pack(">I4s", len(content) + 8, kind) + content


def full(kind: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    """Return a box that begins with version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


@functools.cache
def coded(colour: Colour, side: int = TILE) -> tuple[bytes, bytes]:
    """Return the decoder's configuration (`hvcC`) and the coded bytes of a tile in one colour."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "HEIF", quality=90)
    file = out.getvalue()
    at = file.index(b"hvcC") - 4
    data = file.index(b"mdat")
    return file[at : at + _length(file, at)], file[data + 4 : data - 4 + _length(file, data - 4)]


def _length(file: bytes, at: int) -> int:
    return int.from_bytes(file[at : at + 4], "big")


def phone_heic(
    tiles: list[list[Colour]],
    *,
    size: tuple[int, int] | None = None,
    quarter_turns: int = 0,
    mirror: int | None = None,
    exif: bytes = b"",
    profile: bytes = b"",
    thumbnail: Colour | None = None,
) -> bytes:
    """Return a HEIC of a grid of one-coloured tiles, row by row, cut off at `size` (width, height in pixels).

    `quarter_turns` goes into `irot` (anti-clockwise), `mirror` into `imir` (0: top to bottom, 1: left to right).
    Tiles of one colour share their bytes, so that 48 megapixels cost as little as one tile.
    """
    rows, columns = len(tiles), len(tiles[0])
    width, height = size or (columns * TILE, rows * TILE)
    flat = [colour for row in tiles for colour in row]
    grid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)  # 6.6.2.3.2, sides of 32 bits
    data, places = grid, {}
    for colour in dict.fromkeys(flat):
        places[colour] = (len(data), len(coded(colour)[1]))
        data += coded(colour)[1]
    items = {GRID: (b"grid", 0, len(grid))} | {
        FIRST_TILE + n: (b"hvc1", *places[colour]) for n, colour in enumerate(flat)
    }
    references = [
        box(b"dimg", struct.pack(f">HH{len(flat)}H", GRID, len(flat), *range(FIRST_TILE, FIRST_TILE + len(flat))))
    ]
    if exif:
        block = struct.pack(">I", 6) + b"Exif\x00\x00" + exif.removeprefix(b"Exif\x00\x00")
        items[EXIF] = (b"Exif", len(data), len(block))
        data += block
        references.append(box(b"cdsc", struct.pack(">HHH", EXIF, 1, GRID)))
    if thumbnail:
        items[THUMBNAIL] = (b"hvc1", len(data), len(coded(thumbnail)[1]))
        data += coded(thumbnail)[1]
        references.append(box(b"thmb", struct.pack(">HHH", THUMBNAIL, 1, GRID)))
    properties = [
        coded(flat[0])[0],
        full(b"ispe", struct.pack(">II", TILE, TILE)),
        full(b"ispe", struct.pack(">II", width, height)),
        box(b"colr", b"prof", profile) if profile else box(b"free"),
    ]
    of_grid = [3, 4] if profile else [3]
    for kind, value in ((b"irot", quarter_turns), (b"imir", mirror)):
        if value:
            properties.append(box(kind, bytes([value])))
            of_grid.append(0x80 | len(properties))
    if mirror == 0:
        properties.append(box(b"imir", b"\x00"))
        of_grid.append(0x80 | len(properties))
    links = {
        number: of_grid if kind == b"grid" else [0x81, 2] for number, (kind, *_) in items.items() if kind != b"Exif"
    }
    return _file(items, references, properties, links, data)


def _file(
    items: dict[int, tuple[bytes, int, int]],
    references: list[bytes],
    properties: list[bytes],
    links: dict[int, list[int]],
    data: bytes,
) -> bytes:
    kind = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    entries = [
        full(b"infe", struct.pack(">HH4s", number, 0, what), b"\x00", version=2) for number, (what, *_) in items.items()
    ]
    associations = [struct.pack(">HB", number, len(to)) + bytes(to) for number, to in sorted(links.items())]

    def meta(data_at: int) -> bytes:
        extents = [struct.pack(">HHHII", number, 0, 1, data_at + at, size) for number, (_, at, size) in items.items()]
        return full(
            b"meta",
            full(b"hdlr", bytes(4), b"pict", bytes(13)),
            full(b"pitm", struct.pack(">H", GRID)),
            full(b"iinf", struct.pack(">H", len(entries)), *entries),
            full(b"iref", *references),
            box(
                b"iprp",
                box(b"ipco", *properties),
                full(b"ipma", struct.pack(">I", len(associations)), *associations),
            ),
            full(b"iloc", struct.pack(">BBH", 0x44, 0, len(extents)), *extents),
        )

    before = len(kind) + len(meta(0)) + 8
    return kind + meta(before) + box(b"mdat", data)


def grid_of(width: int, height: int, colour: Colour, **options: object) -> bytes:
    """Return a HEIC of that size in one colour, in as many tiles as it takes."""
    columns, rows = -(-width // TILE), -(-height // TILE)
    return phone_heic([[colour] * columns for _ in range(rows)], size=(width, height), **options)  # type: ignore[arg-type]
