"""What a document really is, by its content. Knows no Django; reads names and sizes, never unpacks to disk.

Documents are not re-encoded as pictures are, so they are only ever handed out as downloads (handout.py).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import IO

import filetype

from kring.files.rules import MAX_PARTS, MAX_RATIO, MAX_UNPACKED, MEDIA_TYPES, Fault, Unfit

_MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_MACROS = re.compile(r"(?:vbaproject\.bin|vbadata\.xml|^basic/|^scripts/|/macrosheets/)", re.IGNORECASE)
_MACRO_TYPE = b"macroenabled"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # old Office, and new Office behind a password
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|script|svg|\?php)", re.IGNORECASE)


def kind_of(upload: IO[bytes]) -> str:
    """Return which of MEDIA_TYPES the file is: "pdf", "docx", … Raises Unfit; the name it came with is not asked.

    A file must be one thing only: it begins as what it is, holds nothing before or behind it, and no web page.
    """
    upload.seek(0)
    head = upload.read(8192)
    if not head:
        raise Unfit(Fault.EMPTY)
    if head.startswith(b"%PDF-"):
        return _pdf(upload, head)
    if head.startswith(b"PK\x03\x04"):
        return _office(upload)
    if head.startswith(_OLE):
        raise Unfit(Fault.LOCKED if _is_locked_office(upload) else Fault.OLD)
    raise Unfit(Fault.KIND)


def _pdf(upload: IO[bytes], head: bytes) -> str:
    guess = filetype.guess(head)
    if guess is None or guess.mime != MEDIA_TYPES["pdf"] or _MARKUP.search(head[:1024]):
        raise Unfit(Fault.KIND)
    upload.seek(0, 2)
    upload.seek(max(0, upload.tell() - 65_536))
    tail = upload.read()
    if b"%%EOF" not in tail:
        raise Unfit(Fault.DAMAGED)
    if b"PK\x05\x06" in tail.rsplit(b"%%EOF", 1)[1]:
        raise Unfit(Fault.KIND)  # a zip archive behind a PDF
    return "pdf"


def _office(upload: IO[bytes]) -> str:
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as package:
            parts = package.infolist()
            _refuse_bomb(parts)
            if any(part.flag_bits & 0x1 for part in parts):
                raise Unfit(Fault.LOCKED)
            names = {part.filename for part in parts}
            if any(_MACROS.search(name) for name in names):
                raise Unfit(Fault.MACROS)
            kind = _opendocument(package, parts) or _openxml(package, names)
            if parts and parts[0].header_offset != 0 and min(part.header_offset for part in parts) != 0:
                raise Unfit(Fault.KIND)
            if package.comment:
                raise Unfit(Fault.KIND)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, KeyError, OSError, ValueError):
        raise Unfit(Fault.DAMAGED) from None
    except (NotImplementedError, RuntimeError):
        raise Unfit(Fault.LOCKED) from None
    return kind


def _refuse_bomb(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    # Small files may be very regular; the ratio counts from a megabyte on.
    too_tight = unpacked > 1_000_000 and unpacked > MAX_RATIO * max(1, packed)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or too_tight:
        raise Unfit(Fault.BOMB)


def _opendocument(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> str:
    """Return odt, ods or odp; empty when it is no OpenDocument. Its first part says so (ODF 1.3, part 2, 3.3)."""
    if not parts or parts[0].filename != "mimetype" or parts[0].file_size > 200:
        return ""
    said = package.read(parts[0]).decode("ascii", "replace").strip()
    for kind in ("odt", "ods", "odp"):
        if said == MEDIA_TYPES[kind]:
            manifest = _read(package, "META-INF/manifest.xml")
            if b"encryption-data" in manifest:
                raise Unfit(Fault.LOCKED)
            return kind
    raise Unfit(Fault.KIND)


def _openxml(package: zipfile.ZipFile, names: set[str]) -> str:
    """Return docx, xlsx or pptx, as the list of content types says (ECMA-376, part 2, 7.2)."""
    if "[Content_Types].xml" not in names:
        raise Unfit(Fault.KIND)
    types = _read(package, "[Content_Types].xml").lower()
    if _MACRO_TYPE in types:
        raise Unfit(Fault.MACROS)
    for kind, main in _MAIN_PARTS.items():
        if main in names and MEDIA_TYPES[kind].encode() in types:
            return kind
    raise Unfit(Fault.KIND)


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    """Read at most a megabyte of a part, whatever its header says."""
    with package.open(name) as part:
        return part.read(1_000_000)


def _is_locked_office(upload: IO[bytes]) -> bool:
    """Say whether an OLE container holds an encrypted modern document (MS-OFFCRYPTO 2.3.4)."""
    upload.seek(0)
    return "EncryptedPackage".encode("utf-16-le") in upload.read(1_000_000)
