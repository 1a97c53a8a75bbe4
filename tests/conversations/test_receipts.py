"""Read, "I'll come back to it", and what waits for the team (H2, H3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from kring.conversations import actions
from kring.conversations.models import Conversation, Message, Promise, Receipt, promised, waiting, with_news
from kring.conversations.rules import PromiseState
from kring.core.access import NotAllowed, Refused
from kring.notifications import outbox
from kring.notifications.models import Delivery, Notice
from tests.agreements.making import publish as publish_agreement
from tests.cast import NOW, TODAY, Cast
from tests.conversations.talking import MORNING, NIGHT, say, to_families, to_team

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def news(cast: Cast, role: str) -> int:
    viewer = cast.viewer(role)
    return with_news(Conversation.objects.visible_to(viewer), viewer).count()


def waits(cast: Cast, role: str = "teacher") -> list[Conversation]:
    return list(waiting(cast.viewer(role)))


def test_what_others_wrote_is_new_until_it_is_read(cast: Cast) -> None:
    message = to_team(cast)
    assert [news(cast, role) for role in ("guardian", "teacher", "duo", "other_teacher", "management")] == [
        0, 1, 1, 0, 0,
    ]  # fmt: skip
    actions.mark_read(by=cast.viewer("teacher"), message=message)
    assert [news(cast, role) for role in ("teacher", "duo")] == [0, 1]
    say(cast, message.conversation, by="guardian", text="En nog iets")
    assert news(cast, "teacher") == 1


def test_only_the_day_and_its_part_are_kept(cast: Cast) -> None:
    message = to_team(cast)
    actions.mark_read(by=cast.viewer("teacher"), message=message)
    receipt = Receipt.objects.get(person=cast.people["teacher"])
    assert (receipt.read_on, receipt.read_part, receipt.read_until) == (TODAY, "morning", message.visible_from)


def test_reading_goes_forward_only(cast: Cast) -> None:
    first = to_team(cast)
    second = say(cast, first.conversation, by="guardian")
    for message in (second, first):
        actions.mark_read(by=cast.viewer("teacher"), message=message)
    assert Receipt.objects.get(person=cast.people["teacher"]).read_until == second.visible_from


def test_who_does_not_take_part_cannot_mark_it_read(cast: Cast) -> None:
    message = to_team(cast)
    for role in ("other_guardian", "management", "second_teacher"):
        with pytest.raises(NotAllowed):
            actions.mark_read(by=cast.viewer(role), message=message)
    actions.mark_read(by=cast.viewer("duo"), message=message)


def test_what_waits_for_the_morning_is_not_new_yet(cast: Cast) -> None:
    with time_machine.travel(NIGHT):
        to_team(cast)
        assert news(cast, "teacher") == 0
        assert not waits(cast)
    with time_machine.travel(MORNING):
        assert news(cast, "teacher") == 1
        assert waits(cast)


def test_something_sent_later_is_new_though_what_came_after_was_read(cast: Cast) -> None:
    (later,) = to_families(cast, "guardian", at=MORNING)
    now = say(cast, later.conversation, by="teacher", text="Dit eerst")
    actions.mark_read(by=cast.viewer("guardian"), message=now)
    assert news(cast, "guardian") == 0
    with time_machine.travel(MORNING + timedelta(minutes=1)):
        assert news(cast, "guardian") == 1


def test_a_colleague_who_is_new_in_the_group_finds_the_last_month_new_and_no_more(cast: Cast) -> None:
    to_team(cast)
    with time_machine.travel(NOW + timedelta(days=56)):  # a Tuesday in January
        assert news(cast, "teacher") == 0
        to_team(cast, text="Nog een vraag")
        assert news(cast, "teacher") == 1


def test_reading_it_settles_the_line_in_the_inbox(cast: Cast) -> None:
    message = to_team(cast)
    for notice in Notice.objects.all():
        outbox.expand(notice)
    told = {row.user.email.partition("@")[0] for row in Delivery.objects.filter(channel="inbox")}
    assert told == {"teacher", "duo"}
    actions.mark_read(by=cast.viewer("teacher"), message=message)
    unread = Delivery.objects.filter(channel="inbox", read_at__isnull=True)
    assert {row.user.email for row in unread} == {"duo@example.org"}


def test_who_read_it_already_is_not_told_any_more(cast: Cast) -> None:
    message = to_team(cast)
    actions.mark_read(by=cast.viewer("teacher"), message=message)
    outbox.expand(Notice.objects.get())
    assert {row.user.email for row in Delivery.objects.all()} == {"duo@example.org"}


def test_the_team_finds_what_waits_and_an_answer_takes_it_off(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    assert waits(cast) == waits(cast, "duo") == [conversation]
    assert waits(cast, "other_teacher") == waits(cast, "management") == []
    say(cast, conversation, by="duo")
    assert waits(cast) == []
    say(cast, conversation, by="guardian")
    assert waits(cast) == [conversation]


def test_an_answer_that_is_ready_for_the_morning_takes_it_off_too(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    say(cast, conversation, by="teacher", at=MORNING)
    assert waits(cast) == []


def test_a_thank_you_is_settled_without_an_answer(cast: Cast) -> None:
    conversation = to_team(cast, text="Dank u wel!").conversation
    with pytest.raises(NotAllowed):
        actions.settle(by=cast.viewer("guardian"), conversation=conversation)
    actions.settle(by=cast.viewer("teacher"), conversation=conversation)
    assert waits(cast) == []
    say(cast, conversation, by="guardian", text="Toch nog een vraag")
    assert waits(cast) == [conversation]


def test_one_tap_promises_and_the_answer_keeps_it(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    promise = actions.promise_answer(by=cast.viewer("teacher"), conversation=conversation, until=TODAY + timedelta(2))
    assert waits(cast) == []
    assert list(promised(cast.viewer("duo"))) == [promise]
    assert Notice.objects.filter(kind="conversations.promised", subject_id=promise.pk).exists()
    say(cast, conversation, by="duo")
    promise.refresh_from_db()
    assert promise.state == PromiseState.KEPT


def test_a_promise_changes_its_day_and_a_team_makes_one(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    one = actions.promise_answer(by=cast.viewer("teacher"), conversation=conversation)
    again = actions.promise_answer(by=cast.viewer("teacher"), conversation=conversation, until=TODAY)
    assert (one.pk, again.until) == (again.pk, TODAY)
    with pytest.raises(Refused):
        actions.promise_answer(by=cast.viewer("duo"), conversation=conversation)


def test_a_guardian_promises_too_beside_the_team(cast: Cast) -> None:
    conversation = to_families(cast, "guardian")[0].conversation
    actions.promise_answer(by=cast.viewer("guardian"), conversation=conversation)
    actions.promise_answer(by=cast.viewer("teacher"), conversation=conversation)
    say(cast, conversation, by="guardian")
    assert dict(Promise.objects.values_list("side", "state")) == {"family": "kept", "team": "open"}


def test_a_colleague_takes_a_promise_over_once(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    promise = actions.promise_answer(by=cast.viewer("teacher"), conversation=conversation)
    for role in ("teacher", "guardian", "other_teacher", "management"):
        with pytest.raises(NotAllowed):
            actions.take_over_promise(by=cast.viewer(role), promise=promise)
    stale = Promise.objects.get(pk=promise.pk)
    taken = actions.take_over_promise(by=cast.viewer("duo"), promise=promise)
    assert (taken.person, taken.taken_over_from) == (cast.people["duo"], cast.people["teacher"])
    with pytest.raises(Refused):
        actions.take_over_promise(by=cast.viewer("duo"), promise=stale)


def test_a_promise_taken_back_waits_again(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    promise = actions.promise_answer(by=cast.viewer("teacher"), conversation=conversation)
    with pytest.raises(NotAllowed):
        actions.take_back_promise(by=cast.viewer("duo"), promise=promise)
    actions.take_back_promise(by=cast.viewer("teacher"), promise=promise)
    assert waits(cast) == [conversation]


@pytest.mark.parametrize("days", [-1, 61])
def test_a_day_that_is_no_use_is_refused(cast: Cast, days: int) -> None:
    conversation = to_team(cast).conversation
    with pytest.raises(Refused):
        actions.promise_answer(by=cast.viewer("teacher"), conversation=conversation, until=TODAY + timedelta(days))


def test_where_the_agreement_has_no_receipts_there_are_none(cast: Cast) -> None:
    publish_agreement(cast, {"receipts.on": False})
    with pytest.raises(Refused) as refused:
        actions.promise_answer(by=cast.viewer("teacher"), conversation=to_team(cast).conversation)
    assert refused.value.clause == "H3"


def test_who_is_told_of_the_answer(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    Notice.objects.all().delete()
    message = say(cast, conversation, by="teacher")
    for notice in Notice.objects.all():
        outbox.expand(notice)
    told = {row.user.email for row in Delivery.objects.filter(notice__subject_id=message.pk)}
    assert told == {"guardian@example.org"}
    assert Message.objects.count() == 2
