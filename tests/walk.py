"""Walking through Kring as somebody would: from page to page by its links, one page for each address pattern."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.house.pages import NO_PAGE

# Addresses whose GET is not a page of Kring: files, and what a browser asks for by itself.
NO_PAGES = set(NO_PAGE) - {"posts:with_photo"}  # that one leads on to a page


def sign_in(page: Page, base: str, name: str) -> None:
    """Sign in with the button of the demo account `name`, on a demo database."""
    page.context.clear_cookies()
    page.goto(f"{base}/account/login/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(lambda url: "/account/login" not in url)


def route_of(address: str) -> str:
    """Return the name of the address pattern, or "" when there is none (then the link is broken)."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def walk(page: Page, base: str, *, start: str = "/", seen: set[str] | None = None) -> Iterator[tuple[str, str]]:
    """Go to every page that can be reached by links from `start`, and yield (route, address) while being there.

    One page per route: `seen` (changed in place) holds the routes that were visited, also by earlier walks. Only
    `start` is visited always, because it leads elsewhere for each reader.
    """
    seen = set() if seen is None else seen
    waiting = [(base + start, "")]
    while waiting:
        address, came_from = waiting.pop(0)
        route = route_of(address)
        is_start = not came_from
        if not is_start and (route in seen or route in NO_PAGES):
            continue
        page.goto(address, referer=came_from or None)
        page.wait_for_load_state()
        landed = route_of(page.url)
        is_known = landed in seen and landed != route
        seen |= {route, landed}
        if is_known and not is_start:
            continue
        yield landed, page.url
        links = page.locator("a[href]").evaluate_all("links => links.map(link => link.href.split('#')[0])")
        waiting += [(link, page.url) for link in dict.fromkeys(links) if link.startswith(base + "/")]
