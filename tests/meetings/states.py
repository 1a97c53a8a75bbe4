"""States of rounds that no link leads to: forms sent wrong, and a time that somebody else took."""

from __future__ import annotations

from django.urls import reverse

from kring.school.models import School
from tests.browsing import Browsing
from tests.health import Inspector

SEND = "main form .button--primary"


def preparing_a_round(look: Inspector, browsing: Browsing) -> None:
    """The office sends a new round without anything in it."""
    with browsing.turn():
        school = School.objects.get(name="De Linde")
    look.open(reverse("meetings:new_round", args=[school.public_id]), "a new round")
    look.send(look.page.locator(SEND), "a round without anything in it")
