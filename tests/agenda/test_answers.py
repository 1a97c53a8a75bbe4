"""Saying whether one comes."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from kring.agenda import actions
from kring.agenda.models import Rsvp
from kring.core.access import NotAllowed, Refused
from tests.agenda.planning import plan
from tests.cast import NOW, TODAY, Cast
from tests.photos.test_withdrawing_races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_family_answers_with_how_many_and_changes_its_mind(cast: Cast) -> None:
    event = plan(cast, rsvp="family")
    actions.answer_event(by=cast.viewer("guardian"), event=event, answer="yes", number=4)
    actions.answer_event(by=cast.viewer("guardian"), event=event, answer="no", number=4)
    found = Rsvp.objects.get()
    assert (found.answer, found.number) == ("no", 0)
    actions.take_back_answer(by=cast.viewer("guardian"), answer=found)
    assert not Rsvp.objects.exists()


def test_each_adult_answers_for_herself(cast: Cast) -> None:
    event = plan(cast, rsvp="person")
    assert actions.answer_event(by=cast.viewer("guardian"), event=event, answer="yes", number=9).number == 1


@pytest.mark.parametrize("number", [0, 21, -1])
def test_a_number_that_cannot_be(cast: Cast, number: int) -> None:
    event = plan(cast, rsvp="family")
    with pytest.raises(Refused):
        actions.answer_event(by=cast.viewer("guardian"), event=event, answer="yes", number=number)
    assert not Rsvp.objects.exists()


def test_the_last_day_counts_whole_and_then_it_is_closed(cast: Cast) -> None:
    event = plan(cast, rsvp="family", rsvp_until=TODAY)
    with time_machine.travel(NOW.replace(hour=23, minute=59)):
        actions.answer_event(by=cast.viewer("guardian"), event=event, answer="yes")
    with time_machine.travel(NOW.replace(hour=0, minute=0) + timedelta(1)):
        with pytest.raises(Refused, match="niet meer"):
            actions.answer_event(by=cast.viewer("guardian"), event=event, answer="no")
        with pytest.raises(Refused, match="niet meer"):
            actions.take_back_answer(by=cast.viewer("guardian"), answer=Rsvp.objects.get())
    assert Rsvp.objects.get().answer == "yes"


def test_once_it_began_or_was_cancelled_nobody_answers(cast: Cast) -> None:
    event = plan(cast, rsvp="person", starts_on=TODAY, starts=time(9))
    with pytest.raises(Refused):
        actions.answer_event(by=cast.viewer("guardian"), event=event, answer="yes")
    other = plan(cast, rsvp="person")
    actions.cancel_event(by=cast.viewer("teacher"), event=other)
    with pytest.raises(Refused, match="gaat niet door"):
        actions.answer_event(by=cast.viewer("guardian"), event=other, answer="yes")


def test_nobody_answers_where_nothing_is_asked_or_from_elsewhere(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.answer_event(by=cast.viewer("guardian"), event=plan(cast), answer="yes")
    event = plan(cast, rsvp="family")
    for role in ("second_guardian", "teacher", "signed out", "board_admin"):
        with pytest.raises(NotAllowed):
            actions.answer_event(by=cast.viewer(role), event=event, answer="yes")
    assert actions.answer_event(by=cast.viewer("limited"), event=event, answer="yes").pk


def test_answers_are_seen_by_who_gave_them_and_by_the_team(cast: Cast) -> None:
    event = plan(cast, rsvp="family")
    actions.answer_event(by=cast.viewer("guardian"), event=event, answer="yes")
    sees = {role for role in cast.people if Rsvp.objects.visible_to(cast.viewer(role)).exists()}
    assert sees == {"guardian", "teacher", "duo", "office", "management"}


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_are_one_answer(cast: Cast) -> None:
    event = plan(cast, rsvp="family")
    by = cast.viewer("guardian")
    at_once(*[lambda: actions.answer_event(by=by, event=event, answer="yes", number=2)] * 4)
    assert Rsvp.objects.get().number == 2


def test_without_the_constraint_there_would_be_two(cast: Cast) -> None:
    event = plan(cast, rsvp="family")
    actions.answer_event(by=cast.viewer("guardian"), event=event, answer="yes")
    with pytest.raises(IntegrityError), transaction.atomic():
        Rsvp.objects.create(
            school=cast.school, event=event, person=cast.people["guardian"], answer="no", answered_at=NOW
        )
