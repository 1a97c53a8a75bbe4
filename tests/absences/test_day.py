"""The list of a day: what it costs, what it counts, and that print and phone have the same rows."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kring.absences.day import day_of, groups_on_list
from kring.absences.models import Absence
from kring.absences.rules import Reason
from tests import factories as make
from tests.absences.reporting import TOMORROW, leave, logged, visiting
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db
MOST_QUERIES = {"office": 17, "teacher": 15}


def address(cast: Cast) -> str:
    return f"/school/{cast.school.public_id}/day/"


def queries(cast: Cast, role: str) -> int:
    client = cast.client(role)
    client.get(address(cast))
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address(cast)).status_code == 200
    return len(seen)


@pytest.mark.both_databases
@pytest.mark.parametrize("role", ["office", "teacher"])
def test_the_list_does_not_grow_with_who_is_away(cast: Cast, role: str) -> None:
    logged(cast)
    few = queries(cast, role)
    assert few <= MOST_QUERIES[role]
    for n in range(12):
        child = make.ChildFactory(school=cast.school, first_name=f"Kind{n}")
        make.EnrolmentFactory(child=child, group=cast.five)
        parent = make.PersonFactory(school=cast.school, phone="085-0000 300")
        make.GuardianshipFactory(child=child, person=parent)
        logged(cast, child, reason=list(Reason)[n % 4])
    assert queries(cast, role) == few


def test_the_circle_counts_who_is_there_now(cast: Cast) -> None:
    viewer = cast.viewer("office")
    five = [group for group in groups_on_list(viewer, cast.school, TODAY) if group == cast.five]
    visiting(cast, starts=time(10, 30), ends=time(11, 30), day=TODAY)
    logged(cast, cast.shielded, reason=Reason.LATE, back_at=time(11, 0))

    def here(hour: int, minute: int) -> tuple[int, int]:
        now = cast.school.moment(TODAY, time(hour, minute))
        with time_machine.travel(now, tick=False):
            day = day_of(cast.viewer("office"), cast.school, TODAY, five, now=now)
        return day.groups[0].here, day.groups[0].all

    assert here(10, 15) == (2, 3)
    assert here(10, 45) == (1, 3), "one at the dentist, one not there yet"
    assert here(11, 15) == (2, 3)
    assert here(11, 30) == (3, 3)


def test_what_comes_later_today_stands_in_order(cast: Cast) -> None:
    visiting(cast, starts=time(13), ends=time(14), day=TODAY)
    logged(cast, cast.shielded, reason=Reason.LATE, back_at=time(11, 0))
    page = cast.client("teacher").get(address(cast))
    assert [one.words for one in page.context["list"].soon] == ["komt binnen", "gaat weg", "komt terug"]


def test_a_visit_of_the_evening_before_a_holiday_is_not_on_the_day_after(cast: Cast) -> None:
    visiting(cast)
    assert "Van Joep" in cast.client("teacher").get(address(cast), {"day": str(TOMORROW)}).content.decode()
    after = str(TOMORROW + timedelta(days=1))
    assert "Van Joep" not in cast.client("teacher").get(address(cast), {"day": after}).content.decode()


@pytest.mark.parametrize("asked", ["gisteren", "2099-01-01", "2026-02-30", ""])
def test_a_day_that_does_not_exist_or_is_far_away_is_today(cast: Cast, asked: str) -> None:
    logged(cast)
    assert "Van Joep" in cast.client("teacher").get(address(cast), {"day": asked}).content.decode()


def test_a_group_of_another_school_in_the_filter_shows_the_own_list(cast: Cast) -> None:
    logged(cast)
    page = cast.client("office").get(address(cast), {"group": cast.second_group.public_id}).content.decode()
    assert "Van Joep" in page
    only = cast.client("office").get(address(cast), {"group": cast.six.public_id}).content.decode()
    assert "Van Joep" not in only


def test_the_empty_day_says_so_and_a_day_without_school_too(cast: Cast) -> None:
    assert "niemand afgemeld" in cast.client("teacher").get(address(cast)).content.decode()
    assert "geen school" in cast.client("teacher").get(address(cast), {"day": "2026-12-25"}).content.decode()


def test_a_correction_changes_the_row_and_refuses_what_cannot_be(cast: Cast) -> None:
    row = logged(cast)
    change = f"{address(cast)}{row.public_id}/"
    client = cast.client("office")
    assert client.post(change, {"reason": "late", "until": str(TODAY - timedelta(days=1))}).status_code == 200
    assert Absence.objects.get().reason == "ill"
    assert (
        client.post(change, {"reason": "ill", "until": str(TODAY + timedelta(days=2)), "note": "Griep"}).status_code
        == 302
    )
    row.refresh_from_db()
    assert (row.ends_on, row.note) == (TODAY + timedelta(days=2), "Griep")
    tomorrow = cast.client("teacher").get(address(cast), {"day": str(TOMORROW)}).content.decode()
    assert "Tot en met" in tomorrow


def test_leave_stands_on_each_of_its_days(cast: Cast) -> None:
    from kring.absences.actions import decide_leave

    row = leave(cast, days=2)
    decide_leave(by=cast.viewer("management"), request=row, grant=True)
    for day, there in ((row.first_day, True), (row.last_day, True), (row.last_day + timedelta(days=1), False)):
        page = cast.client("duo").get(address(cast), {"day": str(day)}).content.decode()
        assert ("Van Joep" in page) == there
