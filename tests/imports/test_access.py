"""Who may see and do what with imports: each address for everybody in the cast."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kring.core.viewer import Operator
from kring.imports.actions import preview_import
from kring.imports.models import Import
from tests.cast import ROLES, Cast
from tests.imports.rosters import as_zip, small

ALLOWED = {"office", "management"}
PAGES = [("", "get"), ("{id}/", "get"), ("{id}/levels/", "post"), ("{id}/apply/", "post"), ("{id}/cancel/", "post")]


def waiting(cast: Cast) -> Import:
    return preview_import(by=Operator(now=timezone.now()), school=cast.school, uploads=[("r.zip", as_zip(small()))])


@pytest.mark.both_databases
@pytest.mark.parametrize("role", ROLES)
def test_only_office_and_management_reach_imports(cast: Cast, role: str) -> None:
    row = waiting(cast)
    client = cast.client(role)
    for place, method in PAGES:
        address = f"/school/{cast.school.public_id}/import/{place.format(id=row.public_id)}"
        answer = getattr(client, method)(address)
        if role == "signed out":
            assert answer.status_code == 302, address
            assert "/import/" not in answer["Location"].split("?")[0]
        elif role in ALLOWED:
            assert answer.status_code in ({200} if method == "get" else {302}), (address, answer.status_code)
        else:
            assert answer.status_code == 404, (role, address)
    row.refresh_from_db()
    assert (row.state == "ready") == (role not in ALLOWED)


@pytest.mark.parametrize("role", ["office", "second_office", "teacher"])
def test_only_the_own_office_can_send_a_file(cast: Cast, role: str) -> None:
    files = {"files": SimpleUploadedFile("r.zip", as_zip(small()))}
    answer = cast.client(role).post(f"/school/{cast.school.public_id}/import/", files)
    assert answer.status_code == (302 if role == "office" else 404)
    assert Import.objects.filter(school=cast.school).exists() == (role == "office")


def test_an_import_of_another_school_is_not_found_under_the_own_address(cast: Cast) -> None:
    row = waiting(cast)
    address = f"/school/{cast.second_school.public_id}/import/{row.public_id}/"
    assert cast.client("second_office").get(address).status_code == 404
