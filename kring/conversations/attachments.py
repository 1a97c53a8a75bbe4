"""What goes along with a message: documents of the team, and photos of parents in a group conversation where the school
allows those (P3). Pictures are known by what they are, not by their name."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from kring.core.access import Refused
from kring.core.viewer import Viewer
from kring.files.actions import remove_document
from kring.files.models import Document
from kring.photos.actions import keep_as_document
from kring.photos.anew import is_picture
from kring.school.models import School


def take_in_photos(*, by: Viewer, school: School, uploads: Sequence[UploadedFile]) -> list[Document]:
    """Keep what parents share: pictures made anew from pixels only, so that place, camera and owner are gone.

    Made at once, one at a time per process: it is rare, and what cannot become a picture is refused with her text still
    there. Raises Refused with a sentence that names the file; nothing is left half taken.
    """
    documents: list[Document] = []
    try:
        for number, upload in enumerate(uploads, start=1):
            documents.append(keep_as_document(by=by, school=school, upload=upload, number=number))
    except BaseException:
        for document in documents:
            remove_document(by=by, document=document)
        raise
    return documents


def refuse_from_guardian(uploads: list[UploadedFile], *, may_share: bool = False) -> None:
    """Raise Refused when a guardian sends files along: pictures with the paragraph that forbids them (P3).

    Where photos are allowed she comes here with something else than a picture.
    """
    if not may_share and any(is_picture(upload) for upload in uploads):
        raise Refused(
            _("Your photo was not sent: parents share no photos in a conversation. Your text is still here."),
            clause="P3",
        )
    if uploads:
        raise Refused(_("Only the team can send documents along. Your text is still here."))
