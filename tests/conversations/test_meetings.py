"""Proposing moments, choosing one with one tap, and letting it go (N1)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from kring.conversations import actions
from kring.conversations.models import Conversation, Meeting, Proposal
from kring.core.access import NotAllowed, Refused
from kring.notifications.models import Notice
from tests.cast import NOW, TODAY, Cast
from tests.conversations.talking import at, to_families, to_team

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TOMORROW, THURSDAY, SATURDAY = TODAY + timedelta(1), TODAY + timedelta(2), TODAY + timedelta(4)
TWO = [at(TOMORROW, 15), at(THURSDAY, 15, 30)]


def proposed(
    cast: Cast, conversation: Conversation, *, by: str = "teacher", moments: list[datetime] | None = None
) -> Proposal:
    return actions.propose_moments(
        by=cast.viewer(by), conversation=conversation, moments=moments or TWO, text="Zullen we praten?"
    )


def test_one_tap_makes_an_appointment_for_both(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    proposal = proposed(cast, conversation)
    meeting = actions.choose_moment(by=cast.viewer("guardian"), moment=proposal.moments.all()[1])
    assert (meeting.starts_at, meeting.ends_at) == (TWO[1], TWO[1] + timedelta(minutes=15))
    assert (meeting.with_staff, meeting.with_family) == (cast.people["teacher"], cast.people["guardian"])
    for role in ("guardian", "teacher", "duo"):
        found = Meeting.objects.visible_to(cast.viewer(role)).between(NOW, NOW + timedelta(days=7))
        assert list(found) == [meeting]
    assert not Meeting.objects.visible_to(cast.viewer("management")).exists()
    kinds = set(Notice.objects.filter(subject_id=meeting.pk).values_list("kind", flat=True))
    assert {"conversations.meeting_agreed", "conversations.meeting_agreed_team"} <= kinds


def test_a_guardian_proposes_and_the_team_chooses(cast: Cast) -> None:
    proposal = proposed(cast, to_team(cast).conversation, by="guardian")
    moment = proposal.moments.all()[0]
    for role in ("guardian", "limited", "other_teacher", "office"):
        with pytest.raises(NotAllowed):
            actions.choose_moment(by=cast.viewer(role), moment=moment)
    meeting = actions.choose_moment(by=cast.viewer("duo"), moment=moment)
    assert meeting.with_staff == cast.people["duo"]


def test_a_moment_is_chosen_once(cast: Cast) -> None:
    proposal = proposed(cast, to_team(cast).conversation)
    first, second = proposal.moments.select_related("proposal__conversation__school")
    actions.choose_moment(by=cast.viewer("guardian"), moment=first)
    with pytest.raises(Refused):
        actions.choose_moment(by=cast.viewer("guardian"), moment=second)
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    "moments",
    [
        [],
        [at(TODAY, 9)],
        [at(SATURDAY, 10)],
        [at(TODAY + timedelta(61), 10)],
        [at(TOMORROW, 10), at(TOMORROW, 10)],
        [at(TOMORROW, hour) for hour in (9, 10, 11, 12)],
        [at(datetime(2026, 12, 24).date(), 10)],
    ],
    ids=["none", "past", "saturday", "too far", "twice", "four", "christmas"],
)
def test_moments_that_do_not_fit_are_refused_and_nothing_is_written(cast: Cast, moments: list[datetime]) -> None:
    conversation = to_team(cast).conversation
    with pytest.raises(Refused):
        actions.propose_moments(by=cast.viewer("teacher"), conversation=conversation, moments=moments)
    assert conversation.messages.count() == 1
    assert proposed(cast, conversation).moments.count() == 2


def test_new_moments_of_ones_own_side_replace_the_old_ones(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    old, new = proposed(cast, conversation), proposed(cast, conversation, by="duo")
    old.refresh_from_db()
    assert (old.state, new.state) == ("withdrawn", "open")
    with pytest.raises(Refused):
        proposed(cast, conversation, by="guardian")


def test_none_suits(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    proposal = proposed(cast, conversation)
    with pytest.raises(NotAllowed):
        actions.decline_moments(by=cast.viewer("duo"), proposal=proposal)
    actions.decline_moments(by=cast.viewer("guardian"), proposal=proposal)
    assert proposed(cast, conversation, by="guardian").pk


def test_moments_are_taken_back_by_who_proposed_them(cast: Cast) -> None:
    proposal = proposed(cast, to_team(cast).conversation)
    with pytest.raises(NotAllowed):
        actions.withdraw_moments(by=cast.viewer("guardian"), proposal=proposal)
    actions.withdraw_moments(by=cast.viewer("duo"), proposal=proposal)
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"


def test_a_moment_that_passed_is_not_chosen(cast: Cast) -> None:
    moment = proposed(cast, to_team(cast).conversation).moments.all()[0]
    with time_machine.travel(at(TOMORROW, 15, 1)), pytest.raises(Refused):
        actions.choose_moment(by=cast.viewer("guardian"), moment=moment)


def test_an_appointment_is_cancelled_by_either_side_and_told_once(cast: Cast) -> None:
    proposal = proposed(cast, to_team(cast).conversation)
    meeting = actions.choose_moment(by=cast.viewer("guardian"), moment=proposal.moments.all()[0])
    for role in ("other_guardian", "management"):
        with pytest.raises(NotAllowed):
            actions.cancel_meeting(by=cast.viewer(role), meeting=meeting)
    stale = Meeting.objects.get(pk=meeting.pk)
    actions.cancel_meeting(by=cast.viewer("guardian"), meeting=meeting)
    actions.cancel_meeting(by=cast.viewer("teacher"), meeting=stale)
    assert not Meeting.objects.standing().exists()
    assert Notice.objects.filter(kind="conversations.meeting_cancelled").count() == 1


def test_taking_the_message_away_takes_the_moments_away(cast: Cast) -> None:
    (first,) = to_families(cast, "guardian")
    proposal = proposed(cast, first.conversation)
    actions.delete_message(by=cast.viewer("teacher"), message=proposal.message)
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"
