"""A search finds events too, and the agenda lets one answer with one tap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kring.agenda.actions import cancel_event
from kring.agenda.models import Rsvp
from tests.agenda.planning import plan
from tests.cast import ROLES, TODAY, Cast
from tests.home.telling import tell

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TOMORROW = TODAY + timedelta(1)


def titles(cast: Cast, words: str, role: str = "guardian") -> list[str]:
    return [event.title for event in cast.client(role).get("/search/", {"q": words}).context["events"]]


@pytest.mark.parametrize("words", ["kunst", "KUNSTMARKT", "plein markt", "schilderij"])
def test_words_of_title_text_and_place_are_found_in_any_order(cast: Cast, words: str) -> None:
    plan(cast, title="Kunstmarkt", starts_on=TOMORROW, place="Plein", text="Neem een schilderij mee")
    plan(cast, title="Kamp", starts_on=TOMORROW)
    assert titles(cast, words) == ["Kunstmarkt"]


def test_what_comes_stands_first_the_nearest_on_top_then_what_was(cast: Cast) -> None:
    for title, days in (("Markt later", 9), ("Markt gisteren", -1), ("Markt morgen", 1), ("Markt eerder", -9)):
        plan(cast, title=title, starts_on=TODAY + timedelta(days))
    assert titles(cast, "markt") == ["Markt morgen", "Markt later", "Markt gisteren", "Markt eerder"]


def test_more_than_a_page_of_events_is_said(cast: Cast) -> None:
    for number in range(14):
        plan(cast, title=f"Markt {number}", starts_on=TODAY + timedelta(number + 1))
    found = cast.client("guardian").get("/search/?q=markt")
    assert len(found.context["events"]) == 12
    assert "meer activiteiten" in found.content.decode()


def test_events_and_messages_stand_beside_each_other_and_nothing_found_says_so(cast: Cast) -> None:
    plan(cast, title="Soep eten", starts_on=TOMORROW)
    client = cast.client("guardian")
    assert "Er is geen bericht met deze woorden." in client.get("/search/?q=soep").content.decode()
    tell(cast, "Soep van pompoen", kind="group", text="Oranje")
    both = client.get("/search/?q=soep").content.decode()
    assert "Soep eten" in both
    assert "Soep van pompoen" in both
    assert "Er is geen bericht en geen activiteit" in client.get("/search/?q=kanarie").content.decode()


def test_who_may_not_read_an_event_does_not_find_it(cast: Cast) -> None:
    plan(cast, title="De kanarie", starts_on=TOMORROW)
    listed = {role for role in ROLES if "De kanarie" in cast.client(role).get("/agenda/").content.decode()}
    found = {role for role in ROLES if "De kanarie" in cast.client(role).get("/search/?q=kanarie").content.decode()}
    assert "guardian" in found
    assert listed <= found
    assert not found & {"signed out", "second_guardian", "second_teacher", "former_guardian", "none"}


def test_a_cancelled_event_is_found_struck_through(cast: Cast) -> None:
    event = plan(cast, title="Kamp", starts_on=TOMORROW)
    cancel_event(by=cast.viewer("office"), event=event, reason="Storm")
    page = cast.client("guardian").get("/search/?q=kamp").content.decode()
    assert "<s>Kamp</s>" in page
    assert "Gaat niet door" in page


def test_many_events_cost_as_many_questions_as_one(cast: Cast) -> None:
    client = cast.client("guardian")

    def count() -> int:
        client.get("/search/?q=markt")
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/?q=markt")
        return len(queries)

    plan(cast, title="Markt", starts_on=TOMORROW)
    few = count()
    for number in range(6):
        plan(cast, title=f"Markt {number}", starts_on=TODAY + timedelta(number + 1))
    assert count() == few


# --- Answering from the list ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rsvp", "number"), [("person", 1), ("family", 2)])
def test_yes_with_one_tap_in_the_agenda_and_back_where_one_was(cast: Cast, rsvp: str, number: int) -> None:
    event = plan(cast, title="Feest", starts_on=TODAY + timedelta(5), rsvp=rsvp)
    client = cast.client("guardian")
    page = client.get("/agenda/").content.decode()
    address = f"/agenda/{event.public_id}/answer/"
    assert f'action="{address}"' in page
    assert ('name="number" value="2"' in page) == (rsvp == "family")
    sent = client.post(address, {"answer": "yes", "number": number, "back": "/agenda/"})
    assert (sent.status_code, sent["Location"]) == (302, "/agenda/")
    row = Rsvp.objects.get()
    assert (row.answer, row.number) == ("yes", number)
    after = client.get("/agenda/").content.decode()
    assert f'action="{address}"' not in after
    assert "U komt" in after or "Je komt" in after


def test_nobody_is_sent_to_another_host_by_it(cast: Cast) -> None:
    event = plan(cast, title="Feest", starts_on=TODAY + timedelta(5), rsvp="person")
    sent = cast.client("guardian").post(
        f"/agenda/{event.public_id}/answer/", {"answer": "no", "back": "//evil.example.org/"}
    )
    assert sent["Location"] == f"/agenda/{event.public_id}/"


@pytest.mark.parametrize(("role", "asked"), [("guardian", True), ("teacher", False), ("limited", True)])
def test_who_may_answer_is_asked_in_the_list(cast: Cast, role: str, asked: bool) -> None:
    event = plan(cast, title="Feest", starts_on=TODAY + timedelta(5), rsvp="family")
    page = cast.client(role).get("/agenda/").content.decode()
    assert (f"/agenda/{event.public_id}/answer/" in page) == asked
