"""Who is asking: the viewer is built from today's roles and guardianships."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from kring.accounts.models import own_children
from kring.people.models import Guardianship, TeamRole
from kring.people.viewers import viewer_for
from kring.school.models import School
from tests import factories as make
from tests.cast import Cast


def test_a_guardian_has_a_span_for_each_child(cast: Cast) -> None:
    viewer = cast.viewer("guardian")
    assert viewer.own_child_ids == {cast.child.pk, cast.sibling.pk}


def test_a_former_guardian_has_no_span_left(cast: Cast) -> None:
    assert not cast.viewer("former_guardian").spans


def test_level_none_gives_no_span(cast: Cast) -> None:
    assert not cast.viewer("none").spans


def test_a_substitute_after_the_end_date_has_no_role(cast: Cast) -> None:
    assert not cast.viewer("ended_substitute").roles


def test_a_teacher_teaches_her_group_only(cast: Cast) -> None:
    viewer = cast.viewer("teacher")
    assert viewer.teaches(cast.five.pk)
    assert not viewer.teaches(cast.six.pk)


@pytest.mark.parametrize(("day", "teaches"), [(date(2027, 7, 31), True), (date(2027, 8, 1), False)])
def test_a_role_in_a_group_ends_with_the_school_year_of_the_group(cast: Cast, day: date, teaches: bool) -> None:
    assert TeamRole.objects.get(person=cast.people["teacher"]).ends_on is None
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert viewer_for(cast.user("teacher"), now=noon).teaches(cast.five.pk) is teaches
    assert viewer_for(cast.user("office"), now=noon).is_manager(cast.school.pk)


@pytest.mark.parametrize(("zone", "sees"), [("Europe/Amsterdam", False), ("America/Kralendijk", True)])
def test_a_guardianship_ends_at_midnight_of_the_school(cast: Cast, zone: str, sees: bool) -> None:
    School.objects.filter(pk=cast.school.pk).update(timezone=zone)
    Guardianship.objects.filter(person=cast.people["other_guardian"]).update(ends_on=date(2026, 11, 24))
    with time_machine.travel("2026-11-25 02:00 +0100", tick=False):  # still the 24th in Kralendijk
        assert bool(cast.viewer("other_guardian").own_child_ids) is sees


def test_just_after_midnight_the_welcome_names_the_teacher_of_the_new_day(cast: Cast) -> None:
    new = make.PersonFactory(school=cast.school, first_name="Juf", last_name="Morgen")
    make.TeamRoleFactory(person=new, kind="teacher", group=cast.six, starts_on=date(2026, 11, 25))
    TeamRole.objects.filter(person=cast.people["other_teacher"]).update(ends_on=date(2026, 11, 24))
    teams = {}
    for at in ("2026-11-24 23:30 +0100", "2026-11-25 00:30 +0100"):
        with time_machine.travel(at, tick=False):
            (own,) = own_children(cast.viewer("other_guardian"))
            teams[at[11:13]] = own.team
    assert teams == {"23": (cast.people["other_teacher"].name,), "00": ("Juf Morgen",)}
