"""The pages of the office: quick with 1,500 children, searchable, and keeping what was typed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kring.people.models import Child, Enrolment, Guardianship, Person
from tests.cast import TODAY, Cast


@pytest.fixture
def large(cast: Cast) -> Cast:
    """1,500 more children in three groups, each with one guardian."""
    children = Child.objects.bulk_create(
        Child(school=cast.school, first_name=f"Kind{n}", last_name=f"Achter{n:04}") for n in range(1500)
    )
    groups = [cast.infants, cast.five, cast.six]
    Enrolment.objects.bulk_create(
        Enrolment(school=cast.school, child=child, group=groups[n % 3], year_level=5, starts_on=cast.year.starts_on)
        for n, child in enumerate(children)
    )
    persons = Person.objects.bulk_create(
        Person(school=cast.school, first_name=f"Ouder{n}", last_name=f"Achter{n:04}") for n in range(1500)
    )
    Guardianship.objects.bulk_create(
        Guardianship(school=cast.school, child=child, person=person, starts_on=TODAY)
        for child, person in zip(children, persons, strict=True)
    )
    return cast


@pytest.mark.parametrize(
    ("name", "limit"), [("children", 14), ("persons", 14), ("team", 14), ("manage", 18), ("groups", 14)]
)
def test_a_list_asks_as_little_of_1500_children_as_of_ten(
    large: Cast, django_assert_max_num_queries, name: str, limit: int
) -> None:
    client = large.client("office")
    client.get(reverse("home:more"))  # the first page of a session writes when it was last seen
    with django_assert_max_num_queries(limit):
        response = client.get(reverse(f"people:{name}", args=[large.school.public_id]))
    assert response.status_code == 200
    assert len(response.content) < 120_000


def test_search_finds_by_every_word_and_keeps_the_words(large: Cast) -> None:
    where = reverse("people:children", args=[large.school.public_id])
    text = large.client("office").get(where, {"q": "kind7 achter0007"}).content.decode()
    assert "Kind7 Achter0007" in text
    assert "Kind8 " not in text
    assert 'value="kind7 achter0007"' in text


def test_live_search_gets_only_the_results(cast: Cast) -> None:
    where = reverse("people:children", args=[cast.school.public_id])
    text = cast.client("office").get(where, {"q": "joep"}, headers={"HX-Request": "true"}).content.decode()
    assert "Joep" in text
    assert "<html" not in text


def test_a_refused_form_keeps_what_was_typed(cast: Cast) -> None:
    where = reverse("people:enrol", args=[cast.school.public_id, cast.child.public_id])
    data = {"group": cast.six.public_id, "year_level": "6", "starts_on": "2026-11-24"}
    response = cast.client("office").post(where, data)
    assert response.status_code == 200
    text = response.content.decode()
    assert "Groep 5" in text
    assert 'value="2026-11-24"' in text


def test_a_date_that_does_not_exist_is_said_beside_its_field(cast: Cast) -> None:
    where = reverse("people:end_child", args=[cast.school.public_id, cast.child.public_id])
    response = cast.client("office").post(where, {"ends_on": "2026-02-31"})
    assert response.status_code == 200
    assert response.context["form"].errors["ends_on"]


def test_a_child_goes_through_the_pages_from_new_to_gone(cast: Cast) -> None:
    client, sid = cast.client("office"), cast.school.public_id
    data = {
        "first_name": "Fem",
        "last_name": "Proef",
        "group": cast.five.public_id,
        "year_level": "5",
        "starts_on": "2026-11-24",
    }
    page = client.post(reverse("people:new_child", args=[sid]), data, follow=True)
    child = Child.objects.get(first_name="Fem")
    assert "Groep 5" in page.content.decode()
    guardian = {
        "person": cast.people["other_guardian"].public_id,
        "relation": "mother",
        "authority": "yes",
        "level": "full",
        "ground": "",
        "starts_on": "2026-11-24",
    }
    client.post(reverse("people:add_guardian", args=[sid, child.public_id]), guardian)
    assert child.pk in cast.viewer("other_guardian").own_child_ids
    client.post(reverse("people:end_child", args=[sid, child.public_id]), {"ends_on": "2026-11-24"})
    assert child.enrolments.get().ends_on == TODAY


def test_the_log_names_who_did_what_to_whom(cast: Cast) -> None:
    client, sid = cast.client("management"), cast.school.public_id
    client.post(reverse("people:shield_child", args=[sid, cast.child.public_id]))
    text = client.get(reverse("people:log", args=[sid])).content.decode()
    assert cast.people["management"].name in text
    assert cast.child.name in text


def test_the_board_adds_a_school_with_this_school_year(cast: Cast) -> None:
    client = cast.client("board_admin")
    data = {"name": "De Es", "kind": "Basisschool", "city": "", "region": "noord"}
    # Not followed: a new school asks for a second factor, so the next page is about that.
    response = client.post(reverse("people:add_school", args=[cast.board.public_id]), data)
    assert response.url == reverse("people:board", args=[cast.board.public_id])
    assert cast.board.schools.get(name="De Es").years.get().name == "2026-2027"
