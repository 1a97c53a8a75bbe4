"""Who is asking: the viewer is built from today's roles and guardianships."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from kring.people.models import TeamRole
from kring.people.viewers import viewer_for
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
