"""The newsletter (S15): a message with a document for the whole school, and a mail to every family."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from pytest_django.fixtures import Settings

from kring.core.access import Refused
from kring.notifications.models import TopicChoice
from kring.notifications.rules import Mail, Topic
from kring.posts import actions
from kring.posts.models import Post
from kring.posts.permissions import Target
from tests.agreements.making import publish
from tests.cast import NOW, Cast
from tests.files import papers
from tests.notifications.push_service import PushService
from tests.notifications.test_outbox import work_off
from tests.posts.writing import draft

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
FAMILIES = {"guardian", "limited", "other_guardian", "shielded_guardian", "class_parent"}


def newsletter(cast: Cast, *, target: Target | None = None, document: bool = True, **more: Any) -> Post:
    values = {"kind": "announcement", "title": "Nieuwsbrief 4", "is_newsletter": True, **more}
    post = draft(cast, by="office", target=target or Target(whole_school=True), **values)
    if document:
        actions.attach_document(by=cast.viewer("office"), post=post, upload=papers.upload(papers.pdf()))
    return post


def send(cast: Cast, post: Post) -> dict[str, str]:
    """Publish it and do the worker's work; return who got a mail, with its subject."""
    actions.order_post(by=cast.viewer("office"), post=post)
    with time_machine.travel(LATER):
        work_off()
    return {letter.to[0].partition("@")[0]: letter.subject for letter in mail.outbox}


@pytest.fixture
def service(settings: Settings, tmp_path: Path) -> Iterator[PushService]:
    service = PushService()
    settings.PUSH_ORIGINS, settings.VAPID_KEY_FILE = [service.origin], tmp_path / "vapid"
    yield service
    service.stop()


def test_every_family_gets_a_mail_also_who_has_a_device_or_an_overview(cast: Cast, service: PushService) -> None:
    service.subscribe(cast.user("guardian"))
    TopicChoice.objects.create(user=cast.user("class_parent"), topic=Topic.PRACTICAL, mail=Mail.DIGEST)
    told = send(cast, newsletter(cast))
    assert set(told) >= FAMILIES
    assert set(told.values()) == {"Nieuwsbrief van De Beuk"}
    assert not {"teacher", "none", "former_guardian", "second_guardian"} & set(told)
    assert [came.says["body"] for came in service.came] == ["Er is een nieuwe nieuwsbrief van De Beuk."]
    assert not any("Nieuwsbrief 4" in str(letter.message()) for letter in mail.outbox)


def test_another_message_leaves_the_device_and_the_overview_their_work(cast: Cast, service: PushService) -> None:
    service.subscribe(cast.user("guardian"))
    TopicChoice.objects.create(user=cast.user("class_parent"), topic=Topic.PRACTICAL, mail=Mail.DIGEST)
    told = send(cast, newsletter(cast, is_newsletter=False))
    assert "other_guardian" in told
    assert not {"guardian", "class_parent"} & set(told)


def test_who_turned_such_mail_off_gets_none(cast: Cast) -> None:
    TopicChoice.objects.create(user=cast.user("guardian"), topic=Topic.PRACTICAL, mail=Mail.NEVER)
    assert "guardian" not in send(cast, newsletter(cast))


def test_what_is_half_a_newsletter_is_refused_with_the_reason(cast: Cast) -> None:
    for post in (
        newsletter(cast, document=False),
        newsletter(cast, target=Target(group_ids=frozenset([cast.five.pk]))),
    ):
        with pytest.raises(Refused) as refused:
            send(cast, post)
        assert refused.value.clause == "S15"
    assert not Post.objects.filter(state="published").exists()


def test_where_the_school_has_none_the_tick_is_not_there_and_refused(cast: Cast) -> None:
    post, client = newsletter(cast), cast.client("office")
    address = f"/posts/{post.public_id}/compose/"
    assert 'name="is_newsletter"' in client.get(address).content.decode()
    publish(cast, {"newsletter.on": False})
    assert 'name="is_newsletter"' not in client.get(address).content.decode()
    with pytest.raises(Refused):
        send(cast, post)


def test_only_an_announcement_can_be_one(cast: Cast) -> None:
    assert not draft(cast, kind="bring", is_newsletter=True).is_newsletter
