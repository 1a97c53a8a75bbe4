"""Faults and changes in the words of the reader: one sentence for what is wrong, one for what happens to the row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kring.imports.faults import Effect
from kring.imports.plan import Line

# Each sentence may use %(value)s, %(file)s and %(column)s.
FAULTS: dict[str, str | Promise] = {
    "nothing_known": gettext_lazy("This is not a OneRoster file: none of the expected files is in it"),
    "unknown_file": gettext_lazy("Kring does not know this file"),
    "file_twice": gettext_lazy("This file is there twice"),
    "too_large": gettext_lazy("This file is too large for a roster"),
    "not_a_zip": gettext_lazy("This zip cannot be opened: it is damaged or is something else"),
    "too_many_files": gettext_lazy("There are %(value)s files in this zip; a roster has a dozen"),
    "escapes": gettext_lazy("This zip has a file name that points outside its folder"),
    "symlink": gettext_lazy("This zip holds a shortcut instead of a file"),
    "encrypted": gettext_lazy("This zip has a password"),
    "nested": gettext_lazy("There is another archive inside this zip"),
    "bomb": gettext_lazy("This zip unpacks to far more than a roster can be"),
    "damaged": gettext_lazy("This file in the zip is damaged"),
    "encoding": gettext_lazy("This file is not in UTF-8"),
    "nul": gettext_lazy("There is a NUL character in this file"),
    "empty_file": gettext_lazy("This file is empty"),
    "semicolons": gettext_lazy("The columns are parted by semicolons, not by commas"),
    "not_csv": gettext_lazy("From this row on the file cannot be read: a quotation mark is not closed"),
    "too_many_rows": gettext_lazy("This file has too many rows"),
    "column_twice": gettext_lazy("The column %(column)s is there twice"),
    "column_missing": gettext_lazy("The column %(column)s is missing"),
    "file_missing": gettext_lazy("%(file)s is missing"),
    "version": gettext_lazy("Version %(value)s of OneRoster is not known here; 1.1 and 1.2 are"),
    "mode": gettext_lazy("“%(value)s” is not bulk, delta or absent"),
    "no_school": gettext_lazy("There is no school in this file"),
    "cells": gettext_lazy("This row has another number of cells than the header (%(value)s)"),
    "no_id": gettext_lazy("This row has no id"),
    "bad_id": gettext_lazy("This id is too long or has odd characters"),
    "id_twice": gettext_lazy("The id %(value)s occurs more than once"),
    "row_twice": gettext_lazy("This row stands in the file more than once, exactly the same"),
    "status": gettext_lazy("“%(value)s” is not a known status"),
    "date": gettext_lazy("%(value)s is not a date"),
    "session_dates": gettext_lazy("This year has no first day, or ends before it begins"),
    "unknown_org": gettext_lazy("School %(value)s is not in orgs.csv"),
    "unknown_term": gettext_lazy("Year or term %(value)s is not in academicSessions.csv"),
    "unknown_class": gettext_lazy("Group %(value)s is not in classes.csv"),
    "unknown_user": gettext_lazy("%(value)s is not in users.csv"),
    "unknown_agent": gettext_lazy("%(value)s, to whom this row points, is not in users.csv"),
    "agent_role": gettext_lazy("%(value)s is not a parent or guardian in this file"),
    "class_type": gettext_lazy("“%(value)s” is not a kind of group (homeroom, scheduled)"),
    "enrollment_role": gettext_lazy("“%(value)s” is not a known role in a group"),
    "user_role": gettext_lazy("“%(value)s” is not a known role"),
    "not_a_student": gettext_lazy("%(value)s sits in a group as a pupil but is not one in users.csv"),
    "not_a_teacher": gettext_lazy("%(value)s teaches a group but is a pupil, or nobody, in users.csv"),
    "no_name": gettext_lazy("A name is missing"),
    "long_name": gettext_lazy("This name is too long"),
    "odd_name": gettext_lazy("There are unreadable characters in this name"),
    "long_title": gettext_lazy("The name of this group is longer than 40 characters"),
    "grades_many": gettext_lazy("A child has one year, here are several: %(value)s"),
    "email": gettext_lazy("%(value)s is not an e-mail address"),
    "phone": gettext_lazy("%(value)s is not a telephone number"),
    "not_whole": gettext_lazy("Not every row of this file could be told apart"),
    "no_agents": gettext_lazy("This file does not say who the parents are: the column agentSourcedIds is missing"),
}
ADVICE: dict[str, str | Promise] = {
    "nothing_known": gettext_lazy("Choose the zip that your pupil administration exports as OneRoster CSV."),
    "not_a_zip": gettext_lazy("Export it again, and do not open or change the file in between."),
    "encrypted": gettext_lazy("Export it without a password."),
    "encoding": gettext_lazy("Export it again as UTF-8; a spreadsheet program often saves it differently."),
    "semicolons": gettext_lazy("A spreadsheet program saved it like this. Use the file as it was exported."),
    "file_missing": gettext_lazy("Add this file, or export everything as one zip."),
    "row_twice": gettext_lazy("It counts once."),
    "not_whole": gettext_lazy("So nobody counts as gone because of this file."),
    "no_agents": gettext_lazy("So parents stay as they are."),
    "email": gettext_lazy("The adult comes along without this address and can be invited on paper."),
    "long_title": gettext_lazy("The rest is cut off; you can change the name later."),
}
EFFECTS: dict[str, str | Promise] = {
    Effect.STOP: gettext_lazy("Nothing can be imported until this is right."),
    Effect.ROW: gettext_lazy("The row stays out. What Kring already has stays as it is."),
    Effect.VALUE: gettext_lazy("The row comes along without this."),
    Effect.NOTE: "",
}
CHANGES: dict[str, str | Promise] = {
    "child": gettext_lazy("new child"),
    "adult": gettext_lazy("new adult"),
    "group": gettext_lazy("new group"),
    "group_name": gettext_lazy("name of the group"),
    "group_levels": gettext_lazy("years of the group"),
    "first_name": gettext_lazy("first name"),
    "infix": gettext_lazy("infix"),
    "last_name": gettext_lazy("last name"),
    "email": gettext_lazy("e-mail"),
    "phone": gettext_lazy("telephone"),
    "group_of_child": gettext_lazy("other group"),
    "joins": gettext_lazy("joins a group"),
    "leaves": gettext_lazy("leaves the group"),
    "level": gettext_lazy("year of the child"),
    "until": gettext_lazy("last day"),
    "guardian_joins": gettext_lazy("parent added"),
    "guardian_leaves": gettext_lazy("parent gone"),
    "teaches": gettext_lazy("teaches a group"),
    "stops_teaching": gettext_lazy("no longer teaches"),
    "adult_leaves": gettext_lazy("no child or group left"),
}


@dataclass(frozen=True, slots=True)
class SaidFault:
    """A fault as the page shows it."""

    file: str
    row: int
    column: str
    what: str
    then: str
    others: str
    stops: bool


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A change as the page shows it."""

    who: str
    group: str
    what: str
    was: str
    now: str
    ask: bool


def say_faults(faults: Iterable[dict[str, Any]]) -> list[SaidFault]:
    """Return the faults of an import in words."""
    return [_say_fault(fault) for fault in faults]


def _say_fault(fault: dict[str, Any]) -> SaidFault:
    values = {"value": fault["value"], "file": fault["file"], "column": fault["column"]}
    others = fault["others"]
    then = ADVICE.get(fault["code"]) or EFFECTS[fault["effect"]]
    return SaidFault(
        file=fault["file"],
        row=fault["row"],
        column=fault["column"],
        what=str(FAULTS[fault["code"]]) % values,
        then=str(then),
        others=ngettext("and %(number)d other place", "and %(number)d other places", others) % {"number": others}
        if others
        else "",
        stops=fault["effect"] == Effect.STOP,
    )


def say_lines(lines: Iterable[Line]) -> list[SaidLine]:
    """Return lines of the preview in words."""
    return [_say_line(line) for line in lines]


def _say_line(line: Line) -> SaidLine:
    say: Callable[[str], str] = _say_day if line.what == "until" else str
    return SaidLine(line.who, line.group, str(CHANGES[line.what]), say(line.was), say(line.now), line.ask)


def _say_day(text: str) -> str:
    day = parse_date(text) if text else None
    return date_format(day, "j F Y") if day else _("the end of the year")
