"""Leave: with the school's form, or asked here and decided by management, with a term and a letter (N4, S10)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kring.absences import actions
from kring.absences.law import law_on
from kring.absences.models import LeaveRequest
from kring.absences.rules import Leave, LeaveKind, LeaveState, compulsory_from, decide_by, leave_advice
from kring.core.access import Refused
from kring.files.models import Document
from tests import factories as make
from tests.absences.reporting import LEAVE_IN_APP, PHONES, leave, told
from tests.agreements.making import publish
from tests.cast import TODAY, Cast
from tests.files import papers
from tests.photos import pictures

pytestmark = pytest.mark.django_db


def codes(leave: Leave, today: date = TODAY) -> list[str]:
    return [advice.code for advice in leave_advice(leave, today=today)]


def test_with_a_form_the_page_explains_and_leads_to_it_and_asks_nothing(cast: Cast) -> None:
    publish(cast, PHONES | {"leave.form_url": "https://debeuk.example.org/verlof"})
    main = cast.client("guardian").get("/absences/leave/").content.decode().split("<main")[1].split("</main>")[0]
    assert 'href="https://debeuk.example.org/verlof"' in main
    assert "Leerplichtwet" in main
    assert "<form" not in main
    with pytest.raises(Refused) as refused:
        leave(cast, agree=False)
    assert refused.value.clause == "N4"
    publish(cast, LEAVE_IN_APP)
    assert "<form" in cast.client("guardian").get("/absences/leave/").content.decode().split("<main")[1]


def test_a_request_is_told_to_management_and_the_other_parent_only(cast: Cast) -> None:
    make.GuardianshipFactory(child=cast.child, person=cast.people["class_parent"])
    leave(cast)
    assert told(cast, "absences.leave_asked") == {"management"}
    assert told(cast, "absences.leave_asked_family") == {"class_parent"}


def test_a_grant_is_told_to_both_parents_and_then_to_the_teachers(cast: Cast) -> None:
    make.GuardianshipFactory(child=cast.child, person=cast.people["class_parent"])
    row = leave(cast)
    actions.decide_leave(by=cast.viewer("management"), request=row, grant=True)
    assert told(cast, "absences.leave_decided") == {"guardian", "class_parent"}
    assert told(cast, "absences.leave_granted_team") == {"teacher", "duo"}


def test_declining_needs_a_reason_and_is_not_told_to_the_teachers(cast: Cast) -> None:
    row = leave(cast)
    with pytest.raises(Refused):
        actions.decide_leave(by=cast.viewer("management"), request=row, grant=False, decision="  ")
    actions.decide_leave(by=cast.viewer("management"), request=row, grant=False, decision="Buiten de wet")
    from kring.notifications.models import Notice

    assert not Notice.objects.filter(kind="absences.leave_granted_team").exists()
    with pytest.raises(Refused, match="intussen"):
        actions.decide_leave(by=cast.viewer("management"), request=LeaveRequest.objects.get(), grant=True)
    assert LeaveRequest.objects.get().state == LeaveState.DECLINED


def test_what_was_withdrawn_is_not_decided_and_the_other_way_round(cast: Cast) -> None:
    row = leave(cast)
    stale = LeaveRequest.objects.get(pk=row.pk)
    actions.withdraw_leave(by=cast.viewer("guardian"), request=row)
    with pytest.raises(Refused):
        actions.decide_leave(by=cast.viewer("management"), request=stale, grant=True)
    again = leave(cast)
    stale = LeaveRequest.objects.get(pk=again.pk)
    actions.decide_leave(by=cast.viewer("management"), request=again, grant=True)
    with pytest.raises(Refused):
        actions.withdraw_leave(by=cast.viewer("guardian"), request=stale)


def test_the_term_counts_working_days_of_the_agreement(cast: Cast) -> None:
    assert leave(cast).decide_by == date(2026, 12, 1)
    assert decide_by(date(2026, 12, 18), working_days=2, is_free=lambda day: day < date(2027, 1, 4)) == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("first", "days", "says"),
    [
        (TODAY + timedelta(days=9), 0, "einde"),
        (TODAY + timedelta(days=500), 1, "jaar"),
        (TODAY - timedelta(days=40), 1, "maand"),
        (date(2026, 11, 28), 2, "geen school"),
        (TODAY, 200, "vier maanden"),
    ],
)
def test_days_that_do_not_fit_are_refused_and_leave_no_file(cast: Cast, first: date, days: int, says: str) -> None:
    publish(cast, LEAVE_IN_APP)
    with pytest.raises(Refused) as refused:
        leave(cast, first=first, days=days, agree=False, uploads=[papers.upload(papers.pdf())])
    assert says in refused.value.sentence
    assert not Document.objects.exists()


def test_the_same_days_are_asked_for_once_and_a_refusal_leaves_no_file(cast: Cast) -> None:
    leave(cast, days=3)
    with pytest.raises(Refused, match="al verlof"):
        leave(cast, first=TODAY + timedelta(days=10), agree=False, uploads=[papers.upload(papers.pdf())])
    assert not Document.objects.exists()
    leave(cast, cast.sibling, days=3, agree=False)


def test_a_form_sent_twice_is_one_request(cast: Cast) -> None:
    first = leave(cast, token="eens")
    assert leave(cast, token="eens", agree=False).pk == first.pk


def test_a_file_of_another_kind_is_refused_and_the_words_stay(cast: Cast) -> None:
    publish(cast, LEAVE_IN_APP)
    data = {"kind": "wedding", "first_day": "2026-12-03", "last_day": "2026-12-03", "why": "Oma trouwt"}
    from django.core.files.uploadedfile import SimpleUploadedFile

    bad = SimpleUploadedFile("brief.exe", b"MZ" + b"\0" * 200)
    answer = cast.client("guardian").post("/absences/leave/", data | {"document": bad})
    assert answer.status_code == 422
    assert "Oma trouwt" in answer.content.decode()
    assert not LeaveRequest.objects.exists()
    assert cast.client("guardian").post("/absences/leave/", data).status_code == 302
    assert LeaveRequest.objects.get().why == "Oma trouwt"


@pytest.mark.parametrize("content", [pictures.telltale_jpeg(6), pictures.heic(), pictures.telltale_webp()])
def test_a_photo_of_a_letter_is_kept_without_where_it_was_taken(cast: Cast, content: bytes) -> None:
    row = leave(cast, uploads=[pictures.upload(content, pictures.FILE_NAME), papers.upload(papers.pdf())])
    photo, paper = row.documents.select_related("document").order_by("position")
    assert (photo.document.is_picture, paper.document.is_picture) == (True, False)
    answer = cast.client("management").get(f"/absences/document/{photo.public_id}/")
    kept = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "image/webp"
    assert not [mark for mark in pictures.MARKERS if mark in kept]
    assert "anari" not in photo.document.name
    assert cast.client("teacher").get(f"/absences/document/{photo.public_id}/").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        pictures.jpeg()[:300],
        pictures.png_that_claims(60_000, 60_000),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        pictures.zip_of(a=b"x"),
    ],
)
def test_a_hostile_picture_is_refused_and_nothing_is_left(cast: Cast, content: bytes) -> None:
    with pytest.raises(Refused):
        leave(cast, uploads=[papers.upload(papers.pdf()), pictures.upload(content)])
    assert not LeaveRequest.objects.exists()
    assert not Document.objects.exists()


def test_the_letter_is_a_pdf_of_who_asked_and_of_management(cast: Cast) -> None:
    cast.child.first_name, cast.child.last_name = "Çağla", "Yıldız-Łoś"
    cast.child.save()
    row = leave(cast)
    address = f"/absences/leave/{row.public_id}/letter/"
    assert cast.client("guardian").get(address).status_code == 404, "nothing was decided yet"
    actions.decide_leave(by=cast.viewer("management"), request=row, grant=False, decision="Het is nog geen feest")
    for role in ("guardian", "management"):
        answer = cast.client(role).get(address)
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        assert len(answer.content) > 5_000
    assert cast.client("teacher").get(address).status_code == 404


def test_what_the_law_says_about_holiday_leave() -> None:
    base = {"kind": LeaveKind.WORK, "lessons": 5}
    assert codes(Leave(first=TODAY + timedelta(weeks=9), **base)) == []  # type: ignore[arg-type]
    late = Leave(kind=LeaveKind.WORK, first=TODAY + timedelta(days=50), lessons=11, granted=3)
    assert codes(late) == ["eight_weeks", "once_a_year", "ten_days"]
    begin = date(2027, 8, 30)
    assert codes(Leave(LeaveKind.WORK, begin + timedelta(days=3), 2, year_begins=begin)) == ["first_weeks"]
    assert codes(Leave(LeaveKind.WORK, begin + timedelta(days=14), 2, year_begins=begin)) == []


def test_what_the_law_says_about_the_rest() -> None:
    soon = TODAY + timedelta(days=1)
    assert codes(Leave(LeaveKind.RELIGIOUS, soon, 1)) == ["two_days"]
    assert codes(Leave(LeaveKind.RELIGIOUS, soon + timedelta(days=1), 1)) == []
    assert codes(Leave(LeaveKind.WEDDING, soon, 2, granted=9)) == ["attendance_officer"]
    assert codes(Leave(LeaveKind.WEDDING, soon, 1, granted=9)) == []
    assert codes(Leave(LeaveKind.DEATH, TODAY - timedelta(days=3), 1)) == ["within_two_days"]
    assert codes(Leave(LeaveKind.FIVE, soon, 1, born=date(2019, 1, 1))) == ["not_five"]
    assert codes(Leave(LeaveKind.FIVE, soon, 1, born=date(2021, 6, 1))) == []
    assert codes(Leave(LeaveKind.OTHER, soon, 20, born=date(2022, 6, 1))) == ["not_compulsory"]
    assert compulsory_from(date(2020, 12, 5)) == date(2026, 1, 1)
    assert compulsory_from(date(2020, 2, 29)) == date(2025, 3, 1)


def test_management_reads_what_the_law_says_with_what_was_granted_before(cast: Cast) -> None:
    before = leave(cast, first=date(2026, 11, 30), days=12)
    actions.decide_leave(by=cast.viewer("management"), request=before, grant=True)
    row = leave(cast, first=date(2026, 12, 14), days=2, agree=False)
    [sentence] = law_on(row)
    assert "12 schooldagen" in sentence
    page = cast.client("management").get(f"/school/{cast.school.public_id}/leave/{row.public_id}/").content.decode()
    assert "leerplichtambtenaar" in page
    assert cast.client("office").get(f"/school/{cast.school.public_id}/leave/").status_code == 403


def test_the_page_of_management_decides(cast: Cast) -> None:
    row = leave(cast)
    client, address = cast.client("management"), f"/school/{cast.school.public_id}/leave/{row.public_id}/"
    assert client.post(address, {"answer": "decline", "decision": ""}).status_code == 422
    assert client.post(address, {"decision": "Goed"}).status_code == 422
    assert client.post(address, {"answer": "grant", "decision": "Veel plezier"}).status_code == 302
    row.refresh_from_db()
    assert row.state == LeaveState.GRANTED
    day = f"/school/{cast.school.public_id}/day/?day={row.first_day}"
    page = cast.client("teacher").get(day).content.decode()
    assert "Verlof" in page
    assert "Huwelijk" not in page
    assert "Veel plezier" not in page
