"""The demo looks right on any day: in a holiday, on a Sunday, on a leap day and in the nights the clock changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from kring.agreements.current import policy_for
from kring.consents.listing import listing_of
from kring.consents.rules import Stand
from kring.consents.wording import purposes_of
from kring.demo.accounts import WHO
from kring.home.rules import stretch_of
from kring.people.models import Child, Enrolment
from kring.posts.models import Post, PostItem
from kring.posts.rules import UNDO, State
from kring.school.calendars import calendar_of
from kring.school.models import Group
from tests.demo.conftest import NAMES, Demo, loaded

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = {
    "an ordinary Tuesday": datetime(2026, 11, 24, 14, 30, tzinfo=AMSTERDAM),
    "a Sunday": datetime(2026, 11, 29, 11, 0, tzinfo=AMSTERDAM),
    "31 July": datetime(2026, 7, 31, 9, 0, tzinfo=AMSTERDAM),
    "1 August": datetime(2026, 8, 1, 0, 30, tzinfo=AMSTERDAM),
    "24 December": datetime(2026, 12, 24, 20, 0, tzinfo=AMSTERDAM),
    "29 February": datetime(2028, 2, 29, 8, 0, tzinfo=AMSTERDAM),
    "the night summer time ends": datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=AMSTERDAM),
    "the night summer time begins": datetime(2027, 3, 28, 3, 5, tzinfo=AMSTERDAM),
}
PARENTS = ["Marloes", "Carolien", "Nabil", "Hilde", "Sanne", "Rachid"]
JOEP = "Joep van den Heuvel"
TEAM = ["Anouk", "Rachid", "Dorien", "Wilma", "Ineke"]


@pytest.fixture(scope="module", params=DAYS.values(), ids=DAYS.keys())
def demo(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Demo]:
    with loaded(request.param, tmp_path_factory.mktemp("files"), django_db_blocker) as found:
        yield found


@pytest.fixture(autouse=True)
def on_a_known_day(demo: Demo) -> Iterator[None]:
    """Let each test happen a minute after loading."""
    with time_machine.travel(demo.now.timestamp() + 60, tick=True):
        yield


def test_every_account_signs_in_by_its_button(demo: Demo) -> None:
    assert list(demo.accounts) == NAMES
    page = Client().get(reverse("account_login")).content.decode()
    for account in demo.accounts.values():
        assert account.name in page
        client = Client()
        answer = client.post(reverse("demo:sign_in"), {"person": account.public_id})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/"), account.name
        first_page = client.get("/", follow=True)
        assert account.name in first_page.content.decode()
        assert first_page.request["PATH_INFO"] != reverse("accounts:welcome")


def test_the_main_pages_of_everybody_open(demo: Demo) -> None:
    found = {}
    school = demo.school.public_id
    for name in NAMES:
        client = demo.client(name)
        viewer = demo.viewer(name)
        pages = ["/", "/older/", "/more/", "/search/?q=kring", f"/school/{school}/agreements/"]
        if viewer.spans:
            pages.append("/arrange/")
        if viewer.is_staff_at(demo.school.pk):
            pages += [f"/school/{school}/team/"]
        if viewer.is_manager(demo.school.pk):
            pages += [reverse("posts:overview", args=[school]), reverse("people:manage", args=[school])]
        found |= {(name, page): client.get(page, follow=True).status_code for page in pages}
    assert {key: code for key, code in found.items() if code != 200} == {}


def test_every_parent_sees_news(demo: Demo) -> None:
    for name in PARENTS:
        news = demo.client(name).get("/").context["news"]
        assert news.fresh or news.read, name


def test_what_was_told_lies_behind_and_what_stands_ready_lies_ahead(demo: Demo) -> None:
    told = Post.objects.filter(state=State.PUBLISHED)
    assert told.count() > 40
    assert not told.filter(visible_from__gt=demo.now + UNDO).exists()
    ready = Post.objects.filter(state=State.SCHEDULED)
    assert ready.count() >= 3
    assert not ready.filter(publish_at__lte=demo.now).exists()
    assert set(told.values_list("kind", flat=True)) >= {"group", "homework", "goals", "outing", "bring", "staff"}


def test_nothing_is_asked_on_a_day_without_school(demo: Demo) -> None:
    school = demo.school
    today = school.today(demo.now)
    calendar = calendar_of(school, first=today, last=date(today.year + 1, 12, 31))
    days = (
        PostItem.objects.filter(school=school).exclude(kind__in=["goals", "kwink"]).values_list("from_date", flat=True)
    )
    assert [day for day in days if not calendar.is_school_day(day)] == []
    weeks = Post.objects.filter(kind="kwink", week__isnull=False).values_list("week", flat=True)
    assert [monday for monday in weeks if calendar.is_free_week(monday)] == []


def test_on_a_school_day_something_lies_ahead_this_week(demo: Demo) -> None:
    school = demo.school
    today = school.today(demo.now)
    calendar = calendar_of(school, first=today, last=date(today.year + 1, 12, 31))
    stretch = stretch_of(today)
    has_school = [
        day
        for n in range((stretch.last - today).days)
        if calendar.is_school_day(day := date.fromordinal(today.toordinal() + 1 + n))
    ]
    for name in ("Marloes", "Hilde", "Carolien"):
        soon = demo.client(name).get("/").context["news"].soon
        told = [thing for thing in soon.board if thing.public_id]
        told += [thing for _day, things in [*soon.shown, *soon.folded] for thing in things if thing.public_id]
        assert bool(told) == bool(has_school), name
        assert all(thing.day >= today for thing in told)
        if not calendar.is_school_day(stretch.board):
            assert [thing.title for thing in soon.board] == ["Geen school"]


def test_every_child_sits_in_one_group_today(demo: Demo) -> None:
    school = demo.school
    today = school.today(demo.now)
    sits = Enrolment.objects.filter(
        school=school, group__school_year__starts_on__lte=today, group__school_year__ends_on__gte=today
    )
    children = Child.objects.filter(school=school).count()
    assert 105 <= children <= 115
    assert sits.values("child").distinct().count() == sits.count() == children


def test_families_chose_about_photos_and_not_all_the_same(demo: Demo) -> None:
    teacher = demo.viewer("Anouk")
    group = Group.objects.get(pk=min(teacher.taught_group_ids))
    listing = listing_of(group, purposes_of(policy_for(demo.school.pk, at=demo.now)), now=demo.now)
    assert 2 <= len(listing.shown("no")) < len(listing.rows)
    assert 1 <= listing.waiting < len(listing.rows)
    marks = {purpose.code: stand for row in listing.rows for purpose, stand in row.marks if row.child.name == JOEP}
    assert {marks["app_group"], marks["social_media"]} == {Stand.YES, Stand.NO}  # his parents differ about the second
    page = demo.client("Marloes").get("/consents/")
    assert "Joep" in page.content.decode()


def test_the_substitute_works_today_and_the_roles_of_this_year_count(demo: Demo) -> None:
    for name in [*TEAM, "Kees"]:
        assert demo.viewer(name).is_staff_at(demo.school.pk), name
    assert len(WHO) == len(demo.accounts)
