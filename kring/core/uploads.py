"""A size limit that acts while the bytes come in, not after they are on disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from kring.core.http import Request


class LimitedUploadHandler(FileUploadHandler):
    """Stop reading once one request has sent more than UPLOAD_MAX_BYTES in files, and remember that on the request."""

    request: Request | None  # set by Django before the first byte

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> tuple[QueryDict, MultiValueDict] | None:
        """Read nothing at all when the announced length alone is too much; CleanInputMiddleware answers 413."""
        self.received = 0
        if content_length <= settings.UPLOAD_MAX_BYTES:
            return None
        self._remember()
        return QueryDict(), MultiValueDict()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count what came in and hand it on."""
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_MAX_BYTES:
            self._remember()
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave making the file to the handlers after this one."""
        return None

    def _remember(self) -> None:
        if self.request is not None:
            self.request.upload_too_large = True
