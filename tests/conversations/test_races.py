"""Two at once: held by a constraint or a conditional change, beside the same without its guard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from kring.conversations import actions
from kring.conversations.models import Meeting, Message, Moment, Promise, Proposal
from kring.core.access import Refused
from kring.people.viewers import viewer_for
from tests.cast import Cast
from tests.conversations.talking import in_group, to_team
from tests.conversations.test_meetings import proposed
from tests.photos.test_withdrawing_races import at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def quietly(job: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            job()
        except Refused:
            return

    return run


def test_a_form_sent_twice_at_once_is_kept_once(cast: Cast) -> None:
    conversation = in_group(cast)
    viewer = viewer_for(cast.user("guardian"), now=timezone.now())

    def send() -> Message:
        return actions.send_message(by=viewer, conversation=conversation, text="Ik kom", token="eens")

    at_once(*[send] * 4)
    assert Message.objects.count() == 1


def test_without_a_token_it_would_be_kept_as_often_as_it_was_sent(cast: Cast) -> None:
    conversation = in_group(cast)
    viewer = viewer_for(cast.user("guardian"), now=timezone.now())
    at_once(*[lambda: actions.send_message(by=viewer, conversation=conversation, text="Ik kom")] * 4)
    assert Message.objects.count() == 4
    assert len(set(Message.objects.values_list("visible_from", flat=True))) == 4, "each has its own place"


def test_a_conversation_is_started_once(cast: Cast) -> None:
    viewer = viewer_for(cast.user("guardian"), now=timezone.now())

    def start() -> Message:
        return actions.write_to_team(
            by=viewer, group=cast.five, child=cast.child, text="Dag", subject="Reis", token="eens"
        )

    at_once(*[start] * 4)
    assert Message.objects.count() == 1


def test_two_choose_a_moment_and_one_gets_it(cast: Cast) -> None:
    proposal = proposed(cast, to_team(cast).conversation, by="guardian")
    moments = list(Moment.objects.select_related("proposal__conversation__school"))
    viewers = [viewer_for(cast.user(role), now=timezone.now()) for role in ("teacher", "duo")]
    jobs = [
        quietly(lambda by=by, moment=moment: actions.choose_moment(by=by, moment=moment))  # type: ignore[misc]
        for by, moment in zip(viewers, moments, strict=True)
    ]
    at_once(*jobs)
    assert Meeting.objects.count() == 1
    proposal.refresh_from_db()
    assert proposal.state == "agreed"


def test_without_the_conditional_change_the_second_would_choose_too(cast: Cast) -> None:
    proposal = proposed(cast, to_team(cast).conversation, by="guardian")
    row = Proposal.objects.filter(pk=proposal.pk)
    assert [row.update(state="agreed") for _colleague in range(2)] == [1, 1], "each believes she was the one"
    row.update(state="open")
    assert [row.filter(state="open").update(state="agreed") for _colleague in range(2)] == [1, 0]


def test_two_colleagues_promise_at_once_and_one_promise_stands(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    viewers = [viewer_for(cast.user(role), now=timezone.now()) for role in ("teacher", "duo")]
    at_once(*[
        quietly(lambda by=by: actions.promise_answer(by=by, conversation=conversation))  # type: ignore[misc]
        for by in viewers
    ])  # fmt: skip
    assert Promise.objects.filter(state="open").count() == 1
