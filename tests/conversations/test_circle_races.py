"""Two at once among parents and in a group: held by a constraint or a conditional change."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from kring.conversations import actions
from kring.conversations.models import Answer, Choice, Conversation, Message
from kring.core.access import NotAllowed, Refused
from kring.people.viewers import viewer_for
from tests.cast import Cast
from tests.conversations.circling import counts, opened
from tests.conversations.test_races import quietly
from tests.photos.test_withdrawing_races import at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def test_one_person_who_taps_two_answers_at_once_counts_once(cast: Cast) -> None:
    conversation = opened(cast)
    choices = list(Choice.objects.select_related("conversation__school").filter(conversation=conversation))
    viewer = viewer_for(cast.user("guardian"), now=timezone.now())
    at_once(*[lambda choice=choice: actions.answer(by=viewer, choice=choice) for choice in choices * 2])  # type: ignore[misc]
    assert sum(counts(conversation)) == 1


def test_without_the_constraint_both_answers_would_be_written(cast: Cast) -> None:
    conversation = opened(cast)
    first, second = Choice.objects.filter(conversation=conversation)
    own = {"school": cast.school, "conversation": conversation, "person": cast.people["guardian"]}
    seen = [Answer.objects.filter(conversation=conversation).exists() for _tap in range(2)]
    assert seen == [False, False], "each tap finds nothing yet, and writes"
    Answer.objects.create(choice=first, answered_at=timezone.now(), **own)
    with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        Answer.objects.create(choice=second, answered_at=timezone.now(), **own)


def test_two_parents_who_begin_at_once_have_one_conversation(cast: Cast) -> None:
    people = cast.people
    pairs = [("guardian", "class_parent"), ("class_parent", "guardian")]
    viewers = [viewer_for(cast.user(role), now=timezone.now()) for role, _to in pairs]
    jobs = [
        lambda by=by, to=to: actions.write_to_parent(by=by, group=cast.five, person=people[to], text="Dag")  # type: ignore[misc]
        for by, (_role, to) in zip(viewers, pairs, strict=True)
    ]
    at_once(*jobs)
    assert (Conversation.objects.count(), Message.objects.count()) == (1, 2)


def test_nothing_is_written_after_it_was_closed_at_the_same_moment(cast: Cast) -> None:
    conversation = opened(cast)
    writer, closer = (viewer_for(cast.user(role), now=timezone.now()) for role in ("guardian", "teacher"))
    stale = Conversation.objects.for_pages().get(pk=conversation.pk)  # read before the colleague closed it
    actions.close_group_conversation(by=closer, conversation=conversation)
    with pytest.raises(Refused):
        actions.send_message(by=writer, conversation=stale, text="Ik kom ook")
    assert Message.objects.count() == 1
    fresh = Conversation.objects.for_pages().get(pk=conversation.pk)
    with pytest.raises(NotAllowed):
        actions.send_message(by=writer, conversation=fresh, text="Ik kom ook")


def test_two_of_the_team_close_it_and_it_is_told_once(cast: Cast) -> None:
    from kring.notifications.models import Notice

    conversation = opened(cast)
    viewers = [viewer_for(cast.user(role), now=timezone.now()) for role in ("teacher", "duo")]
    at_once(*[
        quietly(lambda by=by: actions.close_group_conversation(by=by, conversation=conversation))  # type: ignore[misc]
        for by in viewers
    ])  # fmt: skip
    assert Notice.objects.filter(kind="conversations.closed").count() == 1
