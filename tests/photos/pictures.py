"""Picture files made in memory for tests: right ones, odd ones and hostile ones. Small, and of nobody."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, PngImagePlugin

pillow_heif.register_heif_opener(thumbnails=False)

# The corners of every test picture, clockwise from the top left.
RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 200, 20), (20, 20, 220), (245, 245, 245)
OWNER, SERIAL, PLACE_NAME, FILE_NAME = "Eigenaar Kanarie", "SN-KANARIE-77", "Kanariestraat 1", "kanarie-van-joep.jpg"
MARKERS = (
    b"GPS",
    b"Exif",
    b"EXIF",
    b"http://ns.adobe.com",
    b"8BIM",
    b"ICC_PROFILE",
    b"ICCP",
    b"XMP ",
    b"anari",
    b"KANARI",
)


def picture(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Return a picture with a colour in each corner, so that its orientation can be read back."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (width // 2, height // 2, width, height))
    image.paste(WHITE, (0, height // 2, width // 2, height))
    return image if mode == "RGB" else image.convert(mode)


def corners(image: Image.Image) -> list[str]:
    """Return the names of the colours in the corners, clockwise from the top left."""
    names = {RED: "red", GREEN: "green", BLUE: "blue", WHITE: "white"}
    width, height = image.size
    spots = [
        (width // 8, height // 8),
        (7 * width // 8, height // 8),
        (7 * width // 8, 7 * height // 8),
        (width // 8, 7 * height // 8),
    ]
    found = []
    for spot in spots:
        seen: Any = image.convert("RGB").getpixel(spot)
        found.append(names[min(names, key=lambda colour: sum(abs(a - b) for a, b in zip(colour, seen, strict=True)))])
    return found


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return the picture as the bytes of a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 60, height: int = 40, **options: Any) -> bytes:
    """Return a plain JPEG."""
    return saved(picture(width, height), "JPEG", quality=92, **options)


def telltale_exif(orientation: int = 1) -> Image.Exif:
    """Return EXIF with a place, an owner, a serial number and the orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F], exif[0x0110], exif[0x013B], exif[0x8298] = "Merk", "Toestel", OWNER, OWNER
    exif.get_ifd(0x8769).update({0xA430: OWNER, 0xA431: SERIAL})
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 26.0, 20.0), 3: "E", 4: (5.0, 28.0, 40.0), 27: PLACE_NAME})
    return exif


def profile() -> bytes:
    """Return an ICC profile (sRGB, as a file of its own)."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def telltale_jpeg(orientation: int = 1) -> bytes:
    """Return a JPEG with everything a phone or a photographer writes into it: EXIF, XMP, IPTC, ICC, a comment."""
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>{OWNER}</dc:creator></x:xmpmeta>".encode()
    plain = jpeg(160, 120, exif=telltale_exif(orientation), icc_profile=profile(), xmp=xmp, comment=OWNER.encode())
    record = b"\x1c\x02P\x00" + OWNER.encode()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record
    segment = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    return plain[:2] + segment + plain[2:]


def telltale_png() -> bytes:
    """Return a PNG with text, EXIF and a profile."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", OWNER)
    text.add_itxt("XML:com.adobe.xmp", f"<dc:creator>{OWNER}</dc:creator>")
    return saved(picture(160, 120), "PNG", pnginfo=text, exif=telltale_exif(), icc_profile=profile())


def telltale_webp() -> bytes:
    """Return a WebP with EXIF, XMP and a profile."""
    return saved(picture(160, 120), "WEBP", exif=telltale_exif().tobytes(), xmp=OWNER.encode(), icc_profile=profile())


def heic(width: int = 160, height: int = 120, exif: bytes | None = None) -> bytes:
    """Return a HEIC."""
    return saved(picture(width, height), "HEIF", quality=90, **({"exif": exif} if exif else {}))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(header: bytes, rows: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """Return a PNG with that header and those raw rows, and further chunks before them."""
    before = b"".join(_chunk(kind, data) for kind, data in chunks)
    body = _chunk(b"IHDR", header) + before + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def png_that_claims(width: int, height: int, rows: bytes = b"") -> bytes:
    """Return a PNG whose header claims that size, whatever it holds."""
    return png_of(struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), rows)


def webp_that_claims(width: int, height: int) -> bytes:
    """Return an animated WebP whose canvas claims that size."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    canvas = b"VP8X" + struct.pack("<I", 10) + b"\x02\x00\x00\x00" + size
    body = b"WEBP" + canvas + b"ANIM" + struct.pack("<I", 6) + b"\xff\xff\xff\xff\x00\x00"
    frame = saved(picture(8, 8), "WEBP")[12:]
    held = b"\x00\x00\x00\x00\x00\x00\x07\x00\x00\x07\x00\x00\x64\x00\x00\x00" + frame
    body += b"ANMF" + struct.pack("<I", len(held)) + held
    return b"RIFF" + struct.pack("<I", len(body)) + body


def heic_that_claims(width: int, height: int) -> bytes:
    """Return a HEIC whose image size property (`ispe`) claims that size."""
    file = bytearray(heic(64, 64))
    place = file.index(b"ispe") + 8
    file[place : place + 8] = struct.pack(">II", width, height)
    return bytes(file)


def jpeg_that_claims(width: int, height: int, **options: Any) -> bytes:
    """Return a JPEG whose frame header claims that size."""
    file = bytearray(jpeg(**options))
    place = (file.find(b"\xff\xc0") if b"\xff\xc0" in file else file.index(b"\xff\xc2")) + 5
    file[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(file)


def turned_heic(quarter_turns: int) -> bytes:
    """Return a HEIC that says in its `irot` box to be turned anti-clockwise, as phones do (ISO 23008-12, 6.5.10)."""
    source = heic(160, 120)
    irot = struct.pack(">I4sB", 9, b"irot", quarter_turns)
    return _with_property(source, irot)


def _with_property(source: bytes, box: bytes) -> bytes:
    """Add a property to the primary item: into `ipco`, one entry in `ipma`, and all offsets behind it moved."""
    file = bytearray(source)
    ipco = file.index(b"ipco") - 4
    ipco_size = struct.unpack_from(">I", file, ipco)[0]
    count, place = 0, ipco + 8
    while place < ipco + ipco_size:
        place += struct.unpack_from(">I", file, place)[0]
        count += 1
    ipma = file.index(b"ipma") - 4
    associations = ipma + 12 + 4 + 2  # full box header, entry count, item id (version 0)
    file[associations] += 1
    entry_end = associations + 1 + (file[associations] - 1)
    file[entry_end:entry_end] = bytes([0x80 | (count + 1)])
    file[ipco + ipco_size : ipco + ipco_size] = box
    for name, grown in ((b"ipma", 1), (b"ipco", len(box)), (b"iprp", len(box) + 1), (b"meta", len(box) + 1)):
        at = file.index(name) - 4
        struct.pack_into(">I", file, at, struct.unpack_from(">I", file, at)[0] + grown)
    _move_offsets(file, len(box) + 1)
    return bytes(file)


def _move_offsets(file: bytearray, by: int) -> None:
    """Shift the extent offsets of `iloc` (ISO 14496-12, 8.11.3; as libheif writes them: 4 bytes each)."""
    at = file.index(b"iloc") + 4
    version = file[at]
    sizes = file[at + 4]
    base_size = file[at + 5] >> 4
    items = struct.unpack_from(">H", file, at + 6)[0]
    place = at + 8
    for _ in range(items):
        place += 2 + (2 if version == 1 else 0)
        method = struct.unpack_from(">H", file, place - 2)[0] & 0xF if version == 1 else 0
        place += 2 + base_size
        extents = struct.unpack_from(">H", file, place)[0]
        place += 2
        for _ in range(extents):
            width = sizes >> 4
            if method == 0:
                offset = int.from_bytes(file[place : place + width], "big") + by
                file[place : place + width] = offset.to_bytes(width, "big")
            place += width + (sizes & 0xF)


def zip_of(**files: bytes) -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()


def upload(content: bytes, name: str = "foto.jpg") -> SimpleUploadedFile:
    """Return the bytes as an uploaded file; the browser's word for its kind is always "image/jpeg"."""
    return SimpleUploadedFile(name, content, content_type="image/jpeg")
