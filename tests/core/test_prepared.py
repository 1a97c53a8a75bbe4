"""Statements made once per shape: the same rows as the queryset, with the values of each request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet, Value
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kring.agreements.current import closing_dates
from kring.core import planned, prepared
from kring.core.prepared import rows_of
from kring.core.viewer import Viewer
from kring.people.models import Guardianship, Person
from kring.people.reading import only_open
from kring.posts.feed import for_cards, newest_for
from kring.posts.models import Post
from tests.cast import NOW, Cast
from tests.home.telling import pile

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def ids(posts: Any) -> list[tuple[int, bool, int]]:
    return [(post.pk, post.is_read, post.hearts) for post in posts]


def test_everybody_gets_the_rows_that_the_queryset_gives(cast: Cast) -> None:
    pile(cast, [NOW - timedelta(minutes=n) for n in range(1, 9)])
    seen = {}
    for name in cast.people:
        viewer = cast.viewer(name)
        expected = ids(for_cards(Post.objects.readable_by(viewer), viewer).newest_first()[:21])
        assert ids(newest_for(viewer, most=21)) == expected, name
        seen[name] = len(expected)
    assert seen["guardian"] == 8
    assert seen["second_guardian"] == 0


def test_two_parents_of_one_shape_share_a_statement_and_not_an_answer(cast: Cast) -> None:
    pile(cast, [NOW - timedelta(minutes=5)])
    five, six = cast.viewer("shielded_guardian"), cast.viewer("other_guardian")
    newest_for(five, most=21)
    before = len(prepared._kept)
    theirs = newest_for(six, most=21)
    assert len(prepared._kept) == before
    assert ids(newest_for(five, most=21)) != ids(theirs) == []


def test_an_ended_guardianship_counts_at_the_next_question(cast: Cast) -> None:
    pile(cast, [NOW - timedelta(minutes=5)])
    assert newest_for(cast.viewer("guardian"), most=21)
    Guardianship.objects.filter(person=cast.people["guardian"]).update(ends_on=NOW.date() - timedelta(1))
    assert newest_for(cast.viewer("guardian"), most=21) == []


def test_lists_of_any_length_find_what_they_name(cast: Cast) -> None:
    def build(keys: Any) -> QuerySet[Person, Any]:
        return Person.objects.filter(pk__in=keys).order_by("pk").values_list("pk")

    everybody = sorted(person.pk for person in cast.people.values())
    for length in (0, 1, 7, 8, 9, len(everybody)):
        assert [pk for (pk,) in rows_of("test.lists", build, everybody[:length])] == everybody[:length]


def test_texts_days_and_moments_reach_the_database_as_they_are(cast: Cast) -> None:
    def build(name: str, day: date, moment: datetime, nothing: None) -> QuerySet[Guardianship, Any]:
        found = Guardianship.objects.filter(person__first_name=name, starts_on__lte=day, ends_on=nothing)
        return found.filter(person__user__date_joined__lte=moment).values_list("person__first_name", "starts_on")

    row = Guardianship.objects.select_related("person").get(person=cast.people["other_guardian"])
    asked = (row.person.first_name, row.starts_on, NOW + timedelta(days=1), None)
    assert (row.person.first_name, row.starts_on) in rows_of("test.values", build, *asked)
    assert rows_of("test.values", build, "niemand", *asked[1:]) == []
    assert rows_of("test.values", build, asked[0], row.starts_on - timedelta(1), *asked[2:]) == []


@pytest.mark.parametrize(
    "wrong", [lambda day: day - timedelta(1), lambda _day: date(2026, 1, 1)], ids=["reckons", "is fixed"]
)
def test_a_question_that_does_not_use_its_values_as_they_are_is_found_out(wrong: Callable[[date], date]) -> None:
    def asks(day: date) -> QuerySet[Guardianship, Any]:
        return Guardianship.objects.filter(starts_on__lte=day).values_list("pk")

    def reckons(day: date) -> QuerySet[Guardianship, Any]:
        # What a stand-in gives is not what the real value gives.
        return Guardianship.objects.filter(starts_on__lte=wrong(day) if day.year > 3000 else day).values_list("pk")

    assert rows_of("test.right", asks, NOW.date()) == []
    with pytest.raises(AssertionError, match="differs"):
        rows_of(f"test.wrong.{wrong(NOW.date())}", reckons, NOW.date())


def test_a_span_of_last_year_that_is_still_open_reads_as_before(cast: Cast) -> None:
    viewer: Viewer = cast.viewer("guardian")
    assert only_open(viewer, closes_on=closing_dates(viewer)) is viewer
    shut = only_open(viewer, closes_on=lambda _school: (1, 1))
    assert shut.spans == viewer.spans  # this year's are open whatever the closing date


def test_a_part_that_is_the_same_for_everybody_knows_no_reader_and_speaks_her_language() -> None:
    template = Template('{% same %}{% translate "Search" %}{{ secret }}{% endsame %}')
    with translation.override("nl"):
        assert template.render(Context({"secret": "kanarie"})) == "Zoeken"
    with translation.override("en"):
        assert template.render(Context({"secret": "kanarie"})) == "Search"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's driver keeps statements by their text")
def test_a_plan_is_kept_on_its_connection_and_made_again_on_another(cast: Cast) -> None:
    first = rows_of("kept plan", lambda key: Person.objects.filter(pk=key).values_list("first_name"), 1)
    with CaptureQueriesContext(connection) as asked:
        assert rows_of("kept plan", lambda key: Person.objects.filter(pk=key).values_list("first_name"), 1) == first
    assert [query["sql"].startswith("EXECUTE kring_") for query in asked] == [True]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone()[0] >= 1
        cursor.execute("DEALLOCATE ALL")
    planned._known.clear()  # as for a new connection
    assert rows_of("kept plan", lambda key: Person.objects.filter(pk=key).values_list("first_name"), 1) == first


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's driver keeps statements by their text")
def test_plans_do_not_pile_up_on_a_connection(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    monkeypatch.setattr(planned, "MOST", 3)
    for number in range(7):
        rows_of(f"pile {number}", lambda key: Person.objects.filter(pk=key).values_list("pk"), 1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'kring_%%'")
            assert cursor.fetchone()[0] <= 3


def test_a_percent_sign_in_a_text_and_a_constant_come_through(cast: Cast) -> None:
    person = Person.objects.get(pk=cast.people["guardian"].pk)
    Person.objects.filter(pk=person.pk).update(first_name="100%s %% $1 'a'")

    def named(key: int, name: str) -> QuerySet[Any, Any]:
        people = Person.objects.filter(pk=key, first_name=name)
        return people.annotate(mark=Value("%s $1 %")).values_list("first_name", "mark")

    assert rows_of("percent", named, person.pk, "100%s %% $1 'a'") == [("100%s %% $1 'a'", "%s $1 %")]
    assert rows_of("percent", named, person.pk, "100") == []
