"""Taking over a calendar from a file: read, look at it, apply it all or not at all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kring.agenda.actions.events import change_target
from kring.agenda.actions.year import Planned, plan_events, put_on
from kring.agenda.incoming.compare import Sort, counts_of, digest_of
from kring.agenda.incoming.ics import read_ics
from kring.agenda.incoming.rows import Reading, Row, stopped
from kring.agenda.incoming.sheet import read_csv, read_xlsx
from kring.agenda.models import CalendarRead, Event, ReadState
from kring.agenda.models.planning import KEPT_FOR
from kring.agenda.permissions import can_plan_year
from kring.agenda.planning import lines_of, target_of_row, whom_of
from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.school.models import School, SchoolYear


@transaction.atomic
def read_calendar(
    *, by: Viewer, school: School, year: SchoolYear, name: str, data: bytes, whom: str = "school"
) -> CalendarRead:
    """Read a file and keep what it says for an hour; nothing is put in the plan yet.

    `whom` says for whom an event is that names nobody: "school", or "layer:" or "group:" with a public id. The kind of
    file is seen by its first bytes. Faults are kept with it; this raises nothing for a file that cannot be read.
    """
    require(can_plan_year(by, school, policy_for(school.pk, at=by.now)) and year.school_id == school.pk)
    reading = reading_of(data, school=school, year=year)
    kept = [] if reading.faults.stops else [row.as_json() for row in reading.rows]
    faults = [{"code": one.code, "effect": one.effect, "row": one.row, "value": one.value} for one in reading.faults]
    read = CalendarRead.objects.create(
        school=school, year=year, by_id=by.person_at(school.pk), name=name[:120], whom=whom, read_at=by.now,
        expires_at=by.now + KEPT_FOR, rows=kept, faults=faults,
    )  # fmt: skip
    audit.record(by=by, what="agenda.calendar_read", about=read, rows=len(kept), faults=len(faults))
    return read


def reading_of(data: bytes, *, school: School, year: SchoolYear) -> Reading:
    """Return what a file says, whatever kind it is."""
    days = (year.starts_on, year.ends_on)
    if data.startswith(b"PK\x03\x04"):
        return read_xlsx(data, year=days)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return stopped("old_excel")
    if b"BEGIN:VCALENDAR" in data[:5000].upper():
        return read_ics(data, zone=school.zone, year=days)
    return read_csv(data, year=days)


@transaction.atomic
def apply_calendar(*, by: Viewer, read: CalendarRead, expected: str = "") -> dict[str, int]:
    """Put what was looked at in the plan, all or nothing; return how many are new and changed.

    The same file again changes nothing. What families see already stays as it is. `expected` is the digest of the list
    that was looked at. Raises Refused when it no longer waits, or the plan changed since.
    """
    school, year = read.school, read.year
    require(can_plan_year(by, school, policy_for(school.pk, at=by.now)))
    claimed = CalendarRead.objects.waiting(by.now).filter(pk=read.pk)
    if not claimed.update(state=ReadState.APPLIED, applied_at=by.now):
        raise Refused(_("This calendar no longer waits. Choose the file again."))
    lines = lines_of(read)
    if expected and expected != digest_of(lines):
        raise Refused(_("The plan changed since you looked. Check the list once more."))
    whom = whom_of(school, year)
    new = [_planned(line.row, read, whom) for line in lines if line.sort == Sort.NEW]
    plan_events(by=by, school=school, year=year, events=new)
    changed = {line.row.key: _planned(line.row, read, whom) for line in lines if line.sort == Sort.CHANGED}
    _change(school, changed)
    CalendarRead.objects.filter(pk=read.pk).update(rows=None, faults=None, made=len(new), changed=len(changed))
    read.refresh_from_db()
    audit.record(by=by, what="agenda.calendar_applied", about=read, made=len(new), changed=len(changed))
    return counts_of(lines)


def _planned(row: Row, read: CalendarRead, whom: dict[str, tuple[str, int]]) -> Planned:
    return Planned(
        title=row.title, first=row.first, last=row.last, target=target_of_row(row, read.whom, whom),
        starts=row.starts, ends=row.ends, text=row.text, place=row.place, category=row.category,
        is_important=row.is_important, key=row.key,
    )  # fmt: skip


def _change(school: School, changed: dict[str, Planned]) -> None:
    rows = Event.objects.for_keys(list(changed), school).filter(state="planned").select_related("school", "audience")
    for event in rows:
        one = changed[event.import_key]
        put_on(event, one)
        event.version += 1
        event.save()
        change_target(event.audience, one.target)


@transaction.atomic
def put_aside(*, by: Viewer, read: CalendarRead) -> None:
    """Put a calendar aside: what was read is thrown away, nothing changes."""
    require(by.is_manager(read.school_id))
    waiting = CalendarRead.objects.filter(pk=read.pk, state=ReadState.READY)
    if waiting.update(state=ReadState.CANCELLED, rows=None, faults=None):
        audit.record(by=by, what="agenda.calendar_put_aside", about=read)


@transaction.atomic
def forget_read_calendars(*, now: datetime) -> int:
    """Throw away what was read more than an hour ago and never taken over; return how many. Runs by the clock."""
    return CalendarRead.objects.past_their_hour(now).update(state=ReadState.EXPIRED, rows=None, faults=None)
