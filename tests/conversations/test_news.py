"""What an open page of a conversation fetches when it hears that something changed: what is new, to whom it is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kring.conversations import actions, jobs, pieces
from kring.conversations.models import Conversation, Message
from kring.conversations.notices import ConversationChanged
from kring.people.models import KeepApart
from tests.cast import NOW, ROLES, Cast
from tests.conversations.circling import CHOICES, choose, opened, parent, write
from tests.conversations.talking import MORNING, NIGHT, general, say, to_team, who_sees

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
BY_PAGE = {"HX-Request": "true", "X-Kring-By-Itself": "yes"}


def news(client: Client, conversation: Conversation, since: int):
    address = reverse("conversations:talk", args=[conversation.public_id])
    return client.get(address, {"since": str(since)}, headers=BY_PAGE)


def version_of(conversation: Conversation) -> int:
    conversation.refresh_from_db()
    return conversation.version


def messages_in(html: str) -> list[str]:
    return re.findall(r'id="m-([\w-]+)"', html)


def test_a_page_hears_what_was_said_since_and_nothing_before(cast: Cast) -> None:
    asked = opened(cast)
    say(cast, asked, by="class_parent", text="Ik neem een mes mee")
    since = version_of(asked)
    fresh = say(cast, asked, by="guardian", text="Ik ook")
    answer = news(cast.client("class_parent"), asked, since)
    html = answer.content.decode()
    assert messages_in(html) == [fresh.public_id]
    assert "Ik neem een mes mee" not in html
    assert f'value="{fresh.public_id}"' in html, "so that the page can say that it was read"
    assert answer["X-Kring-Version"] == str(version_of(asked)) == str(since + 1)
    assert answer["Cache-Control"] == "private, no-store"
    assert news(cast.client("class_parent"), asked, since + 1).status_code == 204


def test_ones_own_words_come_with_what_one_can_do_about_them_and_are_no_news(cast: Cast) -> None:
    asked = opened(cast)
    since = version_of(asked)
    fresh = say(cast, asked, by="guardian", text="Ik ook")
    own = news(cast.client("guardian"), asked, since).content.decode()
    others = news(cast.client("class_parent"), asked, since).content.decode()
    delete = reverse("conversations:delete", args=[fresh.public_id])
    assert delete in own
    assert delete not in others
    assert "data-seen-talk" in others
    assert "data-seen-talk" not in own


def test_changed_and_deleted_words_come_again_under_their_own_name(cast: Cast) -> None:
    asked = opened(cast)
    message = say(cast, asked, by="guardian", text="Ik neem een mes mee")
    since = version_of(asked)
    actions.edit_message(by=cast.viewer("guardian"), message=message, text="Ik neem twee messen mee")
    html = news(cast.client("class_parent"), asked, since).content.decode()
    assert messages_in(html) == [message.public_id]
    assert "twee messen" in html
    actions.delete_message(by=cast.viewer("guardian"), message=Message.objects.get(pk=message.pk))
    html = news(cast.client("class_parent"), asked, since).content.decode()
    assert messages_in(html) == [message.public_id]
    assert "twee messen" not in html


@pytest.mark.parametrize("what", ["answer", "close", "answer taken back"])
def test_when_more_than_words_changed_the_page_is_drawn_anew(cast: Cast, what: str) -> None:
    asked = opened(cast, choices=CHOICES)
    since = version_of(asked)
    choose(cast, asked, by="guardian")
    if what == "close":
        actions.close_group_conversation(by=cast.viewer("teacher"), conversation=Conversation.objects.get(pk=asked.pk))
    elif what == "answer taken back":
        actions.take_back_answer(by=cast.viewer("guardian"), conversation=Conversation.objects.get(pk=asked.pk))
    html = news(cast.client("class_parent"), asked, since).content.decode()
    assert 'id="thread"' in html
    assert f'data-version="{version_of(asked)}"' in html
    assert news(cast.client("class_parent"), asked, version_of(asked)).status_code == 204


def test_a_conversation_of_two_sides_is_drawn_anew_and_only_when_something_changed(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    assert news(cast.client("teacher"), conversation, version_of(conversation)).status_code == 204
    since = version_of(conversation)
    actions.promise_answer(by=cast.viewer("teacher"), conversation=Conversation.objects.for_pages().get())
    assert 'class="promise' in news(cast.client("guardian"), conversation, since).content.decode()


def test_who_takes_no_part_is_told_of_no_conversation_and_the_others_are_served(cast: Cast) -> None:
    asked = opened(cast)
    say(cast, asked, by="guardian", text="Ik ook")
    found = {role: news(cast.client(role), asked, 0).status_code for role in ROLES}
    inside = {"guardian", "shielded_guardian", "teacher", "duo", "class_parent"}
    assert {role for role, status in found.items() if status == 200} == inside
    assert {found[role] for role in ROLES if role not in inside} == {404, 401}
    assert found["signed out"] == 401


def test_after_the_end_of_a_guardianship_nothing_is_fetched_and_the_other_page_goes_on(cast: Cast) -> None:
    asked = opened(cast)
    other = parent(cast, "sanne")
    since = version_of(asked)
    say(cast, asked, by="teacher", text="Dank allemaal")
    guardian, stays = cast.client("guardian"), cast.client("sanne")
    assert news(guardian, asked, since).status_code == news(stays, asked, since).status_code == 200
    cast.people["guardian"].guardianships.update(ends_on=(NOW - timedelta(1)).date())
    assert news(guardian, asked, since).status_code == 404
    assert news(stays, asked, since).status_code == 200
    assert other.pk


def test_words_of_who_is_kept_apart_from_her_never_come(cast: Cast) -> None:
    asked = opened(cast)
    apart = parent(cast, "sanne")
    since = version_of(asked)
    say(cast, asked, by="sanne", text="Ik kan donderdag")
    assert "Ik kan donderdag" in news(cast.client("guardian"), asked, since).content.decode()
    first, second = sorted((apart, cast.people["guardian"]), key=lambda person: person.pk)
    KeepApart.objects.create(school=cast.school, child=cast.child, first=first, second=second)
    assert news(cast.client("guardian"), asked, since).status_code == 204
    assert "Ik kan donderdag" in news(cast.client("class_parent"), asked, since).content.decode()


def test_what_the_team_has_ready_for_tomorrow_is_news_for_the_team_only(cast: Cast) -> None:
    asked = opened(cast)
    since = version_of(asked)
    say(cast, asked, by="teacher", text="Tot morgen", at=MORNING)
    assert "message--held" in news(cast.client("duo"), asked, since).content.decode()
    assert news(cast.client("guardian"), asked, since).status_code == 204


@pytest.mark.parametrize("which", ["group", "team", "general", "direct"])
def test_a_hint_is_heard_by_exactly_those_who_take_part(cast: Cast, which: str) -> None:
    made = {
        "group": lambda: opened(cast),
        "team": lambda: to_team(cast).conversation,
        "general": lambda: general(cast, by="limited").conversation,
        "direct": lambda: write(cast).conversation,
    }
    conversation = made[which]()
    roles = {cast.user(role).pk: role for role in ROLES if role != "signed out"}
    heard = ConversationChanged.listeners(conversation.public_id, among=roles.keys(), now=timezone.now())
    assert {roles[pk] for pk in heard} == who_sees(cast, conversation)
    assert not list(ConversationChanged.listeners("nothere", among=roles.keys(), now=timezone.now()))


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 40, "²"])
def test_a_number_that_is_none_gives_the_page_or_nothing_new(cast: Cast, since: str) -> None:
    asked = opened(cast)
    address = reverse("conversations:talk", args=[asked.public_id])
    assert cast.client("guardian").get(address, {"since": since}, headers=BY_PAGE).status_code in (200, 204)
    assert cast.client("guardian").get(address, {"since": since}).status_code == 200


@pytest.mark.parametrize("count", [1, 20])
def test_what_is_new_costs_seven_queries_however_much_it_is(cast: Cast, count: int) -> None:
    asked = opened(cast)
    since = version_of(asked)
    for _ in range(count):
        say(cast, asked, by="guardian", text="Ik ook")
    client = cast.client("class_parent")
    news(client, asked, since)
    with CaptureQueriesContext(connection) as queries:
        assert len(messages_in(news(client, asked, since).content.decode())) == count
    assert len(queries) <= 7, "\n".join(query["sql"][:160] for query in queries)


def test_what_is_kept_fits_every_reader(cast: Cast) -> None:
    asked = opened(cast)
    say(cast, asked, by="guardian", text="Ik ook")
    pieces._kept.clear()
    fresh = news(cast.client("class_parent"), asked, 0).content
    kept = [str(html) for html in pieces._kept.values()]
    assert kept
    assert not any("<form" in html or "csrf" in html for html in kept)
    assert news(cast.client("class_parent"), asked, 0).content.count(b"message__text") == fresh.count(b"message__text")
    cast.people["guardian"].first_name = "Anders"
    cast.people["guardian"].save()
    assert "Anders" in news(cast.client("class_parent"), asked, 0).content.decode(), "a name is no longer kept"


def test_readers_of_a_group_do_not_call_each_others_pages(cast: Cast) -> None:
    asked = opened(cast)
    message = say(cast, asked, by="guardian", text="Ik ook")
    talk = to_team(cast)
    before = version_of(asked), version_of(talk.conversation)
    for one in (message, talk):
        fresh = Message.objects.select_related("conversation__school").get(pk=one.pk)
        actions.mark_read(by=cast.viewer("teacher"), message=fresh)
    assert version_of(asked) == before[0]
    assert version_of(talk.conversation) == before[1] + 1, "between two sides the other one sees that it was read"


def test_what_is_held_is_told_to_open_pages_at_its_moment_and_once(cast: Cast) -> None:
    with time_machine.travel(NIGHT, tick=False):
        held = to_team(cast)
        assert held.is_held
        assert jobs.tell_arrivals() == 0
    conversation = held.conversation
    since = version_of(conversation)
    with time_machine.travel(MORNING - timedelta(seconds=1), tick=False):
        assert jobs.tell_arrivals() == 0
    with time_machine.travel(MORNING, tick=False):
        teacher = cast.client("teacher")
        assert jobs.tell_arrivals() == 1
        assert held.public_id in news(teacher, conversation, since).content.decode()
        assert jobs.tell_arrivals() == 0
        assert not actions.tell_arrived(message=held, now=timezone.now()), "another worker was quicker"
    assert version_of(conversation) == since + 1


def test_what_was_taken_back_before_its_moment_is_told_to_nobody(cast: Cast) -> None:
    with time_machine.travel(NIGHT, tick=False):
        held = to_team(cast)
        actions.delete_message(by=cast.viewer("guardian"), message=held)
    with time_machine.travel(MORNING, tick=False):
        assert jobs.tell_arrivals() == 0


def test_what_arrives_at_once_is_not_held(cast: Cast) -> None:
    asked = opened(cast)
    assert not say(cast, asked, by="guardian").is_held
    assert not say(cast, asked, by="class_parent").is_held
    assert say(cast, asked, by="teacher", at=MORNING).is_held
