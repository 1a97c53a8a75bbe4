"""A group conversation in two browsers: asked by the teacher, answered by a parent with one tap, her photo refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kring.conversations.models import Answer, Conversation, Message
from tests.browsing import Browsing
from tests.cast import Cast
from tests.photos import pictures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUESTION = "Wie helpt donderdag met snijden?"


def photo_named_pdf(folder: Path) -> Path:
    """Return a file that holds a photo and is called a document."""
    found = folder / "rooster.pdf"
    found.write_bytes(pictures.jpeg())
    return found


def ask(page: Page, address: str) -> None:
    page.goto(f"{address}/conversations/")
    page.get_by_role("link", name="Ask Groep 5 something").or_(
        page.get_by_role("link", name="Vraag aan Groep 5")
    ).click()
    page.locator("#id_purpose").fill(QUESTION)
    page.locator("form.formpage__form .button--primary").click()
    expect(page.locator(".purposeline")).to_contain_text(QUESTION)


def attach(page: Page, file: Path) -> None:
    """Give the form a file as somebody would who makes her own page: there is no box for it."""
    page.evaluate("""() => {
      const box = document.createElement("input");
      Object.assign(box, { type: "file", name: "document", id: "forged" });
      document.querySelector("form.reply").append(box);
    }""")
    page.locator("#forged").set_input_files(file)


def test_a_question_is_answered_with_one_tap_and_a_photo_is_refused(
    browsing: Browsing, cast: Cast, tmp_path: Path
) -> None:
    teacher = browsing.open(user=cast.user("teacher"))
    ask(teacher, browsing.address)
    with browsing.turn():
        talk = f"{browsing.address}/conversations/{Conversation.objects.get().public_id}/"

    parent = browsing.open(user=cast.user("guardian"), phone=True)
    parent.goto(talk)
    expect(parent.locator(".purposeline")).to_contain_text(QUESTION)
    first, second = parent.locator(".answer").nth(0), parent.locator(".answer").nth(1)
    expect(first.locator("b")).to_have_text("0")
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(first.locator("b")).to_have_text("1")
    second.click()
    expect(second).to_have_attribute("aria-pressed", "true")
    expect(first.locator("b")).to_have_text("0")
    with browsing.turn():
        assert Answer.objects.count() == 1

    parent.locator("#id_text").fill("Kijk eens")
    attach(parent, photo_named_pdf(tmp_path))
    parent.locator("form.reply .button--primary").click()
    refusal = parent.locator(".reply .hint--refusal")
    expect(refusal).to_be_visible()
    expect(refusal.locator("a.why")).to_have_attribute("href", paragraph_on_photos(cast))
    expect(parent.locator("#id_text")).to_have_value("Kijk eens")
    with browsing.turn():
        assert Message.objects.count() == 1, "only the question itself"
    parent.locator("form.reply .button--primary").click()
    expect(parent.locator(".message--own")).to_contain_text("Kijk eens")

    teacher.goto(talk)
    expect(teacher.locator(".answer__names")).to_contain_text("Guardian Cast")
    expect(teacher.locator(".thread")).to_contain_text("Kijk eens")


def paragraph_on_photos(cast: Cast) -> str:
    """Return where "why?" leads: the paragraph that forbids photos of parents."""
    from kring.agreements.current import agreement_url

    return agreement_url(cast.school, "P3")


def test_without_script_one_answers_and_goes_on_privately(browsing: Browsing, cast: Cast) -> None:
    teacher = browsing.open(user=cast.user("teacher"), script=False)
    ask(teacher, browsing.address)
    with browsing.turn():
        talk = f"{browsing.address}/conversations/{Conversation.objects.get().public_id}/"
    parent = browsing.open(user=cast.user("guardian"), phone=True, script=False)
    parent.goto(talk)
    parent.locator(".answer").nth(1).click()
    expect(parent.locator(".answer").nth(1)).to_have_attribute("aria-pressed", "true")
    parent.locator("#id_text").fill("Joep is bang voor messen")
    parent.locator(".reply button[name=begin]").click()
    expect(parent.locator("#id_text")).to_have_value("Joep is bang voor messen")
    parent.locator("form.formpage__form .button--primary").click()
    expect(parent.locator(".message--own")).to_contain_text("Joep is bang voor messen")
    with browsing.turn():
        assert Message.objects.filter(conversation__kind="team").count() == 1
        assert Message.objects.filter(conversation__kind="group").count() == 1
