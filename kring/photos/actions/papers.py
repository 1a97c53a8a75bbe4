"""A picture that goes along with something else than a post: a photo in a conversation, a letter in a photo."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from kring.core.viewer import Viewer
from kring.files.actions import store_picture
from kring.files.models import Document
from kring.photos.anew import made_anew
from kring.school.models import School


def keep_as_document(*, by: Viewer, school: School, upload: UploadedFile, number: int) -> Document:
    """Keep a picture from a family as a document, made anew from its pixels only; the caller attaches it.

    Its name is ours and says which of several it is: that of the upload may say whose camera it was. Raises Refused
    with a sentence that names the file.
    """
    name = _("photo %(number)s") % {"number": number} + ".webp"
    return store_picture(by=by, school=school, content=made_anew(upload), name=name, from_family=True)
