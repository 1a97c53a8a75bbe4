"""Writing iCalendar (RFC 5545) from plain entries. Knows no models, no database and no clock.

Written here and not by the `icalendar` package, which reads what we write in the tests: its own VTIMEZONE puts the
start of summer time an hour late (03:00 instead of 02:00), and it takes four times as long for a year of events.
Events that come back are entries of their own, so that one of them can change; there is no RRULE to write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

PRODID = "-//Kring//Kring agenda//NL"
LINE_OCTETS = 75
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ASK_AGAIN = "PT1H"  # how often a calendar app may come back by itself


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a calendar.

    `starts` is a day (all day) or an aware moment whose zone is a ZoneInfo; `ends` is the last day, both included, or
    an aware moment, or None: a moment without length. `changed_at` is aware. `sequence` grows with each change.
    """

    uid: str
    title: str
    starts: date | datetime
    ends: date | datetime | None
    changed_at: datetime
    sequence: int = 0
    place: str = ""
    text: str = ""
    categories: tuple[str, ...] = ()
    url: str = ""
    is_cancelled: bool = False

    @property
    def is_all_day(self) -> bool:
        """Say whether it has days and no hours."""
        return not isinstance(self.starts, datetime)


def calendar(entries: Iterable[Entry], *, name: str, zone: str, note: str = "") -> bytes:
    """Return a whole calendar called `name`, in UTF-8 with CRLF and folded lines.

    `zone` is the zone that an app shows the calendar in; each zone that an entry uses is described in the file itself.
    The same entries give the same bytes.
    """
    kept = list(entries)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODID}",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"X-WR-TIMEZONE:{zone}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{ASK_AGAIN}",
        f"X-PUBLISHED-TTL:{ASK_AGAIN}",
    ]
    if note:
        lines.append(f"X-WR-CALDESC:{escaped(note)}")
    for key, (first, last) in sorted(_zones(kept).items()):
        lines += timezone_lines(key, first, last)
    for entry in kept:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(folded(line) for line in lines).encode()


def one_entry(entry: Entry) -> bytes:
    """Return a file with this one thing, to be put in a calendar that somebody has already: without a name of its own,
    because apps make another calendar of what has one."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODID}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for key, (first, last) in sorted(_zones([entry]).items()):
        lines += timezone_lines(key, first, last)
    lines += [*_event(entry), "END:VCALENDAR"]
    return "".join(folded(line) for line in lines).encode()


def escaped(text: str) -> str:
    """Return TEXT as RFC 5545 writes it: backslash, semicolon, comma and line ends; other control characters go."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(letter for letter in text if letter >= " " or letter in "\n\t").replace("\x7f", "")
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """Return a line of at most 75 octets, the rest on lines that begin with a space; never inside a character."""
    if len(line) <= LINE_OCTETS and line.isascii():
        return f"{line}\r\n"
    parts: list[str] = []
    room, start, used = LINE_OCTETS, 0, 0
    for place, letter in enumerate(line):
        size = len(letter.encode())
        if used + size > room:
            parts.append(line[start:place])
            start, used, room = place, 0, LINE_OCTETS - 1
        used += size
    parts.append(line[start:])
    return "\r\n ".join(parts) + "\r\n"


def _event(entry: Entry) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{_utc(entry.changed_at)}"
    yield f"LAST-MODIFIED:{_utc(entry.changed_at)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"
    yield f"DTSTART{_moment(entry.starts)}"
    if entry.ends is not None:
        # A day ends where the next begins: the last day itself is included here, and not in the file (3.6.1).
        ends = entry.ends if isinstance(entry.ends, datetime) else entry.ends + timedelta(1)
        yield f"DTEND{_moment(ends)}"
    yield f"SUMMARY:{escaped(entry.title)}"
    if entry.place:
        yield f"LOCATION:{escaped(entry.place)}"
    if entry.text:
        yield f"DESCRIPTION:{escaped(entry.text)}"
    if entry.categories:
        yield f"CATEGORIES:{','.join(escaped(name) for name in entry.categories)}"
    if entry.url:
        yield f"URL:{entry.url}"
    # A day off or a day of wearing pyjamas does not make a parent busy.
    yield f"TRANSP:{'TRANSPARENT' if entry.is_all_day or entry.is_cancelled else 'OPAQUE'}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _moment(moment: date | datetime) -> str:
    if not isinstance(moment, datetime):
        return f";VALUE=DATE:{moment:%Y%m%d}"
    if isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key != "UTC" and _is_plain(moment):
        return f";TZID={moment.tzinfo.key}:{moment:%Y%m%dT%H%M%S}"
    return f":{_utc(moment)}"


def _is_plain(moment: datetime) -> bool:
    """Say whether the clock at the place says enough: false in the hour that is skipped, or comes the second time."""
    again = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return moment.fold == 0 and again.replace(tzinfo=None) == moment.replace(tzinfo=None)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _zones(entries: Sequence[Entry]) -> dict[str, tuple[int, int]]:
    """Return the years that the entries use of each zone."""
    found: dict[str, tuple[int, int]] = {}
    for entry in entries:
        moments = [moment for moment in (entry.starts, entry.ends) if isinstance(moment, datetime)]
        for moment in moments:
            if isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key != "UTC":
                first, last = found.get(moment.tzinfo.key, (moment.year, moment.year))
                found[moment.tzinfo.key] = (min(first, moment.year), max(last, moment.year))
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """The clock of a zone goes from one offset to another; `at` is what the clock shows just before (3.8.2.4)."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool

    @property
    def is_last_of_month(self) -> bool:
        """Say whether it falls on the last such weekday of its month, as everywhere in Europe."""
        return (self.at + timedelta(7)).month != self.at.month


@lru_cache(maxsize=64)
def timezone_lines(key: str, first_year: int, last_year: int) -> tuple[str, ...]:
    """Return the VTIMEZONE of `key`, right for every moment of the years given.

    Where the clock changes on the same last weekday of a month each year it is a rule, which every app knows; else
    each change stands there by itself. A zone without changes (Bonaire, Curaçao) is one line of standard time.
    """
    zone = ZoneInfo(key)
    begins = datetime(first_year - 1, 1, 1, tzinfo=UTC)
    offset, name = _offset(zone, begins), begins.astimezone(zone).tzname() or key
    lines = ["BEGIN:VTIMEZONE", f"TZID:{key}"]
    changes = changes_of(zone, first_year - 1, last_year + 1)
    lines += _observance("STANDARD", datetime(first_year - 1, 1, 1), offset, offset, name)
    for is_summer in (True, False):
        of_kind = [change for change in changes if change.is_summer == is_summer]
        part = "DAYLIGHT" if is_summer else "STANDARD"
        if _is_rule(of_kind, last_year + 2 - first_year + 1):
            one = of_kind[0]
            rule = f"RRULE:FREQ=YEARLY;BYMONTH={one.at.month};BYDAY=-1{WEEKDAYS[one.at.weekday()]}"
            lines += _observance(part, one.at, one.before, one.after, one.name, rule)
        else:
            for one in of_kind:
                lines += _observance(part, one.at, one.before, one.after, one.name)
    lines.append("END:VTIMEZONE")
    return tuple(lines)


def changes_of(zone: ZoneInfo, first_year: int, last_year: int) -> list[Change]:
    """Return each change of the clock of `zone` in the years given, in order."""
    found = []
    moment = datetime(first_year, 1, 1, tzinfo=UTC)
    ends = datetime(last_year + 1, 1, 1, tzinfo=UTC)
    while moment < ends:
        later = moment + timedelta(1)
        if _offset(zone, moment) != _offset(zone, later):
            found.append(_change(zone, moment, later))
        moment = later
    return found


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> Change:
    """Return the change between two moments, found to the minute."""
    old = _offset(zone, before)
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=(after - before) // timedelta(minutes=2))
        before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
    local = after.astimezone(zone)
    return Change(
        at=(after + old).replace(tzinfo=None),
        before=old,
        after=_offset(zone, after),
        name=local.tzname() or "",
        is_summer=bool(local.dst()),
    )


def _is_rule(changes: Sequence[Change], years: int) -> bool:
    if len(changes) != years:
        return False
    shapes = {(c.at.month, c.at.weekday(), c.at.time(), c.before, c.after, c.name, c.is_last_of_month) for c in changes}
    return len(shapes) == 1 and changes[0].is_last_of_month


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def _observance(
    part: str, at: datetime, before: timedelta, after: timedelta, name: str, rule: str = ""
) -> Iterator[str]:
    yield f"BEGIN:{part}"
    yield f"DTSTART:{at:%Y%m%dT%H%M%S}"
    if rule:
        yield rule
    yield f"TZOFFSETFROM:{_hours(before)}"
    yield f"TZOFFSETTO:{_hours(after)}"
    yield f"TZNAME:{escaped(name)}"
    yield f"END:{part}"


def _hours(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}"
