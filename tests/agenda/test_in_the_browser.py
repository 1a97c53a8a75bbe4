"""Two parents and a teacher: who comes, who helps; and a reminder that goes out by itself when its time has come."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import expect

from kring.agenda import jobs
from kring.agenda.models import Event, Rsvp, Signup
from kring.posts.jobs import publish_due_posts
from tests.agenda.planning import ask, plan
from tests.browsing import Browsing
from tests.cast import NOW, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_family_answers_and_the_last_place_is_taken(browsing: Browsing, cast: Cast) -> None:
    with browsing.turn():
        event = plan(cast, title="Kunstmarkt", rsvp="family")
        ask(cast, event=event, title="Hapjes uitdelen", places=1)
    address = f"{browsing.address}/agenda/{event.public_id}/"
    parent = browsing.open(user=cast.user("guardian"), phone=True)
    parent.goto(f"{browsing.address}/agenda/?week={event.starts_on}")
    parent.get_by_role("link", name="Kunstmarkt").click()
    expect(parent).to_have_url(address)
    parent.locator("#number").fill("3")
    parent.locator("#answer button[value=yes]").click()
    expect(parent.locator("#answer .event-page__said")).to_contain_text("3")
    parent.locator("#help-section form .button--primary").click()
    expect(parent.locator(".places .me")).to_have_count(1)

    other = browsing.open(user=cast.user("class_parent"), phone=True)
    other.goto(address)
    expect(other.locator(".places .taken")).to_have_count(1)
    expect(other.locator("body")).not_to_contain_text("Guardian")
    other.locator("#help-section form .button--primary").click()
    expect(other.locator("#help-section .event-page__said")).to_be_visible()
    with browsing.turn():
        assert sorted(Signup.objects.values_list("state", flat=True)) == ["held", "waiting"]

    parent.locator("#help-section form[action*=give-back] button").click()
    expect(parent.locator(".places .taken")).to_have_count(1)
    other.reload()
    expect(other.locator(".places .me")).to_have_count(1)

    teacher = browsing.open(user=cast.user("teacher"))
    teacher.goto(address)
    expect(teacher.locator(".places")).to_contain_text("Class parent")
    expect(teacher.locator("section[aria-labelledby=answers]")).to_contain_text("3")
    with browsing.turn():
        assert Rsvp.objects.get().number == 3


def test_without_a_script_the_same_forms_work(browsing: Browsing, cast: Cast) -> None:
    with browsing.turn():
        event = plan(cast, title="Kunstmarkt", rsvp="person")
        ask(cast, event=event, places=2)
    parent = browsing.open(user=cast.user("guardian"), phone=True, script=False)
    parent.goto(f"{browsing.address}/agenda/{event.public_id}/")
    parent.locator("#answer button[value=no]").click()
    expect(parent.locator("#answer .event-page__said")).to_be_visible()
    parent.locator("#help-section form .button--primary").click()
    expect(parent.locator(".places .me")).to_have_count(1)


def test_a_reminder_goes_out_by_itself_when_the_clock_has_moved(browsing: Browsing, cast: Cast) -> None:
    teacher = browsing.open(user=cast.user("teacher"))
    teacher.goto(f"{browsing.address}/school/{cast.school.public_id}/agenda/new/")
    teacher.locator("#id_title").fill("Kunstmarkt")
    teacher.locator("#id_starts_on").fill("2027-01-28")
    teacher.locator("#id_is_important").check()
    teacher.locator("form.formpage__form .button--primary").click()
    expect(teacher.locator("h1")).to_have_text("Kunstmarkt")
    with browsing.turn():
        event = Event.objects.get()
        assert (event.starts_on, event.is_important) == (date(2027, 1, 28), True)
    address = f"{browsing.address}/agenda/{event.public_id}/"
    teacher.close()  # her session would end while the page stands open

    browsing.clock.move_to(datetime(2026, 12, 31, 8, 5, tzinfo=NOW.tzinfo))
    with browsing.turn():
        assert jobs.prepare_reminders() == 1
        assert publish_due_posts() == 0
    again = browsing.open(user=cast.user("teacher"))
    again.goto(address)
    expect(again.locator("section[aria-labelledby=reminder]")).to_contain_text("7 January")
    again.close()
    browsing.clock.move_to(datetime(2027, 1, 7, 8, 1, tzinfo=NOW.tzinfo))
    with browsing.turn():
        assert publish_due_posts() == 1
    browsing.clock.shift(timedelta(minutes=1))
    parent = browsing.open(user=cast.user("guardian"), phone=True)
    parent.goto(f"{browsing.address}/")
    expect(parent.locator("body")).to_contain_text("Kunstmarkt")
