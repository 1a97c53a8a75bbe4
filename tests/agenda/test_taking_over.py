"""A calendar from a file: looked at first, then taken over all of it or nothing, and again without doubling."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse

from kring.agenda.actions import importing
from kring.agenda.actions.importing import apply_calendar, forget_read_calendars, put_aside, read_calendar
from kring.agenda.actions.year import publish_year
from kring.agenda.incoming.compare import Sort, digest_of
from kring.agenda.models import CalendarRead, Event
from kring.agenda.planning import lines_of
from kring.core.access import NotAllowed, Refused
from tests.cast import NOW, ROLES, Cast, answers, expected
from tests.races import at_once

pytestmark = pytest.mark.django_db
MANAGERS = {"office", "management"}
SHEET = """Datum;Titel;Begintijd;Eindtijd;Groepen;Plaats
2026-12-08;Ouderavond;19:30;21:00;Groep 5, 6;Aula
2027-01-12;Studiedag;;;;
2027-02-02;Toetsweek;;;Bovenbouw;
2027-03-01;Zwemmen;;;Groep 9;
2027-13-01;Kapotte dag;;;;
"""


def read(cast: Cast, text: str = SHEET, *, by: str = "office", **more: Any) -> CalendarRead:
    return read_calendar(
        by=cast.viewer(by), school=cast.school, year=cast.year, name="jaar.csv", data=text.encode(), **more
    )


def sorts(found: CalendarRead) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for line in lines_of(found):
        told.setdefault(line.sort.value, []).append(line.row.title)
    return told


@pytest.mark.both_databases
def test_it_is_looked_at_first_and_then_taken_over(cast: Cast) -> None:
    found = read(cast)
    assert sorts(found) == {"new": ["Ouderavond", "Studiedag", "Toetsweek"], "unknown": ["Zwemmen"]}
    assert [(fault["code"], fault["row"]) for fault in found.faults or []] == [("day", 6)]
    assert not Event.objects.exists()
    counts = apply_calendar(by=cast.viewer("office"), read=found)
    assert (counts["new"], counts["unknown"]) == (3, 1)
    evening, study, tests = Event.objects.in_order()
    assert (evening.starts_on, evening.starts, evening.ends, evening.place) == (
        date(2026, 12, 8), time(19, 30), time(21), "Aula",
    )  # fmt: skip
    assert {group.name for group in evening.audience.groups.all()} == {"Groep 5", "Groep 6"}
    assert (study.category, study.audience.whole_school) == ("study_day", True)
    assert [layer.name for layer in tests.audience.layers.all()] == ["Bovenbouw"]
    assert {event.state for event in (evening, study, tests)} == {"planned"}
    found.refresh_from_db()
    assert (found.state, found.rows, found.faults, found.made) == ("applied", None, None, 3)


def test_the_same_file_again_changes_nothing_and_a_moved_evening_moves(cast: Cast) -> None:
    apply_calendar(by=cast.viewer("office"), read=read(cast))
    again = read(cast)
    assert sorts(again) == {"same": ["Ouderavond", "Studiedag", "Toetsweek"], "unknown": ["Zwemmen"]}
    put_aside(by=cast.viewer("office"), read=again)
    moved = read(cast, SHEET.replace("2026-12-08;Ouderavond;19:30", "2026-12-09;Ouderavond;20:00"))
    (line,) = [line for line in lines_of(moved) if line.sort == Sort.CHANGED]
    assert line.fields == ("first", "last", "starts")
    apply_calendar(by=cast.viewer("office"), read=moved)
    event = Event.objects.get(title="Ouderavond")
    assert (event.starts_on, event.starts) == (date(2026, 12, 9), time(20))
    assert event.begins_at.astimezone(cast.school.zone).hour == 20
    assert Event.objects.count() == 3


def test_what_families_see_is_not_changed_behind_their_back(cast: Cast) -> None:
    apply_calendar(by=cast.viewer("office"), read=read(cast))
    publish_year(by=cast.viewer("office"), school=cast.school, year=cast.year)
    moved = read(cast, SHEET.replace("2026-12-08", "2026-12-09"))
    assert sorts(moved)["kept"] == ["Ouderavond"]
    apply_calendar(by=cast.viewer("office"), read=moved)
    assert Event.objects.get(title="Ouderavond").starts_on == date(2026, 12, 8)


@pytest.mark.both_databases
def test_all_or_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    apply_calendar(by=cast.viewer("office"), read=read(cast))
    moved = read(cast, SHEET.replace("2026-12-08", "2026-12-09").replace("Groep 9", "Groep 5"))

    def fail(*_args: object) -> None:
        raise IntegrityError("in the middle")

    monkeypatch.setattr(importing, "_change", fail)
    with pytest.raises(IntegrityError):
        apply_calendar(by=cast.viewer("office"), read=moved)
    assert not Event.objects.filter(title="Zwemmen").exists()
    moved.refresh_from_db()
    assert moved.state == "ready"
    monkeypatch.undo()
    apply_calendar(by=cast.viewer("office"), read=moved)
    assert Event.objects.filter(title="Zwemmen").exists()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_taps_take_it_over_once(cast: Cast) -> None:
    found = read(cast)

    def go(_n: int) -> str:
        try:
            apply_calendar(by=cast.viewer("office"), read=CalendarRead.objects.get(pk=found.pk))
        except Refused:
            return "refused"
        return "taken"

    assert sorted(at_once(go, 2)) == ["refused", "taken"]
    assert Event.objects.count() == 3


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_colleagues_with_the_same_file_make_no_double(cast: Cast) -> None:
    found = [read(cast), read(cast, by="management")]

    def go(number: int) -> str:
        try:
            apply_calendar(by=cast.viewer(["office", "management"][number]), read=found[number])
        except Refused:
            return "refused"
        return "taken"

    assert "taken" in at_once(go, 2)
    assert Event.objects.count() == 3


def test_what_changed_since_the_look_is_looked_at_again(cast: Cast) -> None:
    first, second = read(cast), read(cast)
    digest = digest_of(lines_of(second))
    apply_calendar(by=cast.viewer("office"), read=first)
    with pytest.raises(Refused):
        apply_calendar(by=cast.viewer("office"), read=second, expected=digest)
    second.refresh_from_db()
    assert second.state == "ready"


def test_after_an_hour_it_is_gone(cast: Cast) -> None:
    found = read(cast)
    with time_machine.travel(NOW + timedelta(minutes=61)):
        with pytest.raises(Refused):
            apply_calendar(by=cast.viewer("office"), read=found)
        assert forget_read_calendars(now=cast.viewer("office").now) == 1
    found.refresh_from_db()
    assert (found.state, found.rows) == ("expired", None)


def test_only_who_plans_reads_a_file_and_takes_it_over(cast: Cast) -> None:
    found = read(cast)
    for role in ROLES:
        if role in MANAGERS:
            continue
        for job in (
            lambda role=role: read(cast, by=role),
            lambda role=role: apply_calendar(by=cast.viewer(role), read=found),
            lambda role=role: put_aside(by=cast.viewer(role), read=found),
        ):
            with pytest.raises(NotAllowed):
                job()
    assert apply_calendar(by=cast.viewer("management"), read=found)["new"] == 3


def upload(client: Any, cast: Cast, name: str, data: bytes, whom: str = "school") -> Any:
    page = reverse("agenda:import_calendar", args=[cast.school.public_id, 2026])
    return client.post(page, {"file": SimpleUploadedFile(name, data), "whom": whom}, follow=True)


def test_the_pages_from_the_file_to_the_plan(cast: Cast) -> None:
    client = cast.client("office")
    shown = upload(client, cast, "jaar.csv", SHEET.encode())
    text = shown.content.decode()
    assert "Kijk het na voor je het overneemt" in text
    assert "“2027-13-01” is geen dag. Dit blijft erbuiten." in text
    assert "niet bekend: Groep 9" in text
    found = CalendarRead.objects.get()
    digest = digest_of(lines_of(found))
    check = reverse("agenda:read_calendar", args=[cast.school.public_id, found.public_id])
    done = client.post(check, {"expected": digest}, follow=True)
    assert "Overgenomen: 3 nieuw, 0 gewijzigd" in done.content.decode()
    assert client.get(check).status_code == 302  # it no longer waits


def test_a_whole_file_can_be_for_one_layer(cast: Cast) -> None:
    ics = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Uitje\nDTSTART:20261208T093000\nEND:VEVENT\nEND:VCALENDAR\n"
    upload(cast.client("office"), cast, "uit.ics", ics, whom=f"layer:{cast.upper.public_id}")
    found = CalendarRead.objects.get()
    apply_calendar(by=cast.viewer("office"), read=found)
    assert [layer.name for layer in Event.objects.get().audience.layers.all()] == ["Bovenbouw"]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        (
            "veel.ics",
            b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nUID:1\nEND:VEVENT\n" * 10_000,
            "Er staan 10000 afspraken in",
        ),
        ("oud.xls", b"\xd0\xcf\x11\xe0" + b"x" * 90, "oude soort"),
        ("kapot.xlsx", b"PK\x03\x04" + b"x" * 90, "beschadigd"),
        ("foto.jpg", b"\xff\xd8\xff\x00", "geen agenda en geen spreadsheet"),
        ("leeg.csv", b"a;b\n", "minstens “Datum” en “Titel”"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(cast: Cast, name: str, data: bytes, sentence: str) -> None:
    text = upload(cast.client("office"), cast, name, data).content.decode()
    assert sentence in text
    assert "Dit bestand kan niet worden overgenomen" in text
    assert not Event.objects.exists()


def test_a_file_that_is_too_large_is_refused_beside_its_field(cast: Cast) -> None:
    answer = upload(cast.client("office"), cast, "groot.ics", b"x" * 2_200_000)
    assert answer.status_code == 422
    assert "groter dan 2 MB" in answer.content.decode()
    assert not CalendarRead.objects.exists()


@pytest.mark.both_databases
def test_a_read_file_is_for_office_and_management_of_the_school(cast: Cast) -> None:
    found = read(cast)
    check = reverse("agenda:read_calendar", args=[cast.school.public_id, found.public_id])
    assert answers(cast, check) == expected(404, _200=MANAGERS)
    crossed = reverse("agenda:read_calendar", args=[cast.second_school.public_id, found.public_id])
    assert answers(cast, crossed) == expected(404)
    aside = reverse("agenda:put_calendar_aside", args=[cast.school.public_id, found.public_id])
    assert answers(cast, aside, post=True) == expected(404, _302=MANAGERS)
