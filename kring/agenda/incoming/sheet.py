"""Reading a spreadsheet with one event per row: CSV as programs save it, or xlsx with the `openpyxl` package."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from kring.agenda.incoming.rows import (
    MAX_BYTES,
    MAX_KEY,
    MAX_ROWS,
    Effect,
    Faults,
    Reading,
    Row,
    category_of,
    checked,
    stopped,
    tidied,
    tidied_text,
)

MAX_COLUMNS = 40
MAX_UNPACKED = 40 * 1024 * 1024
LOOK_FOR_HEADER = 20  # rows above the header: a title, the name of the school
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("titel", "activiteit", "wat", "onderwerp", "omschrijving", "title", "event"),
    "first": ("datum", "begindatum", "startdatum", "van datum", "dag", "date", "first day"),
    "last": ("einddatum", "tot en met", "t/m", "tm", "last day", "end date"),
    "starts": ("begintijd", "starttijd", "begin", "van", "tijd", "time", "starts"),
    "ends": ("eindtijd", "einde", "tot", "ends"),
    "place": ("plaats", "locatie", "waar", "place", "location"),
    "text": ("toelichting", "opmerking", "opmerkingen", "bijzonderheden", "notes", "details"),
    "category": ("soort", "categorie", "kind", "category"),
    "whom": ("groepen", "groep", "voor", "voor wie", "groups", "for"),
    "is_important": ("belangrijk", "important"),
}
COLUMNS = {word: name for name, words in NAMES.items() for word in words}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january", "februari feb february", "maart mrt mar march", "april apr", "mei may",
            "juni jun june", "juli jul july", "augustus aug august", "september sep sept", "oktober okt oct october",
            "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
EVERYBODY = {"", "alle", "alle groepen", "iedereen", "hele school", "school", "all", "everybody", "whole school"}
YES = {"ja", "j", "x", "1", "yes", "y", "true", "waar"}


def read_csv(data: bytes, *, year: tuple[date, date]) -> Reading:
    """Return the events of a CSV file in UTF-8 or as Windows saves it, with commas, semicolons or tabs.

    `year` is the first and last day in which events must begin; a day without a year is taken in it.
    """
    if len(data) > MAX_BYTES:
        return stopped("too_large")
    if b"\x00" in data:
        return stopped("not_csv")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    head = "\n".join(text.splitlines()[:LOOK_FOR_HEADER])
    mark = max(";\t,", key=head.count)
    try:
        return _read(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=False), year)
    except csv.Error:
        return stopped("not_csv")


def read_xlsx(data: bytes, *, year: tuple[date, date]) -> Reading:
    """Return the events on the first sheet of an xlsx file; what unpacks to far more than a calendar is refused."""
    if len(data) > MAX_BYTES:
        return stopped("too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > 500 or sum(part.file_size for part in parts) > MAX_UNPACKED:
                return stopped("too_large")
            for part in parts:
                # No program writes a document type into a workbook; what does means to make a reader swell.
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part)[:2000].upper():
                    return stopped("not_xlsx")
        # 150 ms and 12 MB that only an import needs, so not at the top.
        from openpyxl import load_workbook

        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            return _read(book.worksheets[0].iter_rows(values_only=True, max_col=MAX_COLUMNS), year)
        finally:
            book.close()
    except Exception:
        return stopped("not_xlsx")


def _read(lines: Iterable[Sequence[Any]], year: tuple[date, date]) -> Reading:
    reading = Reading()
    columns: dict[str, int] = {}
    names: list[str] = []
    for number, cells in enumerate(lines, start=1):
        if not any(cell not in (None, "") for cell in cells):
            continue
        if not columns:
            columns = _columns(cells)
            names = [tidied(str(cell or "")) for cell in cells]
            if not columns and number >= LOOK_FOR_HEADER:
                return stopped("no_header")
            continue
        if len(reading.rows) >= MAX_ROWS:
            return stopped("too_many", f"{MAX_ROWS}+")
        row = _row(number, {name: cells[at] for name, at in columns.items() if at < len(cells)}, year, reading.faults)
        if row is not None:
            reading.rows.append(row)
    if not columns:
        return stopped("no_header")
    for name in names:
        if name and name.casefold() not in COLUMNS:
            reading.faults.add("unknown_column", Effect.NOTE, value=name)
    reading.rows = list(_with_keys(reading.rows))
    return checked(reading, year=year)


def _columns(cells: Sequence[Any]) -> dict[str, int]:
    """Return the place of each column that is known, or nothing when this row is not the header."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells[:MAX_COLUMNS]):
        name = COLUMNS.get(tidied(str(cell or "")).casefold().rstrip(":*"))
        if name is not None and name not in found:
            found[name] = at
    return found if {"title", "first"} <= set(found) else {}


def _row(number: int, cells: dict[str, Any], year: tuple[date, date], faults: Faults) -> Row | None:
    title = tidied(_text(cells.get("title")))
    days = {name: day_from(cells.get(name), year) for name in ("first", "last")}
    hours = {name: hour_from(cells.get(name)) for name in ("starts", "ends")}
    for name, found in {**days, **hours}.items():
        written = _text(cells.get(name))
        if found is None and written and not (name == "last" and written.strip("-– ") == ""):
            faults.add("day" if name in days else "hour", Effect.ROW, row=number, value=written)
            return None
    if days["first"] is None:
        faults.add("no_day", Effect.ROW, row=number, value=title)
        return None
    starts, ends = hours["starts"], hours["ends"]
    whom = [tidied(part) for part in re.split(r"[,;/+\n]|\ben\b|\band\b", _text(cells.get("whom")))]
    return Row(
        row=number,
        key="",
        title=title,
        first=days["first"],
        last=days["last"] or days["first"],
        starts=starts,
        ends=ends,
        place=tidied(_text(cells.get("place"))),
        text=tidied_text(_text(cells.get("text"))),
        category=category_of(_text(cells.get("category")), title).value,
        is_important=_text(cells.get("is_important")).strip().casefold() in YES,
        whom=tuple(name for name in whom if name.casefold() not in EVERYBODY),
    )


def _with_keys(rows: list[Row]) -> Iterator[Row]:
    """Give each row the key by which it is known at the next reading: its title and for whom, and its day when several
    have that title. So a parents' evening that moved is a change, and the fourth study day is one of its own."""

    def name(row: Row) -> str:
        return f"{row.title.casefold()}|{','.join(sorted(part.casefold() for part in row.whom))}"

    titles = Counter(name(row) for row in rows)
    for row in rows:
        key = name(row) if titles[name(row)] == 1 else f"{name(row)}#{row.first:%Y%m%d}"
        yield replace(row, key=f"sheet:{key}"[:MAX_KEY])


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def day_from(cell: Any, year: tuple[date, date]) -> date | None:
    """Return the day that a cell says: a date, 24-11-2026, 2026-11-24, "di 24 november (2026)". None when it is none.

    Without a year it is the one in the school year; day before month, as in the Netherlands.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = tidied(_text(cell)).casefold().replace(".", " ").strip()
    if found := re.search(r"\b(\d{4})[-/](\d{1,2})[-/](\d{1,2})\b", text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.search(r"\b(\d{1,2})\s*[-/ ]\s*(\d{1,2})(?:\s*[-/ ]\s*(\d{4}|\d{2}))?\b", text):
        return _within(int(found[1]), int(found[2]), found[3], year)
    if found := re.search(r"\b(\d{1,2})\s*-?\s*([a-z]+)(?:\s*-?\s*(\d{4}|\d{2}))?\b", text):
        month = MONTHS.get(found[2])
        return _within(int(found[1]), month, found[3], year) if month else None
    return None


def _within(day: int, month: int, written: str | None, year: tuple[date, date]) -> date | None:
    if written:
        return _date(int(written) + (2000 if len(written) == 2 else 0), month, day)
    for number in (year[0].year, year[1].year):
        found = _date(number, month, day)
        if found is not None and year[0] <= found <= year[1]:
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def hour_from(cell: Any) -> time | None:
    """Return the hour that a cell says: a time, 19:30, 19.30 uur, 1930, 9 uur. None when it is none or empty."""
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    text = tidied(_text(cell)).casefold()
    found = re.fullmatch(r"(\d{1,2})(?:[:.h]?(\d{2})(?::\d{2})?)?\s*(?:uur|u|h)?", text)
    if not found:
        return None
    hours, minutes = int(found[1]), int(found[2] or 0)
    return time(hours, minutes) if hours < 24 and minutes < 60 else None
