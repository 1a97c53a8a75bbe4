"""The agenda on paper: one page a month, with what this reader may see and nothing else."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.urls import reverse

from tests.absences.reporting import visiting
from tests.agenda.feeding import put
from tests.cast import Cast, answers

pytestmark = pytest.mark.django_db
PAGE = "home:print_agenda"


def shown(cast: Cast, name: str, **asked: str) -> str:
    answer = cast.client(name).get(reverse(PAGE), asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def year(cast: Cast) -> None:
    put(cast.school, "Ouderavond", date(2026, 12, 8), starts=time(19, 30), ends=time(21), place="Aula")
    put(cast.school, "Alleen vijf", date(2026, 12, 9), groups=(cast.five,))
    put(cast.school, "Alleen zes", date(2026, 12, 9), groups=(cast.six,))
    put(cast.school, "Concept", date(2026, 12, 10), state="planned")
    put(cast.second_school, "Van de andere school", date(2026, 12, 10))
    put(cast.school, "In januari", date(2027, 1, 12))


def test_a_month_has_its_own_page(cast: Cast, year: None) -> None:
    text = shown(cast, "guardian", month="2026-12")
    assert text.count('class="sheet"') == 1
    assert "<b>19.30</b> Ouderavond, Aula" in text
    assert "In januari" not in text
    assert "Kerstvakantie" in text
    three = shown(cast, "guardian", month="2026-12", months="3")
    assert three.count('class="sheet"') == 3
    assert "In januari" in three


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("name", "sees", "never"),
    [
        ("guardian", {"Ouderavond", "Alleen vijf"}, {"Alleen zes", "Concept", "Van de andere school"}),
        ("limited", {"Ouderavond", "Alleen vijf"}, {"Alleen zes", "Concept", "Van de andere school"}),
        ("other_guardian", {"Ouderavond", "Alleen zes"}, {"Alleen vijf", "Concept", "Van de andere school"}),
        ("teacher", {"Ouderavond", "Alleen vijf"}, {"Alleen zes", "Concept", "Van de andere school"}),
        ("second_guardian", {"Van de andere school"}, {"Ouderavond", "Alleen vijf", "Alleen zes", "Concept"}),
    ],
)
def test_each_prints_her_own_agenda(cast: Cast, year: None, name: str, sees: set[str], never: set[str]) -> None:
    text = shown(cast, name, month="2026-12")
    assert {word for word in sees | never if word in text} == sees


def test_which_visit_it_is_does_not_hang_on_the_fridge(cast: Cast) -> None:
    visiting(cast)  # tomorrow, 25 November
    assert "Tandarts" in cast.client("guardian").get("/agenda/").content.decode()
    paper = shown(cast, "guardian", month="2026-11")
    assert "Tandarts" not in paper
    assert "Niet op school" in paper


@pytest.mark.parametrize("asked", [{"month": "nonsense"}, {"month": "9999-99"}, {"months": "1000"}, {"months": "-1"}])
def test_what_cannot_be_asked_shows_this_month(cast: Cast, asked: dict[str, str]) -> None:
    text = shown(cast, "guardian", **asked)
    assert text.count('class="sheet"') == 1
    assert "november 2026" in text


def test_a_child_or_group_of_somebody_else_is_not_there(cast: Cast) -> None:
    client = cast.client("teacher")
    assert client.get(reverse(PAGE), {"group": cast.five.public_id}).status_code == 200
    assert client.get(reverse(PAGE), {"group": cast.six.public_id}).status_code == 404
    assert cast.client("guardian").get(reverse(PAGE), {"child": cast.other_child.public_id}).status_code == 404


def test_who_belongs_to_no_school_is_led_to_the_news(cast: Cast) -> None:
    without = {"none", "former_guardian", "ended_substitute", "board_admin", "signed out"}
    assert {role for role, status in answers(cast, reverse(PAGE)).items() if status == 302} == without


def test_twelve_months_ask_as_much_as_one(cast: Cast, year: None, django_assert_max_num_queries: Any) -> None:
    client = cast.client("guardian")
    client.get(reverse(PAGE))
    with django_assert_max_num_queries(18):
        assert client.get(reverse(PAGE), {"months": "12"}).content.count(b'class="sheet"') == 12
