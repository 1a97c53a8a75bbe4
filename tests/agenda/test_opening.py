"""Opening an event answers what the inbox said about it, for the one who opened it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kring.agenda import actions
from kring.agenda.models import Event
from kring.notifications.inbox import unread_count
from tests.agenda.planning import plan
from tests.cast import NOW, Cast
from tests.notifications.test_outbox import work_off

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SOON = NOW + timedelta(minutes=1)


def opened(cast: Cast, role: str, event: Event) -> None:
    assert cast.client(role).get(reverse("agenda:event", args=[event.public_id])).status_code == 200


def unread(cast: Cast) -> tuple[int, int]:
    """Return how many lines are unread for two parents in groep 5."""
    return unread_count(cast.viewer("guardian")), unread_count(cast.viewer("shielded_guardian"))


@pytest.mark.parametrize(("role", "left"), [("guardian", (1, 2)), ("shielded_guardian", (2, 1))])
def test_opening_an_event_marks_its_line_read_for_that_reader_and_no_other(
    cast: Cast, role: str, left: tuple[int, int]
) -> None:
    event = plan(cast)
    plan(cast, title="Een ander")
    with time_machine.travel(SOON):
        work_off()
        assert unread(cast) == (2, 2)
        opened(cast, role, event)
        assert unread(cast) == left


def test_opening_a_cancelled_event_settles_both_its_lines(cast: Cast) -> None:
    event = plan(cast)
    with time_machine.travel(SOON):
        work_off()
        actions.cancel_event(by=cast.viewer("teacher"), event=event, reason="Te nat")
        work_off()
        assert unread(cast) == (2, 2)
        opened(cast, "guardian", event)
        assert unread(cast) == (0, 2)


def test_opening_it_again_writes_nothing_about_notices(cast: Cast) -> None:
    event = plan(cast)
    with time_machine.travel(SOON):
        work_off()
        with CaptureQueriesContext(
            connection,
        ) as first:
            opened(cast, "guardian", event)
        with CaptureQueriesContext(connection) as again:
            opened(cast, "guardian", event)
    written = [
        [row["sql"] for row in seen if row["sql"].startswith('UPDATE "notifications_')] for seen in (first, again)
    ]
    assert written[0]
    assert not written[1]
