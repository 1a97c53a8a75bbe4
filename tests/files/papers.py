"""Documents made in memory for tests: right ones and hostile ones."""

from __future__ import annotations

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

from kring.files.rules import MEDIA_TYPES

_MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def pdf(inside: bytes = b"") -> bytes:
    """Return a small PDF."""
    return b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n" + inside + b"\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"


def package(parts: dict[str, bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    """Return a zip of parts in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def office(kind: str, *, more: dict[str, bytes] | None = None, macro_type: bool = False) -> bytes:
    """Return a small docx, xlsx or pptx; with `macro_type` it says that it holds macros."""
    media = "application/vnd.ms-word.document.macroEnabled.main+xml" if macro_type else MEDIA_TYPES[kind] + ".main+xml"
    types = f'<Types><Override PartName="/{_MAIN[kind]}" ContentType="{media}"/></Types>'.encode()
    return package({"[Content_Types].xml": types, _MAIN[kind]: b"<document/>", **(more or {})})


def opendocument(kind: str, *, manifest: bytes = b"<manifest/>", more: dict[str, bytes] | None = None) -> bytes:
    """Return a small odt, ods or odp."""
    parts = {"mimetype": MEDIA_TYPES[kind].encode(), "content.xml": b"<c/>", "META-INF/manifest.xml": manifest}
    return package({**parts, **(more or {})}, stored=("mimetype",))


def upload(content: bytes, name: str = "brief.pdf") -> SimpleUploadedFile:
    """Return the bytes as an uploaded file; the browser's word for its kind is always "application/pdf"."""
    return SimpleUploadedFile(name, content, content_type="application/pdf")
