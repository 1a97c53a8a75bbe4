"""Writing: where words go, when they arrive, and what is refused with a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from kring.conversations import actions
from kring.conversations.actions import Family
from kring.conversations.models import Conversation, DraftMessage, Message, MessageDocument
from kring.conversations.rules import MAX_TEXT
from kring.core.access import NotAllowed, Refused
from kring.files.models import Document
from kring.notifications.models import Notice
from kring.people.models import Guardianship, KeepApart
from tests import factories as make
from tests.agreements.making import publish as publish_agreement
from tests.cast import NOW, TODAY, Cast
from tests.conversations.talking import MORNING, NIGHT, in_group, say, to_families, to_team, who_reads
from tests.files import papers
from tests.photos import pictures

pytestmark = pytest.mark.django_db


def test_in_contact_hours_it_arrives_at_once(cast: Cast) -> None:
    message = to_team(cast)
    assert message.visible_from <= NOW + timedelta(minutes=1)
    assert who_reads(cast, message) == {"guardian", "teacher", "duo"}


def test_at_night_it_waits_for_the_morning_and_the_writer_sees_it_meanwhile(cast: Cast) -> None:
    with time_machine.travel(NIGHT):
        message = to_team(cast)
        assert message.visible_from == MORNING
        assert who_reads(cast, message) == {"guardian"}
    with time_machine.travel(MORNING):
        assert who_reads(cast, message) == {"guardian", "teacher", "duo"}


def test_a_school_that_shows_at_once_does_not_hold_it(cast: Cast) -> None:
    publish_agreement(cast, {"contact_hours.outside": "shown"})
    with time_machine.travel(NIGHT):
        assert who_reads(cast, to_team(cast)) == {"guardian", "teacher", "duo"}


def test_a_teacher_may_send_it_later_and_her_colleague_sees_it_wait(cast: Cast) -> None:
    (message,) = to_families(cast, "guardian", at=MORNING)
    assert who_reads(cast, message) == {"teacher", "duo"}
    with time_machine.travel(MORNING):
        assert who_reads(cast, message) == {"guardian", "teacher", "duo"}


def test_a_guardian_cannot_choose_when_it_arrives(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    message = say(cast, conversation, by="guardian", at=MORNING)
    assert message.visible_from < MORNING


def test_it_is_told_when_it_arrives_and_not_before(cast: Cast) -> None:
    with time_machine.travel(NIGHT):
        message = to_team(cast)
    notice = Notice.objects.get(kind="conversations.to_team", subject_id=message.pk)
    assert notice.not_before == MORNING


def test_without_a_subject_one_goes_on_in_the_running_conversation(cast: Cast) -> None:
    first, second = to_team(cast), to_team(cast, text="En nog iets")
    assert first.conversation == second.conversation
    assert to_families(cast, "guardian")[0].conversation == first.conversation
    assert to_team(cast, subject="Schoolreis").conversation != first.conversation
    assert to_team(cast, by="limited").conversation != first.conversation


def test_the_same_form_sent_twice_is_kept_once(cast: Cast) -> None:
    first = to_team(cast, subject="Schoolreis", token="eens")
    again = to_team(cast, subject="Schoolreis", token="eens")
    assert first == again
    assert Conversation.objects.count() == Message.objects.count() == 1
    answer = say(cast, first.conversation, by="teacher", token="twee")
    assert say(cast, first.conversation, by="teacher", token="twee") == answer
    assert to_families(cast, "guardian", "limited", token="drie") == to_families(
        cast, "guardian", "limited", token="drie"
    )
    assert Message.objects.count() == 4
    assert Notice.objects.count() == 4


def test_two_colleagues_with_the_same_token_both_speak(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    assert say(cast, conversation, by="teacher", token="x") != say(cast, conversation, by="duo", token="x")


@pytest.mark.parametrize("text", ["", "  \n "])
def test_nothing_is_not_sent(cast: Cast, text: str) -> None:
    with pytest.raises(Refused, match="Schrijf eerst iets"):
        to_team(cast, text=text)
    assert not Conversation.objects.exists()


def test_twenty_kilobytes_are_refused_with_a_sentence_and_nothing_is_half_written(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    with pytest.raises(Refused, match="20000"):
        say(cast, conversation, by="guardian", text="a" * 20_000)
    assert say(cast, conversation, by="guardian", text="a" * MAX_TEXT).pk
    assert Message.objects.count() == 2


def test_words_are_made_safe(cast: Cast) -> None:
    message = to_team(cast, text="<script>alert(1)</script> zie www.example.org")
    assert "<script" not in message.body
    assert 'href="https://www.example.org"' in message.body


def test_nothing_is_sent_to_somebody_who_is_no_longer_there(cast: Cast) -> None:
    (message,) = to_families(cast, "guardian")
    Guardianship.objects.filter(person=cast.people["guardian"]).update(ends_on=TODAY - timedelta(1))
    with pytest.raises(Refused):
        say(cast, message.conversation, by="teacher")
    Guardianship.objects.filter(person=cast.people["guardian"]).update(ends_on=None)
    assert say(cast, message.conversation, by="teacher").pk


def test_who_has_no_login_yet_is_named_and_nobody_is_written_to(cast: Cast) -> None:
    person = make.PersonFactory(school=cast.school, user=None, first_name="Zonder", last_name="Login")
    make.GuardianshipFactory(child=cast.child, person=person)
    cast.people["without"] = person
    with pytest.raises(Refused, match="Zonder Login"):
        to_families(cast, "guardian", "without")
    assert not Message.objects.exists()


def test_guardians_who_are_kept_apart_are_not_written_to_together(cast: Cast) -> None:
    second = make.PersonFactory(school=cast.school)
    make.GuardianshipFactory(child=cast.child, person=second)
    both = Family(cast.child, (cast.people["guardian"], second))
    low, high = sorted(both.persons, key=lambda person: person.pk)
    apart = KeepApart.objects.create(school=cast.school, child=cast.child, first=low, second=high)
    write = {"by": cast.viewer("teacher"), "group": cast.five, "families": [both], "text": "Dag"}
    with pytest.raises(Refused):
        actions.write_to_families(**write)  # type: ignore[arg-type]
    apart.delete()
    assert actions.write_to_families(**write)  # type: ignore[arg-type]


def test_a_guardian_with_limited_reading_is_written_to_alone(cast: Cast) -> None:
    both = Family(cast.child, (cast.people["guardian"], cast.people["limited"]))
    with pytest.raises(Refused):
        actions.write_to_families(by=cast.viewer("teacher"), group=cast.five, families=[both], text="Dag")
    assert len(to_families(cast, "guardian", "limited")) == 2


def test_a_document_of_the_team_goes_along_once_for_several_families(cast: Cast) -> None:
    messages = to_families(cast, "guardian", "limited", uploads=[papers.upload(papers.pdf())])
    assert Document.objects.count() == 1
    assert [message.documents.count() for message in messages] == [1, 1]
    actions.delete_message(by=cast.viewer("teacher"), message=messages[0])
    assert Document.objects.count() == 1, "the other family still has it"
    actions.delete_message(by=cast.viewer("teacher"), message=messages[1])
    assert not Document.objects.exists()


@pytest.mark.parametrize("name", ["foto.jpg", "brief.pdf", "brief.docx"])
def test_a_photo_of_a_parent_is_refused_by_what_it_is_and_the_paragraph_is_named(cast: Cast, name: str) -> None:
    conversation = to_team(cast).conversation
    upload = pictures.upload(pictures.jpeg(), name=name)
    with pytest.raises(Refused) as refused:
        say(cast, conversation, by="guardian", text="Kijk eens", uploads=[upload])
    assert refused.value.clause == "P3"
    assert not MessageDocument.objects.exists()
    assert not Document.objects.exists()
    assert Message.objects.count() == 1


def test_a_document_of_a_parent_is_refused_and_of_the_teacher_it_is_taken(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    with pytest.raises(Refused):
        say(cast, conversation, by="guardian", uploads=[papers.upload(papers.pdf())])
    assert say(cast, conversation, by="teacher", uploads=[papers.upload(papers.pdf())]).documents.count() == 1


def test_words_may_be_changed_for_fifteen_minutes(cast: Cast) -> None:
    message = to_team(cast)
    changed = actions.edit_message(by=cast.viewer("guardian"), message=message, text="Toch niet")
    assert changed.source == "Toch niet"
    assert changed.edited_at is not None
    with time_machine.travel(NOW + timedelta(minutes=16)), pytest.raises(Refused):
        actions.edit_message(by=cast.viewer("guardian"), message=message, text="Te laat")
    with pytest.raises(NotAllowed):
        actions.edit_message(by=cast.viewer("teacher"), message=message, text="Van een ander")


def test_what_waits_for_the_morning_may_be_changed_until_then(cast: Cast) -> None:
    with time_machine.travel(NIGHT):
        message = to_team(cast)
    with time_machine.travel(MORNING - timedelta(minutes=1)):
        changed = actions.edit_message(by=cast.viewer("guardian"), message=message, text="Beter gezegd")
        assert changed.edited_at is None, "nobody has read it yet"
    with time_machine.travel(MORNING), pytest.raises(Refused):
        actions.edit_message(by=cast.viewer("guardian"), message=message, text="Te laat")


def test_what_was_read_leaves_deleted_and_what_had_not_arrived_goes_back_to_the_box(cast: Cast) -> None:
    message = to_team(cast)
    with pytest.raises(NotAllowed):
        actions.delete_message(by=cast.viewer("teacher"), message=message)
    actions.delete_message(by=cast.viewer("guardian"), message=message)
    message.refresh_from_db()
    assert (message.is_deleted, message.source, message.body) == (True, "", "")
    with time_machine.travel(NIGHT):
        pending = say(cast, message.conversation, by="guardian", text="Toch nog")
        actions.delete_message(by=cast.viewer("guardian"), message=pending)
    assert not Message.objects.filter(pk=pending.pk).exists()
    assert DraftMessage.objects.get().text == "Toch nog"


def test_a_draft_is_kept_even_when_too_long_and_gone_once_it_is_sent(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    actions.keep_draft(by=cast.viewer("guardian"), conversation=conversation, text="a" * 20_000)
    assert len(DraftMessage.objects.get().text) == 20_000
    say(cast, conversation, by="teacher")
    assert DraftMessage.objects.exists(), "it is hers, not the teacher's"
    say(cast, conversation, by="guardian")
    assert not DraftMessage.objects.exists()


def test_nobody_writes_after_a_group_conversation_was_closed(cast: Cast) -> None:
    conversation = in_group(cast)
    assert say(cast, conversation, by="guardian").pk
    Conversation.objects.filter(pk=conversation.pk).update(closed_at=NOW)
    for role in ("guardian", "teacher"):
        with pytest.raises(NotAllowed):
            say(cast, conversation, by=role)


def test_two_that_are_sent_at_the_same_moment_have_an_order(cast: Cast) -> None:
    conversation = in_group(cast)
    with time_machine.travel(NOW, tick=False):
        moments = [say(cast, conversation, by=role).visible_from for role in ("guardian", "teacher", "duo")]
    assert moments == sorted(set(moments))
