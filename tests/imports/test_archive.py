from __future__ import annotations

import io
import stat
import struct
import zipfile
from datetime import date

import pytest

from kring.imports.oneroster.reader import read
from tests.imports.rosters import as_files, as_zip, pack, small


def codes(content: bytes, name: str = "roster.zip") -> set[str]:
    result = read([(name, content)], school_name="De Wilg", today=date(2026, 11, 24))
    assert result.roster is None
    assert result.faults.stops
    return result.faults.codes


@pytest.mark.parametrize("name", ["../users.csv", "/etc/users.csv", "C:/users.csv", "a\\..\\..\\users.csv"])
def test_a_name_that_climbs_out_is_refused(name: str) -> None:
    assert codes(pack([*as_files(small()), (name, b"x")])) == {"escapes"}


def test_a_folder_inside_the_zip_is_fine() -> None:
    content = pack([(f"export/{name}", data) for name, data in as_files(small())])
    assert read([("x.zip", content)], school_name="De Wilg", today=date(2026, 11, 24)).roster is not None


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    assert "bomb" in codes(pack([*as_files(small())[1:], ("orgs.csv", b"0" * 30_000_000)]))


def test_a_bomb_that_lies_about_its_size_is_refused_too() -> None:
    content = bytearray(pack([("users.csv", b"0" * 50_000_000)]))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 10)
    assert codes(bytes(content)) & {"bomb", "damaged", "not_csv", "file_missing"}


def test_too_many_members_are_refused() -> None:
    assert codes(pack([(f"{n}.csv", b"") for n in range(500)])) == {"too_many_files"}


def test_an_archive_in_an_archive_is_refused() -> None:
    assert codes(pack([*as_files(small()), ("inner.zip", as_zip(small()))])) == {"nested"}


def test_a_shortcut_is_refused() -> None:
    out = io.BytesIO(as_zip(small()))
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("roles.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert codes(out.getvalue()) == {"symlink"}


def test_a_locked_zip_is_refused() -> None:
    content = bytearray(as_zip(small()))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    assert codes(bytes(content)) == {"encrypted"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04half a zip", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"<EDEX/>"])
def test_something_else_than_a_zip_is_refused(content: bytes) -> None:
    assert codes(content) == {"not_a_zip"}


def test_a_cut_off_zip_is_refused() -> None:
    assert codes(as_zip(small())[:-200]) == {"not_a_zip"}


def test_a_damaged_member_is_refused() -> None:
    content = bytearray(as_zip(small()))
    place = content.index(b"users.csv") + 40
    content[place : place + 20] = b"\xff" * 20
    assert codes(bytes(content)) & {"damaged"}


def test_another_kind_of_file_is_refused() -> None:
    assert codes(b"naam;groep", "leerlingen.xlsx") == {"nothing_known", "unknown_file"}
