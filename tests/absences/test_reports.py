"""Ill and late: by telephone, or in the app until the hour; still ill, well again, and what the school writes down."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from kring.absences import actions
from kring.absences.jobs import ask_who_is_still_ill, forget_absences
from kring.absences.models import Absence, Appointment, LeaveDocument, LeaveRequest
from kring.absences.rules import Reason, asks_still_ill, report_days
from kring.core.access import Refused
from kring.files.models import Document
from kring.notifications.models import Notice
from kring.people.models import Audience
from tests import factories as make
from tests.absences.reporting import IN_APP, PHONES, TOMORROW, ill, leave, logged, told, visiting
from tests.agreements.making import publish
from tests.cast import NOW, TODAY, Cast
from tests.files import papers

pytestmark = pytest.mark.django_db


def morning(cast: Cast, day: date, hour: int = 7) -> datetime:
    return cast.school.moment(day, time(hour))


def test_where_the_agreement_says_telephone_there_is_a_number_and_an_hour_and_no_form(cast: Cast) -> None:
    publish(cast, PHONES)
    main = cast.client("guardian").get("/absences/report/").content.decode().split("<main")[1].split("</main>")[0]
    assert "tel:0850000120" in main
    assert "8.45" in main
    assert "<form" not in main
    assert "<input" not in main
    with pytest.raises(Refused) as refused:
        ill(cast)
    assert refused.value.clause == "N2"
    publish(cast, PHONES | IN_APP)
    main = cast.client("guardian").get("/absences/report/").content.decode().split("<main")[1].split("</main>")[0]
    assert "<form" in main


def test_for_today_it_goes_until_the_hour_and_for_the_next_school_day_always(cast: Cast) -> None:
    publish(cast, IN_APP)
    with time_machine.travel(cast.school.moment(TODAY, time(8, 44)), tick=False):
        assert ill(cast, day=TODAY).starts_on == TODAY
    Absence.objects.all().delete()
    with time_machine.travel(cast.school.moment(TODAY, time(8, 45)), tick=False):
        with pytest.raises(Refused):
            ill(cast, day=TODAY)
        assert ill(cast, day=TOMORROW).starts_on == TOMORROW


def test_on_friday_the_next_school_day_is_monday() -> None:
    friday = datetime(2026, 11, 27, 20, 0)
    assert report_days(friday, until=time(8, 45), is_school_day=lambda day: day.isoweekday() < 6) == (
        date(2026, 11, 30),
    )


def test_it_is_told_to_whom_s9_names_and_to_the_other_guardian(cast: Cast) -> None:
    publish(cast, IN_APP)
    make.GuardianshipFactory(child=cast.child, person=cast.people["class_parent"])
    ill(cast)
    assert told(cast, "absences.reported_team") == {"teacher", "duo", "office"}
    assert told(cast, "absences.reported_family") == {"class_parent"}
    publish(cast, IN_APP | {"sick_in_app.receivers": ("management",)})
    ill(cast, cast.sibling)
    assert told(cast, "absences.reported_team") == {"management"}


def test_one_child_is_reported_once_for_a_day(cast: Cast) -> None:
    publish(cast, IN_APP)
    ill(cast)
    with pytest.raises(Refused, match="al gemeld"):
        ill(cast, reason=Reason.LATE)
    ill(cast, cast.sibling)


def test_the_next_morning_is_asked_once_and_answered_with_one_tap(cast: Cast) -> None:
    publish(cast, IN_APP)
    row = ill(cast)
    with time_machine.travel(morning(cast, TOMORROW + timedelta(days=1)), tick=False):
        for _again in range(2):
            ask_who_is_still_ill()
        assert Notice.objects.filter(kind="absences.still_ill").count() == 1
        assert told(cast, "absences.still_ill") == {"guardian"}
        page = cast.client("guardian").get("/arrange/").content.decode()
        assert "Vandaag nog ziek" in page
        assert cast.client("guardian").post(f"/absences/report/{row.public_id}/still/").status_code == 302
        row.refresh_from_db()
        assert row.confirmed_on == TOMORROW + timedelta(days=1)
    with time_machine.travel(morning(cast, TOMORROW + timedelta(days=2)), tick=False):
        ask_who_is_still_ill()
        cast.client("guardian").post(f"/absences/report/{row.public_id}/well/")
        row.refresh_from_db()
        assert row.ends_on == TOMORROW + timedelta(days=1), "yesterday was its last day"
        with pytest.raises(Refused):
            actions.say_well(by=cast.viewer("guardian"), absence=row)


@pytest.mark.parametrize("day", [date(2026, 11, 28), date(2026, 12, 25)])
def test_on_a_day_without_school_nobody_is_asked(cast: Cast, day: date) -> None:
    publish(cast, IN_APP)
    ill(cast)
    with time_machine.travel(morning(cast, day), tick=False):
        ask_who_is_still_ill()
    assert not Notice.objects.filter(kind="absences.still_ill").exists()
    with time_machine.travel(morning(cast, date(2026, 11, 30)), tick=False):
        ask_who_is_still_ill()
    assert Notice.objects.filter(kind="absences.still_ill").count() == 1


def test_in_the_afternoon_and_where_the_school_does_not_ask_nobody_is_asked(cast: Cast) -> None:
    publish(cast, IN_APP | {"sick_in_app.still_ill": False})
    row = ill(cast)
    assert row.ends_on == TOMORROW, "it is reported each day again"
    publish(cast, IN_APP)
    ill(cast, cast.sibling)
    with time_machine.travel(morning(cast, TOMORROW + timedelta(days=1), 14), tick=False):
        ask_who_is_still_ill()
    assert not Notice.objects.filter(kind="absences.still_ill").exists()


def test_asking_is_once_a_day_and_not_after_an_answer() -> None:
    day = date(2026, 11, 25)
    assert asks_still_ill(starts_on=TODAY, confirmed_on=None, asked_on=None, today=day)
    assert not asks_still_ill(starts_on=day, confirmed_on=None, asked_on=None, today=day)
    assert not asks_still_ill(starts_on=TODAY, confirmed_on=day, asked_on=None, today=day)
    assert not asks_still_ill(starts_on=TODAY, confirmed_on=None, asked_on=day, today=day)


def test_open_illness_that_nobody_confirmed_is_marked_on_the_list(cast: Cast) -> None:
    publish(cast, IN_APP)
    ill(cast)
    day = f"/school/{cast.school.public_id}/day/"
    with time_machine.travel(morning(cast, TOMORROW + timedelta(days=1), 9), tick=False):
        assert "vandaag niet bevestigd" in cast.client("teacher").get(day).content.decode()
        actions.say_still_ill(by=cast.viewer("guardian"), absence=Absence.objects.get())
        page = cast.client("teacher").get(day).content.decode()
    assert "vandaag niet bevestigd" not in page
    assert "Van Joep" in page


def test_what_was_reported_for_tomorrow_is_taken_back_today_and_not_tomorrow(cast: Cast) -> None:
    publish(cast, IN_APP)
    row = ill(cast)
    with time_machine.travel(morning(cast, TOMORROW), tick=False), pytest.raises(Refused):
        actions.take_back_absence(by=cast.viewer("guardian"), absence=row)
    actions.take_back_absence(by=cast.viewer("guardian"), absence=row)
    assert not Absence.objects.standing().exists()


def test_the_form_keeps_what_was_typed(cast: Cast) -> None:
    publish(cast, IN_APP)
    data = {"reason": "", "day": str(TOMORROW), "note": "Koorts"}
    answer = cast.client("guardian").post("/absences/report/", data)
    assert answer.status_code == 422
    assert 'value="Koorts"' in answer.content.decode()
    assert cast.client("guardian").post("/absences/report/", data | {"reason": "ill"}).status_code == 302
    assert (
        cast.client("guardian").post("/absences/report/", data | {"reason": "ill", "day": "gisteren"}).status_code
        == 422
    )


def test_a_missing_child_becomes_ill_when_its_parents_are_reached(cast: Cast) -> None:
    logged(cast, by="teacher", reason=Reason.MISSING)
    office, day = cast.client("office"), f"/school/{cast.school.public_id}/day/"
    assert "1 om te bellen" in office.get(day).content.decode()
    data = {"child": cast.child.public_id, "reason": "ill", "q": "joep"}
    assert office.post(f"{day}log/", data).status_code == 302
    row = Absence.objects.get()
    assert (row.reason, row.source) == ("ill", "phone")
    assert "om te bellen" not in office.get(day).content.decode()
    assert told(cast, "absences.reported_family") == {"guardian"}


def test_a_call_needs_a_child_and_keeps_the_rest(cast: Cast) -> None:
    day = f"/school/{cast.school.public_id}/day/"
    answer = cast.client("office").post(f"{day}log/", {"q": "joep", "reason": "late", "note": "Lekke band"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="joep"' in page
    assert 'value="Lekke band"' in page
    assert not Absence.objects.exists()


def test_the_search_finds_the_own_children_only(cast: Cast) -> None:
    find = f"/school/{cast.school.public_id}/day/find/"
    assert "Van Mila" in cast.client("office").get(find, {"q": "mila"}).content.decode()
    assert "Van Mila" not in cast.client("teacher").get(find, {"q": "mila"}).content.decode()
    assert "Van Joep" in cast.client("teacher").get(find, {"q": "joep"}).content.decode()
    assert "checked" in cast.client("office").get(find, {"q": "mila"}).content.decode(), "the only one is chosen"


def test_the_file_for_the_administration_has_no_notes_and_no_formulas(cast: Cast) -> None:
    cast.child.first_name = "=HYPERLINK"
    cast.child.save()
    logged(cast, note="Waterpokken")
    visiting(cast, cast.sibling, day=TOMORROW)
    address = f"/school/{cast.school.public_id}/day/export/"
    answer = cast.client("office").post(address, {"first": str(TODAY), "last": str(TOMORROW)})
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Type"].startswith("text/csv")
    assert "'=HYPERLINK" in text
    assert "Waterpokken" not in text
    assert "Tandarts" not in text
    assert f"{TOMORROW};Saar Van Saar;Groep 1/2A;Medisch bezoek;10:15;11:30" in text
    assert cast.client("office").post(address, {"first": str(TOMORROW), "last": str(TODAY)}).status_code == 422


def test_after_the_days_that_the_school_keeps_it_is_gone(cast: Cast) -> None:
    [visit] = visiting(cast, note="Beugel")
    logged(cast, cast.sibling, note="Koorts")
    request = leave(cast, cast.child, first=TODAY + timedelta(days=3), uploads=[papers.upload(papers.pdf())])
    actions.decide_leave(by=cast.viewer("management"), request=request, grant=True, decision="Fijne dag")
    audiences = Audience.objects.count()
    with time_machine.travel(NOW + timedelta(days=80), tick=False):
        forget_absences()
    assert Appointment.objects.filter(pk=visit.pk, note="Beugel").exists()
    cast.school.keep_absences_days = 30
    cast.school.save()
    with time_machine.travel(NOW + timedelta(days=40), tick=False):
        for _again in range(2):
            forget_absences()
    assert not Appointment.objects.exists()
    assert not Absence.objects.exists()
    assert Audience.objects.count() < audiences
    row = LeaveRequest.objects.get()
    assert (row.why, row.decision, row.state) == ("", "", "granted")
    assert not LeaveDocument.objects.exists()
    assert not Document.objects.exists()
    with time_machine.travel(NOW + timedelta(days=800), tick=False):
        forget_absences()
    assert not LeaveRequest.objects.exists()


def test_the_school_chooses_how_long_it_keeps(cast: Cast) -> None:
    address = f"/school/{cast.school.public_id}/settings/"
    data = {"name": "De Beuk", "kind": "Basisschool", "city": "", "region": "zuid", "timezone": "Europe/Amsterdam"}
    assert cast.client("office").post(address, data | {"keep_absences_days": "30"}).status_code == 302
    cast.school.refresh_from_db()
    assert cast.school.keep_absences_days == 30
    assert cast.client("office").post(address, data | {"keep_absences_days": "1"}).status_code == 200
    assert cast.client("office").post(address, data).status_code == 302
    cast.school.refresh_from_db()
    assert cast.school.keep_absences_days == 30, "left empty it stays as it was"


@pytest.mark.both_databases
def test_the_database_holds_one_standing_absence_a_day(cast: Cast) -> None:
    row = logged(cast)
    again = Absence.objects.get(pk=row.pk)
    again.pk, again.public_id = None, "x" * 10
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    actions.cancel_absence(by=cast.viewer("office"), absence=row)
    again.save()
