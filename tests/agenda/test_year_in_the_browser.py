"""The office publishes a year from a draft; a parent sees nothing before it, and all of it after, with one message."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from kring.agenda.models import Event
from kring.agreements.actions import confirm_read
from kring.notifications.models import Delivery
from tests import factories as make
from tests.agenda.feeding import put
from tests.agreements.making import publish as publish_agreement
from tests.browsing import Browsing
from tests.cast import Cast

SHEET = "Datum;Titel;Begintijd;Eindtijd;Groepen\n2027-11-09;Ouderavond;19:30;21:00;Bovenbouw\n2028-06-13;Sportdag;;;\n"


@pytest.fixture
def year(cast: Cast) -> str:
    """Next year stands ready to be filled, and something went on this year; return the address of the plan."""
    publish_agreement(cast)
    for role in ("office", "guardian"):
        confirm_read(by=cast.viewer(role), school=cast.school)
    make.SchoolYearFactory(school=cast.school, name="2027-2028", starts_on=date(2027, 8, 1), ends_on=date(2028, 7, 31))
    put(cast.school, "Sinterklaasfeest", date(2026, 12, 4))
    return f"{reverse('agenda:year', args=[cast.school.public_id])}?year=2027"


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_year_published_from_a_draft(browsing: Browsing, cast: Cast, year: str, script: bool) -> None:
    page = browsing.open(user=cast.user("office"), script=script)
    page.goto(browsing.address + year)
    # Copied from last year: 5 December 2027 is a Sunday.
    page.get_by_role("link", name=re.compile("Copy last year")).click()
    expect(page.get_by_label("Day of Sinterklaasfeest")).to_have_value("2027-12-03")
    page.get_by_role("button", name="Put them in the plan").click()
    expect(page.get_by_text("1 event stands in the plan. No parent sees it yet.")).to_be_visible()
    # Typed.
    page.get_by_role("link", name=re.compile("Several at once")).click()
    page.locator("[name='form-0-title']").fill("Studiedag")
    page.locator("[name='form-0-first']").fill("2027-10-04")
    page.get_by_role("button", name="Put them in the plan").click()
    # From a file.
    page.get_by_role("link", name=re.compile("Take over a file")).click()
    page.locator("input[type=file]").set_input_files(
        {"name": "jaar.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    )
    page.get_by_role("button", name="Read and check").click()
    expect(page.get_by_text("2 new, 0 changed.")).to_be_visible()
    page.get_by_role("button", name="Take over").click()
    expect(page.get_by_role("heading", name="4 events are not visible yet")).to_be_visible()

    with browsing.turn():
        assert not Event.objects.readable_by(cast.viewer("guardian")).filter(starts_on__year__gte=2027).exists()
    page.get_by_role("link", name=re.compile("Publish the plan")).click()
    expect(page.get_by_text("4 events become visible")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name="Everything of this year is published")).to_be_visible()

    browsing.work()
    with browsing.turn():
        seen = Event.objects.readable_by(cast.viewer("guardian")).filter(starts_on__gte=date(2027, 8, 1)).in_order()
        assert [event.title for event in seen] == ["Studiedag", "Ouderavond", "Sinterklaasfeest", "Sportdag"]
        told = Delivery.objects.filter(user=cast.user("guardian"), notice__kind__startswith="agenda", channel="inbox")
        assert told.count() == 1
    parent = browsing.open(phone=True, user=cast.user("guardian"), script=script)
    parent.goto(browsing.address + reverse("notifications:inbox"))
    expect(parent.get_by_text("The agenda for 2027-2028 is ready")).to_be_visible()
