"""From the bytes of a CSV file to rows of the columns that Kring needs; every other column is dropped here.

RFC 4180, UTF-8 with or without a byte order mark, columns found by the name in the header.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from kring.imports.faults import Effect, Faults

MAX_ROWS = 200_000
MAX_KEY = 90  # two keys make the key of a link, and ExternalRef.key holds 200
ACTIVE, OVER = {"", "active"}, {"tobedeleted", "inactive"}

# Per file: the columns that are read, and which of them the header must have.
COLUMNS: dict[str, tuple[str, ...]] = {
    "manifest": ("propertyName", "value"),
    "orgs": ("sourcedId", "status", "name", "type"),
    "academicSessions": ("sourcedId", "status", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
    "classes": ("sourcedId", "status", "title", "grades", "classType", "schoolSourcedId", "termSourcedIds"),
    "users": (
        "sourcedId",
        "status",
        "orgSourcedIds",
        "primaryOrgSourcedId",
        "role",
        "givenName",
        "familyName",
        "middleName",
        "preferredGivenName",
        "preferredMiddleName",
        "preferredFamilyName",
        "email",
        "sms",
        "phone",
        "agentSourcedIds",
        "grades",
    ),
    "roles": ("sourcedId", "status", "userSourcedId", "role", "endDate", "orgSourcedId"),
    "enrollments": (
        "sourcedId",
        "status",
        "classSourcedId",
        "schoolSourcedId",
        "userSourcedId",
        "role",
        "primary",
        "beginDate",
        "endDate",
    ),
}
NEEDED: dict[str, tuple[str, ...]] = {
    "manifest": ("propertyName", "value"),
    "orgs": ("sourcedId", "name", "type"),
    "academicSessions": ("sourcedId", "type", "startDate", "endDate"),
    "classes": ("sourcedId", "title"),
    "users": ("sourcedId", "givenName", "familyName"),
    "roles": ("sourcedId", "userSourcedId", "role"),
    "enrollments": ("sourcedId", "classSourcedId", "userSourcedId", "role"),
}


@dataclass(slots=True)
class Row:
    """One row: its number as a spreadsheet counts it (header = 1), and the cells that are needed."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def key(self) -> str:
        """Return the stable id."""
        return self["sourcedId"]

    @property
    def is_over(self) -> bool:
        """Say whether the row says that its subject is no longer there."""
        return self["status"].lower() in OVER

    def many(self, column: str) -> list[str]:
        """Return the values of a cell that may hold several, separated by commas."""
        return [part for part in (piece.strip() for piece in self[column].split(",")) if part]


@dataclass(slots=True)
class Table:
    """The rows of one file. `is_whole` is lost as soon as one row cannot be told: then nothing may count as gone."""

    name: str
    rows: list[Row] = field(default_factory=list)
    columns: frozenset[str] = frozenset()
    left_out: set[str] = field(default_factory=set)
    out_rows: list[Row] = field(default_factory=list)
    read: int = 0
    is_whole: bool = True

    @property
    def file(self) -> str:
        """Return the file's name as people know it."""
        return f"{self.name}.csv"

    def leave_out(self, row: Row) -> None:
        """Say that `row` had a fault and stays out."""
        self.left_out.add(row.key)
        self.out_rows.append(row)


def read_table(name: str, content: bytes, faults: Faults) -> Table:
    """Return the rows of the file `name` (canonical, without .csv). All that is wrong is added to `faults`."""
    table = Table(name)
    text = _decoded(table, content, faults)
    if text is None:
        return table
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        header = _header(table, next(reader, []), faults)
        if header is None:
            return table
        for number, cells in enumerate(reader, start=2):
            if number > MAX_ROWS:
                faults.add("too_many_rows", Effect.STOP, file=table.file, row=number)
                return table
            _take(table, number, cells, header, faults)
    except csv.Error:
        faults.add("not_csv", Effect.STOP, file=table.file, row=number + 1)
        return table
    if name != "manifest":
        _leave_out_unusable(table, faults)
    return table


def _decoded(table: Table, content: bytes, faults: Faults) -> str | None:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        faults.add("encoding", Effect.STOP, file=table.file, row=1)
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add("encoding", Effect.STOP, file=table.file, row=content.count(b"\n", 0, error.start) + 1)
        return None
    if "\x00" in text:
        faults.add("nul", Effect.STOP, file=table.file, row=text.count("\n", 0, text.index("\x00")) + 1)
        return None
    if not text.strip():
        faults.add("empty_file", Effect.STOP, file=table.file)
        return None
    return text


def _header(table: Table, cells: list[str], faults: Faults) -> list[str] | None:
    """Return for each column the name under which it is kept, or "" for a column that is dropped."""
    names = [cell.strip() for cell in cells]
    if len(names) == 1 and ";" in names[0]:
        faults.add("semicolons", Effect.STOP, file=table.file, row=1)
        return None
    known = {column.lower(): column for column in COLUMNS[table.name]}
    kept = [known.get(name.lower(), "") for name in names]
    wrong = False
    for column, times in Counter(filter(None, kept)).items():
        if times > 1:
            faults.add("column_twice", Effect.STOP, file=table.file, row=1, column=column)
            wrong = True
    for column in NEEDED[table.name]:
        if column not in kept:
            faults.add("column_missing", Effect.STOP, file=table.file, row=1, column=column)
            wrong = True
    table.columns = frozenset(filter(None, kept))
    return None if wrong else kept


def _take(table: Table, number: int, cells: list[str], header: list[str], faults: Faults) -> None:
    if not any(cell.strip() for cell in cells):
        return
    table.read += 1
    row = Row(number, {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name})
    if len(cells) != len(header):
        faults.add("cells", Effect.ROW, file=table.file, row=number, value=f"{len(cells)}/{len(header)}")
        table.is_whole = False
        table.leave_out(row)
    else:
        table.rows.append(row)


def _leave_out_unusable(table: Table, faults: Faults) -> None:
    """Keep only rows with a usable, unique id and a known status; tell about the rest.

    A row that stands there twice, exactly the same, counts once: some exports write a user for each of her classes.
    """
    _drop_echoes(table, faults)
    times = Counter(row.key for row in table.rows)
    kept = []
    for row in table.rows:
        key, status = row.key, row["status"].lower()
        if not key:
            faults.add("no_id", Effect.ROW, file=table.file, row=row.number, column="sourcedId")
            table.is_whole = False
        elif len(key) > MAX_KEY or not key.isprintable() or "|" in key:
            faults.add("bad_id", Effect.ROW, file=table.file, row=row.number, column="sourcedId", value=key)
            table.is_whole = False
        elif times[key] > 1:
            faults.add("id_twice", Effect.ROW, file=table.file, row=row.number, column="sourcedId", value=key)
        elif status not in ACTIVE | OVER:
            faults.add("status", Effect.ROW, file=table.file, row=row.number, column="status", value=row["status"])
        else:
            kept.append(row)
            continue
        table.leave_out(row)
    table.rows = kept


def _drop_echoes(table: Table, faults: Faults) -> None:
    first: dict[str, Row] = {}
    kept = []
    for row in table.rows:
        if row.key and row.cells == first.setdefault(row.key, row).cells and row is not first[row.key]:
            faults.add("row_twice", Effect.NOTE, file=table.file, row=row.number)
        else:
            kept.append(row)
    table.rows = kept


def day_in(table: Table, row: Row, column: str, faults: Faults) -> date | None:
    """Return the day in a cell (ISO date, or date and time), None when empty; raise ValueError after telling."""
    text = row[column]
    if not text:
        return None
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError:
        faults.add("date", Effect.ROW, file=table.file, row=row.number, column=column, value=text)
        raise
    if not 1990 <= day.year <= 2100:
        faults.add("date", Effect.ROW, file=table.file, row=row.number, column=column, value=text)
        raise ValueError(text)
    return day


def modes(table: Table | None, faults: Faults) -> dict[str, str]:
    """Return canonical name -> bulk, delta or absent, as the manifest says; "version" holds the version."""
    said: dict[str, str] = {}
    canonical = {name.lower(): name for name in COLUMNS}
    for row in table.rows if table else ():
        name, value = row["propertyName"].lower(), row["value"].lower()
        if name == "oneroster.version":
            said["version"] = value
            if value not in {"1.1", "1.2", "1.2.0", "1.2.1", "1.1.0"}:
                faults.add("version", Effect.STOP, file="manifest.csv", row=row.number, column="value", value=value)
        elif name.startswith("file.") and name[5:] in canonical:
            if value not in {"bulk", "delta", "absent"}:
                faults.add("mode", Effect.STOP, file="manifest.csv", row=row.number, column="value", value=value)
            said[canonical[name[5:]]] = value
    return said


def current(table: Table | None) -> Iterator[Row]:
    """Yield the rows that hold: active, or without a status."""
    return (row for row in (table.rows if table else ()) if not row.is_over)
