"""School years, classes and who sits or teaches in them."""

from __future__ import annotations

from datetime import date, timedelta

from kring.imports import grades
from kring.imports.faults import Effect, Faults
from kring.imports.oneroster.places import Scope
from kring.imports.oneroster.tables import Row, Table, current, day_in
from kring.imports.roster import Roster, RosterAssignment, RosterEnrolment, RosterGroup, RosterYear
from kring.school.rules import school_year_of

KINDS = {"homeroom": "class", "": "class", "scheduled": "extra"}
MAX_NAME = 40
NO_PUPILS = frozenset({"administrator", "aide", "proctor", "guardian", "parent", "relative"})


def year_of(first: date, last: date) -> RosterYear:
    """Return the school year (1 August to 31 July) in which the middle of a session lies."""
    return RosterYear(school_year_of(first + timedelta(days=(last - first).days // 2))[0])


def read_years(table: Table | None, faults: Faults) -> dict[str, RosterYear]:
    """Return the school year of each session: its own dates for a schoolYear, else those of the year above it."""
    own: dict[str, RosterYear] = {}
    above: dict[str, str] = {}
    is_year: set[str] = set()
    if table is None:
        return {}
    for row in current(table):
        try:
            first, last = day_in(table, row, "startDate", faults), day_in(table, row, "endDate", faults)
        except ValueError:
            table.leave_out(row)
            continue
        if first is None or last is None or last < first:
            end = row["endDate"]
            faults.add("session_dates", Effect.ROW, file=table.file, row=row.number, column="endDate", value=end)
            table.leave_out(row)
            continue
        own[row.key], above[row.key] = year_of(first, last), row["parentSourcedId"]
        if row["type"].lower() == "schoolyear":
            is_year.add(row.key)
    return {key: own[_top(key, above, is_year, own)] for key in own}


def _top(key: str, above: dict[str, str], is_year: set[str], own: dict[str, RosterYear]) -> str:
    here, seen = key, set()
    while here in own and here not in seen:  # a circle of parents ends where it began
        if here in is_year:
            return here
        seen.add(here)
        here = above.get(here, "")
    return key


def read_classes(tables: dict[str, Table], roster: Roster, scope: Scope, faults: Faults) -> None:
    """Add the groups of the school to `roster`; count those of other schools."""
    years = read_years(tables.get("academicSessions"), faults)
    table = tables.get("classes")
    if table is None:
        return
    roster.untouched.groups |= table.left_out
    for row in table.rows:
        school = row["schoolSourcedId"] or scope.school
        if school != scope.school:
            if scope.orgs and school not in scope.orgs:
                faults.add(
                    "unknown_org", Effect.ROW, file=table.file, row=row.number, column="schoolSourcedId", value=school
                )
                table.leave_out(row)
                roster.untouched.groups.add(row.key)
                continue
            scope.foreign_groups.add(row.key)
            scope.foreign_classes[school] += not row.is_over
        elif row.is_over:
            roster.removed.groups.add(row.key)
        else:
            _take_class(table, row, years, roster, scope, faults)


def _take_class(
    table: Table, row: Row, years: dict[str, RosterYear], roster: Roster, scope: Scope, faults: Faults
) -> None:
    def fault(code: str, column: str, effect: Effect = Effect.ROW, value: str = "") -> None:
        faults.add(code, effect, file=table.file, row=row.number, column=column, value=value or row[column])

    kind = KINDS.get(row["classType"].lower())
    title = " ".join(row["title"].split())
    terms = row.many("termSourcedIds")
    unknown = [term for term in terms if term not in years]
    for term in unknown if years else ():
        fault("unknown_term", "termSourcedIds", Effect.VALUE, term)
    if kind is None or not title or not title.isprintable():
        fault("class_type" if kind is None else "no_name", "classType" if kind is None else "title")
        table.leave_out(row)
        roster.untouched.groups.add(row.key)
        return
    if len(title) > MAX_NAME:
        fault("long_title", "title", Effect.VALUE)
    found = sorted({years[term] for term in terms if term in years}, key=lambda year: year.starts_on)
    year = found[-1] if found else RosterYear(school_year_of(scope.today)[0])
    codes = tuple(dict.fromkeys(grades.normal(code) for code in row.many("grades")))
    roster.groups.append(RosterGroup(row.key, title[:MAX_NAME].strip(), kind, year, codes))
    scope.groups.add(row.key)


def read_enrollments(table: Table | None, roster: Roster, scope: Scope, faults: Faults) -> None:
    """Add who sits in which group, and who teaches it."""
    if table is None:
        return
    for row in table.out_rows:
        roster.untouched.enrolments_of.add(row["userSourcedId"])
    sits: dict[tuple[str, str], RosterEnrolment] = {}
    teaches: dict[tuple[str, str], RosterAssignment] = {}
    over: set[tuple[str, str]] = set()
    for row in table.rows:
        if not _is_ours(table, row, roster, scope, faults):
            continue
        try:
            first, last = day_in(table, row, "beginDate", faults), day_in(table, row, "endDate", faults)
        except ValueError:
            roster.untouched.enrolments_of.add(row["userSourcedId"])
            continue
        pair = (row["userSourcedId"], row["classSourcedId"])
        is_over = row.is_over or (last is not None and last < scope.today)
        if is_over:
            over.add(pair)
        elif row["role"].lower() == "student":
            sits[pair] = RosterEnrolment(*pair, first, last)
        else:
            teaches[pair] = RosterAssignment(*pair, row["primary"].lower() != "false")
    roster.enrolments += sits.values()
    roster.assignments += teaches.values()
    over -= sits.keys() | teaches.keys()
    roster.removed.enrolments |= {pair for pair in over if scope.is_child(pair[0])}
    roster.removed.assignments |= {pair for pair in over if scope.is_adult(pair[0])}


def _is_ours(table: Table, row: Row, roster: Roster, scope: Scope, faults: Faults) -> bool:
    """Say whether the row counts for this school; tell what is wrong with it."""
    user, group, role = row["userSourcedId"], row["classSourcedId"], row["role"].lower()

    def fault(code: str, column: str) -> bool:
        faults.add(code, Effect.ROW, file=table.file, row=row.number, column=column, value=row[column])
        roster.untouched.enrolments_of.add(user)
        return False

    if group in scope.foreign_groups or role in NO_PUPILS:
        return False
    if role not in {"student", "teacher"}:
        return fault("enrollment_role", "role")
    if group in roster.removed.groups or user in scope.gone_users:
        return False
    if group not in scope.groups and group not in scope.known_groups:
        return fault("unknown_class", "classSourcedId")
    if group in roster.untouched.groups or user in scope.bad_users:
        roster.untouched.enrolments_of.add(user)
        return False
    if not scope.is_user(user):
        return fault("unknown_user", "userSourcedId")
    if row.is_over or (scope.is_child(user) if role == "student" else scope.is_adult(user)):
        scope.here.add(user)
        return True
    return fault("not_a_student" if role == "student" else "not_a_teacher", "userSourcedId")
