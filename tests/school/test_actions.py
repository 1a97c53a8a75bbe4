"""Changing the school: what each verb does and refuses."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.urls import reverse
from django.utils import timezone

from kring.core.access import NotAllowed, Refused
from kring.core.viewer import Operator
from kring.school import actions
from kring.school.models import Group, LessonHours, SchoolYear
from tests.cast import Cast


def test_a_command_founds_a_board_and_nobody_else_does(cast: Cast) -> None:
    operator = Operator(now=timezone.now())
    board = actions.make_board(by=operator, name="Stichting Nieuw")
    school = actions.open_school(by=operator, board=board, name="De Eik")
    assert school.years.get().starts_on == date(2026, 8, 1)
    for role in ("management", "board_admin", "signed out"):
        with pytest.raises(NotAllowed):
            actions.make_board(by=cast.viewer(role), name="Van mij")


@pytest.mark.both_databases
def test_a_school_year_is_made_once(cast: Cast) -> None:
    office = cast.viewer("office")
    with pytest.raises(Refused):
        actions.make_school_year(by=office, school=cast.school, day=date(2026, 11, 24))
    actions.make_school_year(by=office, school=cast.school, day=date(2027, 8, 1))
    assert SchoolYear.objects.filter(school=cast.school).count() == 2


@pytest.mark.both_databases
def test_a_group_name_is_used_once_a_year(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.make_group(by=cast.viewer("office"), school_year=cast.year, name="Groep 5", year_levels=[5])
    assert Group.objects.filter(school_year=cast.year, name="Groep 5").count() == 1


def test_lesson_hours_for_the_whole_year_reach_every_group(cast: Cast) -> None:
    hours = {1: (time(8, 30), time(14, 0))}
    done = actions.set_lesson_hours(by=cast.viewer("office"), group=cast.five, hours=hours, for_whole_year=True)
    assert done == LessonHours.objects.filter(group__school_year=cast.year).count() == 3


def test_the_office_cannot_take_the_second_step_away_but_management_can(cast: Cast) -> None:
    school = cast.school
    data = {
        "school": school,
        "name": school.name,
        "region": "zuid",
        "timezone": "Europe/Amsterdam",
        "needs_second_factor": not school.needs_second_factor,
    }
    with pytest.raises(NotAllowed):
        actions.change_school(by=cast.viewer("office"), **data)
    school.refresh_from_db()
    actions.change_school(by=cast.viewer("management"), **data | {"needs_second_factor": True})
    school.refresh_from_db()
    assert school.needs_second_factor


def test_a_time_zone_that_does_not_exist_is_said_beside_its_field(cast: Cast) -> None:
    where = reverse("school:settings", args=[cast.school.public_id])
    data = {"name": "De Beuk", "region": "zuid", "timezone": "Mars/Olympus"}
    response = cast.client("office").post(where, data)
    assert response.context["form"].errors["timezone"]
    assert "Mars/Olympus" in response.content.decode()


def test_half_a_lesson_day_is_refused_and_kept(cast: Cast) -> None:
    where = reverse("school:lesson_hours", args=[cast.school.public_id, cast.five.public_id])
    response = cast.client("office").post(where, {"starts_1": "08:30", "ends_1": ""})
    assert response.context["form"].errors["ends_1"]
    assert 'value="08:30"' in response.content.decode()
    assert not LessonHours.objects.exists()


def test_holidays_out_of_order_are_refused(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.add_holiday(
            by=cast.viewer("office"),
            school=cast.school,
            name="Fout",
            starts_on=date(2027, 1, 5),
            ends_on=date(2027, 1, 4),
        )
