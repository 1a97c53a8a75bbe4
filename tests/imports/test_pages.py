from __future__ import annotations

import io
import logging
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client

from kring.imports.models import Import
from kring.people.models import Child
from tests.cast import Cast
from tests.imports import rosters
from tests.imports.rosters import as_zip, find, small


def send(cast: Cast, client: Client, content: bytes, name: str = "roster.zip") -> HttpResponse:
    files = {"files": SimpleUploadedFile(name, content)}
    return client.post(f"/school/{cast.school.public_id}/import/", files, follow=True)


def test_upload_check_and_apply(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    client = cast.client("office")
    answer = send(cast, client, as_zip(small()))
    assert answer.status_code == 200
    assert "Haddou" in answer.content.decode()
    assert not Child.objects.filter(last_name="Haddou").exists()
    row = Import.objects.get()
    address = f"/school/{cast.school.public_id}/import/{row.public_id}/"
    done = client.post(f"{address}apply/", {"expected": answer.context["plan"].digest}, follow=True)
    assert done.status_code == 200
    assert Child.objects.filter(last_name="Haddou").exists()
    assert "Haddou" not in caplog.text
    assert rosters.CANARY not in caplog.text + answer.content.decode() + done.content.decode()
    again = send(cast, client, as_zip(small()))
    assert again.context["plan"].is_empty


def test_a_file_with_faults_is_explained_and_changes_nothing(cast: Cast) -> None:
    answer = send(cast, cast.client("office"), b"not a zip at all")
    assert answer.status_code == 200
    assert "imports/faults.html" in [t.name for t in answer.templates]


def test_without_a_file_the_form_says_so(cast: Cast) -> None:
    answer = cast.client("office").post(f"/school/{cast.school.public_id}/import/", {})
    assert answer.status_code == 422
    assert answer.context["form"].errors["files"]


def test_a_tenth_gone_shows_the_question_and_needs_the_tick(cast: Cast) -> None:
    client = cast.client("management")
    for tables, data in ((small(), {}), (rosters.without(small(), "a"), {})):
        answer = send(cast, client, as_zip(tables))
        row = Import.objects.order_by("-pk")[0]
        address = f"/school/{cast.school.public_id}/import/{row.public_id}/apply/"
        answer = client.post(address, data)
    assert answer.status_code == 422
    assert 'name="confirmed_gone"' in answer.content.decode()
    assert client.post(address, {"confirmed_gone": "yes"}).status_code == 302


def test_the_school_says_what_the_codes_mean_and_it_is_remembered(cast: Cast) -> None:
    client, tables = cast.client("office"), small()
    find(tables, "users", "c")["grades"] = "UG"
    send(cast, client, as_zip(tables))
    row = Import.objects.get()
    assert row.grades == {"1": 1, "2": 2, "5": 5, "UG": None}
    place = f"/school/{cast.school.public_id}/import/{row.public_id}/"
    client.post(f"{place}levels/", {"level_0": "1", "level_1": "2", "level_2": "5", "level_3": "8"})
    client.post(f"{place}apply/")
    send(cast, client, as_zip(tables))
    assert Import.objects.get(state="ready").grades["UG"] == 8


def test_the_preview_asks_the_same_number_of_questions_for_more_children(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    client, tables = cast.client("office"), small()
    for number in range(60):
        tables["users"].append(rosters.user(f"x{number}", "student", "Kind", f"X{number}", grades="05"))
        tables["enrollments"].append(rosters.enrolled("g5", f"x{number}"))
    send(cast, client, as_zip(tables))
    place = f"/school/{cast.school.public_id}/import/{Import.objects.get().public_id}/"
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        client.get(place)


def test_the_command_shows_and_applies(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "roster.zip"
    path.write_bytes(as_zip(small()))
    out = io.StringIO()
    call_command("import_roster", str(path), school=cast.school.name, stdout=out)
    assert not Child.objects.filter(last_name="Haddou").exists()
    call_command("import_roster", str(path), school=cast.school.public_id, apply=True, stdout=out)
    assert Child.objects.filter(last_name="Haddou").exists()
    assert "Haddou" not in out.getvalue()
    assert not Import.objects.filter(roster__isnull=False).exists()
    path.write_bytes(as_zip(rosters.without(small(), "a", "b")))
    with pytest.raises(CommandError, match="would leave"):
        call_command("import_roster", str(path), school=cast.school.name, apply=True, stdout=out)
    call_command("import_roster", str(path), school=cast.school.name, apply=True, confirm_gone=True, stdout=out)


def test_the_command_stops_with_a_sentence(cast: Cast, tmp_path: Path) -> None:
    for name, school in (("missing.zip", cast.school.name), ("missing.zip", "Nergens")):
        with pytest.raises(CommandError):
            call_command("import_roster", str(tmp_path / name), school=school, stdout=io.StringIO())
