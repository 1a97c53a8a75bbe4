"""The central story, in real browsers: an empty installation becomes a school whose parents read news."""

from __future__ import annotations

import io
import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import Page, expect

from tests.browsing import Browsing
from tests.imports.rosters import CANARY, Tables, as_zip, find, small
from tests.photos import pictures

pytestmark = pytest.mark.browser
PASSWORD = "een lange zin als wachtwoord"
TITLE, TEXT, ALT = "Egels in de schooltuin", "Vanmorgen zagen we er twee.", "Twee egels onder een struik"
ADMINISTRATOR, TEACHER = "wil@example.org", "anouk@example.org"
PARENT, OTHER_PARENT = "jan1@example.org", "samira@example.org"  # of a child in group 5, and of one in group 1/2A


def roster() -> Tables:
    """Return a small school by hand; for one child its year stands in a code of the school's own."""
    tables = small()
    find(tables, "users", "b")["grades"] = "KL2"
    return tables


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def join(page: Page, link: str) -> None:
    """Open an invitation, choose a password, and stand at the welcome."""
    page.goto(link)
    page.get_by_label("Choose a password").fill(PASSWORD)
    press(page, "Go on")
    page.wait_for_url("**/account/**")


def read_agreements(page: Page) -> None:
    """From the welcome: read what the school agreed, say so, and land in Kring."""
    follow(page, "Read the agreements")
    press(page, "I have read the agreements")
    page.wait_for_url(lambda address: "agreements" not in address)


def invitation_to(address: str) -> str:
    """Return the link in the newest mail to that address."""
    letter = next(letter for letter in reversed(mail.outbox) if letter.to == [address])
    found = re.search(r"http://\S+/account/invitation/\w+/", str(letter.body))
    assert found
    return found[0]


def told() -> set[str]:
    """Return who got mail."""
    return {address for letter in mail.outbox for address in letter.to}


def start(browsing: Browsing) -> str:
    """Start a school in the empty database, and return the link that lets its administrator in."""
    out = io.StringIO()
    given = {"board": "Stichting Samen", "school": "De Wilg", "city": "Utrecht", "region": "midden"}
    with browsing.turn():
        call_command("start_school", stdout=out, admin_name="Wil Bos", admin_email=ADMINISTRATOR, **given)
    found = re.search(r"http://\S+/account/invitation/\w+/", out.getvalue())
    assert found
    return found[0]


def second_factor(page: Page) -> None:
    """Set up an app for codes, as the school asks of its management."""
    page.goto(page.url)
    expect(page).to_have_url(re.compile("/account/2fa/"))
    follow(page, "Set up an app")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Go on")
    secret = page.locator("code.key").inner_text()
    page.get_by_label("Code of six digits").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    press(page, "Turn on")
    follow(page, "I kept them safe")


def publish_agreements(page: Page) -> None:
    follow(page, "Agreements")
    follow(page, "Change")
    press(page, "Read it all and choose a date")
    press(page, "Publish version 1")
    expect(page.locator("main")).to_contain_text("Version 1")


def import_roster(page: Page) -> None:
    """Upload, look, say what the code means, look again, and apply."""
    follow(page, "Back to Kring")
    follow(page, "Manage")
    follow(page, "Import")
    page.get_by_label("Roster").set_input_files(
        {"name": "roster.zip", "mimeType": "application/zip", "buffer": as_zip(roster())}
    )
    press(page, "Read and check")
    expect(page.get_by_text("The year of 1 child is not known.")).to_be_visible()
    page.get_by_label("KL2").select_option("2")
    press(page, "Look again with these years")
    expect(page.get_by_text("is not known")).to_have_count(0)
    expect(page.get_by_role("rowheader", name="Aya Haddou")).to_be_visible()
    assert CANARY not in page.content()
    press(page, "Apply")
    expect(page.get_by_role("heading", name="The roster is applied")).to_be_visible()


def invite_everybody(page: Page, browsing: Browsing) -> None:
    """Mail the team and both groups from the page of who has not joined."""
    follow(page, "Manage")
    follow(page, "Invitations")
    for group in ("Team", "Groep 5", "Groep 1/2A"):
        page.get_by_role("link", name=f"Who? {group}").click()
        press(page, "Mail everybody")
        press(page, "Yes, do it")
        expect(page.get_by_text("on its way").or_(page.get_by_text("on their way"))).to_be_visible()
    browsing.work()


def write_with_photo(page: Page, browsing: Browsing) -> str:
    """Write a group post with a photo straight from a phone, place it, and return its address."""
    page.goto(browsing.address)
    follow(page, "New message")
    press(page, "Group post")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Message").fill(TEXT)
    photo = pictures.telltale_jpeg(orientation=6)
    assert pictures.PLACE_NAME.encode() in photo
    page.get_by_label("Add photos").set_input_files({"name": "IMG_2.jpg", "mimeType": "image/jpeg", "buffer": photo})
    expect(page.get_by_text("Being made ready")).to_be_visible()
    browsing.work()
    expect(page.locator(".photo-pick img")).to_be_visible()
    page.get_by_label("What can be seen?").fill(ALT)
    page.get_by_label("Checked with the school's list").check()
    expect(page.locator("#who")).to_have_text("The parents of 3 children in Groep 5, and the team.")
    press(page, "Place")
    expect(page.get_by_text("In fifteen seconds families can read it.")).to_be_visible()
    return page.url


def sees_photo(page: Page) -> str:
    """Look at the one photo on the page until it is drawn, and return its address."""
    photo = page.get_by_role("img", name=ALT)
    photo.scroll_into_view_if_needed()
    expect(photo).to_have_js_property("complete", True)
    assert photo.evaluate("photo => photo.naturalWidth") > 0
    return str(photo.evaluate("photo => photo.currentSrc"))


def test_from_an_empty_installation_to_news_that_the_right_parent_reads(browsing: Browsing) -> None:
    office = browsing.open()
    join(office, start(browsing))
    second_factor(office)
    publish_agreements(office)
    import_roster(office)
    invite_everybody(office, browsing)

    teacher, parent, other = browsing.open(), browsing.open(phone=True), browsing.open(phone=True)
    for page, address in ((teacher, TEACHER), (parent, PARENT), (other, OTHER_PARENT)):
        join(page, invitation_to(address))
        read_agreements(page)

    post = write_with_photo(teacher, browsing)
    parent.goto(browsing.address)
    expect(parent.get_by_role("heading", name="No news yet")).to_be_visible()
    assert parent.request.get(post).status == 404
    browsing.clock.shift(16)
    mail.outbox.clear()
    browsing.work()
    assert PARENT in told()
    assert OTHER_PARENT not in told()

    with parent.expect_response("**/posts/seen/"):
        parent.reload()
        expect(parent.get_by_role("article", name=TITLE)).to_contain_text(TEXT)
        photo = sees_photo(parent)
    got = parent.request.get(photo)
    assert got.headers["content-type"] == "image/webp"
    assert not [marker for marker in pictures.MARKERS if marker in got.body()]

    other.goto(browsing.address)
    expect(other.get_by_role("heading", name="No news yet")).to_be_visible()
    assert [other.request.get(address).status for address in (post, photo)] == [404, 404]
    stranger = browsing.open(phone=True)
    for address in (post, photo):
        stranger.goto(address)
        expect(stranger).to_have_url(re.compile("/account/login/"))
    teacher.reload()
    expect(teacher.get_by_text("1 of 3 children reached")).to_be_visible()
