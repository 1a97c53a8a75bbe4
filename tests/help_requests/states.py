"""States of requests for help that no link leads to: half-filled forms, refusals, a reply of one's own, a draft."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from kring.help_requests.actions import Content, write_request
from kring.help_requests.models import HelpRequest
from kring.help_requests.permissions import seats_of
from kring.people.models import Person
from kring.people.viewers import viewer_for
from tests.browsing import Browsing
from tests.health import Inspector

HAND_IN = "button[name=action][value=hand_in]"


def _named(title: str) -> HelpRequest:
    return HelpRequest.objects.get(school__name="De Linde", title__startswith=title)


def asking(look: Inspector, browsing: Browsing) -> None:
    """A class parent hands in an empty form, goes on with a draft, and opens where somebody is written down."""
    with browsing.turn():
        hilde = Person.objects.get(school__name="De Linde", first_name="Hilde", last_name="Groen")
        by = viewer_for(hilde.user, now=timezone.now())
        said = Content(title="Zwemmen", tasks=(("Heen", 2), ("Terug", 2)))
        draft = write_request(by=by, seat=seats_of(by)[0], content=said, hand_in=False)
        placed = _named("Pannenkoeken")
    look.open(reverse("help_requests:addresses"), "secret addresses for mail")
    look.open(reverse("help_requests:new"), "asking for help")
    look.send(look.page.locator(HAND_IN), "asking for help, empty")
    look.open(reverse("help_requests:edit", args=[draft.public_id]), "a draft with tasks")
    look.open(reverse("help_requests:replies", args=[placed.public_id]), "replies to do")
    look.page.locator("details summary").last.click()
    look.inspect("writing somebody down")


def answering(look: Inspector, browsing: Browsing) -> None:
    """A parent replies without saying with what, then with it."""
    with browsing.turn():
        placed = _named("De school versieren")
    look.open(reverse("help_requests:answer", args=[placed.public_id]), "can you help?")
    look.page.locator("button[value=can]").click()  # htmx fetches the piece: no page is loaded
    look.page.locator(".help .hint--refusal").wait_for()
    look.inspect("can you help, without saying with what")
    look.page.locator("input[name=task]").first.check()
    look.page.locator("button[value=can]").click()
    look.page.locator(".help__mine").wait_for()
    look.inspect("my reply")


def placing(look: Inspector, browsing: Browsing) -> None:
    """The office places a request without saying for whom, and declines without a reason."""
    with browsing.turn():
        waiting = _named("Begeleiders")
    look.open(reverse("help_requests:review", args=[waiting.public_id]), "a request that waits")
    look.send(look.page.locator("form:not([action]) > .buttons .button--primary"), "a request for nobody")
