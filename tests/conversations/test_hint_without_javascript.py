"""The hint on what was written, for a browser without JavaScript: shown once after sending, and then it is sent."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kring.conversations.models import Message
from tests.cast import Cast
from tests.conversations.talking import to_team
from tests.photos import pictures

pytestmark = pytest.mark.django_db
WORDS = "Hij wordt gepest op het plein"


def addresses(cast: Cast) -> list[tuple[str, str, dict[str, object]]]:
    """Return who writes, where, and what else the form needs."""
    conversation = to_team(cast).conversation
    school, group = cast.school.public_id, cast.five.public_id
    choice = cast.client("guardian").get(reverse("conversations:new")).context["choices"][0].value
    client = cast.client("teacher").get(reverse("conversations:to_families", args=[school, group]))
    family = next(box.value for one in client.context["recipients"] for box in one.recipients if box.is_reachable)
    return [
        ("guardian", reverse("conversations:talk", args=[conversation.public_id]), {}),
        ("teacher", reverse("conversations:talk", args=[conversation.public_id]), {}),
        ("guardian", reverse("conversations:new"), {"to": choice}),
        ("teacher", reverse("conversations:to_families", args=[school, group]), {"to": family}),
    ]


@pytest.mark.parametrize("place", range(4), ids=["talk, parent", "talk, teacher", "new", "to families"])
def test_the_hint_comes_once_and_what_was_written_stays(cast: Cast, place: int) -> None:
    role, address, more = addresses(cast)[place]
    client, before = cast.client(role), Message.objects.count()
    assert '<noscript><input type="hidden" name="plain" value="1"></noscript>' in client.get(address).content.decode()
    sent = {"text": WORDS, "plain": "1", **more}
    answer = client.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "#n1" in page
    assert WORDS in page
    assert 'name="sure"' in page
    assert Message.objects.count() == before
    assert client.post(address, sent | {"sure": "yes"}).status_code == 302
    assert Message.objects.count() == before + 1


@pytest.mark.parametrize("place", range(4))
def test_a_browser_that_showed_it_while_she_wrote_sends_at_once(cast: Cast, place: int) -> None:
    role, address, more = addresses(cast)[place]
    before = Message.objects.count()
    assert cast.client(role).post(address, {"text": WORDS, **more}).status_code == 302
    assert Message.objects.count() == before + 1


def test_words_that_ask_for_no_hint_are_sent_at_once(cast: Cast) -> None:
    role, address, more = addresses(cast)[0]
    assert cast.client(role).post(address, {"text": "Dag", "plain": "1", **more}).status_code == 302


def test_with_a_file_nothing_is_asked_because_the_file_would_be_lost(cast: Cast) -> None:
    _role, address, _more = addresses(cast)[1]
    file = pictures.upload(pictures.jpeg(), "blad.jpg")
    answer = cast.client("teacher").post(address, {"text": WORDS, "plain": "1", "document": file})
    assert 'name="sure"' not in answer.content.decode()
