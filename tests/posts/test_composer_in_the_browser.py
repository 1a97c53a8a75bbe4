"""The composer as a teacher meets it: hints while she types, a draft that keeps itself, photos, and second thoughts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from kring.notifications.models import Notice
from kring.photos.models import PhotoUse
from kring.posts.models import Post
from tests import factories as make
from tests.browsing import COOKIE, Browsing
from tests.cast import NOW, Cast, build_cast
from tests.photos import pictures
from tests.posts.writing import published

pytestmark = pytest.mark.browser
PLANTS = "Plantjes water geven"


@pytest.fixture
def cast(browsing: Browsing) -> Cast:
    """Return the cast; its teacher has group 6 as well, so that there is something to choose."""
    with browsing.turn():
        cast = build_cast()
        make.TeamRoleFactory(person=cast.people["teacher"], group=cast.six)
        return cast


def begin(browsing: Browsing, cast: Cast, kind: str, *, role: str = "teacher") -> Page:
    page = browsing.open(user=cast.user(role))
    page.goto(f"{browsing.address}/school/{cast.school.public_id}/posts/new/")
    page.get_by_role("button", name=kind).click()
    return page


def choose(page: Page, *audience: str) -> None:
    for name in audience:
        page.locator(".chip", has_text=name).click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def photo(name: str, width: int) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": pictures.jpeg(width, 40)}


def test_hints_come_while_she_types_and_the_draft_keeps_itself(browsing: Browsing, cast: Cast) -> None:
    with browsing.turn():
        published(cast, title="Maandag", visible_from=NOW.replace(day=23))
    page = begin(browsing, cast, "Group post")
    choose(page, "Groep 5")
    page.get_by_label("Title").press_sequentially(PLANTS)
    expect(page.locator("#hints-text, #hints-photos").get_by_text("A photo says a lot.")).to_be_visible()
    expect(page.locator("#rhythm")).to_contain_text("Groep 5 this week: 1 of 2.")
    expect(page.locator("#rhythm .dots i")).to_have_count(2)
    expect(page.locator("#who")).to_have_text("The parents of 3 children in Groep 5, and the team.")
    expect(page.locator("#preview")).to_contain_text(PLANTS)
    page.reload()
    expect(page.get_by_label("Title")).to_have_value(PLANTS)
    expect(page.get_by_label("Groep 5")).to_be_checked()
    expect(page.get_by_label("Groep 6")).not_to_be_checked()


def test_things_to_bring_tomorrow_are_too_soon_and_why_leads_to_the_paragraph(browsing: Browsing, cast: Cast) -> None:
    page = begin(browsing, cast, "To bring")
    choose(page, "Groep 5")
    page.get_by_label("What is it?").fill("Soep koken")
    page.get_by_label("For which day?").fill("2026-11-25")
    page.get_by_label("Thing 1").fill("Een kom")
    hint = page.locator("#hints-items .hint")
    expect(hint).to_contain_text("That is tomorrow. We rather ask for things 2 days ahead")
    hint.get_by_role("link", name="Why?").click()
    expect(page).to_have_url(f"{browsing.address}/school/{cast.school.public_id}/agreements/#f3")
    expect(page.locator("#f3")).to_be_in_viewport()
    page.go_back()
    press(page, "Make it Thursday 26 November")
    expect(page.get_by_label("For which day?")).to_have_value("2026-11-26")
    expect(page.get_by_label("Thing 1")).to_have_value("Een kom")
    expect(hint).to_have_count(0)


def test_photos_are_sent_ordered_and_described_and_undo_leaves_nothing_behind(browsing: Browsing, cast: Cast) -> None:
    page = begin(browsing, cast, "Group post")
    choose(page, "Groep 5")
    page.get_by_label("Title").fill(PLANTS)
    held: list[Route] = []
    page.route("**/photos/", lambda route: route.continue_() if held else held.append(route))
    page.get_by_label("Add photos").set_input_files(
        [photo("een.jpg", 60), photo("twee.jpg", 70), photo("drie.jpg", 80)]
    )
    expect(page.get_by_role("progressbar")).to_have_count(3)
    expect(page.get_by_text("Photo 1 of 3 is being sent")).to_be_visible()
    held[0].continue_()
    expect(page.get_by_text("All photos have been sent")).to_be_visible()
    browsing.work()
    items = page.locator(".photo-pick")
    expect(items.locator("img")).to_have_count(3)
    for number, words in enumerate(["Eén", "Twee", "Drie"]):
        items.nth(number).get_by_label("What can be seen?").fill(words)
    first, second, third = (items.nth(number).get_attribute("data-photo") for number in range(3))
    kept = re.compile(
        rf'(?:photos=|name="photos"\r\n\r\n){third}.*(?:photos=|name="photos"\r\n\r\n){second}', re.DOTALL
    )
    assert first != third
    # The words typed before are on their way too: wait for the answer to the new order.
    with page.expect_response(lambda answer: kept.search(answer.request.post_data or "") is not None):
        items.nth(2).get_by_role("button", name="Earlier").click()
    page.reload()
    expect(page.get_by_label("What can be seen?")).to_have_count(3)
    assert [field.input_value() for field in page.get_by_label("What can be seen?").all()] == ["Eén", "Drie", "Twee"]
    page.get_by_label("Checked with the school's list").check()
    press(page, "Place")
    expect(page.get_by_text("In fifteen seconds families can read it.")).to_be_visible()
    with browsing.turn():
        assert PhotoUse.objects.count() == 3
        assert Notice.objects.count() == 1
    press(page, "Undo")
    expect(page.get_by_label("Title")).to_have_value(PLANTS)
    browsing.clock.shift(60)
    with browsing.turn():
        post = Post.objects.get()
        assert (post.state, post.visible_from) == ("draft", None)
        assert not PhotoUse.objects.exists()
        assert not Notice.objects.exists()
        assert cast.client("guardian").get(f"/posts/{post.public_id}/").status_code == 404


def test_a_photo_that_did_not_arrive_can_be_sent_again(browsing: Browsing, cast: Cast) -> None:
    page = begin(browsing, cast, "Group post")
    choose(page, "Groep 5")
    expect(page.get_by_text("Add photos")).to_be_visible()
    session = next(cookie for cookie in page.context.cookies() if cookie["name"] == COOKIE)
    browsing.expected.add(401)
    page.context.clear_cookies(name=COOKIE)
    page.get_by_label("Add photos").set_input_files([photo("een.jpg", 60)])
    expect(page.get_by_text("This photo has not been sent yet.")).to_be_visible()
    page.context.add_cookies([session])  # type: ignore[list-item]
    press(page, "Again")
    expect(page.get_by_text("Being made ready")).to_be_visible()


def test_who_was_signed_out_while_writing_keeps_her_words_and_goes_on_after_signing_in(
    browsing: Browsing, cast: Cast
) -> None:
    page = begin(browsing, cast, "Group post")
    choose(page, "Groep 5")
    browsing.expected.add(401)
    page.context.clear_cookies(name=COOKIE)
    page.get_by_label("Title").fill(PLANTS)
    expect(page.get_by_text("You have been signed out.")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value(PLANTS)
    again = browsing.open(user=cast.user("teacher"))
    page.context.add_cookies(again.context.cookies())  # type: ignore[arg-type]
    press(page, "Place")
    expect(page.get_by_label("How it stands")).to_be_visible()
    with browsing.turn():
        assert Post.objects.get().title == PLANTS


def test_in_the_evening_it_goes_out_tomorrow_at_eight_and_now_is_one_tap(browsing: Browsing, cast: Cast) -> None:
    browsing.clock.move_to(NOW.replace(hour=20))
    page = begin(browsing, cast, "Group post")
    choose(page, "Groep 5")
    page.get_by_label("Title").fill(PLANTS)
    expect(page.get_by_label("Tomorrow at 8:00")).to_be_checked()
    press(page, "Place")
    expect(page.get_by_label("How it stands")).to_contain_text("tomorrow at 8:00")
    press(page, "Stop and change")
    page.get_by_label("Now").check()
    press(page, "Place")
    expect(page.get_by_text("In fifteen seconds families can read it.")).to_be_visible()
    with browsing.turn():
        post = Post.objects.get()
        assert post.visible_from is not None
        assert post.visible_from < NOW.replace(hour=21)


def test_more_than_one_group_asks_once_more_and_takes_no_photos(browsing: Browsing, cast: Cast) -> None:
    page = begin(browsing, cast, "Group post")
    choose(page, "Groep 5", "Groep 6")
    page.get_by_label("Title").fill(PLANTS)
    press(page, "Place")
    expect(page.get_by_role("heading", name="This goes to more than one group")).to_be_visible()
    page.get_by_role("link", name="Back to the message").click()
    choose(page, "Groep 6")
    page.get_by_label("Add photos").set_input_files([photo("een.jpg", 60)])
    expect(page.locator(".photo-pick:not(.photo-pick--sending)")).to_have_count(1)
    page.get_by_label("Checked with the school's list").check()
    choose(page, "Groep 6")
    reason = "First say who is in it: this photo goes to more than its own group"
    expect(page.locator("#hints-photos")).to_contain_text(reason)
    press(page, "Place")
    expect(page.get_by_text(reason).first).to_be_visible()
    expect(page.get_by_role("heading", name="This goes to more than one group")).to_have_count(0)
    with browsing.turn():
        assert Post.objects.get().state == "draft"
    page.get_by_role("button", name="Leave out", exact=True).click()
    press(page, "Place")
    press(page, "Yes, place it")
    expect(page.get_by_text("In fifteen seconds families can read it.")).to_be_visible()
