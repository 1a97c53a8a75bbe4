"""Handing a document out. The caller has checked that this viewer may have it."""

from __future__ import annotations

from typing import TypeVar

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase

from kring.files.models import Document

BLOCK = 64 * 1024  # bytes per write: 4 kB, the default, costs the server sixteen times the calls

Response = TypeVar("Response", bound=HttpResponseBase)


def sealed(response: Response) -> Response:
    """Return the response of a file with what keeps it a file: its kind is not guessed, it runs nothing (R2, R14)."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def send_document(document: Document) -> FileResponse:
    """Return the document as a download: never shown in the page's own origin, never cached (security.md, R2, R14).

    The name goes out as RFC 6266 and RFC 8187 say. Raises Http404 when the file itself is gone.
    """
    try:
        content = default_storage.open(document.storage_name, "rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=document.name, content_type=document.media_type)
    response.block_size = BLOCK
    response.headers["Cache-Control"] = "private, no-store"
    return sealed(response)
