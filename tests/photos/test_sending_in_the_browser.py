"""Photos from a phone on a train: the connection goes and comes back, answers get lost, a button is pressed early."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from kring.photos.actions import remove_photo
from kring.photos.models import Photo, PhotoUse
from kring.posts.models import Post
from tests.browsing import Browsing
from tests.cast import Cast, build_cast
from tests.photos import pictures

pytestmark = pytest.mark.browser
UPLOAD = "**/photos/"


@pytest.fixture
def cast(browsing: Browsing) -> Cast:
    with browsing.turn():
        return build_cast()


@pytest.fixture
def page(browsing: Browsing, cast: Cast) -> Page:
    """Return the composer of a group post on the teacher's phone."""
    page = browsing.open(user=cast.user("teacher"), phone=True)
    page.goto(f"{browsing.address}/school/{cast.school.public_id}/posts/new/")
    page.get_by_role("button", name="Group post").click()
    page.get_by_label("Title").fill("Bollen planten")
    expect(page.get_by_text("Add photos")).to_be_visible()
    page.locator("html.js").wait_for()
    return page


def choose(page: Page, *widths: int) -> None:
    files = [{"name": f"{w}.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg(w, 40)} for w in widths]
    page.get_by_label("Add photos").set_input_files(files)  # type: ignore[arg-type]


def sent(page: Page) -> None:
    expect(page.get_by_text("All photos have been sent")).to_be_visible()


def test_what_was_lost_in_a_tunnel_goes_on_by_itself_and_nothing_is_sent_twice(browsing: Browsing, page: Page) -> None:
    browsing.loses_requests = True
    choose(page, 60)
    sent(page)
    tunnel = True
    page.route(UPLOAD, lambda route: route.abort() if tunnel else route.continue_())
    choose(page, 70, 80)
    expect(page.get_by_text("It goes on by itself when the connection is back.")).to_have_count(2, timeout=60_000)
    with browsing.turn():
        assert Photo.objects.count() == 1
    tunnel = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    sent(page)
    expect(page.locator(".photo-pick")).to_have_count(3)
    with browsing.turn():
        assert Photo.objects.count() == 3
    with page.expect_response(lambda answer: answer.url.endswith("/compose/")):
        page.get_by_label("Title").fill("Bollen en knollen")
    page.reload()
    expect(page.locator(".photo-pick")).to_have_count(3)


def test_a_photo_whose_answer_was_lost_is_there_once(browsing: Browsing, page: Page) -> None:
    browsing.loses_requests = True
    lost: list[Route] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route)
        route.fetch()
        route.abort()

    page.route(UPLOAD, lose_the_first_answer)
    choose(page, 60)
    sent(page)
    expect(page.locator(".photo-pick")).to_have_count(1)
    with browsing.turn():
        assert Photo.objects.count() == 1


def test_who_places_while_photos_are_on_their_way_places_them_too(browsing: Browsing, page: Page) -> None:
    held: list[Route] = []
    page.route(UPLOAD, lambda route: route.continue_() if held else held.append(route))
    page.get_by_label("Checked with the school's list").check()
    choose(page, 60, 70)
    expect(page.get_by_role("progressbar")).to_have_count(2)
    page.get_by_role("button", name="Place", exact=True).click()
    expect(page.locator("[data-photo-say]")).to_contain_text("The photos are still being sent.")
    held[0].continue_()
    expect(page.get_by_label("How it stands")).to_be_visible()
    with browsing.turn():
        post = Post.objects.get()
        assert post.state == "scheduled", "It waits for its photos."
        assert post.photos.count() == 2
    browsing.work()
    browsing.clock.shift(30)
    browsing.work()
    with browsing.turn():
        post.refresh_from_db()
        assert PhotoUse.objects.count() == 2
        assert not Photo.objects.exclude(state="ready").exists()


def test_what_has_not_arrived_is_not_lost_by_placing(browsing: Browsing, page: Page) -> None:
    browsing.loses_requests = True
    page.route(UPLOAD, lambda route: route.abort())
    choose(page, 60)
    expect(page.get_by_text("This photo has not been sent yet.")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Place", exact=True).click()
    expect(page.locator("[data-photo-say]")).to_have_text(
        "Not every photo has been sent yet. First send it again, or leave it out."
    )
    expect(page.get_by_label("Title")).to_be_visible()
    page.get_by_role("button", name="Leave out").click()
    expect(page.locator(".photo-pick")).to_have_count(0)


def test_each_photo_says_how_it_stands_and_a_damaged_one_does_not_keep_the_others(
    browsing: Browsing, page: Page
) -> None:
    damaged = {"name": "half.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg(400, 300)[:3000]}
    whole = {"name": "heel.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg(61)}
    page.get_by_label("Add photos").set_input_files([damaged, whole])  # type: ignore[list-item]
    sent(page)
    expect(page.get_by_text("Being made ready")).to_have_count(2)
    browsing.work()
    expect(page.locator(".photo-pick img")).to_have_count(1)
    expect(page.get_by_text("This photo is damaged or not complete.")).to_be_visible()


def test_a_photo_that_a_colleague_removes_goes_from_the_page(browsing: Browsing, cast: Cast, page: Page) -> None:
    browsing.expected.add(404)
    choose(page, 60, 70)
    sent(page)
    with browsing.turn():
        remove_photo(by=cast.viewer("duo"), photo=Photo.objects.order_by("pk")[0])
    expect(page.get_by_text("Somebody else has removed a photo from here.")).to_be_visible()
    expect(page.locator(".photo-pick")).to_have_count(1)
