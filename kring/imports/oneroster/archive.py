"""From an upload to the bytes of known CSV files: nothing is unpacked to disk, and no name from the file is used.

A zip is read member by member in memory. Only files with a known name are read at all; a name is compared, never
opened, so a path that climbs out of a folder leads nowhere.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath

from kring.imports.faults import Effect, Faults

# Canonical names. What Kring does not need (demographics, results, …) is known so that it is left shut without a word.
READ = ("manifest", "orgs", "academicSessions", "classes", "users", "roles", "enrollments")
IGNORED = frozenset(
    {
        "categories",
        "classresources",
        "courses",
        "courseresources",
        "demographics",
        "lineitems",
        "lineitemlearningobjectiveids",
        "lineitemscorescales",
        "resources",
        "resultlearningobjectiveids",
        "results",
        "resultscorescales",
        "scorescales",
        "userprofiles",
        "userresources",
    }
)
NAMES = {f"{name.lower()}.csv": name for name in READ}

MAX_MEMBERS = 60
MAX_MEMBER_BYTES = 40 * 1024 * 1024
MAX_TOTAL_BYTES = 80 * 1024 * 1024
MAX_RATIO = 200
SMALL = 1024 * 1024  # below this a high ratio is only an empty-looking file
ENCRYPTED = 0x1


def read_uploads(uploads: Iterable[tuple[str, bytes]], faults: Faults) -> dict[str, bytes]:
    """Return canonical name -> bytes for the known files in `uploads` (pairs of file name and content).

    Each upload is a zip or one of its CSV files. Everything that is wrong is added to `faults`; no exception leaves.
    """
    found: dict[str, bytes] = {}
    for name, content in uploads:
        if content[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08") or name.lower().endswith(".zip"):
            parts = _members(content, faults)
        else:
            parts = [(name, content)]
        for part_name, part in parts:
            _accept(part_name, part, found, faults)
    if not found and not faults.stops:
        faults.add("nothing_known", Effect.STOP)
    return found


def _accept(name: str, content: bytes, found: dict[str, bytes], faults: Faults) -> None:
    canonical = NAMES.get(_base(name))
    if canonical is None:
        if _base(name).removesuffix(".csv") not in IGNORED:
            faults.add("unknown_file", Effect.NOTE, file=_shown(name))
    elif canonical in found:
        faults.add("file_twice", Effect.STOP, file=f"{canonical}.csv")
    elif len(content) > MAX_MEMBER_BYTES:
        faults.add("too_large", Effect.STOP, file=f"{canonical}.csv")
    else:
        found[canonical] = content


def _base(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name.lower()


def _shown(name: str) -> str:
    """Return a file name that is safe to show: printable, and not longer than a line."""
    return "".join(c if c.isprintable() else "?" for c in name)[-60:]


def _members(content: bytes, faults: Faults) -> list[tuple[str, bytes]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        faults.add("not_a_zip", Effect.STOP)
        return []
    if len(infos) > MAX_MEMBERS:
        faults.add("too_many_files", Effect.STOP, value=str(len(infos)))
        return []
    before = len(faults)
    for info in infos:
        _inspect(info, faults)
    if sum(info.file_size for info in infos) > MAX_TOTAL_BYTES:
        faults.add("bomb", Effect.STOP)
    if len(faults) > before:
        return []
    return _read_all(archive, infos, faults)


def _inspect(info: zipfile.ZipInfo, faults: Faults) -> None:
    """Look at a member's entry in the table of contents, before any byte of it is unpacked."""
    name = info.filename.replace("\\", "/")
    path = PurePosixPath(name)
    shown = _shown(info.filename)
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        faults.add("escapes", Effect.STOP, file=shown)
    elif stat.S_ISLNK(info.external_attr >> 16):
        faults.add("symlink", Effect.STOP, file=shown)
    elif info.flag_bits & ENCRYPTED:
        faults.add("encrypted", Effect.STOP, file=shown)
    elif name.lower().endswith((".zip", ".gz", ".7z", ".rar", ".tar")):
        faults.add("nested", Effect.STOP, file=shown)
    elif info.file_size > MAX_MEMBER_BYTES or (
        info.file_size > SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1)
    ):
        faults.add("bomb", Effect.STOP, file=shown)


def _read_all(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], faults: Faults) -> list[tuple[str, bytes]]:
    parts, total = [], 0
    for info in infos:
        if _base(info.filename) not in NAMES:
            parts.append((info.filename, b""))  # not opened: its name is all that is used
            continue
        try:
            with archive.open(info) as member:
                content = member.read(MAX_MEMBER_BYTES + 1)  # the table of contents may lie about the size
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
            faults.add("damaged", Effect.STOP, file=_shown(info.filename))
            continue
        total += len(content)
        if len(content) > MAX_MEMBER_BYTES or total > MAX_TOTAL_BYTES:
            faults.add("bomb", Effect.STOP, file=_shown(info.filename))
            return []
        parts.append((info.filename, content))
    return parts
