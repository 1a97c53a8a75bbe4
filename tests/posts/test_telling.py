"""What families are told about a post: by mail without content, in the inbox while it is theirs to read."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from kring.notifications.inbox import inbox_page, unread_count
from kring.notifications.models import Notice
from kring.posts import actions
from kring.posts.actions import Content
from tests.cast import NOW, Cast
from tests.notifications.test_outbox import work_off
from tests.posts.writing import one, ordered

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=1)


def subjects() -> set[str]:
    return {letter.subject for letter in mail.outbox}


@pytest.mark.parametrize(
    ("emphasis", "subject"), [(False, "Nieuw bericht van De Beuk"), (True, "Lees dit snel: bericht van De Beuk")]
)
def test_emphasis_is_seen_in_the_subject_of_the_mail_and_on_the_card(cast: Cast, emphasis: bool, subject: str) -> None:
    ordered(cast, kind="bring", items=[one(text="Een kom")], emphasis=emphasis)
    with time_machine.travel(SOON):
        work_off()
        page = cast.client("guardian").get("/", follow=True).content.decode()
    assert subjects() == {subject}
    assert {letter.extra_headers.get("Importance") for letter in mail.outbox} == {"high" if emphasis else None}
    assert ("Belangrijk</span>" in page) is emphasis


def test_the_line_of_a_withdrawn_post_says_why_and_not_what(cast: Cast) -> None:
    post = ordered(cast, title="Geheim uitje")
    with time_machine.travel(SOON):
        work_off()
        actions.withdraw_post(by=cast.viewer("teacher"), post=post, reason="Verkeerde datum")
        line = inbox_page(cast.viewer("guardian")).lines[0]
        assert line.told is not None
        assert (line.told.title(), line.told.text()) == ("Dit bericht is ingetrokken", "Verkeerde datum")
        client = cast.client("guardian")
        text = client.get("/inbox/").content.decode()
        assert "Verkeerde datum" in text
        assert "Geheim uitje" not in text
        opened = client.post(f"/inbox/{line.delivery.public_id}/open/", follow=True).content.decode()
        assert "Verkeerde datum" in opened


def test_what_is_withdrawn_before_the_mail_goes_is_mailed_to_nobody(cast: Cast) -> None:
    post = ordered(cast)
    with time_machine.travel(SOON):
        actions.withdraw_post(by=cast.viewer("teacher"), post=post, reason="Verkeerde datum")
        work_off()
        assert inbox_page(cast.viewer("guardian")).lines == []
    assert mail.outbox == []


def test_reading_a_changed_outing_settles_both_its_lines(cast: Cast) -> None:
    post = ordered(cast, kind="outing", items=[one(text="Naar de molen")])
    with time_machine.travel(SOON):
        work_off()
        content, items = Content(title="Naar de molen"), [one(text="Om negen uur")]
        actions.edit_post(by=cast.viewer("teacher"), post=post, content=content, items=items)
        assert Notice.objects.count() == 2
        work_off()
        assert unread_count(cast.viewer("guardian")) == 2
        actions.mark_seen(by=cast.viewer("guardian"), public_ids=[post.public_id])
        assert unread_count(cast.viewer("guardian")) == 0
