"""The health of a page in a browser: what axe finds in both themes and widths, and what needs no rule book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response

from tests.walk import route_of

NARROW = 320
AXE = Axe()
TAGS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# A theme changes colours and nothing else (a test of its own holds the stylesheets to that), so the dark look is tried
# on the rules about colours. Ordered so that each step changes one thing: a width or a theme.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
LOOKS = ((390, "light", TAGS), (390, "dark", COLOURS), (1280, "dark", COLOURS), (1280, "light", TAGS))
RUN_AXE = """rules => axe.run(document, {
    runOnly: rules, resultTypes: ['violations'], preload: false,  // preload fetches the stylesheets once more
}).then(found => found.violations.map(rule => {
    const places = rule.nodes.slice(0, 4).map(node => `${node.target} ${node.html.slice(0, 160)}`);
    return `${rule.id} (${rule.help}): ${places.join('; ')}`;
}))"""
READ_PAGE = """() => document.fonts.ready.then(() => ({
    lang: document.documentElement.lang,
    headings: [...document.querySelectorAll('h1')].filter(one => one.checkVisibility()).length,
    links: [...document.querySelectorAll('a[href]:not([href^="#"])')].map(link => link.href.split('#')[0]),
    lost: [...document.querySelectorAll('a[href^="#"]')].map(link => link.getAttribute('href').slice(1))
        .filter(name => name && !document.getElementById(name)),
    reach: document.scrollingElement.scrollWidth,
    height: document.scrollingElement.scrollHeight,
}))"""


class Inspector:
    """Watches one browser page: what it complains of while it is used, and what is wrong where it is inspected."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.faults: list[str] = []
        self.routes: set[str] = set()  # inspected with an answer that was not an error
        self.expected = 200
        self._came_from, self._status = "", 0
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: page error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium writes a page's own status in the console when it is an error; here some were asked for.
        asked_for = self.expected >= 400 and f"status of {self.expected}" in message.text
        if message.type == "error" and not asked_for:
            where = f"{message.location['url']} from {self._came_from}"
            self.faults.append(f"{self.page.url}: console: {message.text} ({where})")

    def _request(self, request: Request) -> None:
        if request.is_navigation_request():
            self._came_from = request.headers.get("referer", "")
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and f"{parts.scheme}://{parts.netloc}" != self.base:
            self.faults.append(f"{self.page.url}: asks another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self._status = response.status

    def open(self, path: str, name: str, *, status: int = 200) -> None:
        """Go to an address and look at what answers; anything but `status` is a fault."""
        with self._looking(name, status):
            self.page.goto(path if path.startswith("http") else self.base + path)

    def send(self, button: Locator, name: str, *, status: int = 200, fill: Mapping[str, str] | None = None) -> None:
        """Fill in fields by their names, send the form with `button` as without the browser's own checks, and look."""
        for field, value in (fill or {}).items():
            self.page.locator(f"main [name='{field}']").first.fill(value)
        self.page.evaluate("for (const form of document.forms) form.noValidate = true")
        with self._looking(name, status), self.page.expect_event("load"):
            button.click()

    @contextmanager
    def _looking(self, name: str, status: int) -> Iterator[None]:
        self.expected = status
        yield
        if self._status != status:
            self.faults.append(f"{name} {self.page.url}: answers {self._status}, not {status}")
        self.inspect(name)
        self.expected = 200

    def inspect(self, name: str) -> None:
        """Look at the page that is open, in every look; `name` says in a report which one it was."""
        self.page.wait_for_load_state()
        self._look(NARROW, "light")
        facts = self.page.evaluate(READ_PAGE)
        found = {fault: [""] for fault in self._wrong(facts)}
        self.page.evaluate(AXE.axe_script)
        for width, theme, rules in LOOKS:
            # A window as tall as the page: the bar at the bottom lies over nothing, as after scrolling to the end.
            self._look(width, theme, height=facts["height"])
            for fault in self.page.evaluate(RUN_AXE, rules):
                found.setdefault(fault, []).append(f"{width} {theme}")
        self.faults += [f"{name} {self.page.url}: {fault} {', '.join(looks)}" for fault, looks in found.items()]
        if self.expected < 400:
            self.routes.add(route_of(self.page.url))

    def _look(self, width: int, theme: str, *, height: int = 844) -> None:
        self.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        self.page.set_viewport_size({"width": width, "height": max(height, 844)})

    def _wrong(self, facts: Mapping[str, Any]) -> list[str]:
        found = []
        if facts["lang"] not in {"nl", "en"}:
            found.append(f"lang is {facts['lang']!r}")
        if facts["headings"] != 1:
            found.append(f"{facts['headings']} h1")
        if facts["reach"] > NARROW:
            found.append(f"scrolls sideways at {NARROW}: {facts['reach']}")
        links = {link for link in facts["links"] if link.startswith(self.base)}
        found += [f"a link leads nowhere: {link}" for link in sorted(links) if not route_of(link)]
        return found + [f"there is no #{name} on this page" for name in facts["lost"]]
