"""In a browser: a parent withdraws, and the team takes the photo down where Kring cannot."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from kring.photos.actions import mark_used_elsewhere
from tests.browsing import Browsing
from tests.cast import Cast
from tests.consents.giving import say
from tests.health import Inspector
from tests.photos.conftest import MakePhoto, Name, Publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_withdrawal_reaches_the_team_and_is_dealt_with(
    cast: Cast, browsing: Browsing, ready: MakePhoto, name: Name, publish: Publish, script: bool
) -> None:
    with browsing.turn():
        say(cast, "guardian", cast.child, True)
        photo = name(ready(), cast.child)
        publish(photo)
        mark_used_elsewhere(by=cast.viewer("teacher"), photo=photo, code="website")
    reader = browsing.open(phone=True, script=script, user=cast.user("class_parent"))
    picture = browsing.address + reverse("photos:rendition", args=[photo.public_id, 400])
    assert reader.request.get(picture).status == 200
    parent = browsing.open(phone=True, script=script, user=cast.user("guardian"))
    parent.goto(browsing.address + reverse("consents:child", args=[cast.child.public_id]))
    for purpose in ("app_group", "website"):
        parent.locator(f"fieldset#{purpose} label").last.click()
    parent.locator("form#consent .button--primary").click()
    expect(parent.locator("input[name=website][value=no]")).to_be_checked()
    assert reader.request.get(picture).status == 404

    desk = browsing.open(phone=True, script=script, user=cast.user("teacher"))
    desk.emulate_media(reduced_motion="reduce")  # a colour half-way is none
    look = Inspector(desk, browsing.address)
    desk.goto(browsing.address + reverse("posts:group", args=[cast.school.public_id, cast.five.public_id]))
    desk.get_by_role("link", name="Photos without consent").click()
    expect(desk.get_by_role("heading", name="Joep may not be shown to the group.")).to_be_visible()
    if script:
        look.inspect("kept back")
    desk.get_by_role("button", name="Taken down").click()
    expect(desk.get_by_text("Noted: it has been taken down there.")).to_be_visible()
    expect(desk.get_by_role("button", name="Taken down")).to_have_count(0)
    desk.wait_for_load_state("load")  # before that nothing asks whether she is sure
    desk.get_by_role("button", name="Throw the photo away").click()
    if script:
        desk.get_by_role("button", name="Yes, do it").click()
    expect(desk.get_by_text("No photo lacks consent.")).to_be_visible()
    if script:
        look.inspect("nothing kept back")
    assert not look.faults, "\n".join(look.faults)
