"""The first page costs at most thirteen queries, whatever the number of posts, photos, events or children, and one more
each when something is new in conversations and when there are appointments."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kring.conversations import actions
from kring.photos.models import PhotoUse
from kring.posts.models import Post, Reading
from tests import factories as make
from tests.cast import NOW, TODAY, Cast
from tests.conversations.talking import at, to_families, to_team
from tests.home.telling import pile, tell
from tests.photos.conftest import MakePhoto, add, ready  # noqa: F401  fixtures of the room photos
from tests.posts.writing import one

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MOST = 13


def queries_of(client: Client, address: str, *, most: int = MOST) -> int:
    """Count the queries of a page; the first page of a session also writes when it was last seen."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    assert len(queries) <= most, "\n".join(query["sql"][:200] for query in queries)
    return len(queries)


def more_children(cast: Cast, number: int) -> None:
    """Give the guardian more children in three groups, and each of hers a group of last year."""
    for n in range(number):
        child = make.ChildFactory(school=cast.school)
        make.EnrolmentFactory(child=child, group=[cast.five, cast.six, cast.infants][n % 3])
        make.GuardianshipFactory(child=child, person=cast.people["guardian"])
    last = make.SchoolYearFactory(
        school=cast.school, name="2025-2026", starts_on=date(2025, 8, 1), ends_on=date(2026, 7, 31)
    )
    before = make.GroupFactory(school_year=last, name="Groep 4")
    for tie in cast.people["guardian"].guardianships.all():
        make.EnrolmentFactory(
            child=tie.child, group=before, starts_on=date(2025, 8, 1), ends_on=date(2026, 7, 31), year_level=4
        )


def with_photos_and_readers(cast: Cast, posts: list[Post], photo_pk: int) -> None:
    PhotoUse.objects.bulk_create(
        PhotoUse(
            school=cast.school,
            photo_id=photo_pk,
            audience_id=post.audience_id,
            within_id=post.audience_id,
            purpose="app_group",
            shown_from=post.visible_from,
        )
        for post in posts
    )
    Reading.objects.bulk_create(
        Reading(school=cast.school, post=post, person=cast.people["guardian"], read_on=TODAY) for post in posts[::2]
    )


def test_one_child_or_four_and_twenty_posts_or_three_hundred_cost_the_same(cast: Cast, ready: MakePhoto) -> None:  # noqa: F811
    photo = ready()
    posts = pile(cast, [NOW - timedelta(hours=n) for n in range(1, 21)])
    with_photos_and_readers(cast, posts, photo.pk)
    tell(cast, "Soep", one(text="Een kom"))
    client = cast.client("guardian")
    few = queries_of(client, "/")
    more_children(cast, 2)
    more = pile(cast, [NOW - timedelta(hours=n) for n in range(21, 301)], title="Ouder")
    with_photos_and_readers(cast, more, photo.pk)
    for n in range(10):
        tell(cast, f"Nog {n}", one(text=f"Ding {n}"), one(TODAY, until=TODAY + timedelta(9), text="Doel: lang"))
    assert len(cast.viewer("guardian").own_child_ids) == 4
    assert queries_of(client, "/") == few


def test_news_from_the_team_costs_one_more_and_so_do_appointments(cast: Cast, ready: MakePhoto) -> None:  # noqa: F811
    posts = pile(cast, [NOW - timedelta(hours=n) for n in range(1, 21)])
    with_photos_and_readers(cast, posts, ready().pk)
    tell(cast, "Soep", one(text="Een kom"))
    client = cast.client("guardian")
    without = queries_of(client, "/")
    moments = [at(TODAY + timedelta(1), 15)]
    talk = to_team(cast).conversation
    proposal = actions.propose_moments(by=cast.viewer("teacher"), conversation=talk, moments=moments, text="")
    actions.choose_moment(by=cast.viewer("guardian"), moment=proposal.moments.get())
    to_families(cast, "guardian")
    assert queries_of(client, "/", most=MOST + 2) == without + 2
    answer = client.get("/")
    assert "Afspraak met" in answer.content.decode()
    assert [place.count for place in answer.context["shell"].side if place.icon == "messages-square"] == [1]


def test_a_parent_at_two_schools_pays_no_more(cast: Cast) -> None:
    pile(cast, [NOW - timedelta(hours=1)])
    one_school = queries_of(cast.client("guardian"), "/")
    second = make.PersonFactory(school=cast.second_school, user=cast.user("guardian"))
    make.GuardianshipFactory(child=cast.second_child, person=second)
    tell(cast, "Van De Den", by="second_teacher", kind="group")
    assert queries_of(cast.client("guardian"), "/") == one_school


@pytest.mark.parametrize("address", ["/older/", "/search/?q=bericht", "/arrange/", "/more/"])
def test_the_other_pages_stay_within_the_same_number(cast: Cast, address: str) -> None:
    pile(cast, [NOW - timedelta(hours=n) for n in range(1, 30)])
    # Arranging asks three questions about what was arranged already, and one about rounds of conversations.
    most = MOST + 2 if address == "/arrange/" else MOST
    few = queries_of(cast.client("guardian"), address, most=most)
    more_children(cast, 2)
    assert queries_of(cast.client("guardian"), address, most=most) <= few + 1


def test_the_day_of_the_team_does_not_grow_with_groups_and_messages(cast: Cast) -> None:
    address = f"/school/{cast.school.public_id}/team/"

    def count() -> int:
        client = cast.client("management")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    tell(cast, "Soep", one(TODAY, text="Een kom"))
    few = count()
    for n in range(6):
        group = make.GroupFactory(school_year=cast.year, name=f"Groep 7{n}")
        pile(cast, [NOW - timedelta(hours=1)], group=group)
        tell(cast, f"Nog {n}", one(TODAY, text="Een lepel"), by="management", group=group)
    assert count() == few
