"""A guardian confirms that she read the agreements before her first news; nobody else is asked."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.agreements.making import publish
from tests.cast import Cast

pytestmark = pytest.mark.django_db
WELCOME = "/account/welcome/"


def test_the_first_news_comes_after_the_agreements_were_read(cast: Cast) -> None:
    publish(cast)
    client = cast.client("guardian")
    assert client.get("/").url == WELCOME
    welcome = client.get(WELCOME).content.decode()
    assert reverse("accounts:ready") not in welcome
    client.post(reverse("agreements:confirm", args=[cast.school.public_id]), {"welcome": "1"})
    assert client.get("/").status_code == 200
    assert reverse("accounts:ready") in client.get(WELCOME).content.decode()


def test_another_browser_does_not_ask_again_and_a_new_version_neither(cast: Cast) -> None:
    publish(cast)
    cast.client("guardian").post(reverse("agreements:confirm", args=[cast.school.public_id]))
    publish(cast, {"weekly_guideline.number": 3})
    assert cast.client("guardian").get("/").status_code == 200
    assert cast.client("other_guardian").get("/").url == WELCOME


def test_without_published_agreements_nothing_is_asked(cast: Cast) -> None:
    publish(cast)
    assert cast.client("second_guardian").get("/").status_code == 200


@pytest.mark.parametrize("role", ["teacher", "office", "management"])
def test_the_team_goes_straight_to_its_day(cast: Cast, role: str) -> None:
    publish(cast)
    assert cast.client(role).get("/").url == reverse("home:team", args=[cast.school.public_id])
