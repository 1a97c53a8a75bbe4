"""Advice and hours: pure rules, without a database."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.posts import rules
from kring.posts.rules import Span
from kring.school.rules import Calendar, FreeDays

ZONE = ZoneInfo("Europe/Amsterdam")
TUESDAY = date(2026, 11, 24)
CALENDAR = Calendar(changes=(FreeDays("Kerstvakantie", date(2026, 12, 21), date(2027, 1, 3)),))


def school_day(day: date) -> bool:
    return CALENDAR.is_school_day(day)


@pytest.mark.parametrize(
    ("published", "day", "too_soon"),
    [
        (TUESDAY, date(2026, 11, 25), True),
        (TUESDAY, date(2026, 11, 26), False),
        (TUESDAY, TUESDAY, True),
        (date(2026, 11, 27), date(2026, 11, 30), False),
    ],
)
def test_the_lead_time_counts_calendar_days_from_the_day_of_publication(
    published: date, day: date, too_soon: bool
) -> None:
    advice = rules.lead_time_hint(
        [Span(day, day)], published_on=published, number=2, unit="calendar", calendar=CALENDAR
    )
    assert (advice is not None) is too_soon


def test_the_lead_time_in_school_days_skips_the_weekend_and_offers_the_first_good_day() -> None:
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    advice = rules.lead_time_hint(
        [Span(monday, monday)], published_on=friday, number=2, unit="school", calendar=CALENDAR
    )
    assert advice is not None
    assert advice.clause == "F3"
    assert advice.severity == "advise"
    assert advice.values["better"] == date(2026, 12, 1)


def test_the_better_day_is_a_school_day() -> None:
    thursday = date(2026, 11, 26)
    advice = rules.lead_time_hint(
        [Span(date(2026, 11, 27), date(2026, 11, 27))],
        published_on=thursday, number=2, unit="calendar", calendar=CALENDAR,
    )  # fmt: skip
    assert advice is not None
    assert advice.values["better"] == date(2026, 11, 30)


def test_with_emphasis_the_advice_asks_nothing_more() -> None:
    advice = rules.lead_time_hint(
        [Span(TUESDAY, TUESDAY)], published_on=TUESDAY, number=2, unit="calendar", calendar=CALENDAR, has_emphasis=True
    )
    assert advice is not None
    assert advice.code == "lead_time_emphasis"


def test_only_what_is_wholly_past_is_refused() -> None:
    yesterday = TUESDAY - timedelta(days=1)
    assert rules.past_hint([Span(yesterday, yesterday)], today=TUESDAY).severity == "refuse"  # type: ignore[union-attr]
    assert rules.past_hint([Span(yesterday, TUESDAY)], today=TUESDAY) is None
    assert rules.past_hint([Span(yesterday, yesterday), Span(TUESDAY, TUESDAY)], today=TUESDAY) is None
    assert rules.past_hint([], today=TUESDAY) is None


def test_a_day_in_a_holiday_or_weekend_is_pointed_out_with_the_next_school_day() -> None:
    holiday = rules.holiday_hint([Span(date(2026, 12, 23), date(2026, 12, 23))], calendar=CALENDAR)
    weekend = rules.holiday_hint([Span(date(2026, 11, 28), date(2026, 11, 28))], calendar=CALENDAR)
    assert holiday is not None
    assert holiday.values["holiday"] == "Kerstvakantie"
    assert holiday.values["better"] == date(2027, 1, 4)
    assert weekend is not None
    assert weekend.code == "weekend"
    assert rules.holiday_hint([Span(TUESDAY, date(2026, 12, 31))], calendar=CALENDAR) is None


@given(st.lists(st.dates(date(2026, 8, 3), date(2026, 12, 31)), max_size=40), st.integers(0, 5), st.booleans())
def test_the_dots_never_take_a_post_away(days: list[date], wanted: int, adds_one: bool) -> None:
    mondays = [date(2026, 8, 3) + timedelta(days=7 * n) for n in range(23)]
    weeks = rules.weeks_of(days, mondays=mondays, wanted=wanted, is_free=lambda _monday: False)
    assert sum(week.count for week in weeks) == len(days)
    for week in weeks:
        dots = rules.Week(week.monday, week.count, wanted, False, adds_one).dots
        assert dots.count("on") == week.count
        assert len(dots) == max(wanted, week.count + adds_one)


def test_a_holiday_week_has_dotted_room_only() -> None:
    assert rules.Week(TUESDAY, 0, 2, is_free=True).dots == ["off", "off"]


def test_two_messages_are_similar_when_they_share_most_words() -> None:
    text = "Morgen gaan we met de hele groep naar het museum"
    assert rules.is_similar("Naar het museum", text, other_title="Naar het museum!", other_text=text)
    assert not rules.is_similar("Naar het museum", text, other_title="Gymtas", other_text="Denk aan de gymtas, graag")


def test_a_series_skips_holiday_weeks_and_moves_a_free_monday() -> None:
    mondays = rules.series_mondays(date(2026, 12, 9), date(2027, 1, 15), calendar=CALENDAR)
    assert mondays == [date(2026, 12, 7), date(2026, 12, 14), date(2027, 1, 4), date(2027, 1, 11)]
    easter = Calendar(changes=(FreeDays("Paasmaandag", date(2027, 3, 29), date(2027, 3, 29)),))
    assert rules.series_day(date(2027, 3, 29), weekday=1, calendar=easter) == date(2027, 3, 30)


def test_pasted_lines_become_titles_with_text() -> None:
    assert rules.series_lines("Om hulp vragen | Zo doe je dat\n\nSamen delen\nLuisteren\tMet je hele lijf") == [
        ("Om hulp vragen", "Zo doe je dat"), ("Samen delen", ""), ("Luisteren", "Met je hele lijf"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "count", "is_free", "wanted"),
    [(25, 0, False, False), (26, 0, False, True), (29, 0, False, True), (26, 1, False, False), (26, 0, True, False)],
)
def test_the_reminder_comes_from_thursday_on_in_a_week_without_a_post(
    day: int, count: int, is_free: bool, wanted: bool
) -> None:
    week = rules.Week(date(2026, 11, 23), count, 2, is_free)
    assert rules.needs_reminder(week, today=date(2026, 11, day)) is wanted
