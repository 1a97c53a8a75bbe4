"""Calendars that others made: what is understood, and a sentence for what is not. Nothing raises."""

from __future__ import annotations

import io
import time as clock
import zipfile
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from kring.agenda.incoming.ics import read_ics
from kring.agenda.incoming.rows import Category, Reading, Row, category_of, row_from_json
from kring.agenda.incoming.sheet import day_from, hour_from, read_csv, read_xlsx

YEAR = (date(2026, 8, 1), date(2027, 7, 31))
ZONE = ZoneInfo("Europe/Amsterdam")


def ics(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{head}{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def read(data: bytes) -> Reading:
    return read_ics(data, zone=ZONE, year=YEAR)


def codes(reading: Reading) -> list[tuple[str, int]]:
    return [(fault.code, fault.row) for fault in reading.faults]


def test_events_are_read_with_the_clock_of_the_school() -> None:
    found = read(
        ics(
            "UID:1\nSUMMARY:Ouderavond groep 3\nDTSTART:20261124T183000Z\nDTEND:20261124T203000Z\nLOCATION:Aula",
            "UID:2\nSUMMARY:Herfstvakantie\nDTSTART;VALUE=DATE:20261017\nDTEND;VALUE=DATE:20261026",
            "UID:3\nSUMMARY:Kerstviering\nDTSTART;TZID=Europe/Amsterdam:20261217T170000\nDURATION:PT2H",
            "UID:4\nSUMMARY:Sportdag\nDTSTART:20270610T090000",
        )
    )
    assert not found.faults.found
    assert found.rows == [
        Row(4, "ics:1", "Ouderavond groep 3", date(2026, 11, 24), date(2026, 11, 24), time(19, 30), time(21, 30),
            place="Aula", category="parents_evening"),
        Row(11, "ics:2", "Herfstvakantie", date(2026, 10, 17), date(2026, 10, 25), category="holiday"),
        Row(17, "ics:3", "Kerstviering", date(2026, 12, 17), date(2026, 12, 17), time(17), time(19),
            category="celebration"),
        Row(23, "ics:4", "Sportdag", date(2027, 6, 10), date(2027, 6, 10), time(9)),
    ]  # fmt: skip


def test_what_cannot_stand_is_named_with_its_line_and_the_rest_is_read() -> None:
    found = read(
        ics(
            "UID:1\nSUMMARY:Uitje\nDTSTART:20261124T183000Z\nDTEND:20261124T173000Z",
            "UID:2\nSUMMARY:Vorig jaar\nDTSTART;VALUE=DATE:20251017",
            "UID:3\nSUMMARY:Zonder dag",
            "UID:4\nSUMMARY:Rare dag\nDTSTART:20269999",
            "UID:5\nSUMMARY:Goed\nDTSTART;VALUE=DATE:20270105",
            "UID:5\nSUMMARY:Goed nog eens\nDTSTART;VALUE=DATE:20270105",
            "UID:6\nDTSTART;VALUE=DATE:20270105",
            "UID:7\nSUMMARY:Gaat niet door\nSTATUS:CANCELLED\nDTSTART;VALUE=DATE:20270105",
        )
    )
    assert [row.title for row in found.rows] == ["Goed"]
    assert sorted(code for code, _row in codes(found)) == [
        "cancelled", "hours", "no_start", "no_start", "no_title", "outside_year", "twice",
    ]  # fmt: skip
    assert ("hours", 4) in codes(found)


def test_a_zone_that_nobody_knows_is_read_as_the_schools_own_and_said() -> None:
    found = read(ics("UID:1\nSUMMARY:Uitje\nDTSTART;TZID=Mars/Olympus:20261124T093000"))
    assert (found.rows[0].starts, codes(found)) == (time(9, 30), [("unknown_zone", 4)])


def test_a_broken_zone_in_the_file_does_not_lose_the_events() -> None:
    head = (
        "BEGIN:VTIMEZONE\nTZID:Europe/Amsterdam\nBEGIN:STANDARD\n"
        "DTSTART:nonsense\nTZOFFSETTO:xx\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    found = read(ics("UID:1\nSUMMARY:Uitje\nDTSTART;TZID=Europe/Amsterdam:20261124T093000", head=head))
    assert found.rows[0].starts == time(9, 30)
    unclosed = "BEGIN:VTIMEZONE\nTZID:Foo\nBEGIN:DAYLIGHT\n"
    assert read(ics("UID:1\nSUMMARY:Uitje\nDTSTART:20261124T093000", head=unclosed)).faults.found


def test_ten_thousand_events_are_refused_at_once() -> None:
    data = ics(*(f"UID:{n}\nSUMMARY:x\nDTSTART:20261124T093000" for n in range(10_000)))
    begun = clock.perf_counter()
    found = read(data)
    assert clock.perf_counter() - begun < 1
    assert (codes(found), found.rows) == ([("too_many", 0)], [])
    assert found.faults.found[0].value == "10000"
    assert codes(read(b"x" * 3_000_000)) == [("too_large", 0)]


def test_what_comes_back_becomes_a_row_for_each_time() -> None:
    found = read(
        ics(
            "UID:1\nSUMMARY:Gym\nDTSTART;TZID=Europe/Amsterdam:20261006T130000\nDTEND;TZID=Europe/Amsterdam:20261006T140000\n"
            "RRULE:FREQ=WEEKLY;UNTIL=20261110T120000Z\nEXDATE;TZID=Europe/Amsterdam:20261020T130000",
            "UID:1\nSUMMARY:Gym later\nRECURRENCE-ID;TZID=Europe/Amsterdam:20261103T130000\n"
            "DTSTART;TZID=Europe/Amsterdam:20261104T150000",
        )
    )
    assert [(row.key, row.first, row.starts) for row in found.rows] == [
        ("ics:1#20261006", date(2026, 10, 6), time(13)),
        ("ics:1#20261013", date(2026, 10, 13), time(13)),
        ("ics:1#20261027", date(2026, 10, 27), time(13)),
        ("ics:1#20261110", date(2026, 11, 10), time(13)),
        ("ics:1#20261103", date(2026, 11, 4), time(15)),
    ]
    days = read(ics("UID:2\nSUMMARY:Vrij\nDTSTART;VALUE=DATE:20250903\nRRULE:FREQ=MONTHLY;COUNT=14"))
    assert [row.first for row in days.rows] == [date(2026, 8, 3), date(2026, 9, 3), date(2026, 10, 3)]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("FREQ=SECONDLY", "unknown_rule"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "unknown_rule"),
        ("FREQ=DAILY", "too_often"),
        ("FREQ=WEEKLY;UNTIL=20261001T000000Z", "outside_year"),
    ],
)
def test_a_rule_that_is_not_for_a_calendar_of_a_school_is_said(rule: str, code: str) -> None:
    assert code in [code for code, _row in codes(read(ics(f"UID:1\nSUMMARY:x\nDTSTART:20261006T130000\nRRULE:{rule}")))]


def test_a_file_that_is_something_else() -> None:
    assert codes(read(b"\x89PNG....")) == [("not_ics", 0)]
    assert codes(read(b"")) == [("not_ics", 0)]
    assert codes(read(ics())) == [("nothing", 0)]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 200))
def test_a_damaged_file_raises_nothing(noise: bytes, at: int) -> None:
    data = ics("UID:1\nSUMMARY:Gym\nDTSTART;TZID=Europe/Amsterdam:20261006T130000\nRRULE:FREQ=WEEKLY")
    read(data[:at] + noise + data[at:])
    read_csv(noise, year=YEAR)
    read_xlsx(b"PK\x03\x04" + noise, year=YEAR)


CSV = """Jaaragenda De Linde;;;;;;
Datum;Tot en met;Begintijd;Eindtijd;Activiteit;Groepen;Belangrijk;Kleur
di 24-11-2026;;19.30;21:00;Ouderavond;Groep 3, Groep 4;ja;rood
17 okt;25 okt;;;Herfstvakantie;alle;;
2027-03-01;;;;Studiedag;;;
3 mei;;;;Studiedag;;;
31 februari;;;;Bestaat niet;;;
1-9-2026;;25:00;;Raar uur;;;
;;;;Zonder dag;;;
4 juni;3 juni;;;Omgekeerd;;;
5 juni 2031;;;;Te ver;;;
"""


def test_a_csv_of_a_spreadsheet_is_read() -> None:
    for data in (CSV.encode("utf-8-sig"), CSV.encode("cp1252"), CSV.replace(";", "\t").encode()):
        found = read_csv(data, year=YEAR)
        assert [(row.row, row.title, row.first, row.last, row.starts, row.ends) for row in found.rows] == [
            (3, "Ouderavond", date(2026, 11, 24), date(2026, 11, 24), time(19, 30), time(21)),
            (4, "Herfstvakantie", date(2026, 10, 17), date(2026, 10, 25), None, None),
            (5, "Studiedag", date(2027, 3, 1), date(2027, 3, 1), None, None),
            (6, "Studiedag", date(2027, 5, 3), date(2027, 5, 3), None, None),
        ]
        assert found.rows[0].whom == ("Groep 3", "Groep 4")
        assert found.rows[0].is_important
        assert found.rows[1].whom == ()
        assert codes(found) == [
            ("day", 7), ("hour", 8), ("no_day", 9), ("unknown_column", 0), ("order", 10), ("outside_year", 11),
        ]  # fmt: skip


def test_a_moved_evening_keeps_its_key_and_study_days_have_their_own() -> None:
    first = read_csv(CSV.encode(), year=YEAR).rows
    later = read_csv(CSV.replace("24-11-2026", "25-11-2026").encode(), year=YEAR).rows
    assert [row.key for row in first] == [row.key for row in later]
    assert len({row.key for row in first}) == 4


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read() -> None:
    data = workbook(
        ("Datum", "Begintijd", "Eindtijd", "Titel", "Locatie", "Soort"),
        (datetime(2026, 11, 24), time(19, 30), "21.00 uur", "Avond", "Aula", "ouderavond"),
        (date(2027, 6, 10), None, None, "Sportdag", None, None),
    )
    found = read_xlsx(data, year=YEAR)
    assert not found.faults.found
    assert [(row.title, row.first, row.starts, row.ends, row.place, row.category) for row in found.rows] == [
        ("Avond", date(2026, 11, 24), time(19, 30), time(21), "Aula", "parents_evening"),
        ("Sportdag", date(2027, 6, 10), None, None, "", "activity"),
    ]


def test_a_workbook_that_would_swell_is_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 50_000_000)
    assert codes(read_xlsx(bomb.getvalue(), year=YEAR)) == [("too_large", 0)]
    entities = io.BytesIO()
    with zipfile.ZipFile(entities, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    assert codes(read_xlsx(entities.getvalue(), year=YEAR)) == [("not_xlsx", 0)]
    assert codes(read_xlsx(b"no zip", year=YEAR)) == [("not_xlsx", 0)]


def test_a_sheet_without_the_columns_says_which_are_needed() -> None:
    assert codes(read_csv(b"a;b\n1;2\n", year=YEAR)) == [("no_header", 0)]
    assert codes(read_csv(b"", year=YEAR)) == [("no_header", 0)]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("24-11-2026", date(2026, 11, 24)), ("24/11/26", date(2026, 11, 24)), ("2026-11-24", date(2026, 11, 24)),
        ("dinsdag 24 november", date(2026, 11, 24)), ("24 jan", date(2027, 1, 24)), ("1 mrt. 2027", date(2027, 3, 1)),
        ("24-13-2026", None), ("morgen", None), ("", None), (45, None), ("29 feb", None),
    ],
)  # fmt: skip
def test_days_as_people_write_them(cell: object, day: date | None) -> None:
    assert day_from(cell, YEAR) == day


@pytest.mark.parametrize(
    ("cell", "hour"),
    [("19:30", time(19, 30)), ("19.30 uur", time(19, 30)), ("9 uur", time(9)), ("0830", time(8, 30)), ("25:00", None),
     ("08:30:00", time(8, 30)), (0.5, time(12)), ("", None), ("avond", None)],
)  # fmt: skip
def test_hours_as_people_write_them(cell: object, hour: time | None) -> None:
    assert hour_from(cell) == hour


def test_categories_follow_the_words() -> None:
    assert category_of("", "Studiemiddag team") == Category.STUDY_DAY
    assert category_of("", "MR-vergadering") == Category.COUNCIL
    assert category_of("outing", "Iets") == Category.OUTING
    assert category_of("", "Boekenmarkt") == Category.ACTIVITY


def test_a_row_comes_back_from_what_is_kept() -> None:
    for row in read_csv(CSV.encode(), year=YEAR).rows:
        assert row_from_json(row.as_json()) == row
