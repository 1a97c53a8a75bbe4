"""Pictures of Kring's pages, made with Chromium from a demo school that is loaded for the occasion.

python scripts/screenshots.py                       the pictures of the README, into docs/screenshots/
python scripts/screenshots.py --all --out FOLDER    every page that a role can reach, in both widths and themes
python scripts/screenshots.py --base ADDRESS ...    of a demo that runs already
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("KRING_MODE", "test")

import django  # noqa: E402  after the settings are named
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

django.setup()

from tests.walk import sign_in, walk  # noqa: E402  needs a Django that is set up

WIDTHS = {390: 844, 1280: 800}
ROLES = ["Marloes", "Hilde", "Anouk", "Wilma", "Ineke", "Marja"]
# name of the picture -> who, where to click from the first page, width, theme, whole page or one screen
README = [
    ("parent-home-390-light", "Marloes", [], 390, "light"),
    ("parent-home-390-dark", "Marloes", [], 390, "dark"),
    ("parent-home-1280-light", "Marloes", [], 1280, "light"),
    ("team-home-390-dark", "Anouk", [], 390, "dark"),
    ("team-home-1280-light", "Anouk", [], 1280, "light"),
    ("arrange-390-light", "Marloes", ["/arrange/"], 390, "light"),
    ("agreements-390-light", "Marloes", ["/more/", "Afspraken"], 390, "light"),
    ("composer-390-light", "Anouk", ["Nieuw bericht", "Groepsbericht"], 390, "light"),
]


@contextmanager
def demo() -> Iterator[str]:
    """Serve a fresh demo school from a folder that is thrown away, and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "KRING_MODE": "development", "DATA_DIR": folder, "PORT": str(port)}
        manage = [sys.executable, str(ROOT / "manage.py")]
        for command in (["migrate"], ["createcachetable"], ["load_demo"], ["collectstatic", "--noinput"]):
            subprocess.run([*manage, *command, "--verbosity", "0"], env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        server = subprocess.Popen([*manage, "serve"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        try:
            base = f"http://localhost:{port}"
            for _try in range(150):
                try:
                    urlopen(f"{base}/readyz").close()  # noqa: S310  our own server
                    break
                except OSError:
                    time.sleep(0.2)
            time.sleep(8)  # the worker makes the renditions of the demo's pictures
            yield base
        finally:
            server.terminate()
            server.wait(20)


def new_page(browser: Browser, width: int, theme: str) -> Page:
    """Return a page of a reader with this width and theme, in Dutch."""
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]}, color_scheme=theme, locale="nl-NL", reduced_motion="reduce"
    )
    return context.new_page()


def settle(page: Page) -> None:
    """Wait until lazy pictures are there: scroll down once and back."""
    page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(image => image.loading = 'eager')")
    page.wait_for_load_state("networkidle")


def readme_pictures(browser: Browser, base: str, out: Path) -> None:
    """Take the pictures that the README shows: one screen each."""
    for name, who, steps, width, theme in README:
        page = new_page(browser, width, theme)
        sign_in(page, base, who)
        for step in steps:
            if step.startswith("/"):
                page.goto(base + step)
            else:
                page.locator(":is(a, button):visible", has_text=step).first.click()
                page.wait_for_load_state()
        settle(page)
        page.screenshot(path=out / f"{name}.png")
        page.context.close()
        print(name)


def every_page(browser: Browser, base: str, out: Path, roles: list[str]) -> None:
    """Take every page of each role, whole, in both widths and both themes."""
    for who in roles:
        pages: dict[str, str] = {}
        for width in WIDTHS:
            for theme in ("light", "dark"):
                page = new_page(browser, width, theme)
                sign_in(page, base, who)
                if not pages:
                    pages = dict(walk(page, base))
                for route, address in pages.items():
                    page.goto(address)
                    settle(page)
                    page.screenshot(path=out / f"{who}-{route.replace(':', '-')}-{width}-{theme}.png", full_page=True)
                page.context.close()
        print(who, len(pages), "pages")


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--roles", nargs="*", default=ROLES)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--base")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])

        def take(base: str) -> None:
            if options.all:
                every_page(browser, base, options.out, options.roles)
            else:
                readme_pictures(browser, base, options.out)

        if options.base:
            take(options.base)
        else:
            with demo() as base:
                take(base)
        browser.close()


if __name__ == "__main__":
    main()
