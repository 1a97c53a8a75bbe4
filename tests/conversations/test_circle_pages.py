"""The pages of parents among each other, of group conversations and of reports, as people use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kring.conversations.models import Block, Conversation, Message, Report, Unlisted
from kring.conversations.rules.circle import LONG
from kring.people.models import KeepApart
from tests.agreements.making import publish as publish_agreement
from tests.cast import NOW, TODAY, Cast, answers, expected
from tests.conversations.circling import choose, opened, parent, reported, write
from tests.conversations.talking import say
from tests.photos import pictures

pytestmark = pytest.mark.django_db
FAMILIES = {"guardian", "shielded_guardian", "class_parent"}
TEAM = {"teacher", "duo"}


def directory(cast: Cast) -> str:
    return reverse("conversations:directory", args=[cast.five.public_id])


def talk(conversation: Conversation) -> str:
    return reverse("conversations:talk", args=[conversation.public_id])


def test_the_directory_is_of_the_parents_of_the_group(cast: Cast) -> None:
    assert answers(cast, directory(cast)) == expected(404, _200=FAMILIES)
    body = cast.client("class_parent").get(directory(cast)).content.decode()
    assert "Guardian Cast" in body
    assert "Joep" in body
    for hidden in ("Shielded", "Noor", "Limited", "@example.org", "Saar"):
        assert hidden not in body


def test_switched_off_the_page_and_the_links_to_it_are_gone(cast: Cast) -> None:
    listing = reverse("conversations:list")
    assert directory(cast) in cast.client("guardian").get(listing).content.decode()
    publish_agreement(cast, {"parent_messages.on": False})
    assert answers(cast, directory(cast)) == expected(404)
    assert directory(cast) not in cast.client("guardian").get(listing).content.decode()


def test_one_hides_and_shows_herself(cast: Cast) -> None:
    client, address = cast.client("class_parent"), reverse("conversations:listing", args=[cast.five.public_id])
    client.post(address, {"show": "no"})
    assert Unlisted.objects.get().person == cast.people["class_parent"]
    assert "Class parent Cast" not in cast.client("guardian").get(directory(cast)).content.decode()
    client.post(address, {"show": "yes"})
    assert not Unlisted.objects.exists()


def test_writing_to_a_parent_goes_on_in_the_conversation_and_twice_is_once(cast: Cast) -> None:
    client = cast.client("guardian")
    address = reverse("conversations:write", args=[cast.five.public_id, cast.people["class_parent"].public_id])
    assert client.get(address).status_code == 200
    typed = {"text": "Komt Bo spelen?", "token": "eens"}
    for _time in range(2):
        answer = client.post(address, typed)
        assert answer.status_code == 302
    assert answer["Location"].startswith(talk(Conversation.objects.get()))
    assert Message.objects.count() == 1


def test_who_is_not_in_the_directory_has_no_address_to_write_to(cast: Cast) -> None:
    for name, status in {"class_parent": 200, "shielded_guardian": 404, "limited": 404, "teacher": 404}.items():
        address = reverse("conversations:write", args=[cast.five.public_id, cast.people[name].public_id])
        assert cast.client("guardian").get(address).status_code == status, name


def test_a_blocked_sender_keeps_her_words_and_reads_why_in_general(cast: Cast) -> None:
    conversation = write(cast).conversation
    cast.client("class_parent").post(reverse("conversations:block", args=[conversation.public_id]))
    assert Block.objects.exists()
    answer = cast.client("guardian").post(talk(conversation), {"text": "Hallo?", "token": "t"})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "niet bereikbaar" in body
    assert "Hallo?" in body
    assert "blokkeer" not in body.lower().split("talkmore")[0]
    assert "geblokkeerd" in cast.client("class_parent").get(talk(conversation)).content.decode()
    cast.client("class_parent").post(reverse("conversations:unblock", args=[cast.people["guardian"].public_id]))
    assert not Block.objects.exists()


def test_a_long_message_at_night_is_asked_about_once(cast: Cast) -> None:
    address = reverse("conversations:write", args=[cast.five.public_id, cast.people["class_parent"].public_id])
    typed = {"text": "Wat ik nog wilde zeggen. " * (LONG // 20), "token": "t"}
    with time_machine.travel(NOW.replace(hour=23)):
        client = cast.client("guardian")
        answer = client.post(address, typed)
        assert answer.status_code == 422
        assert typed["text"].strip() in answer.content.decode()
        assert not Message.objects.exists()
        assert client.post(address, typed | {"sure": "yes"}).status_code == 302
        again = client.post(talk(Conversation.objects.get()), typed | {"token": "u"})
        assert again.status_code == 422
    assert Message.objects.count() == 1


def test_opening_a_group_conversation_answering_and_reading_it(cast: Cast) -> None:
    address = reverse("conversations:ask", args=[cast.five.public_id])
    assert cast.client("class_parent").get(address).status_code == 200
    typed = {"purpose": "Wie helpt met soep?", "closes_on": str(TODAY + timedelta(7)), "choice_1": "Ik kan",
             "choice_2": "Ik kan niet", "token": "t"}  # fmt: skip
    assert cast.client("teacher").post(address, typed).status_code == 302
    conversation = Conversation.objects.get()
    choose(cast, conversation, by="class_parent")
    guardian = cast.client("guardian").get(talk(conversation)).content.decode()
    assert "Wie helpt met soep?" in guardian
    assert "1 december" in guardian
    assert "Class parent Cast" not in guardian, "who answered is for who asked and the team"
    assert "Class parent Cast" in cast.client("teacher").get(talk(conversation)).content.decode()


@pytest.mark.parametrize("role", ["guardian", "other_teacher", "office", "management", "second_teacher", "limited"])
def test_who_may_not_open_one_is_refused_or_finds_nothing(cast: Cast, role: str) -> None:
    address = reverse("conversations:ask", args=[cast.five.public_id])
    assert cast.client(role).get(address).status_code in (403, 404)
    assert cast.client("teacher").get(address).status_code == 200


def test_an_opening_that_does_not_fit_comes_back_with_what_was_typed(cast: Cast) -> None:
    address = reverse("conversations:ask", args=[cast.five.public_id])
    typed = {"purpose": "Wie helpt?", "closes_on": "2026-11-01", "choice_1": "Ik kan", "choice_2": "Nee", "token": "t"}
    body = cast.client("teacher").post(address, typed).content.decode()
    assert "Deze dag is voorbij" in body
    assert "Wie helpt?" in body
    assert not Conversation.objects.exists()


def test_a_photo_of_a_parent_is_refused_with_the_paragraph(cast: Cast) -> None:
    conversation = opened(cast)
    photo = pictures.upload(pictures.jpeg(), name="rooster.pdf")
    answer = cast.client("guardian").post(talk(conversation), {"text": "Kijk", "token": "t", "document": photo})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "#p3" in body
    assert "Kijk" in body
    assert Message.objects.count() == 1


def test_a_closed_one_shows_what_came_out_of_it(cast: Cast) -> None:
    conversation = opened(cast)
    choose(cast, conversation, by="guardian")
    address = reverse("conversations:close", args=[conversation.public_id])
    assert answers(cast, address) == expected(404, _200=TEAM, _403=FAMILIES)
    cast.client("teacher").post(address, {"words": "Bedankt allemaal"})
    body = cast.client("guardian").get(talk(conversation)).content.decode()
    assert "Bedankt allemaal" in body
    assert "Ik kan 1, Ik kan niet 0" in body
    assert 'name="text"' not in body


def test_what_was_typed_goes_on_privately(cast: Cast) -> None:
    conversation = opened(cast, by="class_parent")
    address = reverse("conversations:privately", args=[conversation.public_id])
    client = cast.client("guardian")
    page = client.post(address, {"text": "Joep is ziek", "begin": "yes"}).content.decode()
    assert "Joep is ziek" in page
    assert "Class parent Cast" in page
    assert client.post(address, {"text": "Joep is ziek", "to": "", "token": "t"}).status_code == 302
    assert Message.objects.filter(conversation=conversation).count() == 1
    assert Conversation.objects.filter(kind="team").count() == 1


def test_words_that_are_moved_leave_the_group(cast: Cast) -> None:
    conversation = opened(cast, by="class_parent")
    said = say(cast, conversation, by="guardian", text="Joep is ziek")
    address = reverse("conversations:privately", args=[conversation.public_id])
    client = cast.client("guardian")
    assert "Joep is ziek" in client.get(f"{address}?message={said.public_id}").content.decode()
    to = cast.people["class_parent"].public_id
    client.post(address, {"text": "Joep is ziek", "to": to, "message": said.public_id, "token": "t"})
    said.refresh_from_db()
    assert said.is_deleted
    assert Conversation.objects.filter(kind="direct").count() == 1


def test_reporting_and_what_management_does_with_it(cast: Cast) -> None:
    message = write(cast, by="class_parent", to="guardian", text="Gemene woorden")
    guardian = cast.client("guardian")
    address = reverse("conversations:report_messages", args=[message.conversation.public_id])
    assert "Gemene woorden" in guardian.get(address).content.decode()
    assert guardian.post(address, {"reason": "Niet aardig"}).status_code == 422
    assert guardian.post(address, {"reason": "Niet aardig", "message": message.public_id}).status_code == 302
    report = Report.objects.get()
    ids = [cast.school.public_id, report.public_id]
    page = reverse("conversations:report", args=ids)
    # The list of a school is open to its board too, for what falls to the board; this report does not.
    for name, place, who in (("reports", ids[:1], {"management", "board_admin"}), ("report", ids, {"management"})):
        assert answers(cast, reverse(f"conversations:{name}", args=place)) == expected(404, _200=who)
    management = cast.client("management")
    assert "Gemene woorden" not in management.get(page).content.decode()
    read = reverse("conversations:read_report", args=ids)
    assert management.post(read, {"reason": ""}).status_code == 422
    assert management.post(read, {"reason": "Een ouder vroeg erom"}).status_code == 302
    assert "Gemene woorden" in management.get(page).content.decode()
    management.post(reverse("conversations:take_away", args=ids), {"message": message.public_id})
    assert Message.objects.get().is_deleted
    settle = reverse("conversations:settle_report", args=ids)
    assert management.post(settle, {"reason": ""}).status_code == 422
    assert management.post(settle, {"reason": "Wij spraken met beiden"}).status_code == 302
    after = management.get(page).content.decode()
    assert "Wij spraken met beiden" in after
    assert "Gemene woorden" not in after


def test_nobody_but_management_posts_to_a_report(cast: Cast) -> None:
    report = reported(cast, write(cast, by="class_parent", to="guardian"))
    ids = [cast.school.public_id, report.public_id]
    for name in ("read_report", "settle_report", "take_away"):
        found = answers(
            cast, reverse(f"conversations:{name}", args=ids), post=True, data={"reason": "Zomaar een reden"}
        )
        others = {role: status for role, status in found.items() if role not in ("management", "signed out")}
        assert set(others.values()) == {404}, name


def test_muting_from_the_page(cast: Cast) -> None:
    conversation = opened(cast)
    address = reverse("conversations:mute", args=[conversation.public_id])
    client = cast.client("guardian")
    assert "meldingen van dit gesprek staan uit" in client.post(address, follow=True).content.decode()
    client.post(address, {"on": "yes"})
    assert conversation.participants.get().muted_until is None


def test_the_number_of_queries_does_not_grow(cast: Cast, django_assert_max_num_queries) -> None:
    conversation = opened(cast, by="class_parent")
    for number in range(12):
        person = parent(cast, f"ouder{number}")
        choose(cast, conversation, by=f"ouder{number}", place=number % 2)
        say(cast, conversation, by=f"ouder{number}", text=f"Ik ook {number}")
        assert person.pk
    for role, address, most in (
        ("guardian", directory(cast), 24),
        ("guardian", talk(conversation), 40),
        ("class_parent", talk(conversation), 40),
    ):
        client = cast.client(role)
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)


def test_who_left_the_group_reads_nothing_of_it_any_more(cast: Cast) -> None:
    from kring.people.models import Enrolment

    conversation = opened(cast)
    assert cast.client("guardian").get(talk(conversation)).status_code == 200
    Enrolment.objects.filter(child=cast.child).update(ends_on=TODAY - timedelta(1))
    assert cast.client("guardian").get(talk(conversation)).status_code == 404
    assert cast.client("guardian").get(directory(cast)).status_code == 404


def test_who_is_kept_apart_is_not_named_in_a_question_either(cast: Cast) -> None:
    conversation = opened(cast, by="class_parent")
    choose(cast, conversation, by="guardian")
    pages = {role: lambda role=role: cast.client(role).get(talk(conversation)).content.decode()  # type: ignore[misc]
             for role in ("guardian", "class_parent")}  # fmt: skip
    assert "Class parent Cast" in pages["guardian"]()
    assert "Guardian Cast" in pages["class_parent"]().partition("</nav>")[2]
    low, high = sorted((cast.people["guardian"], cast.people["class_parent"]), key=lambda person: person.pk)
    KeepApart.objects.create(school=cast.school, child=cast.child, first=low, second=high)
    assert "Class parent Cast" not in pages["guardian"]()
    assert "Guardian Cast" not in pages["class_parent"]()


def test_a_page_of_a_conversation_asks_as_often_whatever_was_said(cast: Cast) -> None:
    conversation, client = opened(cast), cast.client("guardian")
    numbers = []
    for _round in range(2):
        for number in range(2):
            say(cast, conversation, by="class_parent", text=f"Zin {number}")
            say(cast, conversation, by="guardian", text=f"Antwoord {number}")
        client.get(talk(conversation))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(talk(conversation)).status_code == 200
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]
