"""From uploaded files to one Roster for one school: the order of reading, and what must be there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from kring.imports.faults import Effect, Faults
from kring.imports.oneroster import archive, organisation, people, places
from kring.imports.oneroster.tables import Table, current, modes, read_table
from kring.imports.roster import Roster, RosterSchool, Whole

CORE = ("orgs", "academicSessions", "classes", "users", "enrollments")


@dataclass(frozen=True, slots=True)
class Known:
    """The keys that this school already knows from this kind of file; a delta may refer to them."""

    school: str = ""
    children: frozenset[str] = frozenset()
    adults: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    links: frozenset[tuple[str, str]] = frozenset()  # child, adult


@dataclass(slots=True)
class Reading:
    """What came out of an upload. Without `roster` nothing can be imported; `faults` and `schools` say why."""

    faults: Faults
    roster: Roster | None = None
    version: str = ""
    files: list[tuple[str, int, str]] = field(default_factory=list)  # name, rows, bulk|delta
    schools: list[tuple[str, str]] = field(default_factory=list)  # key, name of each school in the file
    must_choose: bool = False
    others: list[tuple[str, int]] = field(default_factory=list)  # other schools in the file: name, number of classes


def read(
    uploads: Iterable[tuple[str, bytes]], *, school_name: str, today: date, known: Known | None = None, wanted: str = ""
) -> Reading:
    """Read `uploads` (pairs of file name and content) for the school that is known as `school_name` here.

    `wanted` is the key of the school in the file, when somebody chose one; else the school that was imported before,
    else the only one, else the one with the same name. `today` is the school's day: what ended before it is over.
    """
    known = known or Known()
    faults = Faults()
    contents = archive.read_uploads(uploads, faults)
    reading = Reading(faults)
    if faults.stops:
        return reading
    tables = {name: read_table(name, content, faults) for name, content in contents.items()}
    said = modes(tables.pop("manifest", None), faults)
    for name in [name for name, mode in said.items() if mode == "absent"]:
        tables.pop(name, None)
    reading.version = "1.2" if "roles" in tables or said.get("version", "").startswith("1.2") else "1.1"
    reading.files = [(table.file, table.read, said.get(name, "bulk")) for name, table in tables.items()]
    _ask_for_missing(tables, said, reading.version, faults)
    if faults.stops:
        return reading
    school = _choose_school(tables.get("orgs"), reading, known, wanted, school_name)
    if school is not None and not faults.stops:
        reading.roster = _roster(school, tables, said, known, today, reading)
    return reading


def _ask_for_missing(tables: dict[str, Table], said: dict[str, str], version: str, faults: Faults) -> None:
    """Without a manifest everything must be there; with one, what it promises."""
    has_manifest = any(name in said for name in CORE)
    for name in (*CORE, "roles") if version == "1.2" else CORE:
        mode = said.get(name, "absent" if has_manifest else "bulk")
        if mode in {"bulk", "delta"} and name not in tables:
            faults.add("file_missing", Effect.STOP, file=f"{name}.csv")


def _choose_school(
    orgs: Table | None, reading: Reading, known: Known, wanted: str, school_name: str
) -> RosterSchool | None:
    schools = {row.key: row["name"] for row in current(orgs) if row["type"].lower() == "school"}
    reading.schools = sorted(schools.items(), key=lambda pair: pair[1])
    if wanted and (wanted in schools or not schools):
        return RosterSchool(wanted, schools.get(wanted, ""))
    if known.school and (known.school in schools or not schools):
        return RosterSchool(known.school, schools.get(known.school, ""))
    if not schools:
        reading.faults.add("no_school", Effect.STOP, file="orgs.csv")
        return None
    same_name = [key for key, name in schools.items() if name.casefold() == school_name.casefold()]
    if not known.school and not wanted and len(schools) == 1:
        return RosterSchool(*reading.schools[0])
    if not known.school and not wanted and len(same_name) == 1:
        return RosterSchool(same_name[0], schools[same_name[0]])
    reading.must_choose = True
    return None


def _roster(
    school: RosterSchool, tables: dict[str, Table], said: dict[str, str], known: Known, today: date, reading: Reading
) -> Roster:
    faults = reading.faults
    roster = Roster(school)
    orgs = frozenset({row.key for row in tables["orgs"].rows} | tables["orgs"].left_out if "orgs" in tables else ())
    scope = places.Scope(school.key, known.children, known.adults, known.groups, today, orgs)
    organisation.read_classes(tables, roster, scope, faults)
    people.read_users(tables.get("users"), tables.get("roles"), roster, scope, faults)
    people.read_links(tables.get("users"), roster, scope, faults)
    organisation.read_enrollments(tables.get("enrollments"), roster, scope, faults)
    people.keep_needed(roster, scope)
    if "users" in tables and said.get("users") == "delta":
        people.read_dropped_links(tables["users"], roster, scope, known.links)
    reading.others = sorted(
        (name, scope.foreign_classes[key]) for key, name in reading.schools if scope.foreign_classes.get(key)
    )
    roster.whole = _whole(tables, said, faults)
    return roster


def _whole(tables: dict[str, Table], said: dict[str, str], faults: Faults) -> Whole:
    """Say of what the upload is complete. One row that cannot be told from another takes that away."""

    def is_whole(name: str) -> bool:
        table = tables.get(name)
        if table is None or said.get(name, "bulk") != "bulk":
            return False
        if not table.is_whole or not table.rows:
            faults.add("not_whole", Effect.NOTE, file=table.file)
            return False
        return True

    people_whole = is_whole("users") and ("roles" not in tables or is_whole("roles"))
    if "users" in tables and "agentSourcedIds" not in tables["users"].columns:
        faults.add("no_agents", Effect.NOTE, file="users.csv", column="agentSourcedIds")
        return Whole(people_whole, is_whole("enrollments"), False)
    return Whole(people_whole, is_whole("enrollments"), people_whole)
