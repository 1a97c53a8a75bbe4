"""Telling once more, at once, and the evening before: reminders, calamity messages (S8), and tomorrow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone

from kring.audit.models import AuditEvent
from kring.core.access import NotAllowed, Refused
from kring.notifications import actions as notifications
from kring.notifications.models import Delivery, Notice, Nudge, Preference
from kring.notifications.rules import Channel, Mail, Topic
from kring.posts import actions
from kring.posts.jobs import tell_tomorrow
from kring.posts.models import Evening, Post
from kring.posts.permissions import Target
from kring.posts.rules import State, hours_to_tell
from tests import factories as make
from tests.agreements.making import publish
from tests.cast import NOW, ROLES, TODAY, Cast, answers, expected
from tests.notifications.test_outbox import work_off
from tests.posts.writing import one, published

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
EVENING = NOW.replace(hour=19)
WORDS = {"title": "De school is dicht", "text": "Blijf thuis.", "reason": "Gaslek in de straat"}


def told() -> list[str]:
    return sorted(letter.to[0].removesuffix("@example.org") for letter in mail.outbox)


def go_on() -> None:
    """Let everything go out that was published, and forget the mails."""
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        work_off()
    mail.outbox.clear()


# --- Those who have not read ----------------------------------------------------------------------------------------


def test_only_families_of_whom_nobody_has_read_it_are_reminded(cast: Cast) -> None:
    other = make.PersonFactory(school=cast.school, user=make.UserFactory(email="tweede@example.org"))
    make.GuardianshipFactory(child=cast.child, person=other)
    post = published(cast)
    go_on()
    actions.mark_seen(by=cast.viewer("guardian"), public_ids=[post.public_id])
    actions.remind_unread(by=cast.viewer("teacher"), post=post)
    work_off()
    # The other parent of the same child is left in peace: the family was reached.
    assert told() == ["class_parent", "shielded_guardian"]
    assert Nudge.objects.get().by == cast.user("teacher")
    assert AuditEvent.objects.filter(what="post.reminded").count() == 1


@pytest.mark.both_databases
def test_once_a_day_whoever_taps(cast: Cast) -> None:
    post = published(cast)
    actions.remind_unread(by=cast.viewer("teacher"), post=post)
    with pytest.raises(Refused, match="vandaag al"):
        actions.remind_unread(by=cast.viewer("duo"), post=post)
    assert Notice.objects.filter(kind="posts.reminded").count() == 1
    with time_machine.travel(NOW + timedelta(days=1)):
        go_on()
        actions.remind_unread(by=cast.viewer("duo"), post=post)
    assert Notice.objects.filter(kind="posts.reminded").count() == 2


@pytest.mark.both_databases
def test_without_the_constraint_a_second_tap_at_the_same_moment_would_remind_twice(cast: Cast) -> None:
    post = published(cast)
    actions.remind_unread(by=cast.viewer("teacher"), post=post)
    go_on()
    with patch.object(notifications.Nudge.objects, "create"), transaction.atomic():
        actions.remind_unread(by=cast.viewer("duo"), post=post)
    assert Notice.objects.filter(kind="posts.reminded").count() == 2


def test_when_every_family_has_read_it_there_is_nobody_to_remind(cast: Cast) -> None:
    post = published(cast)
    for name in ("guardian", "shielded_guardian", "class_parent"):
        actions.mark_seen(by=cast.viewer(name), public_ids=[post.public_id])
    with pytest.raises(Refused, match="gelezen"):
        actions.remind_unread(by=cast.viewer("teacher"), post=post)


def test_who_may_remind(cast: Cast) -> None:
    post = published(cast)
    may = {"teacher", "duo", "office", "management"}
    for name in ROLES:
        Nudge.objects.all().delete()
        Notice.objects.filter(kind="posts.reminded").delete()
        if name in may:
            actions.remind_unread(by=cast.viewer(name), post=post)
            continue
        with pytest.raises(NotAllowed):
            actions.remind_unread(by=cast.viewer(name), post=post)


def test_the_button_stands_on_the_page_and_is_gone_for_today(cast: Cast) -> None:
    post = published(cast)
    client = cast.client("teacher")
    address = f"/posts/{post.public_id}/"
    assert "Herinner deze gezinnen" in client.get(address).content.decode()
    assert "Herinner deze gezinnen" not in cast.client("guardian").get(address).content.decode()
    page = client.post(f"{address}remind/", follow=True).content.decode()
    assert "krijgen een herinnering" in page
    assert "Herinner deze gezinnen" not in page
    assert "Vandaag herinnerd" in page


# --- A calamity -----------------------------------------------------------------------------------------------------


def send(cast: Cast, by: str = "management") -> Post:
    return actions.send_calamity(by=cast.viewer(by), school=cast.school, **WORDS)


def test_a_calamity_reaches_families_and_team_at_night_by_mail_and_inbox(cast: Cast) -> None:
    Preference.objects.create(
        user=cast.user("guardian"), digest="none", quiet_from=datetime(2026, 1, 1, 20).time(),
        quiet_until=datetime(2026, 1, 1, 7).time(),
    )  # fmt: skip
    with time_machine.travel(NOW.replace(hour=23), tick=False):
        post = send(cast)
    assert mail.outbox == []
    with time_machine.travel(NOW.replace(hour=23, second=20), tick=False):
        work_off()
    assert {"guardian", "limited", "teacher", "duo", "office", "other_guardian"} <= set(told())
    assert not {"management", "former_guardian", "ended_substitute", "none", "second_guardian", "second_teacher"} & set(
        told()
    )
    assert {letter.subject for letter in mail.outbox} == {"Lees dit snel: bericht van De Beuk"}
    for letter in mail.outbox:
        assert not any(words in str(letter.message()) for words in WORDS.values())
    assert Delivery.objects.filter(user=cast.user("teacher"), channel=Channel.INBOX).count() == 1
    assert post.state == State.PUBLISHED


def test_it_can_be_undone_before_anybody_is_told(cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        actions.undo_post(by=cast.viewer("management"), post=send(cast))
    with time_machine.travel(LATER, tick=False):
        work_off()
    assert mail.outbox == []


def test_who_may_send_one_is_what_the_agreement_says(cast: Cast) -> None:
    for name in ROLES:
        if name == "management":
            continue
        with pytest.raises(NotAllowed):
            send(cast, name)
    publish(cast, {"calamity.senders": ("management", "office")})
    assert send(cast, "office").calamity_reason == WORDS["reason"]


def test_the_same_calamity_is_not_sent_twice(cast: Cast) -> None:
    send(cast)
    with pytest.raises(Refused, match="zojuist"):
        send(cast)
    assert Post.objects.exclude(calamity_reason="").count() == 1


@pytest.mark.both_databases
def test_one_form_sends_one_calamity_also_when_two_taps_look_at_the_same_moment(cast: Cast) -> None:
    words = {"by": cast.viewer("management"), "school": cast.school, **WORDS, "token": "t" * 16}
    first = actions.send_calamity(**words)
    assert actions.send_calamity(**words) == first, "the second tap comes to the same message"

    class Blind:  # the second tap looks before the first has written
        looks = 0

        def first(self) -> Post | None:
            self.looks += 1
            return None if self.looks == 1 else first

    found, nothing = Blind(), Post.objects.none()
    real = Post.objects.filter
    with patch.object(Post.objects, "calamities", return_value=nothing):
        with patch.object(Post.objects, "filter", lambda **by: found if "calamity_token" in by else real(**by)):
            assert actions.send_calamity(**words) == first, "the constraint stops it"
        assert Post.objects.exclude(calamity_reason="").count() == Notice.objects.count() == 1
        other = actions.send_calamity(**words | {"token": ""})  # without its form's name nothing would stop it
    assert other != first
    assert Notice.objects.count() == 2


def test_a_calamity_that_was_undone_can_be_sent_by_the_same_form(cast: Cast) -> None:
    words = {"by": cast.viewer("management"), "school": cast.school, **WORDS, "token": "t" * 16}
    with time_machine.travel(NOW, tick=False):
        first = actions.send_calamity(**words)
        actions.undo_post(by=cast.viewer("management"), post=first)
    assert actions.send_calamity(**words).state == State.PUBLISHED


def test_the_page_sends_the_name_of_its_form_along(cast: Cast) -> None:
    client, address = cast.client("management"), f"/school/{cast.school.public_id}/calamity/"
    assert client.get(address).content.decode().count('name="token"') == 1
    sent = WORDS | {"token": "t" * 16}
    assert f'name="token" value="{"t" * 16}"' in client.post(address, sent).content.decode()
    places = {client.post(address, sent | {"sure": "1"}).url for _ in range(2)}
    assert len(places) == 1
    assert Post.objects.exclude(calamity_reason="").count() == 1


def test_the_page_asks_once_more_and_says_how_many_there_were(cast: Cast) -> None:
    client = cast.client("management")
    address = f"/school/{cast.school.public_id}/calamity/"
    assert client.post(address, WORDS | {"reason": ""}).status_code == 422
    page = client.post(address, WORDS).content.decode()
    assert "Het is de eerste dit schooljaar." in page
    assert "Gaslek in de straat" in page
    assert not Post.objects.exists()
    page = client.post(address, WORDS | {"sure": "1"}, follow=True).content.decode()
    assert "vijftien seconden" in page
    assert "Gaslek in de straat" in page
    event = AuditEvent.objects.get(what="post.calamity")
    assert event.user_id == cast.user("management").pk
    page = client.post(address, WORDS | {"title": "Nog een"}).content.decode()
    assert "Dit schooljaar was er al 1." in page
    page = client.post(address, WORDS | {"change": "1"}).content.decode()
    assert 'value="De school is dicht"' in page


def test_families_do_not_read_why_it_could_not_wait(cast: Cast) -> None:
    post = send(cast)
    with time_machine.travel(LATER, tick=False):
        assert "Gaslek" not in cast.client("guardian").get(f"/posts/{post.public_id}/").content.decode()
        assert "Gaslek" in cast.client("office").get(f"/posts/{post.public_id}/").content.decode()


def test_who_reaches_the_page(cast: Cast) -> None:
    seen = answers(cast, f"/school/{cast.school.public_id}/calamity/")
    assert seen == expected(404, _200={"management"}, _403={"teacher", "duo", "other_teacher", "office"})


# --- Tomorrow -------------------------------------------------------------------------------------------------------


def bring(cast: Cast, **more: Any) -> Post:
    """Return a message about tomorrow that everybody has in the inbox already."""
    post = published(cast, kind="bring", items=[one(text="Een kom"), one(text="Een lepel")], **more)
    go_on()
    return post


def test_the_evening_before_families_hear_that_something_is_on_and_not_what(cast: Cast) -> None:
    bring(cast)
    with time_machine.travel(EVENING, tick=False):
        assert tell_tomorrow() == 4
        assert tell_tomorrow() == 0
        work_off()
    assert told() == ["class_parent", "guardian", "shielded_guardian"]
    letter = mail.outbox[0]
    assert letter.subject == "Morgen is er iets"
    assert "Er staat morgen 1 ding op het programma." in letter.body
    assert "kom" not in str(letter.message()).replace("komt", "")
    assert Delivery.objects.filter(notice__kind="posts.tomorrow", channel=Channel.INBOX).count() == 0


def test_when_nothing_is_on_nobody_is_told(cast: Cast) -> None:
    published(cast, kind="bring", items=[one(TODAY + timedelta(days=2), text="Een kom")])
    go_on()
    with time_machine.travel(EVENING, tick=False):
        assert tell_tomorrow() == 0
    assert not Evening.objects.exists()


@pytest.mark.parametrize(("hour", "wants", "is_told"), [(18, True, True), (20, True, False), (19, False, False)])
def test_each_parent_at_the_hour_she_chose(cast: Cast, hour: int, wants: bool, is_told: bool) -> None:
    Preference.objects.create(user=cast.user("guardian"), tomorrow=wants, tomorrow_hour=hour)
    bring(cast)
    with time_machine.travel(EVENING, tick=False):
        tell_tomorrow()
        work_off()
    assert ("guardian" in told()) is is_told
    assert "class_parent" in told()


def test_a_parent_with_children_at_two_schools_hears_it_once(cast: Cast) -> None:
    here = make.PersonFactory(school=cast.second_school, user=cast.user("guardian"))
    make.GuardianshipFactory(child=cast.second_child, person=here)
    bring(cast)
    theirs = actions.start_draft(by=cast.viewer("second_teacher"), school=cast.second_school, kind="bring")
    content = actions.Content(title="Gymkleren")
    target = Target(group_ids=frozenset([cast.second_group.pk]))
    theirs = actions.save_draft(by=cast.viewer("second_teacher"), post=theirs, content=content, target=target)
    actions.order_post(by=cast.viewer("second_teacher"), post=theirs, items=[one(text="Gymkleren")])
    go_on()
    with time_machine.travel(EVENING, tick=False):
        tell_tomorrow()
        work_off()
    mine = [letter for letter in mail.outbox if letter.to == ["guardian@example.org"]]
    assert len(mine) == 1
    assert "2 dingen" in mine[0].body


def test_who_loses_the_child_before_the_evening_is_not_told(cast: Cast) -> None:
    bring(cast)
    cast.child.guardianships.filter(person=cast.people["guardian"]).update(ends_on=TODAY - timedelta(days=1))
    with time_machine.travel(EVENING, tick=False):
        tell_tomorrow()
        work_off()
    assert told() == ["class_parent", "shielded_guardian"]


def test_an_hour_that_was_missed_is_made_up_for_that_evening_only() -> None:
    assert hours_to_tell(15, done=[]) == []
    assert hours_to_tell(18, done=[16]) == [17, 18]
    assert hours_to_tell(18, done=[16, 17, 18]) == []


def test_what_waited_for_an_overview_is_dropped_when_its_day_is_over(cast: Cast) -> None:
    topics = {Topic.PRACTICAL: (True, Mail.DIGEST)}
    notifications.choose_how_told(by=cast.viewer("guardian"), digest="", quiet=None, tomorrow_hour=None, topics=topics)
    published(cast, kind="bring", items=[one(text="Een kom")])
    go_on()
    published(cast, kind="bring", title="Later", items=[one(TODAY + timedelta(days=9), text="Een kom")])
    go_on()
    with time_machine.travel(NOW.replace(day=27, hour=16), tick=False):
        work_off()
    mine = [letter for letter in mail.outbox if letter.to == ["guardian@example.org"]]
    assert len(mine) == 1
    assert "1 bericht " in mine[0].body
