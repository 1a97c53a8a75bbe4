"""Days off for one group: this year's and next year's groups, within the year of the group; and both DST nights."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from kring.core.access import Refused
from kring.school.actions import add_holiday, make_group, make_school_year
from kring.school.models import Group, Holiday, School
from kring.school.rules import Calendar
from tests.cast import Cast


@pytest.fixture
def next_five(cast: Cast) -> Group:
    by = cast.viewer("office")
    year = make_school_year(by=by, school=cast.school, day=date(2027, 8, 1))
    return make_group(by=by, school_year=year, name="Groep 5", year_levels=[5])


@pytest.mark.django_db
def test_days_off_of_a_group_of_next_year_are_planned_now(cast: Cast, next_five: Group) -> None:
    client, where = cast.client("office"), reverse("school:add_holiday", args=[cast.school.public_id])
    assert "Groep 5 · 2027-2028" in client.get(where).content.decode()
    data = {"name": "Kamp", "starts_on": "2027-09-20", "is_school_day": "no", "group": next_five.public_id}
    client.post(where, data)
    assert Holiday.objects.get(group=next_five).starts_on == date(2027, 9, 20)


@pytest.mark.django_db
def test_days_off_of_a_group_lie_in_its_own_school_year(cast: Cast, next_five: Group) -> None:
    day = date(2027, 9, 20)
    days = {"by": cast.viewer("office"), "school": cast.school, "name": "Kamp", "starts_on": day, "ends_on": day}
    with pytest.raises(Refused):
        add_holiday(**days, group=cast.five)
    assert add_holiday(**days, group=next_five).group == next_five


# The clock goes back on 25 October 2026 and forward on 28 March 2027, both at 01:00 UTC.
@pytest.mark.parametrize(("sunday", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23)])
def test_a_day_on_which_the_clock_changes_begins_and_ends_at_midnight_at_the_school(sunday: date, hours: int) -> None:
    school = School()
    first, last = school.moment(sunday), school.moment(sunday + timedelta(1))
    assert last.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=hours)
    quarters = [first.astimezone(UTC) + timedelta(minutes=15 * n) for n in range(hours * 4)]
    assert {school.today(moment) for moment in quarters} == {sunday}
    assert school.today(last) == sunday + timedelta(1)
    assert school.today(first.astimezone(UTC) - timedelta(minutes=1)) == sunday - timedelta(1)


@pytest.mark.parametrize("sunday", [date(2026, 10, 25), date(2027, 3, 28)])
def test_school_days_are_counted_the_same_over_a_night_on_which_the_clock_changes(sunday: date) -> None:
    calendar, friday, monday = Calendar({}), sunday - timedelta(2), sunday + timedelta(1)
    assert calendar.next_school_day(friday) == monday
    assert calendar.school_days_between(friday, sunday + timedelta(2)) == 2


def test_a_school_across_the_ocean_has_its_own_day() -> None:
    moment = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    assert School(timezone="America/Kralendijk").today(moment) == date(2026, 11, 23)
    assert School().today(moment) == date(2026, 11, 24)
    assert School().moment(date(2026, 11, 24), time(3)).hour == 3
