"""Which documents may be taken in, and how a name is made safe. Pure: no Django."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from enum import StrEnum

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100  # office files shrink 5 to 20 times; a bomb a thousand times
MAX_PARTS = 5_000
MAX_NAME = 120
KEEP_FREE_BYTES = 500 * 1024 * 1024
SWEEP_AFTER = timedelta(hours=1)
FOLDER = "documents"

_OPENXML = "application/vnd.openxmlformats-officedocument"
_OPENDOCUMENT = "application/vnd.oasis.opendocument"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{_OPENXML}.wordprocessingml.document",
    "xlsx": f"{_OPENXML}.spreadsheetml.sheet",
    "pptx": f"{_OPENXML}.presentationml.presentation",
    "odt": f"{_OPENDOCUMENT}.text",
    "ods": f"{_OPENDOCUMENT}.spreadsheet",
    "odp": f"{_OPENDOCUMENT}.presentation",
}

PICTURE = "image/webp"
"""The kind of a picture that was made from pixels only, by the room of photos; no upload is taken in as one."""


class Fault(StrEnum):
    """Why a document was refused; wording.py has a sentence for each."""

    KIND = "kind"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    MACROS = "macros"
    LOCKED = "locked"
    OLD = "old"
    BOMB = "bomb"
    DAMAGED = "damaged"
    NO_ROOM = "no_room"


class Unfit(Exception):
    """The file cannot be taken in; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def safe_name(sent: str, kind: str) -> str:
    """Return a name to show and to save under: no path, no control or direction signs, the ending of its real kind.

    At most MAX_NAME characters. The direction signs (U+202E and its kin) would let "cod.exe" read as "exe.doc".
    """
    last = unicodedata.normalize("NFC", sent).replace("\\", "/").rsplit("/", 1)[-1]
    # Cc control, Cf format (direction, zero width), Cs half pairs, Co private, Zl and Zp line ends
    kept = "".join(sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    kept = "".join(" " if sign in '<>:"|?*;' else sign for sign in kept)
    stem = " ".join(kept.split())
    if stem.lower().endswith(f".{kind}"):
        stem = stem[: -len(kind) - 1]
    stem = stem.strip(" .")
    return f"{stem[: MAX_NAME - len(kind) - 1].rstrip(' .') or 'document'}.{kind}"
