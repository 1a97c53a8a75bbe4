"""Group conversations: who opens, answers, sees who answered, and closes; what does not belong in them (P2, P3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from kring.conversations import actions
from kring.conversations.jobs import close_group_conversations
from kring.conversations.models import Answer, Conversation, Message
from kring.conversations.permissions import can_close, can_open_group_conversation, can_see_who_answered
from kring.conversations.rules.circle import around, default_closing
from kring.core.access import NotAllowed, Refused
from kring.notifications.models import Notice
from kring.people.models import Enrolment
from tests.agreements.making import publish as publish_agreement
from tests.cast import NOW, ROLES, TODAY, Cast
from tests.conversations.circling import choose, counts, opened
from tests.conversations.talking import say, who_reads, who_sees
from tests.files import papers
from tests.photos import pictures

pytestmark = pytest.mark.django_db
TEAM = {"teacher", "duo"}
FAMILIES = {"guardian", "shielded_guardian", "class_parent"}


@pytest.mark.both_databases
def test_the_teachers_and_the_class_parent_open_one(cast: Cast) -> None:
    assert {role for role in ROLES if can_open_group_conversation(cast.viewer(role), cast.five)} == TEAM | {
        "class_parent"
    }
    for role in sorted(set(ROLES) - TEAM - {"class_parent"}):
        with pytest.raises(NotAllowed):
            opened(cast, by=role)
    assert opened(cast, by="class_parent").opened_side == "family"


@pytest.mark.parametrize(
    ("setting", "may"),
    [
        ({"group_conversations.opened_by": ["teacher"]}, TEAM),
        ({"group_conversations.opened_by": ["class_parent"]}, {"class_parent"}),
        ({"group_conversations.on": False}, set()),
    ],
)
def test_the_agreement_says_who_opens(cast: Cast, setting: dict[str, object], may: set[str]) -> None:
    publish_agreement(cast, setting)
    assert {role for role in ROLES if can_open_group_conversation(cast.viewer(role), cast.five)} == may


def test_a_class_parent_whose_child_left_does_not_open_one(cast: Cast) -> None:
    Enrolment.objects.filter(child__guardianships__person=cast.people["class_parent"]).update(
        ends_on=TODAY - timedelta(1)
    )
    assert not can_open_group_conversation(cast.viewer("class_parent"), cast.five)


@pytest.mark.both_databases
def test_it_is_of_the_full_guardians_and_the_team_and_everybody_is_told_once(cast: Cast) -> None:
    conversation = opened(cast, token="eens")
    assert opened(cast, token="eens") == conversation
    assert who_sees(cast, conversation) == FAMILIES | TEAM
    assert Message.objects.get().source == "Wie helpt donderdag met snijden?"
    assert sorted(Notice.objects.values_list("kind", flat=True)) == ["conversations.to_family", "conversations.to_team"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": " "},
        {"closes_on": TODAY - timedelta(1)},
        {"closes_on": TODAY + timedelta(300)},  # after the school year
        {"choices": ["Ik kan"]},
        {"choices": ["Ja", "ja"]},
        {"choices": ["a", "b", "c", "d", "e"]},
        {"choices": ["Ja", "n" * 41]},
        {"text": "a" * 20_000},
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_made(cast: Cast, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        opened(cast, **wrong)  # type: ignore[arg-type]
    assert not Conversation.objects.exists()


def test_it_closes_after_the_days_of_the_agreement_within_the_school_year(cast: Cast) -> None:
    year_ends = cast.year.ends_on
    assert default_closing(TODAY, days=14, year_ends=year_ends) == TODAY + timedelta(14)
    assert default_closing(year_ends - timedelta(2), days=14, year_ends=year_ends) == year_ends


@pytest.mark.both_databases
def test_one_answer_of_a_person_counts_and_may_change(cast: Cast) -> None:
    conversation = opened(cast)
    choose(cast, conversation, by="guardian")
    choose(cast, conversation, by="guardian")
    choose(cast, conversation, by="class_parent")
    assert counts(conversation) == [2, 0]
    choose(cast, conversation, by="guardian", place=1)
    assert counts(conversation) == [1, 1]
    actions.take_back_answer(by=cast.viewer("guardian"), conversation=conversation)
    assert counts(conversation) == [1, 0]


@pytest.mark.parametrize("role", sorted(set(ROLES) - FAMILIES))
def test_only_parents_of_the_group_answer(cast: Cast, role: str) -> None:
    conversation = opened(cast)
    with pytest.raises(NotAllowed):
        choose(cast, conversation, by=role)
    choose(cast, conversation, by="guardian")
    assert Answer.objects.count() == 1


def test_who_answered_is_seen_by_who_asked_and_by_the_team_only(cast: Cast) -> None:
    conversation = opened(cast, by="class_parent")
    assert {role for role in ROLES if can_see_who_answered(cast.viewer(role), conversation)} == TEAM | {"class_parent"}
    assert {role for role in ROLES if can_close(cast.viewer(role), conversation)} == TEAM | {"class_parent"}


@pytest.mark.both_databases
def test_the_clock_closes_it_once_and_tells_it(cast: Cast) -> None:
    conversation = opened(cast)
    choose(cast, conversation, by="guardian")
    assert close_group_conversations() == 0
    with time_machine.travel(NOW + timedelta(days=15)):
        assert close_group_conversations() == 1
        assert close_group_conversations() == 0
        assert Notice.objects.filter(kind="conversations.closed").count() == 1
        assert who_sees(cast, conversation) == FAMILIES | TEAM, "what came out of it stays readable"
        for role in ("guardian", "teacher"):
            with pytest.raises(NotAllowed):
                say(cast, conversation, by=role)
        with pytest.raises(Refused):
            choose(cast, conversation, by="guardian", place=1)
    assert counts(conversation) == [1, 0]


def test_nobody_writes_between_its_moment_and_the_clock(cast: Cast) -> None:
    conversation = opened(cast, closes_on=TODAY)
    midnight = NOW.replace(hour=0) + timedelta(days=1)
    with time_machine.travel(midnight - timedelta(seconds=30)):
        assert say(cast, conversation, by="guardian").pk
    with time_machine.travel(midnight):
        with pytest.raises(NotAllowed):
            say(cast, conversation, by="guardian")
        with pytest.raises(Refused):
            choose(cast, conversation, by="guardian")


@pytest.mark.parametrize("role", sorted(set(ROLES) - TEAM))
def test_only_who_opened_it_and_the_team_close_it_early(cast: Cast, role: str) -> None:
    conversation = opened(cast)
    with pytest.raises(NotAllowed):
        actions.close_group_conversation(by=cast.viewer(role), conversation=conversation)
    actions.close_group_conversation(by=cast.viewer("duo"), conversation=conversation, words="Dank jullie wel")
    conversation.refresh_from_db()
    assert (conversation.is_closed, conversation.summary) == (True, "Dank jullie wel")


@pytest.mark.parametrize("name", ["foto.jpg", "rooster.pdf"])
def test_a_photo_of_a_parent_is_refused_whatever_its_name_and_her_text_is_not_sent(cast: Cast, name: str) -> None:
    conversation = opened(cast)
    with pytest.raises(Refused) as refused:
        say(cast, conversation, by="guardian", uploads=[pictures.upload(pictures.jpeg(), name=name)])
    assert refused.value.clause == "P3"
    assert Message.objects.count() == 1
    assert say(cast, conversation, by="teacher", uploads=[papers.upload(papers.pdf())]).documents.count() == 1


def test_what_is_private_goes_to_the_team_and_leaves_the_group(cast: Cast) -> None:
    conversation = opened(cast)
    said = say(cast, conversation, by="guardian", text="Joep is bang voor messen")
    sent = actions.say_privately(by=cast.viewer("guardian"), conversation=conversation, text=said.source, message=said)
    said.refresh_from_db()
    assert (said.is_deleted, said.source) == (True, "")
    assert who_reads(cast, sent) == {"guardian"} | TEAM


def test_what_is_private_goes_to_the_class_parent_alone(cast: Cast) -> None:
    conversation = opened(cast, by="class_parent")
    viewer, person = cast.viewer("guardian"), cast.people["class_parent"]
    sent = actions.say_privately(by=viewer, conversation=conversation, text="Ik ben ziek", person=person)
    assert who_reads(cast, sent) == {"guardian", "class_parent"}
    assert Message.objects.filter(conversation=conversation).count() == 1


def test_words_of_somebody_else_are_not_moved(cast: Cast) -> None:
    conversation = opened(cast)
    said = say(cast, conversation, by="class_parent")
    with pytest.raises(NotAllowed):
        actions.say_privately(by=cast.viewer("guardian"), conversation=conversation, text="Zo", message=said)
    said.refresh_from_db()
    assert not said.is_deleted


def test_when_the_private_one_is_refused_the_words_stay_in_the_group(cast: Cast) -> None:
    conversation = opened(cast, by="class_parent")
    said = say(cast, conversation, by="guardian")
    direct = actions.write_to_parent(
        by=cast.viewer("class_parent"), group=cast.five, person=cast.people["guardian"], text="Dag"
    )
    actions.block(by=cast.viewer("class_parent"), conversation=direct.conversation)
    with pytest.raises(Refused):
        actions.say_privately(
            by=cast.viewer("guardian"), conversation=conversation, text="Zo",
            person=cast.people["class_parent"], message=said,
        )  # fmt: skip
    said.refresh_from_db()
    assert not said.is_deleted


def test_what_stands_around_chosen_ones() -> None:
    assert around(range(1, 10), [5], margin=2) == [3, 4, 5, 6, 7]
    assert around([7, 3, 9], [7, 4], margin=1) == [7, 3]
    assert around([], [1]) == []
