"""Last year's events on next year's days: a table of real years, and what holds for every event."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.agenda.rules.copying import New, Old, Why, Year, copied, easter, same_date, week_in
from kring.school.calendars import region_holidays
from kring.school.rules import Calendar, FreeDays


def year(first_year: int, *changes: FreeDays, region: str = "midden") -> Year:
    days = region_holidays(region, first_year, first_year + 1)
    return Year(date(first_year, 8, 1), date(first_year + 1, 7, 31), Calendar(days, changes))


OLD, NEW = year(2026), year(2027)


def one(title: str, first: date, last: date | None = None, *, old: Year = OLD, new: Year = NEW) -> New:
    return copied([Old(title, first, last or first)], old=old, new=new)[0]


@pytest.mark.parametrize(
    ("title", "was", "becomes", "why"),
    [
        # School begins on Monday 31 August 2026 and on Monday 30 August 2027.
        ("Eerste schooldag", date(2026, 8, 31), date(2027, 8, 30), Why.SAME_WEEK),
        ("Ouderavond", date(2026, 9, 15), date(2027, 9, 14), Why.SAME_WEEK),
        # The autumn holidays are both in week 43, so that week counts in neither year.
        ("Rapportgesprekken", date(2026, 11, 10), date(2027, 11, 9), Why.SAME_WEEK),
        # 5 December 2027 is a Sunday: celebrated on the Friday before it.
        ("Sinterklaasfeest", date(2026, 12, 4), date(2027, 12, 3), Why.FREE),
        ("Sinterklaas op school", date(2025, 12, 5), date(2027, 12, 3), Why.FREE),
        # The Thursday evening of the last week before the Christmas holidays.
        ("Kerstviering", date(2026, 12, 17), date(2027, 12, 23), Why.CHRISTMAS),
        ("Eerste Kerstdag", date(2026, 12, 25), date(2027, 12, 25), Why.SAME_DATE),
        ("Paasontbijt", date(2027, 3, 25), date(2028, 4, 13), Why.EASTER),
        ("Koningsspelen", date(2027, 4, 23), date(2028, 4, 21), Why.FREE),
    ],
)
def test_an_event_gets_the_day_that_people_would_give_it(title: str, was: date, becomes: date, why: Why) -> None:
    old = year(was.year if was.month >= 8 else was.year - 1)
    found = one(title, was, old=old)
    assert (found.first, found.why) == (becomes, why)


def test_easter_is_known() -> None:
    assert [easter(number) for number in (2024, 2025, 2026, 2027, 2028)] == [
        date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2028, 4, 16),
    ]  # fmt: skip


def test_the_days_of_a_camp_stay_together_and_a_free_day_among_them_is_told() -> None:
    free = FreeDays("Studiedag", date(2027, 9, 30), date(2027, 9, 30))
    found = one("Kamp groep 8", date(2026, 9, 30), date(2026, 10, 2), new=year(2027, free))
    assert (found.first, found.last, found.short) == (date(2027, 9, 29), date(2027, 10, 1), 1)


def test_a_day_that_is_free_next_year_moves_within_its_week() -> None:
    free = FreeDays("Studiedag", date(2027, 9, 14), date(2027, 9, 14))
    found = one("Ouderavond", date(2026, 9, 15), new=year(2027, free))
    assert (found.first, found.why) == (date(2027, 9, 15), Why.FREE)


def test_a_saturday_stays_a_saturday() -> None:
    found = one("Open dag", date(2026, 9, 19))
    assert found.first is not None
    assert found.first.weekday() == 5


def test_29_february_becomes_the_28th() -> None:
    assert same_date(date(2028, 2, 29), year(2028)) == date(2029, 2, 28)
    assert same_date(date(2028, 2, 28), year(2028)) == date(2029, 2, 28)


def test_a_week_that_the_new_year_lacks_is_left_to_people() -> None:
    stops = FreeDays("Dicht", date(2028, 5, 1), date(2028, 7, 31))
    assert one("Musical", date(2027, 7, 8), new=year(2027, stops)) == New(None, None, Why.OUTSIDE)


def test_a_year_without_any_school_gives_every_event_back() -> None:
    closed = year(2027, FreeDays("Dicht", date(2027, 8, 1), date(2028, 7, 31)))
    assert one("Ouderavond", date(2026, 9, 15), new=closed).first is None


days = st.integers(0, 364).map(lambda n: date(2026, 8, 1) + timedelta(n))
regions = st.sampled_from(["noord", "midden", "zuid"])


@given(day=days, length=st.integers(0, 6), region=regions, title=st.sampled_from(["Uitje", "Kerst", "Paas", "Sint"]))
def test_school_days_become_school_days_of_the_new_year(day: date, length: int, region: str, title: str) -> None:
    old, new = year(2026, region=region), year(2027, region=region)
    found = one(title, day, day + timedelta(length), old=old, new=new)
    if found.first is None or found.last is None:
        assert found.why == Why.OUTSIDE
        return
    assert new.holds(found.first)
    assert new.holds(found.last)
    assert found.first <= found.last
    if old.has_school(day):
        assert new.has_school(found.first)


def test_the_order_of_ordinary_weeks_is_kept() -> None:
    for region in ("noord", "midden", "zuid"):
        old, new = year(2026, region=region), year(2027, region=region)
        weeks = old.school_mondays()
        found = [new.first for new in copied([Old("Les", day, day) for day in weeks], old=old, new=new)]
        placed = [day - timedelta(day.weekday()) for day in found if day is not None]
        assert placed == sorted(placed)
        assert len(placed) == len(weeks)


@pytest.mark.parametrize("region", ["noord", "midden", "zuid"])
def test_the_last_days_before_a_holiday_stay_that(region: str) -> None:
    old, new = year(2026, region=region), year(2027, region=region)
    last = copied([Old("Uit om 12.00 uur", date(2026, 12, 18), date(2026, 12, 18))], old=old, new=new)[0]
    assert last.first == date(2027, 12, 24)
    first = next(day for n in range(20) if old.has_school(day := date(2027, 1, 1) + timedelta(n)))
    after = copied([Old("Welkom terug", first, first)], old=old, new=new)[0]
    expected = next(day for n in range(20) if new.has_school(day := date(2028, 1, 1) + timedelta(n)))
    assert after.first == expected


@pytest.mark.parametrize(
    ("old", "new", "weeks"),
    [
        (8, 5, [0, 1, 2, 2, 2, 2, 3, 4]),
        (5, 8, [0, 1, 2, 6, 7]),
        (6, 6, [0, 1, 2, 3, 4, 5]),
        (1, 4, [0]),
        (4, 1, [0, 0, 0, 0]),
        (7, 6, [0, 1, 2, 3, 3, 4, 5]),
    ],
)
def test_weeks_of_a_longer_or_shorter_period(old: int, new: int, weeks: list[int]) -> None:
    assert [week_in(place, old, new) for place in range(old)] == weeks


def test_a_year_with_other_holidays_is_counted_through() -> None:
    free = FreeDays("Extra week", date(2027, 11, 8), date(2027, 11, 12))
    assert one("Ouderavond", date(2026, 9, 15), new=year(2027, free)).first == date(2027, 9, 14)
