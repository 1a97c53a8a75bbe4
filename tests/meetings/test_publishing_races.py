"""Publishing at the very moment in which somebody else does something, beside the same without what decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kring.core.access import Refused
from kring.meetings import actions
from kring.meetings.actions import publishing
from kring.meetings.actions.by_hand import take_out
from kring.meetings.actions.publishing import publish_plan
from kring.meetings.models import Booking, Party, PlannedMeeting, PlanRun, Round, Slot
from kring.meetings.rules import RunState
from tests.cast import Cast
from tests.meetings.made_plans import a_plan
from tests.meetings.planning import a_round, party, slots
from tests.meetings.test_publishing import fresh, left_of, planned
from tests.meetings.test_races import in_two_places
from tests.photos.test_withdrawing_races import at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def publishes(cast: Cast, run: PlanRun, said: list[str]) -> Callable[[], None]:
    office, plan, left = cast.viewer("office"), fresh(run), left_of(run)

    def publish() -> None:
        try:
            publish_plan(by=office, run=plan, without=left)
        except Refused as refused:
            said.append(refused.sentence)
        else:
            said.append("")

    return publish


def puts(cast: Cast, own: Party, slot: Slot, said: list[str]) -> Callable[[], None]:
    office = cast.viewer("office")

    def put() -> None:
        try:
            actions.book_for_family(by=office, party=own, slot=slot)
        except Refused as refused:
            said.append(refused.sentence)
        else:
            said.append("")

    return put


def test_the_same_plan_published_twice_at_once_is_published_once(cast: Cast) -> None:
    run, _made = planned(cast)
    said: list[str] = []
    at_once(publishes(cast, run, said), publishes(cast, run, said))
    assert said.count("") == 1
    assert Booking.objects.count() == 3


def test_two_plans_published_at_once_are_one(cast: Cast) -> None:
    run, made = planned(cast)
    other = a_plan(made, {party(made, cast.child): slots(made, cast.five)[4]})
    said: list[str] = []
    at_once(publishes(cast, run, said), publishes(cast, other, said))
    assert said.count("") == 1
    assert PlanRun.objects.filter(state=RunState.PUBLISHED).count() == 1
    chosen = PlanRun.objects.get(state=RunState.PUBLISHED)
    assert Booking.objects.count() == chosen.planned.count(), "never something of both"


def test_without_taking_the_plan_first_two_plans_would_be_mixed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run, made = planned(cast)
    others = Party.objects.filter(round=made, group=cast.six)
    other = a_plan(made, {others[0]: slots(made, cast.six)[4]})
    said: list[str] = []
    jobs = [publishes(cast, run, said), publishes(cast, other, said)]
    monkeypatch.setattr(publishing, "_claim", lambda by, run, facts: None)
    monkeypatch.setattr("kring.meetings.actions.publishing._refuse", lambda facts, without: None)
    at_once(*jobs)
    assert Booking.objects.count() == 4, "times of both stand"


def around(cast: Cast) -> tuple[PlanRun, Round, Party, Slot]:
    """Return a plan with one child of a family, and a moment of another group at which its other child clashes."""
    made = a_round(cast, filling="school")
    run = a_plan(made, {party(made, cast.child): slots(made, cast.five)[0]})
    return run, made, party(made, cast.sibling), slots(made, cast.infants)[0]


def test_publishing_while_the_office_puts_the_family_elsewhere_gives_one_of_both(cast: Cast) -> None:
    run, _made, sibling, clash = around(cast)
    said: list[str] = []
    at_once(publishes(cast, run, said), puts(cast, sibling, clash, said))
    assert said.count("") == 1
    assert all(said) or len(said) == 2
    assert Booking.objects.count() == 1
    assert not in_two_places()


def test_without_the_rows_of_five_minutes_she_would_be_in_two_places(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _made, sibling, clash = around(cast)
    said: list[str] = []
    jobs = [publishes(cast, run, said), puts(cast, sibling, clash, said)]
    monkeypatch.setattr("kring.meetings.actions.publishing.write_down", lambda rows: None)
    monkeypatch.setattr("kring.meetings.actions.booking.write_down", lambda rows: None)
    monkeypatch.setattr("kring.meetings.actions.publishing._refuse", lambda facts, without: None)
    at_once(*jobs)
    assert said == ["", ""]
    assert len(set(Booking.objects.values_list("starts_at", flat=True))) == 1, "two rooms at three o'clock"


def changed_after_reading(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> tuple[PlanRun, Party, list[str]]:
    """Let a colleague take a family out of the plan between the reading and the writing of who publishes it."""
    run, made = planned(cast)
    own, plan = party(made, cast.child), fresh(run)
    said: list[str] = []
    publish = publishes(cast, run, said)
    look = publishing._refuse

    def then_changed(facts: object, without: int) -> None:
        look(facts, without)  # type: ignore[arg-type]
        monkeypatch.setattr(publishing, "_refuse", look)
        take_out(by=cast.viewer("management"), run=plan, party=own)

    monkeypatch.setattr(publishing, "_refuse", then_changed)
    publish()
    return run, own, said


def test_a_plan_changed_between_looking_and_writing_is_looked_at_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, own, said = changed_after_reading(cast, monkeypatch)
    assert said[0]
    assert not Booking.objects.exists()
    assert not PlannedMeeting.objects.filter(run=run, party=own).exists()


def test_without_that_it_would_hold_what_was_taken_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_claim", lambda by, run, facts: None)
    _run, own, said = changed_after_reading(cast, monkeypatch)
    assert said == [""]
    assert Booking.objects.filter(party=own).exists()
