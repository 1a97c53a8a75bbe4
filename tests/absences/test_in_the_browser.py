"""In Chromium, on a phone and at a desk: a visit that the teacher sees and the other parent hears of, the sick path
with only a telephone, leave in both settings, a call written down, and a colleague who is away.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kring.absences.models import Absence, Appointment
from kring.conversations.models import Conversation
from kring.notifications.models import Delivery
from kring.people.models import Person, StaffAbsence
from kring.posts.models import Post
from tests import factories as make
from tests.absences.reporting import LEAVE_IN_APP, PHONES
from tests.agreements.making import publish
from tests.browsing import Browsing
from tests.cast import TODAY, Cast, build_cast
from tests.conversations.talking import to_team

pytestmark = pytest.mark.browser


@pytest.fixture
def school(browsing: Browsing) -> Cast:
    with browsing.turn():
        cast = build_cast()
        make.GuardianshipFactory(child=cast.child, person=cast.people["class_parent"])
        Person.objects.filter(pk=cast.people["teacher"].pk).update(called="Juf Els")
        publish(cast, PHONES | {"leave.form_url": "https://debeuk.example.org/verlof"})
    return cast


def test_a_visit_is_reported_seen_by_the_teacher_and_told_to_the_other_parent(browsing: Browsing, school: Cast) -> None:
    page = browsing.open(phone=True, user=school.user("guardian"))
    page.goto(f"{browsing.address}/arrange/?child={school.child.public_id}")
    page.locator("#visit summary").click()
    page.locator("#visit .button--primary").click()
    expect(page.locator("input[name=children]").nth(0)).to_be_visible()
    page.locator("input[name=kind][value=dentist]").check()
    page.locator("input[name=day]").fill("2026-11-25")
    page.locator("input[name=starts]").fill("10:15")
    page.locator("input[name=ends]").fill("09:00")
    page.locator("main form .button--primary").click()
    expect(page.locator(".field__error").first).to_be_visible()
    page.locator("input[name=ends]").fill("11:30")
    page.locator("main form .button--primary").click()
    page.wait_for_url("**/absences/visit/*/")
    browsing.work()

    other = browsing.open(phone=True, user=school.user("class_parent"))
    other.goto(f"{browsing.address}/absences/")
    expect(other.locator(".arranged__one")).to_have_count(1)

    team = browsing.open(user=school.user("teacher"))
    team.goto(f"{browsing.address}/school/{school.school.public_id}/day/?day=2026-11-25")
    row = team.locator(".awaylist tbody tr")
    expect(row).to_contain_text("Van Joep")
    expect(row).to_contain_text("11:30")
    row.locator("button").click()
    expect(team.locator(".awaylist tbody tr button")).to_have_count(0)

    page.goto(f"{browsing.address}/arrange/?child={school.child.public_id}")
    expect(page.locator(".arranged__one")).to_contain_text("Juf Els")
    with browsing.turn():
        assert Appointment.objects.get().seen_by == school.people["teacher"]
        told = Delivery.objects.filter(notice__kind="absences.visit_family", channel="inbox")
        assert [row.user for row in told] == [school.user("class_parent")]


def test_the_sick_path_shows_only_the_telephone(browsing: Browsing, school: Cast) -> None:
    page = browsing.open(phone=True, user=school.user("guardian"))
    for path in (f"/arrange/?child={school.child.public_id}", f"/absences/report/?child={school.child.public_id}"):
        page.goto(browsing.address + path)
        call = page.locator("main a.call[href='tel:0850000120']")
        expect(call.first).to_be_visible()
        expect(page.locator("main")).to_contain_text("8:45")
        expect(page.locator("main form")).to_have_count(0)
        expect(page.locator("main input")).to_have_count(0)


def test_leave_in_both_settings(browsing: Browsing, school: Cast) -> None:
    page = browsing.open(phone=True, script=False, user=school.user("guardian"))
    page.goto(f"{browsing.address}/absences/leave/")
    expect(page.locator("main a.button[href='https://debeuk.example.org/verlof']")).to_be_visible()
    expect(page.locator("main form")).to_have_count(0)
    with browsing.turn():
        publish(school, PHONES | LEAVE_IN_APP)
    page.goto(f"{browsing.address}/absences/leave/?child={school.child.public_id}")
    page.locator("input[name=kind][value=wedding]").check()
    page.locator("input[name=first_day]").fill("2026-12-03")
    page.locator("input[name=last_day]").fill("2026-12-04")
    page.locator("textarea[name=why]").fill("Opa trouwt in Friesland")
    page.locator("main form .button--primary").click()
    page.wait_for_url("**/absences/leave/*/")

    team = browsing.open(user=school.user("teacher"))
    team.goto(f"{browsing.address}/school/{school.school.public_id}/day/?day=2026-12-03")
    expect(team.locator("main")).not_to_contain_text("Van Joep")
    head = browsing.open(user=school.user("management"))
    head.goto(f"{browsing.address}/school/{school.school.public_id}/leave/")
    head.locator("main a.row").click()
    expect(head.locator("main")).to_contain_text("Opa trouwt in Friesland")
    head.locator("input[name=answer][value=grant]").check()
    head.locator("main form .button--primary").click()
    head.wait_for_load_state()
    expect(head.locator("input[name=answer]")).to_have_count(0)
    team.reload()
    expect(team.locator(".awaylist")).to_contain_text("Van Joep")
    expect(team.locator("main")).not_to_contain_text("Friesland")


def test_the_office_writes_a_call_down_in_a_few_taps(browsing: Browsing, school: Cast) -> None:
    page = browsing.open(user=school.user("office"))
    page.goto(f"{browsing.address}/school/{school.school.public_id}/day/")
    page.locator("#log-q").press_sequentially("mila")
    expect(page.locator("#found input:checked")).to_have_count(1)
    page.locator("#log .button--block").click()
    expect(page.locator(".awaylist")).to_contain_text("Van Mila")
    with browsing.turn():
        assert Absence.objects.get().reason == "ill"


def test_a_colleague_is_away_in_one_flow(browsing: Browsing, school: Cast) -> None:
    with browsing.turn():
        talk = to_team(school).conversation
    page = browsing.open(user=school.user("office"))
    page.goto(f"{browsing.address}/school/{school.school.public_id}/away/")
    page.locator("select[name=person]").select_option(school.people["teacher"].public_id)
    page.locator("select[name=substitute]").select_option(school.people["other_teacher"].public_id)
    page.locator("main form .button--primary").click()
    expect(page.locator("main textarea")).to_have_count(1)
    page.locator("main form .button--primary").click()
    expect(page.locator(".toast, [role=status]").first).to_be_visible()
    with browsing.turn():
        assert StaffAbsence.objects.get().starts_on == TODAY
        assert Post.objects.get().kind == "staff"
        viewer = school.viewer("other_teacher")
        assert Conversation.objects.visible_to(viewer).filter(pk=talk.pk).exists()
