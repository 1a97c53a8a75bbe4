"""Without JavaScript: sign in, write a post with a photo, place it, read it, and say that it was seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from kring.people.models import User
from tests.accounts.conftest import PASSWORD
from tests.browsing import Browsing
from tests.cast import Cast, build_cast
from tests.photos import pictures

pytestmark = pytest.mark.browser
TITLE, ALT = "Kastanjes rapen", "Een mand vol kastanjes"


@pytest.fixture
def cast(browsing: Browsing) -> Cast:
    """Return the cast, with a password for its teacher and the guardian."""
    with browsing.turn():
        cast = build_cast()
        for user in User.objects.filter(pk__in=[cast.user("teacher").pk, cast.user("guardian").pk]):
            user.set_password(PASSWORD)
            user.save()
        return cast


def sign_in(browsing: Browsing, cast: Cast, role: str, *, phone: bool = False) -> Page:
    page = browsing.open(script=False, phone=phone)
    page.goto(browsing.address)
    page.get_by_label("E-mail address").fill(cast.user(role).email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    expect(page.get_by_role("navigation", name="Main menu", exact=True)).to_be_attached()
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def write(page: Page, browsing: Browsing) -> None:
    page.get_by_role("link", name="New message").first.click()
    page.get_by_role("button", name="Group post").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Add photos").set_input_files(
        {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": pictures.telltale_jpeg()}
    )
    press(page, "Send these photos")
    expect(page.get_by_label("Title")).to_have_value(TITLE)
    page.get_by_label("What can be seen?").fill(ALT)
    browsing.work()
    press(page, "Check")
    expect(page.get_by_role("img", name=ALT).first).to_be_visible()
    page.get_by_label("Checked with the school's list").check()
    press(page, "Place")
    expect(page.get_by_text("In fifteen seconds families can read it.")).to_be_visible()


def test_a_post_is_written_placed_read_and_seen(browsing: Browsing, cast: Cast) -> None:
    teacher = sign_in(browsing, cast, "teacher")
    write(teacher, browsing)
    browsing.clock.shift(16)
    guardian = sign_in(browsing, cast, "guardian", phone=True)
    post = guardian.get_by_role("article", name=TITLE)
    expect(post.get_by_role("img", name=ALT)).to_be_visible()
    teacher.reload()
    expect(teacher.get_by_text("0 of 3 children reached")).to_be_visible()
    post.get_by_role("button", name="Seen").click()
    expect(post.get_by_role("button", name="Seen", pressed=True)).to_be_visible()
    teacher.reload()
    expect(teacher.get_by_text("1 of 3 children reached")).to_be_visible()
