"""Which days have school: the group's word goes before the school's, the school's before the region's."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kring.school.calendars import calendar_of, holiday_rows
from kring.school.models import Holiday
from kring.school.rules import Calendar, FreeDays, named_stretches, school_year_of
from tests.cast import Cast

FREE = date(2026, 12, 22)


def test_a_region_holiday_is_free_unless_school_or_group_says_otherwise() -> None:
    region = {FREE: "Kerstvakantie"}
    school = FreeDays("Toch les", FREE, FREE, is_school_day=True)
    group = FreeDays("Kamp", FREE, FREE, group_id=7)
    assert not Calendar(region).is_school_day(FREE)
    assert Calendar(region, (school,)).is_school_day(FREE)
    assert not Calendar(region, (school, group)).is_school_day(FREE, group_id=7)
    assert Calendar(region, (school, group)).is_school_day(FREE, group_id=8)


def test_of_two_changes_the_shorter_says_most() -> None:
    week = FreeDays("Studieweek", date(2026, 11, 23), date(2026, 11, 27))
    day = FreeDays("Toch les", date(2026, 11, 25), date(2026, 11, 25), is_school_day=True)
    calendar = Calendar({}, (week, day))
    assert calendar.is_school_day(date(2026, 11, 25))
    assert not calendar.is_school_day(date(2026, 11, 26))
    assert not calendar.is_free_week(date(2026, 11, 23))
    assert Calendar({}, (week,)).is_free_week(date(2026, 11, 23))


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_every_day_lies_in_one_school_year(day: date) -> None:
    first, last = school_year_of(day)
    assert first <= day <= last
    assert (first.month, first.day, last.month, last.day) == (8, 1, 7, 31)


def test_the_edges_of_a_school_year() -> None:
    assert school_year_of(date(2027, 7, 31))[0].year == 2026
    assert school_year_of(date(2027, 8, 1))[0].year == 2027
    assert school_year_of(date(2028, 2, 29))[0].year == 2027


def test_christmas_day_is_not_a_line_of_its_own_in_the_holidays() -> None:
    region = {date(2026, 12, day): "Kerstvakantie" for day in range(19, 32)}
    region[date(2026, 12, 25)] = "Eerste kerstdag; Kerstvakantie"
    stretches = named_stretches(region, date(2026, 8, 1), date(2026, 12, 31))
    assert [(s.name, s.first.day, s.last.day) for s in stretches] == [("Kerstvakantie", 19, 31)]


def test_the_list_marks_a_holiday_on_which_there_is_school_after_all(cast: Cast) -> None:
    Holiday.objects.create(school=cast.school, name="Toch les", starts_on=FREE, ends_on=FREE, is_school_day=True)
    first, last = school_year_of(FREE)
    rows = {row.name: row for row in holiday_rows(cast.school, first=first, last=last)}
    assert rows["Kerstvakantie"].is_changed
    assert not rows["Herfstvakantie"].is_changed
    assert calendar_of(cast.school, first=FREE, last=FREE).is_school_day(FREE)
