"""In a browser: a parent chooses on a phone without JavaScript, and the teacher sees it at her next request."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from kring.consents.models import Standing
from tests.browsing import Browsing
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_parent_chooses_and_withdraws_and_the_teacher_sees_it(cast: Cast, browsing: Browsing, script: bool) -> None:
    phone = browsing.open(phone=True, script=script, user=cast.user("guardian"))
    phone.goto(browsing.address + reverse("consents:child", args=[cast.child.public_id]))
    phone.locator("fieldset#website label").first.click()
    phone.locator("form#consent .button--primary").click()
    expect(phone.get_by_text("Last chosen on")).to_be_visible()
    expect(phone.locator("input[name=website][value=yes]")).to_be_checked()
    desk = browsing.open(script=script, user=cast.user("teacher"))
    group = browsing.address + reverse("consents:group", args=[cast.school.public_id, cast.five.public_id])
    desk.goto(group)
    row = desk.locator("tr", has_text="Joep")
    expect(row.locator(".mark--yes")).to_have_count(1)
    phone.locator("fieldset#website label").last.click()
    phone.locator("form#consent .button--primary").click()
    expect(phone.locator("input[name=website][value=no]")).to_be_checked()
    desk.goto(group)
    expect(row.locator(".mark--no")).to_have_count(1)
    desk.get_by_role("button", name="Remind 3 families").click()
    expect(desk.get_by_text("Reminded today")).to_be_visible()
    with browsing.turn():
        assert not Standing.objects.get().is_yes
