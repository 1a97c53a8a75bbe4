"""Warnings and series, on plain values."""

from __future__ import annotations

from datetime import date, time

import pytest

from kring.agenda.rules import Category, Clash, Other, Span, Warned, days_of_series, span_fault, warnings_for

TUESDAY, THURSDAY, NEXT = date(2026, 12, 8), date(2026, 12, 10), date(2026, 12, 15)
EVENING = Span(TUESDAY, TUESDAY, time(19, 30), time(21))


def warned(span: Span, *others: Other, category: str = "activity", free: dict[date, str] | None = None) -> list[Warned]:
    return warnings_for(span, category=category, others=others, holiday_on=lambda day: (free or {}).get(day, ""))


def test_a_quiet_day_has_nothing_to_know() -> None:
    assert warned(Span(TUESDAY, TUESDAY)) == []


@pytest.mark.parametrize(
    ("span", "category", "found"),
    [
        (Span(THURSDAY, THURSDAY), "activity", [Warned(Clash.FREE_DAY, THURSDAY, "Kerstvakantie")]),
        (Span(TUESDAY, THURSDAY), "activity", [Warned(Clash.FREE_DAY, THURSDAY, "Kerstvakantie")]),
        (Span(THURSDAY, THURSDAY), "holiday", []),
        (Span(THURSDAY, THURSDAY), "study_day", []),
        (Span(date(2026, 12, 12), date(2026, 12, 12)), "activity", [Warned(Clash.WEEKEND, date(2026, 12, 12))]),
        (Span(date(2026, 12, 11), date(2026, 12, 13)), "outing", []),
    ],
)
def test_free_days(span: Span, category: str, found: list[Warned]) -> None:
    assert warned(span, category=category, free={THURSDAY: "Kerstvakantie"}) == found


@pytest.mark.parametrize(
    ("other", "is_warned"),
    [
        (Other("Ouderavond", "parents_evening", Span(THURSDAY, THURSDAY, time(20))), True),
        (Other("Ouderavond", "parents_evening", Span(NEXT, NEXT, time(20))), False),
        (Other("Toneel", "activity", Span(THURSDAY, THURSDAY, time(13), time(14))), False),
        (Other("Kerstdiner", "celebration", Span(THURSDAY, THURSDAY, time(16, 30), time(18))), True),
        (Other("Ouderavond", "parents_evening", Span(THURSDAY, THURSDAY, time(20)), shares_families=False), False),
        (Other("Kamp", "outing", Span(TUESDAY, THURSDAY)), False),
    ],
)
def test_two_evenings_in_one_week(other: Other, *, is_warned: bool) -> None:
    assert [w.clash for w in warned(EVENING, other)] == ([Clash.SECOND_EVENING] if is_warned else [])


def test_the_weeks_of_conversations() -> None:
    weeks = Other("Rapportgesprekken", Category.CONVERSATIONS, Span(TUESDAY, date(2026, 12, 18)))
    assert [w.clash for w in warned(EVENING, weeks)] == [Clash.CONVERSATION_WEEKS]
    assert warned(EVENING, weeks, category=Category.CONVERSATIONS) == []
    assert warned(Span(TUESDAY, TUESDAY, time(9)), weeks) == [], "a morning does not get in the way"


@pytest.mark.parametrize(
    ("first", "repeat", "until", "days"),
    [
        (date(2026, 12, 1), "weekly", date(2026, 12, 15), [1, 8, 15]),
        (date(2026, 12, 1), "fortnightly", date(2026, 12, 31), [1, 15, 29]),
        (date(2026, 12, 1), "weekly", date(2026, 12, 1), [1]),
    ],
)
def test_a_series(first: date, repeat: str, until: date, days: list[int]) -> None:
    assert [day.day for day in days_of_series(first, repeat=repeat, until=until)] == days


def test_a_month_keeps_its_weekday_and_a_fifth_one_falls_on_the_last() -> None:
    found = days_of_series(date(2026, 12, 31), repeat="monthly", until=date(2027, 4, 30))
    assert found == [date(2026, 12, 31), date(2027, 1, 28), date(2027, 2, 25), date(2027, 3, 25), date(2027, 4, 29)]
    assert {day.isoweekday() for day in found} == {4}


def test_a_series_leaves_free_days_out_and_ends_somewhere() -> None:
    found = days_of_series(TUESDAY, repeat="weekly", until=date(2126, 1, 1), is_free=lambda day: day == NEXT)
    assert NEXT not in found
    assert len(found) == 60


@pytest.mark.parametrize(
    ("span", "fault"),
    [
        (Span(TUESDAY, TUESDAY), ""),
        (Span(THURSDAY, TUESDAY), "order"),
        (Span(TUESDAY, TUESDAY, time(9), time(8)), "hours"),
        (Span(TUESDAY, THURSDAY, time(9), time(8)), ""),
        (Span(TUESDAY, TUESDAY, None, time(8)), "end_without_start"),
        (Span(TUESDAY, date(2027, 12, 8)), "too_long"),
        (Span(date(2028, 12, 8), date(2028, 12, 8)), "outside_year"),
    ],
)
def test_faults(span: Span, fault: str) -> None:
    assert span_fault(span, year=(date(2026, 8, 1), date(2027, 7, 31))) == fault
