"""A group conversation that stands open in a browser: pieces come in at their place, and nothing else moves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from kring.conversations import actions
from kring.conversations.models import Conversation, Message
from tests.browsing import Browsing
from tests.cast import NOW, Cast
from tests.conversations.circling import CHOICES, choose, opened
from tests.conversations.talking import say

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def hear(page: Page) -> None:
    """Let the page hear what live.js would tell it."""
    page.locator("#thread").evaluate("(thread) => thread.dispatchEvent(new CustomEvent('live'))")


def settle(page: Page) -> None:
    """Wait until the page has said that it was read: what it still sends would meet the end of the test."""
    expect(page.locator("#seen")).to_have_count(0)


def words(page: Page) -> list[str]:
    return page.locator("#thread .message__text").all_inner_texts()


def test_what_is_said_comes_in_and_what_one_was_typing_stays(browsing: Browsing, cast: Cast) -> None:
    with browsing.turn():
        asked = opened(cast, choices=CHOICES)
        first = say(cast, asked, by="class_parent", text="Ik neem een mes mee")
    page = browsing.open(user=cast.user("guardian"), phone=True)
    page.goto(f"{browsing.address}/conversations/{asked.public_id}/")
    page.locator("#id_text").fill("Ik typ nog")
    page.evaluate("document.querySelector('#thread').dataset.mark = 'same'")

    with browsing.turn():
        say(cast, asked, by="teacher", text="Dank je wel")
    hear(page)
    expect(page.locator("#thread .message").last).to_contain_text("Dank je wel")
    assert words(page)[-2:] == ["Ik neem een mes mee", "Dank je wel"]
    after = page.locator("#thread .message").last.evaluate("(one) => one.nextElementSibling.className")
    assert after in ("thread__seen", "ask"), "under it stands what stood there"

    with browsing.turn():
        actions.edit_message(
            by=cast.viewer("class_parent"), message=Message.objects.get(pk=first.pk), text="Ik neem twee messen mee"
        )
        say(cast, asked, by="duo", text="Tot donderdag")
    hear(page)
    expect(page.locator("#thread .message").last).to_contain_text("Tot donderdag")
    assert words(page)[-3:] == ["Ik neem twee messen mee", "Dank je wel", "Tot donderdag"]
    expect(page.locator("#thread")).to_have_attribute("data-mark", "same")
    expect(page.locator(".thread__day")).to_have_count(1)

    with browsing.turn():
        choose(cast, asked, by="class_parent")
    hear(page)
    expect(page.locator(".answer").nth(0).locator("b")).to_have_text("1")
    assert words(page)[-3:] == ["Ik neem twee messen mee", "Dank je wel", "Tot donderdag"]
    expect(page.locator("#id_text")).to_have_value("Ik typ nog")
    settle(page)


def test_what_waits_for_tomorrow_stays_below_what_is_said_today(browsing: Browsing, cast: Cast) -> None:
    with browsing.turn():
        asked = opened(cast)
        say(cast, asked, by="teacher", text="Morgen om half negen", at=NOW + timedelta(days=1))
    page = browsing.open(user=cast.user("duo"))
    page.goto(f"{browsing.address}/conversations/{asked.public_id}/")
    expect(page.locator(".message--held")).to_have_count(1)
    with browsing.turn():
        say(cast, asked, by="guardian", text="Hoe laat?")
    hear(page)
    expect(page.locator("#thread")).to_contain_text("Hoe laat?")
    assert words(page)[-2:] == ["Hoe laat?", "Morgen om half negen"]
    settle(page)


def test_what_changes_on_an_older_page_does_not_come_in(browsing: Browsing, cast: Cast) -> None:
    with browsing.turn():
        asked = opened(cast)
        old = say(cast, asked, by="guardian", text="Heel lang geleden")
        for number in range(32):
            say(cast, asked, by="class_parent", text=f"Woord {number}")
    page = browsing.open(user=cast.user("teacher"))
    page.goto(f"{browsing.address}/conversations/{asked.public_id}/")
    expect(page.locator("#thread .message")).to_have_count(30)
    with browsing.turn():
        actions.edit_message(
            by=cast.viewer("guardian"), message=Message.objects.get(pk=old.pk), text="Heel lang geleden, zei ik"
        )
        say(cast, Conversation.objects.get(pk=asked.pk), by="class_parent", text="Laatste")
    hear(page)
    expect(page.locator("#thread .message").last).to_contain_text("Laatste")
    expect(page.locator("#thread")).not_to_contain_text("Heel lang")
    settle(page)
