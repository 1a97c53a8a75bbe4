"""Parents among each other: who stands in the directory for whom, and who writes to whom (P1, S11)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kring.conversations import actions
from kring.conversations.directory import directory_of, groups_with_directory
from kring.conversations.models import Block, Conversation, Message
from kring.conversations.rules.circle import LONG, is_better_slept_on
from kring.core.access import NotAllowed, Refused
from kring.notifications.models import Delivery, Notice
from kring.people.models import Enrolment, Guardianship, KeepApart
from tests import factories as make
from tests.agreements.making import publish as publish_agreement
from tests.cast import NOW, ROLES, TODAY, Cast
from tests.conversations.circling import names_in, parent, write
from tests.conversations.talking import say, sees, who_reads, who_sees

pytestmark = pytest.mark.django_db
LISTED = {"Guardian", "Class parent"}


@pytest.mark.both_databases
def test_only_full_guardians_of_the_group_have_its_directory(cast: Cast) -> None:
    having = {role for role in ROLES if cast.five in groups_with_directory(cast.viewer(role))}
    assert having == {"guardian", "shielded_guardian", "class_parent"}


@pytest.mark.both_databases
def test_in_it_stand_the_full_guardians_and_no_shielded_limited_or_former_one(cast: Cast) -> None:
    assert names_in(cast, "guardian") == LISTED
    assert names_in(cast, "shielded_guardian") == LISTED
    Guardianship.objects.filter(person=cast.people["shielded_guardian"]).update(child=cast.child)
    assert names_in(cast, "guardian") == LISTED | {"Shielded guardian"}, "not she, the shielded child was the reason"


def test_who_looks_after_a_shielded_child_elsewhere_is_left_out_here_too(cast: Cast) -> None:
    both = parent(cast, "beide")
    assert "Beide" in names_in(cast, "guardian")
    hidden = make.ChildFactory(school=cast.school, shielded=True)
    make.EnrolmentFactory(child=hidden, group=cast.six, year_level=6)
    make.GuardianshipFactory(child=hidden, person=both)
    assert "Beide" not in names_in(cast, "guardian")


def test_children_of_another_group_and_shielded_ones_are_not_named(cast: Cast) -> None:
    lines = {line.person.first_name: line.children for line in directory_of(cast.five, cast.viewer("class_parent"))}
    assert lines == {"Guardian": ("Joep",), "Class parent": ("Bo",)}, "Saar sits in groep 1/2"
    names = {name for line in directory_of(cast.infants, cast.viewer("guardian")) for name in line.children}
    assert names == {"Saar"}


@pytest.mark.both_databases
def test_who_is_kept_apart_is_not_shown_also_when_she_works_at_the_school(cast: Cast) -> None:
    low, high = sorted((cast.people["guardian"], cast.people["class_parent"]), key=lambda person: person.pk)
    apart = KeepApart.objects.create(school=cast.school, child=cast.child, first=low, second=high)
    make.TeamRoleFactory(person=cast.people["guardian"], kind="teacher", group=cast.six)
    assert names_in(cast, "guardian") == {"Guardian"}
    assert names_in(cast, "class_parent") == {"Class parent"}
    with pytest.raises(NotAllowed):
        write(cast)
    apart.delete()
    assert names_in(cast, "guardian") == LISTED


def test_a_guardian_hides_herself_and_shows_herself_again(cast: Cast) -> None:
    actions.hide_in_directory(by=cast.viewer("class_parent"), group=cast.five)
    actions.hide_in_directory(by=cast.viewer("class_parent"), group=cast.five)
    assert names_in(cast, "guardian") == {"Guardian"}
    with pytest.raises(NotAllowed):
        write(cast)
    actions.show_in_directory(by=cast.viewer("class_parent"), group=cast.five)
    assert names_in(cast, "guardian") == LISTED
    with pytest.raises(NotAllowed):
        actions.hide_in_directory(by=cast.viewer("other_guardian"), group=cast.five)


def test_who_never_signed_in_could_not_hide_and_is_not_listed(cast: Cast) -> None:
    without = parent(cast, "zonder")
    assert "Zonder" in names_in(cast, "guardian")
    without.user = None
    without.save()
    assert "Zonder" not in names_in(cast, "guardian")


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ({"parent_messages.on": False}, False),
        ({"directory.sees": "nobody"}, False),
        ({"directory.sees": "names"}, True),
    ],
)
def test_the_agreement_says_whether_there_is_one(cast: Cast, setting: dict[str, object], shown: bool) -> None:
    publish_agreement(cast, setting)
    assert bool(names_in(cast, "guardian")) is shown
    if shown:
        assert all(not line.children for line in directory_of(cast.five, cast.viewer("guardian")))
        assert write(cast).pk
    else:
        with pytest.raises(NotAllowed):
            write(cast)


def test_messages_switched_off_take_the_conversations_away_too(cast: Cast) -> None:
    conversation = write(cast).conversation
    assert who_sees(cast, conversation) == {"guardian", "class_parent"}
    publish_agreement(cast, {"parent_messages.on": False})
    assert who_sees(cast, conversation) == set()


@pytest.mark.both_databases
@pytest.mark.parametrize("role", sorted(set(ROLES) - {"guardian", "shielded_guardian"}))
def test_who_is_no_parent_of_the_group_does_not_write_to_one(cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        write(cast, by=role)
    assert write(cast, by="guardian").pk


@pytest.mark.parametrize(
    "to", ["limited", "none", "former_guardian", "shielded_guardian", "other_guardian", "teacher", "second_guardian"]
)
def test_who_does_not_stand_in_the_directory_is_not_written_to(cast: Cast, to: str) -> None:
    with pytest.raises(NotAllowed):
        write(cast, to=to)
    assert write(cast, to="class_parent").pk


def test_two_parents_have_one_conversation_whoever_begins(cast: Cast) -> None:
    first, back = write(cast), write(cast, by="class_parent", to="guardian")
    assert first.conversation == back.conversation
    assert who_reads(cast, first) == {"guardian", "class_parent"}
    assert write(cast, token="eens") == write(cast, token="eens")
    assert Message.objects.count() == 3


def test_it_tells_the_other_one_only_and_stands_in_no_log(cast: Cast) -> None:
    from kring.audit.models import AuditEvent
    from kring.notifications import outbox

    write(cast)
    for notice in Notice.objects.all():
        outbox.expand(notice)
    assert {row.user.email for row in Delivery.objects.all()} == {"class_parent@example.org"}
    assert not AuditEvent.objects.filter(what__startswith="conversation").exists()


@pytest.mark.both_databases
def test_a_blocked_sender_reads_the_sentence_of_somebody_who_is_gone_and_nothing_is_sent(cast: Cast) -> None:
    conversation = write(cast).conversation
    actions.block(by=cast.viewer("class_parent"), conversation=conversation)
    actions.block(by=cast.viewer("class_parent"), conversation=conversation)
    Notice.objects.all().delete()
    sentences = []
    for attempt in (lambda: write(cast), lambda: say(cast, conversation, by="guardian")):
        with pytest.raises(Refused) as refused:
            attempt()
        sentences.append(refused.value.sentence)
    assert Message.objects.count() == 1
    assert not Notice.objects.exists()
    Block.objects.all().delete()
    Guardianship.objects.filter(person=cast.people["class_parent"]).update(ends_on=TODAY - timedelta(1))
    with pytest.raises(Refused) as refused:
        say(cast, conversation, by="guardian")
    assert {*sentences, refused.value.sentence} == {sentences[0]}, "the sentence does not tell which it is"


def test_who_blocked_writes_again_after_taking_it_back(cast: Cast) -> None:
    conversation = write(cast).conversation
    actions.block(by=cast.viewer("class_parent"), conversation=conversation)
    with pytest.raises(Refused):
        say(cast, conversation, by="class_parent")
    actions.unblock(by=cast.viewer("guardian"), person=cast.people["class_parent"])
    assert Block.objects.exists(), "the blocked one cannot take it back"
    actions.unblock(by=cast.viewer("class_parent"), person=cast.people["guardian"])
    assert say(cast, conversation, by="class_parent").pk
    assert say(cast, conversation, by="guardian").pk


def test_only_conversations_between_parents_can_be_blocked(cast: Cast) -> None:
    from tests.conversations.talking import to_team

    with pytest.raises(NotAllowed):
        actions.block(by=cast.viewer("guardian"), conversation=to_team(cast).conversation)


def test_leaving_the_group_ends_it_before_the_delivery(cast: Cast) -> None:
    from kring.notifications import outbox

    message = write(cast)
    Enrolment.objects.filter(child__guardianships__person=cast.people["class_parent"]).update(
        ends_on=TODAY - timedelta(1)
    )
    for notice in Notice.objects.all():
        outbox.expand(notice)
    assert not Delivery.objects.exists()
    assert not sees(cast.viewer("class_parent"), message.conversation)
    assert Conversation.objects.count() == 1


def test_a_muted_conversation_is_read_and_not_told(cast: Cast) -> None:
    from kring.notifications import outbox

    conversation = write(cast).conversation
    Notice.objects.all().delete()
    actions.mute(by=cast.viewer("class_parent"), conversation=conversation)
    message = say(cast, conversation, by="guardian")
    for notice in Notice.objects.all():
        outbox.expand(notice)
    assert not Delivery.objects.exists()
    assert who_reads(cast, message) == {"guardian", "class_parent"}
    actions.unmute(by=cast.viewer("class_parent"), conversation=conversation)
    say(cast, conversation, by="guardian", text="Nog iets")
    for notice in Notice.objects.filter(state="waiting"):
        outbox.expand(notice)
    assert Delivery.objects.filter(user=cast.user("class_parent")).exists()


@pytest.mark.parametrize(
    ("hour", "length", "hint"),
    [(23, LONG, True), (5, LONG, True), (6, LONG, False), (21, LONG, False), (23, 20, False)],
)
def test_a_long_message_late_at_night_is_better_slept_on(hour: int, length: int, hint: bool) -> None:
    local: datetime = NOW.replace(hour=hour)
    assert is_better_slept_on("a" * length, local=local) is hint
