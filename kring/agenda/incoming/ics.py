"""Reading an iCalendar file (RFC 5545) into rows, with the `icalendar` package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Any
from zoneinfo import ZoneInfo

from kring.agenda.incoming.rows import (
    MAX_BYTES,
    MAX_KEY,
    MAX_ROWS,
    Effect,
    Reading,
    Row,
    category_of,
    checked,
    stopped,
    tidied,
    tidied_text,
)

EARLIEST = 2000  # a rule that began in the year 1 would be reckoned through day by day
MOST_TIMES = 250  # an event that comes back more often than there are school days is a mistake
BEGIN = re.compile(rb"^BEGIN:VEVENT\s*$", re.M | re.I)
ZONES = re.compile(rb"^BEGIN:VTIMEZONE\s*$.*?^END:VTIMEZONE\s*$\n?", re.M | re.I | re.S)
# What people set in a calendar app. Rules with more (every last weekday, each hour) are left to people.
KNOWN_RULE = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"}
KNOWN_FREQ = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}


def read_ics(data: bytes, *, zone: ZoneInfo, year: tuple[date, date]) -> Reading:
    """Return the events of an iCalendar file that begin in `year` (first and last day), in the clock of `zone`.

    Times without a zone, or with one that nobody knows, are those of the school. Events that come back become one row
    for each time. Raises nothing: what cannot be read is a fault.
    """
    if len(data) > MAX_BYTES:
        return stopped("too_large")
    number = len(BEGIN.findall(data))
    if number > MAX_ROWS:
        return stopped("too_many", str(number))
    if b"BEGIN:VCALENDAR" not in data[:5000].upper():
        return stopped("not_ics")
    reading = Reading()
    found = _parsed(data, reading)
    if found is None:
        return stopped("not_ics")
    lines = [data.count(b"\n", 0, match.start()) + 1 for match in BEGIN.finditer(data)]
    events = list(found.walk("VEVENT"))
    moved = [(_word(one, "UID").strip(), _when(one, "RECURRENCE-ID")) for one in events]
    changed = {(uid, _day(moment)) for uid, moment in moved if moment is not None}
    for line, event in zip(lines, events, strict=False):
        for row in _rows(event, line, zone, year, changed, reading):
            if len(reading.rows) >= MAX_ROWS:
                return stopped("too_many", f"{MAX_ROWS}+")
            reading.rows.append(row)
    return checked(reading, year=year)


def _parsed(data: bytes, reading: Reading) -> Any:
    # 100 ms and 8 MB that only an import needs, so not at the top.
    from icalendar import Calendar

    for attempt in (data, ZONES.sub(b"", data)):
        try:
            found = Calendar.from_ical(attempt)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError):
            reading.faults.add("broken_zone", Effect.NOTE)
            continue
        return found
    return None


def _rows(
    event: Any, line: int, zone: ZoneInfo, year: tuple[date, date], changed: set[tuple[str, date]], reading: Reading
) -> Iterator[Row]:
    title = tidied(_word(event, "SUMMARY"))
    starts = _when(event, "DTSTART")
    if starts is None:
        reading.faults.add("no_start", Effect.ROW, row=line, value=title)
        return
    if _word(event, "STATUS").upper() == "CANCELLED":
        reading.faults.add("cancelled", Effect.NOTE, row=line, value=title)
        return
    ends = _ends(event, starts)
    tzid = event["DTSTART"].params.get("TZID", "")
    if tzid and isinstance(starts, datetime) and starts.tzinfo is None:
        reading.faults.add("unknown_zone", Effect.VALUE, row=line, value=str(tzid))
    uid, words = _word(event, "UID").strip(), _categories(event)
    shared: dict[str, Any] = {
        "row": line,
        "title": title,
        "place": tidied(_word(event, "LOCATION")),
        "text": tidied_text(_word(event, "DESCRIPTION")),
        "category": category_of(words, title).value,
    }
    instead_of, rule = _when(event, "RECURRENCE-ID"), _rule(event)
    times = [starts] if instead_of is not None else _times(event, starts, zone, year, line, title, reading)
    for begins in times:
        if instead_of is None and rule is not None and (uid, _day(begins)) in changed:
            continue
        days = _days(begins, ends if ends is None else begins + (ends - starts), zone)
        day = _day(begins if instead_of is None else instead_of)
        key = f"{uid or title}#{day:%Y%m%d}" if instead_of is not None or rule is not None or not uid else uid
        yield Row(key=f"ics:{key}"[:MAX_KEY], **shared, **days)


def _when(event: Any, name: str) -> Any:
    """Return the day or moment of a property; None when it is not there, is there twice or cannot be read."""
    try:
        found = event[name].dt
    except (KeyError, AttributeError, ValueError):
        return None
    return found if isinstance(found, date) else None


def _rule(event: Any) -> Any:
    """Return how it comes back, or None."""
    found = event.get("RRULE")
    return found if isinstance(found, dict) else None


def _word(event: Any, name: str) -> str:
    """Return the text of a property, or ""."""
    found = event.get(name, "")
    return str(found) if isinstance(found, str) else ""


def _categories(event: Any) -> str:
    found = event.get("CATEGORIES")
    return ", ".join(str(name) for name in getattr(found, "cats", ()))


def _ends(event: Any, starts: date | datetime) -> date | datetime | None:
    """Return where it ends, as the file says it (a last day is not included), of the same sort as its start."""
    ends = _when(event, "DTEND")
    if ends is None and isinstance(length := _duration(event), timedelta):
        ends = starts + length
    if ends is None or isinstance(ends, datetime) != isinstance(starts, datetime):
        return None
    if isinstance(ends, datetime) and isinstance(starts, datetime) and (ends.tzinfo is None) != (starts.tzinfo is None):
        return ends.replace(tzinfo=starts.tzinfo)
    return ends


def _duration(event: Any) -> Any:
    try:
        return event["DURATION"].dt
    except (KeyError, AttributeError, ValueError):
        return None


def _days(starts: date | datetime, ends: date | datetime | None, zone: ZoneInfo) -> dict[str, Any]:
    if not isinstance(starts, datetime):
        last = starts if ends is None else ends - timedelta(1)
        # Some programs write one day as ending on that same day.
        return {"first": starts, "last": starts if ends == starts else last}
    begins = _local(starts, zone)
    if not isinstance(ends, datetime):
        return {"first": begins.date(), "last": begins.date(), "starts": begins.time()}
    over = _local(ends, zone)
    if over.time() == time.min and over.date() > begins.date():
        over = over - timedelta(minutes=1)
    if over == begins:
        return {"first": begins.date(), "last": begins.date(), "starts": begins.time()}
    return {"first": begins.date(), "last": over.date(), "starts": begins.time(), "ends": over.time()}


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the wall clock of the school, without seconds; a moment without a zone is the school's own."""
    local = moment if moment.tzinfo is None else moment.astimezone(zone)
    return local.replace(tzinfo=None, second=0, microsecond=0)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _times(
    event: Any, starts: date | datetime, zone: ZoneInfo, year: tuple[date, date], line: int, title: str,
    reading: Reading,
) -> list[Any]:  # fmt: skip
    """Return each time that an event begins; only those within the year when it comes back."""
    rule = _rule(event)
    if rule is None:
        return [starts]
    parts = {str(name).upper() for name in rule}
    freq = str(rule.get("FREQ", [""])[0]).upper()
    if parts - KNOWN_RULE or freq not in KNOWN_FREQ or not EARLIEST <= starts.year < 2200:
        reading.faults.add("unknown_rule", Effect.VALUE, row=line, value=title)
        return [starts]
    from dateutil.rrule import rrulestr

    wall = _local(starts, zone) if isinstance(starts, datetime) else datetime.combine(starts, time.min)
    text = re.sub(r"UNTIL=[0-9TZ]+", lambda match: f"UNTIL={_until(rule, zone):%Y%m%dT%H%M%S}", rule.to_ical().decode())
    try:
        found = rrulestr(text, dtstart=wall)
        first, last = (datetime.combine(day, at) for day, at in ((year[0], time.min), (year[1], time.max)))
        times = list(islice(takewhile(lambda moment: moment <= last, found.xafter(first, inc=True)), MOST_TIMES + 1))
    except (ValueError, TypeError, OverflowError):
        reading.faults.add("unknown_rule", Effect.VALUE, row=line, value=title)
        return [starts]
    skipped = _skipped(event, zone)
    times = [moment for moment in times if moment.date() not in skipped]
    if len(times) > MOST_TIMES:
        reading.faults.add("too_often", Effect.ROW, row=line, value=title)
        return []
    if not times:
        reading.faults.add("outside_year", Effect.ROW, row=line, value=title)
    if not isinstance(starts, datetime):
        return [moment.date() for moment in times]
    return [moment if starts.tzinfo is None else moment.replace(tzinfo=zone) for moment in times]


def _until(rule: Any, zone: ZoneInfo) -> datetime:
    until = rule["UNTIL"][0]
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max).replace(microsecond=0)
    return (until if until.tzinfo is None else until.astimezone(UTC).astimezone(zone)).replace(tzinfo=None)


def _skipped(event: Any, zone: ZoneInfo) -> set[date]:
    found = event.get("EXDATE", [])
    lists = found if isinstance(found, list) else [found]
    moments = [each.dt for one in lists for each in getattr(one, "dts", [])]
    return {_local(one, zone).date() if isinstance(one, datetime) else one for one in moments}
