"""Regelen says what the agreement of the child's school says: another setting, another page."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from kring.home.intents import Intent
from tests import factories as make
from tests.agreements.making import publish
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PHONES = {
    "sick_and_late.phone": "085-0000 120",
    "urgent_phone.number": "085-0000 121",
    "school_contact.phone": "085-0000 122",
}


def arranged(cast: Cast, role: str = "guardian", query: str = "") -> tuple[dict[str, Intent], str]:
    answer = cast.client(role).get(f"/arrange/{query}")
    assert answer.status_code == 200
    return {intent.key: intent for intent in answer.context["intents"]}, answer.content.decode()


def with_agreement(cast: Cast, **changes: Any) -> tuple[dict[str, Intent], str]:
    publish(cast, PHONES | changes)
    return arranged(cast)


def test_ill_or_late_is_by_telephone_before_the_hour_and_has_no_form(cast: Cast) -> None:
    intents, page = with_agreement(cast)
    assert "Joep is ziek of komt te laat" in page
    assert 'href="tel:0850000120"' in page
    assert "8.45" in page
    assert intents["sick"].note == intents["sick"].form_url == ""
    main = page.split("<main")[1].split("</main>")[0]
    assert "<form" not in main
    assert "<input" not in main


def test_another_hour_and_number_change_the_page(cast: Cast) -> None:
    _intents, before = with_agreement(cast)
    _intents, after = with_agreement(
        cast, **{"sick_and_late.until": time(8, 15), "sick_and_late.phone": "085-0000 150"}
    )
    assert "8.15" in after
    assert "8.15" not in before
    assert "tel:0850000150" in after
    assert "tel:0850000120" not in after


def test_without_a_number_for_the_ill_the_number_of_the_school_is_called(cast: Cast) -> None:
    intents, _page = with_agreement(cast, **{"sick_and_late.phone": ""})
    assert intents["sick"].phone == "085-0000 122"


def test_where_the_agreement_has_the_app_ill_and_late_are_reported_there(cast: Cast) -> None:
    intents, _page = with_agreement(cast)
    assert intents["sick"].page == ""
    intents, page = with_agreement(cast, **{"sick_and_late.way": "app"})
    assert intents["sick"].page == f"/absences/report/?child={cast.child.public_id}"
    assert intents["sick"].phone == ""
    assert "tel:0850000120" not in page


def test_a_limited_guardian_calls_whatever_the_agreement_has(cast: Cast) -> None:
    publish(cast, PHONES | {"sick_and_late.way": "app", "leave.way": "app"})
    intents, page = arranged(cast, "limited")
    assert [intents[key].page for key in ("sick", "visit", "leave")] == ["", "", ""]
    assert intents["sick"].phone == "085-0000 120"
    assert "/absences/" not in page
    assert "/absences/" in arranged(cast, "guardian")[1]


def test_a_visit_to_the_doctor_follows_n3(cast: Cast) -> None:
    with_app, _page = with_agreement(cast)
    without, _page = with_agreement(cast, **{"medical_visit.in_app": False})
    assert with_app["visit"].says != without["visit"].says
    assert with_app["visit"].page == f"/absences/visit/?child={cast.child.public_id}"
    assert not without["visit"].page
    assert without["visit"].phone == "085-0000 122"


def test_leave_leads_to_the_form_of_the_school_or_to_the_management(cast: Cast) -> None:
    form = "https://debeuk.example.org/verlof"
    by_form, page = with_agreement(cast, **{"leave.form_url": form})
    assert f'href="{form}"' in page
    assert by_form["leave"].phone == ""
    in_app, page = with_agreement(cast, **{"leave.form_url": form, "leave.way": "app"})
    assert form not in page
    assert in_app["leave"].page == f"/absences/leave/?child={cast.child.public_id}"
    assert in_app["leave"].says != by_form["leave"].says


def test_every_answer_leads_to_its_paragraph(cast: Cast) -> None:
    intents, page = with_agreement(cast)
    agreements = f"/school/{cast.school.public_id}/agreements/"
    document = cast.client("guardian").get(agreements).content.decode()
    for intent in intents.values():
        assert f'href="{agreements}#{intent.clause.lower()}"' in page
        assert f'id="{intent.clause.lower()}"' in document
        assert intent.says


def test_the_hours_of_the_team_stand_with_a_question(cast: Cast) -> None:
    before, _page = with_agreement(cast)
    after, _page = with_agreement(cast, **{"expected_answer.mode": "week"})
    assert "8.00" in before["question"].says
    assert before["question"].says != after["question"].says


def test_the_urgent_number_stands_under_it_with_its_paragraph(cast: Cast) -> None:
    _intents, page = with_agreement(cast)
    assert "Dringend" in page
    assert "tel:0850000121" in page
    assert f"/school/{cast.school.public_id}/agreements/#h4" in page
    _intents, page = with_agreement(cast, **{"urgent_phone.number": "085-0000 199"})
    assert "tel:0850000199" in page
    assert "tel:0850000121" not in page


def test_a_school_that_gave_no_number_shows_no_button(cast: Cast) -> None:
    _intents, page = arranged(cast)
    assert "tel:" not in page
    assert "Dringend" not in page
    publish(cast, PHONES)
    assert "tel:" in arranged(cast)[1]


def test_a_parent_with_children_at_two_schools_gets_the_answer_of_the_childs_school(cast: Cast) -> None:
    second = make.PersonFactory(school=cast.second_school, user=cast.user("guardian"))
    make.GuardianshipFactory(child=cast.second_child, person=second)
    publish(cast, PHONES)
    publish(
        cast,
        {"sick_and_late.phone": "085-0000 240", "sick_and_late.until": time(8, 15), "medical_visit.in_app": False},
        role="second_management",
    )
    here, here_page = arranged(cast, query=f"?child={cast.child.public_id}")
    there, there_page = arranged(cast, query=f"?child={cast.second_child.public_id}")
    assert (here["sick"].phone, here["sick"].until) == ("085-0000 120", time(8, 45))
    assert (there["sick"].phone, there["sick"].until) == ("085-0000 240", time(8, 15))
    assert "Teun" in there["sick"].title
    assert here["visit"].says != there["visit"].says
    for page, school in ((here_page, cast.school), (there_page, cast.second_school)):
        assert f"/school/{school.public_id}/agreements/#n2" in page


def test_the_page_says_what_time_it_is_at_the_school(cast: Cast) -> None:
    _intents, page = with_agreement(cast)
    assert "10.00" in page
