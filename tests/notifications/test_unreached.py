"""The office's list of people whom nothing reaches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from kring.notifications.models import Delivery, Notice, PushSubscription, TopicChoice
from kring.notifications.rules import Topic
from kring.notifications.unreached import unreached_at
from kring.people.models import Audience, Person
from tests import factories as make
from tests.cast import NOW, Cast, answers, expected
from tests.notifications.kinds import AboutSchool

pytestmark = pytest.mark.django_db


def mailed(cast: Cast, name: str, *, state: str, ago: int) -> None:
    """Write down that a mail to her went out, or was given up on, so many hours ago."""
    audience = Audience.objects.create(school=cast.school)
    notice = Notice.objects.create(
        school=cast.school, kind=AboutSchool.name, subject_id=cast.school.pk, audience=audience, not_before=NOW
    )
    moment = timezone.now() - timedelta(hours=ago)
    Delivery.objects.create(
        school=cast.school, notice=notice, user=cast.user(name), channel="email", state=state, next_try=moment,
        settled_at=moment,
    )  # fmt: skip


def names(cast: Cast, part: str) -> set[str]:
    found = unreached_at(cast.school, cast.viewer("office"), now=timezone.now())
    known = {person.pk: name for name, person in cast.people.items()}
    return {known.get(person.pk, person.first_name) for person in getattr(found, part)}


def test_who_has_no_login_is_listed_and_who_left_is_not(cast: Cast) -> None:
    for first_name, ends_on in (("Nieuw", None), ("Vertrokken", NOW.date() - timedelta(days=1))):
        person = make.PersonFactory(school=cast.school, user=None, first_name=first_name)
        make.GuardianshipFactory(child=cast.child, person=person, ends_on=ends_on)
    Person.objects.filter(pk=cast.people["duo"].pk).update(user=None)
    assert names(cast, "no_login") == {"Nieuw", "duo"}


def test_mail_that_was_given_up_on_counts_until_one_arrives(cast: Cast) -> None:
    mailed(cast, "guardian", state="failed", ago=2)
    mailed(cast, "limited", state="sent", ago=3)
    mailed(cast, "limited", state="failed", ago=2)
    mailed(cast, "class_parent", state="failed", ago=3)
    mailed(cast, "class_parent", state="sent", ago=2)
    assert names(cast, "bounces") == {"guardian", "limited"}


def test_who_wants_no_mail_counts_only_without_a_device(cast: Cast) -> None:
    for name in ("guardian", "class_parent", "other_guardian"):
        for topic in (Topic.NEWS, Topic.PRACTICAL, Topic.CONVERSATIONS, Topic.QUESTIONS):
            TopicChoice.objects.create(user=cast.user(name), topic=topic, mail="never")
    TopicChoice.objects.filter(user=cast.user("other_guardian"), topic=Topic.NEWS).update(mail="auto")
    user = cast.user("class_parent")
    PushSubscription.objects.create(
        user=user, endpoint="https://push.example.org/1", p256dh="x", auth="x", label="Telefoon", session_key="x",
        session_epoch=user.session_epoch, made_at=NOW, seen_at=NOW,
    )  # fmt: skip
    assert names(cast, "no_mail") == {"guardian"}


def test_the_page_is_for_who_keeps_the_school(cast: Cast) -> None:
    seen = answers(cast, f"/school/{cast.school.public_id}/unreached/")
    assert seen == expected(404, _200={"office", "management"})
    assert names(cast, "no_login") == set()
    assert unreached_at(cast.school, cast.viewer("teacher"), now=NOW).is_empty


def test_the_page_names_each_of_them_or_says_that_all_is_well(cast: Cast, django_assert_num_queries: Any) -> None:
    client = cast.client("office")
    address = f"/school/{cast.school.public_id}/unreached/"
    client.get(address)
    with time_machine.travel(NOW, tick=False), django_assert_num_queries(13):
        assert "Iedereen is bereikbaar" in client.get(address).content.decode()
    mailed(cast, "guardian", state="failed", ago=2)
    with django_assert_num_queries(13):
        page = client.get(address).content.decode()
    assert cast.people["guardian"].name in page
    assert "Hun e-mail komt niet aan" in page
