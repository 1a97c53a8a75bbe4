"""The evening before: families are told that something is on, in a message or in the agenda, once and without words."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from kring.agenda import actions
from kring.agenda.jobs import tell_tomorrow
from kring.notifications.models import Delivery
from kring.posts.models import Evening
from tests.agenda.planning import plan
from tests.cast import NOW, TODAY, Cast
from tests.home.telling import tell
from tests.notifications.test_outbox import work_off
from tests.posts.writing import one

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(1)
EVENING = NOW.replace(hour=19)


def evening() -> list[str]:
    """Let the evening come; return to whom a letter about tomorrow went."""
    with time_machine.travel(EVENING, tick=False):
        tell_tomorrow()
        work_off()
    return sorted(letter.to[0].partition("@")[0] for letter in mail.outbox if letter.subject == "Morgen is er iets")


def test_an_event_alone_is_told(cast: Cast) -> None:
    plan(cast, title="Kunstmarkt", starts_on=TOMORROW)
    assert evening() == ["class_parent", "guardian", "limited", "shielded_guardian"]
    letter = next(one for one in mail.outbox if one.subject == "Morgen is er iets")
    assert "Er staat morgen 1 ding op het programma." in letter.body
    assert "Kunstmarkt" not in str(letter.message())


def test_messages_and_events_are_counted_together_and_told_once(cast: Cast) -> None:
    plan(cast, title="Kunstmarkt", starts_on=TOMORROW)
    tell(cast, "Soep", one(TOMORROW, text="Een kom"))
    evening()
    letters = [one for one in mail.outbox if one.subject == "Morgen is er iets" and one.to[0].startswith("guardian@")]
    assert len(letters) == 1
    assert "2 dingen" in letters[0].body


def test_what_is_planned_cancelled_or_going_on_is_not_told(cast: Cast) -> None:
    plan(cast, starts_on=TOMORROW, publish=False)
    plan(cast, starts_on=TODAY, ends_on=TOMORROW)
    actions.cancel_event(by=cast.viewer("teacher"), event=plan(cast, starts_on=TOMORROW))
    assert evening() == []
    assert not Evening.objects.exists()
    assert not Delivery.objects.filter(notice__kind="agenda.tomorrow").exists()
