"""A planned visit: reported, told, seen, changed and withdrawn until it starts (N3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from kring.absences import actions
from kring.absences.models import Appointment
from kring.absences.rules import VisitKind
from kring.core.access import Refused
from kring.school.models import LessonHours
from tests import factories as make
from tests.absences.reporting import TOMORROW, a_visit, told, visiting
from tests.agreements.making import publish
from tests.cast import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db


def second_parent(cast: Cast) -> None:
    make.GuardianshipFactory(child=cast.child, person=cast.people["class_parent"])


def test_it_is_told_to_the_other_full_guardian_and_to_the_teachers_only(cast: Cast) -> None:
    second_parent(cast)
    visiting(cast)
    assert told(cast, "absences.visit_family") == {"class_parent"}
    assert told(cast, "absences.visit_team") == {"teacher", "duo"}


def test_a_limited_guardian_hears_nothing(cast: Cast) -> None:
    visiting(cast)
    assert told(cast, "absences.visit_family") == set()


def test_without_hours_it_begins_with_the_lessons_or_at_the_hour_of_n2(cast: Cast) -> None:
    [row] = visiting(cast, starts=None, ends=None)
    assert row.whole_day
    assert row.starts_at == cast.school.moment(TOMORROW, time(8, 45))
    assert row.ends_at == cast.school.moment(TOMORROW + timedelta(days=1))
    LessonHours.objects.create(group=cast.five, weekday=3, starts=time(8, 30), ends=time(12, 30))
    [row] = visiting(cast, day=TOMORROW + timedelta(days=7), starts=None, ends=None)
    assert row.starts_at == cast.school.moment(TOMORROW + timedelta(days=7), time(8, 30))


def test_it_is_changed_until_it_starts_and_seen_to_anew(cast: Cast) -> None:
    [row] = visiting(cast)
    actions.see_visit(by=cast.viewer("teacher"), visit=row)
    actions.change_visit(by=cast.viewer("guardian"), visit=row, to=a_visit(starts=time(13), ends=time(14)))
    row.refresh_from_db()
    assert row.starts_at == cast.school.moment(TOMORROW, time(13))
    assert row.seen_at is None
    assert told(cast, "absences.visit_team") == {"teacher", "duo"}


@pytest.mark.parametrize("act", ["change", "withdraw"])
def test_what_has_begun_is_told_by_telephone(cast: Cast, act: str) -> None:
    [row] = visiting(cast)

    def do() -> None:
        if act == "change":
            to = a_visit(day=TOMORROW + timedelta(days=1))
            actions.change_visit(by=cast.viewer("guardian"), visit=row, to=to)
        else:
            actions.withdraw_visit(by=cast.viewer("guardian"), visit=row)

    with time_machine.travel(cast.school.moment(TOMORROW, time(10, 15)), tick=False), pytest.raises(Refused) as refused:
        do()
    assert "bel" in refused.value.sentence.lower()
    with time_machine.travel(cast.school.moment(TOMORROW, time(10, 14)), tick=False):
        do()


def test_withdrawn_twice_is_told_once_and_it_is_off_the_list(cast: Cast) -> None:
    second_parent(cast)
    [row] = visiting(cast)
    for _again in range(2):
        actions.withdraw_visit(by=cast.viewer("guardian"), visit=Appointment.objects.get(pk=row.pk))
    assert told(cast, "absences.visit_withdrawn_team") == {"teacher", "duo"}
    assert told(cast, "absences.visit_withdrawn_family") == {"class_parent"}
    assert told(cast, "absences.visit_team") == set(), "what waited is not told any more"
    page = cast.client("teacher").get(f"/school/{cast.school.public_id}/day/?day={TOMORROW}").content.decode()
    assert "Van Joep" not in page


@pytest.mark.parametrize(
    ("visit", "says"),
    [
        (a_visit(day=TODAY, starts=time(9), ends=time(11)), "begonnen"),
        (a_visit(day=TODAY - timedelta(days=1)), "begonnen"),
        (a_visit(starts=time(11), ends=time(10)), "einde"),
        (a_visit(day=date(2026, 11, 28)), "geen school"),
        (a_visit(day=date(2026, 12, 25)), "geen school"),
        (a_visit(day=date(2028, 1, 12)), "jaar"),
        (a_visit(starts=time(11), ends=None), "hele dag"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(cast: Cast, visit: object, says: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.report_visit(by=cast.viewer("guardian"), children=[cast.child], visit=visit)  # type: ignore[arg-type]
    assert says in refused.value.sentence
    assert not Appointment.objects.exists()


def test_two_visits_of_one_child_at_one_time_are_one(cast: Cast) -> None:
    visiting(cast)
    with pytest.raises(Refused, match="al een afspraak"):
        visiting(cast, kind=VisitKind.DOCTOR)
    visiting(cast, cast.sibling)


def test_a_form_sent_twice_is_one_visit(cast: Cast) -> None:
    first = visiting(cast, cast.child, cast.sibling, token="eens")
    again = visiting(cast, cast.child, cast.sibling, token="eens")
    assert [row.pk for row in first] == [row.pk for row in again]
    assert Appointment.objects.count() == 2


def test_where_the_school_wants_a_call_there_is_a_number_and_no_form(cast: Cast) -> None:
    publish(cast, {"medical_visit.in_app": False, "school_contact.phone": "085-0000 122"})
    with pytest.raises(Refused) as refused:
        visiting(cast)
    assert refused.value.clause == "N3"
    page = cast.client("guardian").get("/absences/visit/").content.decode()
    main = page.split("<main")[1].split("</main>")[0]
    assert "tel:0850000122" in main
    assert "<form" not in main
    publish(cast, {})
    assert "<form" in cast.client("guardian").get("/absences/visit/").content.decode().split("<main")[1]


def test_the_form_reports_for_several_and_keeps_what_was_typed(cast: Cast) -> None:
    client = cast.client("guardian")
    data = {
        "children": [cast.child.public_id, cast.sibling.public_id], "day": "2026-11-25", "starts": "10:15",
        "ends": "9:00", "kind": "dentist", "note": "Beugel", "picked_up_by": "Opa", "token": "t1",
    }  # fmt: skip
    answer = client.post("/absences/visit/", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="Beugel"' in page
    assert "einde" in page
    assert not Appointment.objects.exists()
    assert client.post("/absences/visit/", data | {"ends": "11:00"}).status_code == 302
    assert Appointment.objects.filter(note="Beugel", picked_up_by="Opa").count() == 2


@pytest.mark.parametrize(("field", "value"), [("children", ""), ("day", "32-13-2026"), ("kind", "feest"), ("day", "")])
def test_a_field_that_does_not_fit_says_so(cast: Cast, field: str, value: str) -> None:
    data = {"children": cast.child.public_id, "day": "2026-11-25", "whole_day": "on", "kind": "dentist"}
    assert cast.client("guardian").post("/absences/visit/", data | {field: value}).status_code == 422
    assert not Appointment.objects.exists()
    assert cast.client("guardian").post("/absences/visit/", data).status_code == 302


def test_a_nul_byte_is_a_bad_request(cast: Cast) -> None:
    data = {"children": cast.child.public_id, "day": "2026-11-25", "whole_day": "on", "kind": "dentist", "note": "a\0b"}
    assert cast.client("guardian").post("/absences/visit/", data).status_code == 400


def test_another_familys_child_in_the_form_is_refused(cast: Cast) -> None:
    data = {"children": cast.other_child.public_id, "day": "2026-11-25", "whole_day": "on", "kind": "dentist"}
    assert cast.client("guardian").post("/absences/visit/", data).status_code == 422
    assert cast.client("guardian").get(f"/absences/visit/?child={cast.other_child.public_id}").status_code == 404
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("day", [date(2027, 3, 29), date(2026, 10, 26)])
def test_after_a_night_on_which_the_clock_moved_the_hours_are_the_schools(cast: Cast, day: date) -> None:
    with time_machine.travel(cast.school.moment(day - timedelta(days=4), time(12)), tick=False):
        if day == date(2027, 3, 29):  # Easter Monday: the Tuesday after it
            day += timedelta(days=1)
        [row] = visiting(cast, day=day)
        local = row.starts_at.astimezone(cast.school.zone)
        assert (local.date(), local.time()) == (day, time(10, 15))
        assert row.ends_at - row.starts_at == timedelta(minutes=75)
    summer = row.starts_at.astimezone(UTC)
    assert summer.hour == (8 if day.month == 3 else 9)


def test_what_the_inbox_and_the_devices_say_names_no_illness(cast: Cast) -> None:
    from kring.absences.notices import VisitToFamily, VisitToTeam

    [row] = visiting(cast, note="Wratje")
    for kind in (VisitToFamily(row), VisitToTeam(row)):
        assert "Joep" not in kind.title()
        for text in (kind.title(), kind.text()):
            assert "Wratje" not in text
            assert "Tandarts" not in text.replace("tandarts", "")
        assert kind.outside(cast.viewer("guardian")) is None


def test_the_teacher_sees_it_says_seen_and_the_parent_reads_by_whom(cast: Cast) -> None:
    person = cast.people["teacher"]
    person.called = "Juf Els"
    person.save()
    [row] = visiting(cast)
    day = f"/school/{cast.school.public_id}/day/?day={TOMORROW}"
    page = cast.client("teacher").get(day).content.decode()
    assert "Van Joep" in page
    assert "10.15" in page
    answer = cast.client("teacher").post(f"/absences/visit/{row.public_id}/seen/", {"back": day})
    assert answer["Location"] == day
    assert "gezien door Juf Els" in cast.client("guardian").get("/absences/").content.decode()
    assert NOW.date() == timezone.localdate()
    assert isinstance(row.reported_at, datetime)
