"""What people read when a document is refused: what is wrong, and the way out."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kring.files.rules import Fault

SENTENCES: dict[Fault, Promise] = {
    Fault.KIND: gettext_lazy(
        "This kind of file cannot be attached. Choose a PDF, or a file of Word, Excel, PowerPoint or LibreOffice."
    ),
    Fault.EMPTY: gettext_lazy("This file is empty. Choose the document again."),
    Fault.TOO_LARGE: gettext_lazy("This document is larger than 20 MB. Save it smaller, for example as a PDF."),
    Fault.MACROS: gettext_lazy("This document holds macros, which can do harm. Save it without macros or as a PDF."),
    Fault.LOCKED: gettext_lazy("This document is locked with a password. Save it without a password."),
    Fault.OLD: gettext_lazy("This is a file of an old Office. Open it and save it as docx, xlsx, pptx or PDF."),
    Fault.BOMB: gettext_lazy("This document unpacks to far more than its size. Save it again as a PDF."),
    Fault.DAMAGED: gettext_lazy("This document is damaged or not complete. Open it, save it again and choose it."),
    Fault.NO_ROOM: gettext_lazy("There is no room on the server for this document now. Tell the administrator."),
}


def refusal(fault: Fault, file_name: str) -> str:
    """Return the sentence for an upload that was refused, with the file's own name. The name is kept nowhere."""
    sentence = str(SENTENCES[fault])
    visible = "".join(sign for sign in file_name if sign.isprintable())
    if not visible:
        return sentence
    if len(visible) > 60:
        visible = f"{visible[:40]}…{visible[-19:]}"
    return _("%(file)s: %(sentence)s") % {"file": visible, "sentence": sentence}
