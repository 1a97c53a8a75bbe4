"""From a mail of a council member to a post whose replies only the two named responders can read, in real browsers."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from kring.help_requests.mail.addressing import address_of
from kring.help_requests.models import HelpRequest
from kring.posts.models import Post
from tests import factories as make
from tests.browsing import Browsing
from tests.cast import NOW, Cast
from tests.help_requests import mails
from tests.help_requests.asking import address
from tests.help_requests.test_mail_intake import listening, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ANSWER = "Ik neem mijn kanarie mee"


def replies_of(page: Page, browsing: Browsing, request: HelpRequest) -> int:
    """Return the status with which somebody gets the page of replies."""
    browsing.expected.add(404)
    answer = page.goto(browsing.address + reverse("help_requests:replies", args=[request.public_id]))
    return answer.status if answer else 0


def second_member(cast: Cast) -> None:
    person = make.PersonFactory(school=cast.school, user=make.UserFactory(email="second_member@example.org"),
                                first_name="Priya", last_name="Ramdin")  # fmt: skip
    make.GuardianshipFactory(child=cast.other_child, person=person)
    make.TeamRoleFactory(person=person, kind="parent_council")
    cast.people["second_member"] = person


def test_from_a_mail_to_a_post_whose_replies_only_the_named_read(
    browsing: Browsing, cast: Cast, settings: Settings
) -> None:
    settings.MAIL_INTAKE_DOMAIN = "hulp.example.org"
    with browsing.turn(), listening() as port:
        second_member(cast)
        code, said = send(port, address_of(address(cast).token), mails.with_pdf())
        assert code == 250, said
        request = HelpRequest.objects.get()

    # She finds it under Helping, looks at it, names a second member, and hands it in.
    member = browsing.open(user=cast.user("parent_council"), phone=True)
    member.goto(f"{browsing.address}/help/")
    member.locator("a.row", has_text="Soep koken").click()
    expect(member.locator(".hint").first).to_contain_text("mail")
    member.locator("main .button--primary").first.click()
    expect(member.locator("#id_title")).to_have_value("Soep koken")
    member.locator("#id_places").fill("6")
    member.locator("label.choice", has_text="Priya Ramdin").click()
    member.locator("button[name=action][value=hand_in]").click()
    expect(member.locator(".route [aria-current]")).to_be_visible()

    # The office sees it on its first page and places it for group 6.
    office = browsing.open(user=cast.user("office"))
    office.goto(f"{browsing.address}/school/{cast.school.public_id}/team/")
    office.locator("a.row", has_text="Soep koken").click()
    office.locator("label.choice", has_text="Groep 6").click()
    office.locator("form:not([action]) > .buttons .button--primary").click()
    expect(office.locator(".route .done")).to_have_count(2)
    with browsing.turn():
        post = Post.objects.get(title="Soep koken")
        assert post.documents.get().document.name == "Hulplijst.pdf"
        Post.objects.filter(pk=post.pk).update(visible_from=NOW)

    # A parent replies in the news itself, and another one without any script.
    parent = browsing.open(user=cast.user("other_guardian"), phone=True)
    parent.goto(f"{browsing.address}/")
    piece = parent.locator(".post__piece section.help")
    piece.scroll_into_view_if_needed()
    piece.locator("input[name=text]").fill(ANSWER)
    piece.locator("button[value=can]").click()
    expect(parent.locator(".help__mine")).to_contain_text(ANSWER)
    expect(piece).to_contain_text("1")
    plain = browsing.open(user=cast.user("second_member"), script=False)
    plain.goto(f"{browsing.address}{post.fragment_url}")
    plain.locator("button[value=cannot]").click()
    expect(plain.locator(".help__mine")).to_be_visible()

    # Only the two who are named read what was said.
    for name in ("parent_council", "second_member"):
        reader = browsing.open(user=cast.user(name))
        assert replies_of(reader, browsing, request) == 200
        reader.goto(reader.url + "?show=all")
        expect(reader.locator(".replylist")).to_contain_text(ANSWER)
    for name in ("office", "management", "other_teacher", "other_guardian", "guardian", "second_management"):
        assert replies_of(browsing.open(user=cast.user(name)), browsing, request) == 404, name
    assert not browsing.problems
