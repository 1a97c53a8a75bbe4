"""What people read when a file does not become a picture: what is wrong, and the way out."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kring.photos.rules import Fault

SENTENCES: dict[Fault, Promise] = {
    Fault.KIND: gettext_lazy("This is not a photo that Kring can read. Choose a JPEG, PNG, WebP or HEIC file."),
    Fault.EMPTY: gettext_lazy("This file is empty. Choose the photo again."),
    Fault.TOO_LARGE: gettext_lazy("This photo is larger than 30 MB. Choose a smaller version."),
    Fault.PIXELS: gettext_lazy("This picture has more than 60 megapixels. Choose a smaller version."),
    Fault.HEAVY: gettext_lazy(
        "This picture is too large for its kind of file. Save it as an ordinary JPEG, or choose a smaller version."
    ),
    Fault.DAMAGED: gettext_lazy("This photo is damaged or not complete. Choose the file again, or another photo."),
    Fault.TWICE: gettext_lazy("This photo is already in your message."),
    Fault.TOO_MANY: gettext_lazy("That is too many photos at once. Remove some, or make a second message."),
    Fault.NO_ROOM: gettext_lazy("There is no room on the server for this photo now. Tell the administrator."),
    Fault.BUSY: gettext_lazy("The server is busy with other photos. Try again in a few minutes."),
    Fault.GONE: gettext_lazy("The upload was lost before the photo was ready. Choose the file again."),
}


def sentence(fault: str) -> str:
    """Return the sentence for a stored fault; empty for none."""
    return str(SENTENCES[Fault(fault)]) if fault else ""


def refusal(fault: Fault, file_name: str) -> str:
    """Return the sentence for an upload that was refused, with the file's own name. The name is kept nowhere."""
    if not file_name:
        return sentence(fault)
    return _("%(file)s: %(sentence)s") % {"file": shortened(file_name), "sentence": sentence(fault)}


def shortened(file_name: str) -> str:
    """Return a file's name fit to show: no control or direction signs, at most 60 characters, its end kept."""
    visible = "".join(sign for sign in file_name if sign.isprintable())
    return visible if len(visible) <= 60 else f"{visible[:40]}…{visible[-19:]}"
