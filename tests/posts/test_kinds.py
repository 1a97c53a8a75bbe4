"""What each kind of message asks for, by the agreement of the school (F1, F2)."""

from __future__ import annotations

from datetime import time

import pytest
from django.urls import reverse

from kring.core.access import Refused
from kring.posts.models import Post, PostItem
from kring.posts.permissions import Target
from kring.posts.rules import State
from tests.agreements.making import publish
from tests.cast import Cast
from tests.posts.test_composer import begin, send
from tests.posts.writing import TOMORROW, ordered

pytestmark = pytest.mark.django_db
MONDAY = TOMORROW.replace(day=30)


def test_an_outing_may_take_several_days_and_end_earlier_on_the_clock(cast: Cast) -> None:
    post = begin(cast, "outing")
    row = {"from_date": MONDAY.isoformat(), "starts": "09:00", "ends": "08:30", "place": "De Hoeve"}
    sent = {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0"} | {f"rows-0-{name}": row[name] for name in row}
    assert send(cast, post, action="publish", **sent).status_code == 422
    sent["rows-0-until_date"] = "2026-12-02"
    assert send(cast, post, action="publish", **sent).status_code == 302
    item = PostItem.objects.get()
    assert (item.from_date, item.until_date.day, item.starts, item.ends) == (MONDAY, 2, time(9), time(8, 30))


def test_the_goals_of_the_youngest_are_called_tasks_and_themes(cast: Cast) -> None:
    post = begin(cast, "goals", "office")
    where = reverse("posts:compose", args=[post.public_id])
    client = cast.client("office")
    for group, is_told in ((cast.infants, True), (cast.five, False)):
        client.post(where, {"title": "Herfst", "audience": f"group:{group.public_id}", "action": "save"})
        page = client.get(where).content.decode()
        assert ("Verplichte taak of nieuw thema" in page) is is_told


def kwink(cast: Cast, title: str, target: Target, by: str = "office") -> Post:
    return ordered(cast, by=by, kind="kwink", title=title, target=target, week=MONDAY)


def test_where_kwink_is_for_all_groups_there_is_one_a_week(cast: Cast) -> None:
    kwink(cast, "Samen delen", Target(whole_school=True))
    with pytest.raises(Refused):
        kwink(cast, "Om hulp vragen", Target(whole_school=True))


def test_where_groups_have_their_own_kwink_each_has_one(cast: Cast) -> None:
    publish(cast, {"kwink.whole_school": False})
    made = [kwink(cast, "Samen delen", Target(group_ids=frozenset([group.pk]))) for group in (cast.five, cast.six)]
    assert [post.state for post in made] == [State.PUBLISHED, State.PUBLISHED]


def test_lines_that_do_not_fit_in_the_year_are_told(cast: Cast) -> None:
    where = reverse("posts:series", args=[cast.school.public_id])
    lines = "\n".join(f"Week {number}" for number in range(50))
    page = cast.client("management").post(where, {"first": "2027-07-05", "lines": lines, "action": "look"})
    shown, left = len(page.context["weeks"]), page.context["left_over"]
    assert shown + left == 50
    assert left > 40
    assert f"{left} regels zijn over" in page.content.decode()
