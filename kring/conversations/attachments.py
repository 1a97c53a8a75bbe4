"""What goes along with a message: documents of the team. Pictures are refused by what they are, not by their name."""

from __future__ import annotations

import filetype
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from kring.core.access import Refused

HEAD = 8192


def is_picture(upload: UploadedFile) -> bool:
    """Say whether the file is a picture or a film, whatever its name says (P3)."""
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(0)
    if filetype.is_image(head) or filetype.is_video(head):
        return True
    # filetype looks at the first bytes; pictures of phones (HEIC, AVIF) and drawings (SVG) are asked for by hand.
    return head[4:8] == b"ftyp" or b"<svg" in head[:1024].lower()


def refuse_from_guardian(uploads: list[UploadedFile]) -> None:
    """Raise Refused when a guardian sends files along: pictures with the paragraph that forbids them (P3)."""
    if any(is_picture(upload) for upload in uploads):
        raise Refused(
            _("Your photo was not sent: parents share no photos in a conversation. Your text is still here."),
            clause="P3",
        )
    if uploads:
        raise Refused(_("Only the team can send documents along. Your text is still here."))
