"""The pages of conversations: what they say, what they keep, and what they cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kring.conversations.models import Conversation, DraftMessage, Message, Promise, Receipt
from kring.notifications import outbox
from kring.notifications.models import Delivery, Notice
from tests.cast import NOW, Cast
from tests.conversations.talking import MORNING, NIGHT, say, to_families, to_team
from tests.notifications.test_outbox import work_off
from tests.photos import pictures

pytestmark = pytest.mark.django_db


def page_of(conversation: Conversation) -> str:
    return reverse("conversations:talk", args=[conversation.public_id])


def queries_of(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def more_messages(conversation: Conversation, cast: Cast, number: int) -> None:
    Message.objects.bulk_create(
        Message(
            school=cast.school, conversation=conversation, author=cast.people["guardian"], side="family",
            source=f"Nog {n}", body=f"<p>Nog {n}</p>", sent_at=NOW - timedelta(days=2, minutes=n),
            visible_from=NOW - timedelta(days=2, minutes=n),
        )
        for n in range(number)
    )  # fmt: skip


@pytest.mark.both_databases
@pytest.mark.parametrize("role", ["guardian", "teacher"])
def test_a_page_of_five_thousand_messages_costs_the_same_queries_as_one_of_thirty(cast: Cast, role: str) -> None:
    conversation = to_team(cast).conversation
    more_messages(conversation, cast, 40)
    client = cast.client(role)
    few = queries_of(client, page_of(conversation))
    more_messages(conversation, cast, 4960)
    assert queries_of(client, page_of(conversation)) == few
    older = client.get(page_of(conversation)).context["thread"].older
    assert len(client.get(page_of(conversation), {"before": older}).context["thread"].entries) == 30


def test_a_list_costs_the_same_queries_whatever_is_on_it(cast: Cast) -> None:
    to_team(cast)
    client, address = cast.client("teacher"), reverse("conversations:list")
    few = queries_of(client, address)
    for n in range(12):
        say(cast, to_team(cast, subject=f"Vraag {n}").conversation, by="guardian")
    assert queries_of(client, address) == few


def test_what_is_too_long_is_refused_with_a_sentence_and_stays_in_the_box(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    answer = cast.client("guardian").post(page_of(conversation), {"text": "a" * 20_000, "token": "x"})
    assert answer.status_code == 422
    assert "20000" in answer.content.decode()
    assert "a" * 20_000 in answer.content.decode()
    assert conversation.messages.count() == 1


def test_a_photo_of_a_parent_is_refused_with_the_paragraph_and_the_text_stays(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    photo = pictures.upload(pictures.jpeg(), name="brief.pdf")
    answer = cast.client("guardian").post(page_of(conversation), {"text": "Kijk eens", "document": photo})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "#p3" in page
    assert "Kijk eens" in page
    assert conversation.messages.count() == 1


def test_the_same_form_sent_twice_is_one_message(cast: Cast) -> None:
    conversation, client = to_team(cast).conversation, cast.client("guardian")
    for _press in range(2):
        assert client.post(page_of(conversation), {"text": "Nog iets", "token": "eens"}).status_code == 302
    assert conversation.messages.count() == 2


def test_typing_keeps_a_draft_and_answers_one_hint_of_which_nothing_is_kept(cast: Cast) -> None:
    conversation, client = to_team(cast).conversation, cast.client("guardian")
    headers = {"HX-Request": "true"}
    answer = client.post(
        page_of(conversation), {"text": "Hij wordt gepest", "action": "autosave"}, headers=headers
    ).content.decode()
    assert "#n1" in answer
    assert reverse("conversations:moments", args=[conversation.public_id]) in answer
    assert DraftMessage.objects.get().text == "Hij wordt gepest"
    assert conversation.messages.count() == 1
    quiet = client.post(page_of(conversation), {"text": "Dag", "action": "autosave"}, headers=headers)
    assert "#n1" not in quiet.content.decode()


def test_reading_a_page_marks_nothing_and_the_button_does(cast: Cast) -> None:
    message = to_team(cast)
    client = cast.client("teacher")
    client.get(page_of(message.conversation))
    assert not Receipt.objects.filter(person=cast.people["teacher"]).exists()
    seen = reverse("conversations:seen", args=[message.conversation.public_id])
    assert client.post(seen, {"message": message.public_id}).status_code == 302
    page = cast.client("guardian").get(page_of(message.conversation)).content.decode()
    assert "Gelezen door" in page
    assert "10:0" not in page.partition("Gelezen door")[2][:120], "no minute of reading"


def test_search_finds_words_of_ones_own_conversations_only(cast: Cast) -> None:
    to_team(cast, text="De vleermuiskast is klaar")
    address = reverse("conversations:list")
    found = cast.client("guardian").get(address, {"q": "vleermuiskast"}).content.decode()
    assert "upto=" in found
    for role in ("other_guardian", "limited", "management", "second_teacher"):
        assert "upto=" not in cast.client(role).get(address, {"q": "vleermuiskast"}).content.decode()


def test_a_parent_who_writes_at_night_reaches_the_teacher_in_the_morning_once(cast: Cast) -> None:
    with time_machine.travel(NIGHT, tick=False):
        client = cast.client("guardian")
        address = reverse("conversations:new")
        page = client.get(address).content.decode()
        assert "Gelezen vanaf" in page
        data = {"to": f"{cast.five.public_id}:{cast.child.public_id}", "text": "Mag de kast mee?", "token": "eens"}
        assert client.post(address, data).status_code == 302
        message = Message.objects.get()
        assert not Notice.objects.due(NIGHT).exists()
        assert page_of(message.conversation) not in cast.client("teacher").get("/conversations/").content.decode()
    with time_machine.travel(MORNING - timedelta(minutes=1), tick=False):
        assert not Notice.objects.due(MORNING - timedelta(minutes=1)).exists()
    with time_machine.travel(MORNING, tick=False):
        for notice in Notice.objects.due(MORNING):
            outbox.expand(notice)
        told = Delivery.objects.filter(channel="inbox", user=cast.user("teacher"))
        assert told.count() == 1
        teacher = cast.client("teacher")
        assert page_of(message.conversation) in teacher.get("/conversations/").content.decode()
        promise = reverse("conversations:promise", args=[message.conversation.public_id])
        assert teacher.post(promise, {"until": ""}).status_code == 302
        assert Promise.objects.get().person == cast.people["teacher"]
        page = cast.client("guardian").get(page_of(message.conversation)).content.decode()
        assert "Ik kom erop terug" in page


def test_an_evening_of_two_parents_is_one_letter_in_the_morning_and_a_message_of_the_day_its_own(cast: Cast) -> None:
    with time_machine.travel(NIGHT, tick=False):
        for by in ("guardian", "limited"):
            to_team(cast, by=by)
        work_off()
        assert mail.outbox == []
    with time_machine.travel(MORNING, tick=False):
        work_off()
        assert Delivery.objects.filter(channel="inbox", user=cast.user("teacher")).count() == 2
    with time_machine.travel(MORNING + timedelta(minutes=1), tick=False):
        work_off()
        assert [letter.subject for letter in mail.outbox if letter.to == [cast.user("teacher").email]] == [
            "2 nieuwe berichten van De Beuk"
        ]
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        to_team(cast)
        work_off()
        assert len([letter for letter in mail.outbox if letter.to == [cast.user("teacher").email]]) == 2


def test_families_are_written_to_separately_from_one_form(cast: Cast) -> None:
    people, child = cast.people, cast.child.public_id
    address = reverse("conversations:to_families", args=[cast.school.public_id, cast.five.public_id])
    to = [f"{child}:{people[name].public_id}" for name in ("guardian", "limited")]
    answer = cast.client("teacher").post(address, {"to": to, "text": "Tot morgen", "token": "eens"})
    assert answer.status_code == 302
    assert Conversation.objects.count() == 2
    stranger = f"{child}:{people['other_guardian'].public_id}"
    answer = cast.client("teacher").post(address, {"to": [stranger], "text": "Tot morgen", "token": "twee"})
    assert answer.status_code == 422
    assert Conversation.objects.count() == 2


def test_an_appointment_stands_on_the_first_page_of_both(cast: Cast) -> None:
    conversation = to_families(cast, "guardian")[0].conversation
    moments = reverse("conversations:moments", args=[conversation.public_id])
    data = {"day_1": "2026-11-25", "time_1": "15:00", "minutes": "15", "place": "lokaal 5", "token": "eens"}
    assert cast.client("teacher").post(moments, data).status_code == 302
    proposal = conversation.proposals.get()
    choose = reverse("conversations:choose", args=[proposal.moments.get().public_id])
    assert cast.client("guardian").post(choose).status_code == 302
    assert page_of(conversation) in cast.client("guardian").get("/").content.decode()
    team = reverse("home:team", args=[cast.school.public_id])
    assert page_of(conversation) in cast.client("teacher").get(team).content.decode()
    assert page_of(conversation) not in cast.client("management").get(team).content.decode()
