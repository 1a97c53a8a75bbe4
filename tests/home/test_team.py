"""The day of the team: who is away, the week's dots (G1), what goes out by itself, drafts, and the way to write."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from kring.home.day import Outgoing, Rows
from kring.people.models import StaffAbsence
from kring.posts.models import Post
from kring.school.models import Holiday
from tests.agreements.making import publish
from tests.cast import NOW, TODAY, Cast
from tests.home.telling import pile, tell
from tests.posts.writing import draft, ordered

pytestmark = pytest.mark.django_db
MONDAY = TODAY - timedelta(1)


def page_of(cast: Cast, role: str) -> str:
    return cast.client(role).get(f"/school/{cast.school.public_id}/team/").content.decode()


def rows_of(cast: Cast, role: str) -> Rows:
    rows = cast.client(role).get(f"/school/{cast.school.public_id}/team/").context["weeks"]
    assert isinstance(rows, Rows)
    return rows


def outgoing_of(cast: Cast, role: str) -> Outgoing:
    outgoing = cast.client(role).get(f"/school/{cast.school.public_id}/team/").context["outgoing"]
    assert isinstance(outgoing, Outgoing)
    return outgoing


def test_one_of_two_is_said_and_drawn(cast: Cast) -> None:
    pile(cast, [NOW - timedelta(hours=1)])
    assert "Groep 5 deze week: 1 van 2" in page_of(cast, "teacher")
    ((_group, weeks),) = rows_of(cast, "teacher").groups
    assert [week.count for week in weeks] == [0, 0, 1]
    assert weeks[-1].dots == ["on", "open"]


def test_a_third_is_fine_and_no_functional_message_counts(cast: Cast) -> None:
    pile(cast, [NOW - timedelta(hours=n) for n in (1, 2, 3)])
    tell(cast, "Mededeling", kind="announcement")
    ((_group, weeks),) = rows_of(cast, "teacher").groups
    assert weeks[-1].dots == ["on", "on", "on"]
    assert "Groep 5 deze week: 3, ook goed" in page_of(cast, "teacher")


def test_a_post_of_sunday_evening_counts_for_the_week_that_ends(cast: Cast) -> None:
    midnight = datetime.combine(MONDAY, time(), tzinfo=ZoneInfo("Europe/Amsterdam"))
    pile(cast, [midnight - timedelta(minutes=1), midnight])
    ((_group, weeks),) = rows_of(cast, "teacher").groups
    assert [week.count for week in weeks] == [0, 1, 1]


def test_a_holiday_week_expects_nothing(cast: Cast) -> None:
    assert "deze week vrij" not in page_of(cast, "teacher")
    Holiday.objects.create(school=cast.school, name="Feestweek", starts_on=MONDAY, ends_on=MONDAY + timedelta(4))
    ((_group, weeks),) = rows_of(cast, "teacher").groups
    assert weeks[-1].is_free
    assert weeks[-1].dots == ["off", "off"]
    assert "Groep 5 heeft deze week vrij" in page_of(cast, "teacher")


def test_the_number_of_dots_is_that_of_the_agreement_and_none_hides_them(cast: Cast) -> None:
    publish(cast, {"weekly_guideline.number": 3})
    ((_group, weeks),) = rows_of(cast, "teacher").groups
    assert weeks[-1].dots == ["open"] * 3
    publish(cast, {"weekly_guideline.mode": "none"})
    assert cast.client("teacher").get(f"/school/{cast.school.public_id}/team/").context["weeks"] is None
    assert "Groepsberichten" not in page_of(cast, "teacher")


@pytest.mark.parametrize(("hint", "days", "is_told"), [(True, 2, True), (True, 0, False), (False, 2, False)])
def test_the_friendly_reminder_comes_on_thursday_where_it_was_agreed(
    cast: Cast, hint: bool, days: int, is_told: bool
) -> None:
    publish(cast, {"weekly_guideline.thursday_hint": hint})
    with time_machine.travel(NOW + timedelta(days=days)):
        assert ("blij voor het weekend" in page_of(cast, "teacher")) is is_told


def test_a_teacher_sees_her_groups_and_management_all_of_them(cast: Cast) -> None:
    def names(role: str) -> list[str]:
        return [group.name for group, _weeks in rows_of(cast, role).groups]

    assert names("teacher") == names("duo") == ["Groep 5"]
    assert names("other_teacher") == ["Groep 6"]
    assert names("management") == names("office") == ["Groep 1/2A", "Groep 5", "Groep 6"]


def test_who_is_away_stands_on_the_board_with_who_takes_over(cast: Cast) -> None:
    assert "iedereen is er" in page_of(cast, "management")
    StaffAbsence.objects.create(
        school=cast.school,
        person=cast.people["teacher"],
        substitute=cast.people["duo"],
        starts_on=TODAY,
        ends_on=TODAY,
    )
    page = page_of(cast, "management")
    assert "Teacher Cast is afwezig" in page
    assert "Duo Cast vervangt" in page
    with time_machine.travel(NOW + timedelta(days=1), tick=True):
        assert "Teacher Cast is afwezig" not in page_of(cast, "management")


def test_what_goes_out_next_comes_first_and_what_is_stuck_stands_apart(cast: Cast) -> None:
    for days, title in ((1, "Morgen"), (3, "Later"), (1, "Ook morgen")):
        ordered(cast, title=title, at=NOW + timedelta(days=days))
    stuck = ordered(cast, title="Vast", at=NOW + timedelta(days=2))
    Post.objects.filter(pk=stuck.pk).update(held_since=NOW)
    outgoing = outgoing_of(cast, "teacher")
    assert outgoing.first_day == TODAY + timedelta(1)
    assert [one.post.title for one in outgoing.first] == ["Morgen", "Ook morgen"]
    assert [one.post.title for one in outgoing.later] == ["Later"]
    assert [one.post.title for one in outgoing.held] == ["Vast"]


def test_what_stands_ready_is_seen_by_the_groups_team_and_the_management(cast: Cast) -> None:
    ordered(cast, title="Klaar", at=NOW + timedelta(days=1))
    roles = ["teacher", "duo", "other_teacher", "office", "management", "care_coordinator"]
    assert [role for role in roles if outgoing_of(cast, role).first] == ["teacher", "duo", "office", "management"]


def test_drafts_are_seen_by_their_author_alone(cast: Cast) -> None:
    draft(cast, title="Halve zin")
    assert "Halve zin" in page_of(cast, "teacher")
    assert "Halve zin" not in page_of(cast, "duo")
    assert "Halve zin" not in page_of(cast, "management")


def test_new_message_is_offered_to_who_may_write(cast: Cast) -> None:
    button = reverse("posts:new", args=[cast.school.public_id])
    offered = {
        role for role in ("teacher", "management", "office", "care_coordinator") if button in page_of(cast, role)
    }
    assert offered == {"teacher", "management", "office"}


@pytest.mark.parametrize(("hour", "greeting"), [(7, "Goedemorgen"), (13, "Goedemiddag"), (20, "Goedenavond")])
def test_the_greeting_follows_the_clock_of_the_school(cast: Cast, hour: int, greeting: str) -> None:
    with time_machine.travel(datetime.combine(date(2026, 11, 24), time(hour), tzinfo=ZoneInfo("Europe/Amsterdam"))):
        assert f"{greeting}, Teacher" in page_of(cast, "teacher")
