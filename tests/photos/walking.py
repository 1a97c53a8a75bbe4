"""What a browser does in a composer with photos, for the walks through it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from kring.photos.models import Photo
from tests.browsing import Browsing
from tests.cast import Cast
from tests.photos import pictures


def lens(page: Page, number: int) -> Locator:
    """Return the lens of the photo, counted from 1, with its roster open."""
    found = page.locator("[data-lens]").nth(number - 1)
    if found.locator(".lens__who[open]").count() == 0:
        found.locator(".lens__who > summary").click()
    return found


def tap(page: Page, number: int, name: str) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/compose/")):
        lens(page, number).locator(".taps .tap", has_text=name).click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def photos_in(browsing: Browsing, cast: Cast, role: str, address: str) -> tuple[int, int]:
    """Return the status of the message for this reader, and how many of the photos open for her."""
    with browsing.turn():
        client = cast.client(role)
        names = Photo.objects.values_list("public_id", flat=True)
        opened = [client.get(f"/photos/{name}/400.webp").status_code for name in names]
        return client.get(address).status_code, opened.count(200)


def begin_with_photos(browsing: Browsing, cast: Cast, *, role: str, number: int, group: str = "") -> Page:
    """Start a group post with so many photos, for `group` when it has to be chosen, and wait until they are ready."""
    page = browsing.open(user=cast.user(role))
    page.goto(f"{browsing.address}/school/{cast.school.public_id}/posts/new/")
    page.get_by_role("button", name="Group post").click()
    page.get_by_label("Title").fill("Naar het bos")
    if group:
        page.get_by_role("group", name="For whom?").get_by_label(group, exact=True).check()
    files = [
        {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg(600 + n, 400)} for n in range(number)
    ]
    page.get_by_label("Add photos").set_input_files(files)  # type: ignore[arg-type]
    expect(page.get_by_text("All photos have been sent")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-lens]")).to_have_count(number)
    browsing.work()
    expect(page.locator(".photo-pick img")).to_have_count(number)
    return page
