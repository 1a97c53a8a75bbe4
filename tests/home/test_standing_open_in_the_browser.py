"""The first page and the menu in a browser that stands open: a quiet line, and numbers that come and go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from kring.conversations.models import Conversation
from tests.browsing import Browsing
from tests.cast import NOW, Cast
from tests.conversations.talking import say, to_team
from tests.home.telling import pile

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def hear(page: Page) -> None:
    """Let everything on the page hear what live.js would tell it."""
    page.evaluate(
        "document.querySelectorAll('[data-live]').forEach((one) => one.dispatchEvent(new CustomEvent('live')))"
    )


@pytest.fixture
def open_home(browsing: Browsing, cast: Cast) -> Iterator[Page]:
    with browsing.turn():
        pile(cast, [NOW - timedelta(minutes=10)])
        to_team(cast)
    page = browsing.open(user=cast.user("guardian"), phone=True)
    page.goto(browsing.address)
    expect(page.get_by_text("Bericht 0").first).to_be_visible()
    yield page
    page.goto("about:blank")  # what a page still sends when it is left would meet the end of the test
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)


def test_a_line_says_that_there_is_more_and_leads_to_it(browsing: Browsing, cast: Cast, open_home: Page) -> None:
    newer = open_home.locator("#newer")
    expect(newer).to_be_empty()
    with browsing.turn():
        pile(cast, [timezone.now() + timedelta(seconds=1)], title="Nieuws")
    browsing.clock.shift(timedelta(minutes=1))
    hear(open_home)
    expect(newer.get_by_role("link")).to_have_text("There are new messages")
    newer.get_by_role("link").click()
    expect(open_home.get_by_text("Nieuws 0").first).to_be_visible()
    expect(newer).to_be_empty()


def test_the_number_in_the_menu_comes_by_itself(browsing: Browsing, cast: Cast, open_home: Page) -> None:
    count = open_home.locator("#bar-talks .count")
    expect(count).to_have_count(0)
    with browsing.turn():
        say(cast, Conversation.objects.get(), by="teacher", text="Dat mag")
    hear(open_home)
    expect(count).to_contain_text("1")
