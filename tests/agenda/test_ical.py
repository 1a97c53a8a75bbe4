"""What is written is read back by the `icalendar` package, and stands as RFC 5545 wants it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.agenda.ical import Entry, calendar, changes_of, escaped, folded, timezone_lines

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
BONAIRE = ZoneInfo("America/Kralendijk")
CHANGED = datetime(2026, 11, 2, 14, 30, tzinfo=UTC)


def entry(starts: date | datetime, ends: date | datetime | None = None, **more: object) -> Entry:
    values = {"uid": "a1@kring", "title": "Ouderavond", "changed_at": CHANGED, **more}
    return Entry(starts=starts, ends=ends, **values)  # type: ignore[arg-type]


def written(*entries: Entry) -> bytes:
    return calendar(entries, name="De Linde", zone="Europe/Amsterdam")


def read(*entries: Entry) -> list[icalendar.Event]:
    found = icalendar.Calendar.from_ical(written(*entries))
    assert not found.errors
    return found.events


def test_a_timed_event_is_read_back() -> None:
    starts = datetime(2026, 11, 24, 19, 30, tzinfo=AMSTERDAM)
    more = {"place": "Aula; 1e", "text": "Neem mee:\n- pen, papier", "sequence": 3}
    (event,) = read(entry(starts, starts + timedelta(hours=2), **more))
    assert event.start == starts
    assert event.end == starts + timedelta(hours=2)
    assert (event["SUMMARY"], event["LOCATION"], event["SEQUENCE"]) == ("Ouderavond", "Aula; 1e", 3)
    assert event["DESCRIPTION"] == "Neem mee:\n- pen, papier"
    assert event["STATUS"] == "CONFIRMED"
    assert event["DTSTAMP"].dt == CHANGED
    assert event["TRANSP"] == "OPAQUE"


def test_all_day_ends_the_day_after_and_makes_nobody_busy() -> None:
    (event,) = read(entry(date(2026, 10, 17), date(2026, 10, 25)))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 10, 17), date(2026, 10, 26))
    assert b"DTSTART;VALUE=DATE:20261017\r\n" in written(entry(date(2026, 10, 17), date(2026, 10, 25)))
    assert event["TRANSP"] == "TRANSPARENT"


def test_a_cancelled_event_stays_and_says_so() -> None:
    (event,) = read(entry(date(2026, 10, 17), date(2026, 10, 17), is_cancelled=True, sequence=1))
    assert event["STATUS"] == "CANCELLED"


def test_the_same_entries_give_the_same_bytes() -> None:
    made = [entry(datetime(2026, 11, 24, 19, 30, tzinfo=AMSTERDAM)), entry(date(2026, 11, 25), date(2026, 11, 25))]
    assert written(*made) == written(*made)


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        # The clock goes from 02:00 to 03:00 on 29 March 2026, and from 03:00 to 02:00 on 25 October 2026.
        (datetime(2026, 3, 29, 1, 59), datetime(2026, 3, 29, 0, 59)),
        (datetime(2026, 3, 29, 3, 0), datetime(2026, 3, 29, 1, 0)),
        (datetime(2026, 3, 29, 3, 30), datetime(2026, 3, 29, 1, 30)),
        (datetime(2026, 10, 25, 1, 59), datetime(2026, 10, 24, 23, 59)),
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30)),
        (datetime(2026, 10, 25, 2, 30, fold=1), datetime(2026, 10, 25, 1, 30)),
        (datetime(2026, 10, 25, 3, 0), datetime(2026, 10, 25, 2, 0)),
    ],
)
def test_the_nights_on_which_the_clock_changes(wall: datetime, utc: datetime) -> None:
    (event,) = read(entry(wall.replace(tzinfo=AMSTERDAM)))
    assert event.start.astimezone(UTC) == utc.replace(tzinfo=UTC)


@pytest.mark.parametrize("key", ["Europe/Amsterdam", "America/Kralendijk", "America/Curacao", "America/New_York"])
def test_the_zone_in_the_file_gives_the_offset_of_the_zone_itself(key: str) -> None:
    # The reader may not know the name and then has only what stands in the file: so read it under another name.
    zone = ZoneInfo(key)
    lines = "\r\n".join(timezone_lines(key, 2026, 2027)).replace(f"TZID:{key}", "TZID:Somewhere")
    given = icalendar.Timezone.from_ical(lines).to_tz(lookup_tzid=False)
    moment = datetime(2026, 1, 1)
    while moment.year < 2028:
        known = moment.replace(tzinfo=zone)
        if known.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment:
            assert moment.replace(tzinfo=given).utcoffset() == known.utcoffset(), moment
        moment += timedelta(hours=1)


def test_a_zone_of_the_caribbean_needs_no_summer() -> None:
    assert changes_of(BONAIRE, 2026, 2027) == []
    (event,) = read(entry(datetime(2026, 11, 24, 19, 30, tzinfo=BONAIRE)))
    assert event.start.astimezone(UTC) == datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


def test_lines_have_at_most_75_octets_and_no_character_is_cut() -> None:
    text = "Meenemen: ünïcödé 🎒 " * 40
    for line in written(entry(date(2026, 10, 6), text=text)).split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert read(entry(date(2026, 10, 6), text=text))[0]["DESCRIPTION"] == text


@settings(max_examples=200)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_comes_back_and_cannot_leave_its_line(text: str) -> None:
    (event,) = read(entry(date(2026, 10, 6), text=f"x{text}"))
    kept = f"x{text}".replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(letter for letter in kept if (letter >= " " or letter in "\n\t") and letter != "\x7f")
    assert event["DESCRIPTION"] == kept


def test_a_title_cannot_add_a_line_of_its_own() -> None:
    raw = written(entry(date(2026, 10, 6), title="Uitje\r\nATTENDEE:mailto:x@example.org"))
    assert b"\r\nATTENDEE" not in raw
    assert escaped("a;b,c\\d\ne") == "a\\;b\\,c\\\\d\\ne"
    assert folded("x" * 80) == f"{'x' * 75}\r\n {'x' * 5}\r\n"
