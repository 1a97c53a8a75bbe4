from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.imports.oneroster.reader import Known, Reading, read
from kring.imports.roster import RosterLink, from_json, to_json
from tests.imports import rosters
from tests.imports.rosters import Tables, as_files, as_zip, find, small

TODAY = date(2026, 11, 24)


def reading(tables: Tables, **options: object) -> Reading:
    return read([("x.zip", as_zip(tables))], school_name="De Wilg", today=TODAY, **options)  # type: ignore[arg-type]


def faults(result: Reading) -> set[tuple[str, str, int, str]]:
    return {(f["code"], f["file"], f["row"], f["column"]) for f in result.faults.as_json()}


def test_a_small_school_is_read_without_a_fault() -> None:
    result = reading(small())
    roster = result.roster
    assert not faults(result)
    assert roster is not None
    assert [group.name for group in roster.groups] == ["Groep 1/2A", "Groep 5", "Plusklas"]
    assert [group.kind for group in roster.groups] == ["class", "class", "extra"]
    assert roster.groups[0].grades == ("1", "2")
    assert roster.groups[0].year.starts_on == date(2026, 8, 1)
    assert (len(roster.children), len(roster.adults), len(roster.enrolments)) == (5, 6, 6)


def test_parents_are_found_from_both_sides() -> None:
    roster = reading(small()).roster
    assert roster is not None
    pairs = {(link.child, link.adult) for link in roster.links}
    assert pairs == {("a", "p1"), ("b", "p2"), ("c", "p3"), ("d", "p4"), ("e", "p4")}
    assert RosterLink("d", "p4", "guardian") in roster.links


def test_the_words_before_a_dutch_surname_are_its_infix() -> None:
    roster = reading(small()).roster
    assert roster is not None
    bram = next(child for child in roster.children if child.key == "b")
    assert (bram.first_name, bram.infix, bram.last_name) == ("Bram", "van den", "Berg")


def test_version_1_2_says_the_same_with_a_file_of_roles() -> None:
    old, new = reading(small()), reading(rosters.as_1_2(small()))
    assert new.version == "1.2"
    assert old.roster is not None
    assert new.roster is not None
    assert to_json(old.roster) == to_json(new.roster)


def test_a_teacher_can_be_a_parent_too_in_version_1_2() -> None:
    tables = rosters.as_1_2(small())
    tables["roles"].append({"sourcedId": "r9", "userSourcedId": "t1", "role": "parent", "orgSourcedId": "s"})
    find(tables, "users", "t1")["agentSourcedIds"] = "e"
    roster = reading(tables).roster
    assert roster is not None
    assert RosterLink("e", "t1", "parent") in roster.links


def test_single_files_a_byte_order_mark_and_another_order_of_columns_change_nothing() -> None:
    expected = reading(small()).roster
    shuffled = []
    for name, rows in small().items():
        header = rosters.HEADERS[name].split(",")
        header.sort(key=lambda column: column[::-1])
        rows = [{**row, "metadata.extra": rosters.CANARY} for row in rows] if name != "manifest" else rows
        shuffled.append((f"{name}.csv", rosters.as_csv(name, rows, bom=True, header=header)))
    result = read(shuffled, school_name="De Wilg", today=TODAY)
    assert result.roster is not None
    assert expected is not None
    assert to_json(result.roster) == to_json(expected)


def test_what_is_not_needed_is_nowhere_in_what_was_read() -> None:
    result = reading(small())
    assert result.roster is not None
    assert rosters.CANARY not in repr(to_json(result.roster)) + repr(result.faults.as_json())


def test_a_roster_survives_being_written_down() -> None:
    roster = reading(small()).roster
    assert roster is not None
    assert from_json(to_json(roster)) == roster


def test_only_the_rows_of_the_chosen_school_are_read_and_others_are_reported() -> None:
    tables = small()
    tables["orgs"].append({"sourcedId": "z", "name": "De Zon", "type": "school"})
    tables["classes"].append({"sourcedId": "z1", "title": "Groep 3", "schoolSourcedId": "z", "termSourcedIds": "y"})
    tables["users"].append(rosters.user("k", "student", "Kees", "Zon", orgSourcedIds="z"))
    tables["users"].append(rosters.user("pk", "parent", "Piet", "Zon", orgSourcedIds="z", agentSourcedIds="k"))
    tables["enrollments"].append(rosters.enrolled("z1", "k", schoolSourcedId="z"))
    result = reading(tables)
    assert result.roster is not None
    assert "Zon" not in repr(to_json(result.roster))
    assert result.others == [("De Zon", 1)]
    assert not faults(result)


def test_with_several_schools_and_no_name_in_common_somebody_must_choose() -> None:
    tables = small()
    tables["orgs"] = [
        {"sourcedId": "s", "name": "Wilgenschool", "type": "school"},
        {"sourcedId": "z", "name": "Zon", "type": "school"},
    ]
    result = reading(tables)
    assert result.must_choose
    assert result.roster is None
    assert reading(tables, wanted="s").roster is not None


def test_a_file_of_another_school_than_last_time_is_not_taken_silently() -> None:
    assert reading(small(), known=Known(school="other")).must_choose


def test_every_fault_is_told_with_file_row_and_column() -> None:
    tables = small()
    find(tables, "users", "p1")["email"] = "samira.example.org"
    find(tables, "users", "c")["givenName"] = ""
    tables["users"].append(rosters.user("e", "student", "Eva", "Dubbel"))
    tables["enrollments"].append(rosters.enrolled("g9", "a"))
    tables["enrollments"].append(rosters.enrolled("g12", "nobody"))
    tables["enrollments"].append(rosters.enrolled("g12", "b", sourcedId="q", beginDate="31-02-2026"))
    found = faults(reading(tables))
    assert ("email", "users.csv", 7, "email") in found
    assert ("no_name", "users.csv", 4, "givenName") in found
    assert ("id_twice", "users.csv", 6, "sourcedId") in found
    assert ("unknown_class", "enrollments.csv", 10, "classSourcedId") in found
    assert ("unknown_user", "enrollments.csv", 11, "userSourcedId") in found
    assert ("date", "enrollments.csv", 12, "beginDate") in found


def test_a_row_that_is_there_twice_exactly_the_same_counts_once() -> None:
    once, twice = small(), small()
    twice["users"].append(dict(twice["users"][-1]))
    found = reading(twice)
    assert found.roster == reading(once).roster
    assert [(fault.code, fault.row) for fault in found.faults] == [("row_twice", len(twice["users"]) + 1)]
    twice["users"][-1]["familyName"] = "Anders"
    assert "id_twice" in reading(twice).faults.codes


def test_the_same_fault_in_four_places_is_one_with_three_others() -> None:
    tables = small()
    for number in range(4):
        tables["enrollments"].append(rosters.enrolled("g9", "a", sourcedId=f"x{number}"))
    fault = next(f for f in reading(tables).faults.as_json() if f["code"] == "unknown_class")
    assert (fault["row"], fault["others"]) == (10, 3)


def test_a_row_that_cannot_be_told_takes_away_that_anybody_is_gone() -> None:
    tables = small()
    find(tables, "users", "e")["sourcedId"] = ""
    result = reading(tables)
    assert result.roster is not None
    assert not result.roster.whole.people


@pytest.mark.parametrize("name", ["orgs", "academicSessions", "classes", "users", "enrollments"])
def test_a_missing_file_is_asked_for(name: str) -> None:
    tables = small()
    del tables[name]
    assert ("file_missing", f"{name}.csv", 0, "") in faults(reading(tables))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("sourcedId,name,type\ns,Café,school".encode("cp1252"), "encoding"),
        ("sourcedId,name,type\ns,Wilg,school".encode("utf-16"), "encoding"),
        (b"sourcedId,name,type\ns,Wi\x00lg,school", "nul"),
        (b"", "empty_file"),
        (b"sourcedId;name;type\ns;Wilg;school", "semicolons"),
        (b"sourcedId,name\ns,Wilg", "column_missing"),
        (b"sourcedId,name,name,type\ns,Wilg,x,school", "column_twice"),
        (b'sourcedId,name,type\ns,"Wilg,school', "not_csv"),
    ],
)
def test_an_unreadable_file_stops_the_import_with_its_reason(content: bytes, code: str) -> None:
    files = [(name, content if name == "orgs.csv" else data) for name, data in as_files(small())]
    result = read(files, school_name="De Wilg", today=TODAY)
    assert code in result.faults.codes
    assert result.faults.stops
    assert result.roster is None


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([f"{n}.csv" for n in rosters.HEADERS]), st.binary(max_size=300), max_size=6))
def test_no_bytes_make_the_reader_fall_over(files: dict[str, bytes]) -> None:
    read(files.items(), school_name="x", today=TODAY)


likely = st.sampled_from(["", "s", "g5", "a", "student", "a,b", "05"])
cells = st.text(st.characters(codec="utf-8"), max_size=12) | likely


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_cell_makes_the_reader_fall_over(data: st.DataObject) -> None:
    tables = small()
    for _ in range(data.draw(st.integers(1, 6))):
        rows = tables[data.draw(st.sampled_from(["orgs", "academicSessions", "classes", "users", "enrollments"]))]
        row = data.draw(st.sampled_from(rows))
        row[data.draw(st.sampled_from(sorted(row)))] = data.draw(cells)
    result = read(as_files(tables), school_name="De Wilg", today=TODAY)
    if result.roster is not None:
        assert from_json(to_json(result.roster)) == result.roster
