from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from kring.notifications import outbox, sending
from kring.notifications.actions import notify
from kring.notifications.channels import email
from kring.notifications.jobs import LOST_AFTER, queue_due, requeue_lost
from kring.notifications.models import Delivery, DeliveryState, Notice, NoticeState
from kring.notifications.rules import MAX_ATTEMPTS, Channel
from kring.people.models import Audience, Guardianship
from tests import factories as make
from tests.cast import Cast
from tests.notifications.kinds import SECRET, AboutChild, AboutSchool

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still_relevant() -> Iterator[None]:
    yield
    AboutChild.relevant = True


def audience_of(cast: Cast, *groups: object) -> Audience:
    audience = Audience.objects.create(school=cast.school, whole_school=not groups)
    audience.groups.set(groups)
    return audience


def told_about_child(cast: Cast, **changes: object) -> Notice:
    values = {"audience": audience_of(cast, cast.five), "school": cast.school, "not_before": timezone.now()} | changes
    return notify(AboutChild(cast.child), **values)


def work_off() -> None:
    """Do what the worker would do until nothing is due."""
    for _ in range(10):
        for notice in Notice.objects.due(timezone.now()):
            outbox.expand(notice)
        keys = list(Delivery.objects.due(timezone.now()).values_list("pk", flat=True))
        Delivery.objects.filter(pk__in=keys).update(state=DeliveryState.QUEUED)
        if not keys:
            break
        sending.deliver(keys)


def inbox_of(cast: Cast, name: str) -> int:
    return Delivery.objects.filter(user=cast.user(name), channel=Channel.INBOX).count()


def addresses() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


def test_telling_writes_one_row_and_sends_nothing(cast, django_assert_num_queries):
    audience = audience_of(cast, cast.five)
    kind = AboutChild(cast.child)
    with django_assert_num_queries(4):  # savepoint, look for one that waits, insert, release
        notify(kind, audience=audience, school=cast.school, not_before=timezone.now())
    assert Notice.objects.count() == 1
    assert not Delivery.objects.exists()
    assert not mail.outbox


@transaction.atomic
def tell_and_fail(cast: Cast) -> None:
    told_about_child(cast)
    raise ZeroDivisionError


def test_a_change_that_fails_tells_nobody(cast):
    with pytest.raises(ZeroDivisionError):
        tell_and_fail(cast)
    assert not Notice.objects.exists()


@pytest.mark.both_databases
def test_only_those_who_may_see_the_subject_are_told(cast):
    told_about_child(cast)
    work_off()
    # Everybody in group 5 is addressed; only the family of this one child may see it.
    assert addresses() == ["guardian@example.org", "limited@example.org"]
    assert inbox_of(cast, "guardian") == 1
    for name in ("none", "former_guardian", "shielded_guardian", "class_parent", "other_guardian", "second_guardian"):
        assert inbox_of(cast, name) == 0, name


def test_who_loses_sight_between_the_event_and_the_telling_is_not_told(cast):
    notice = told_about_child(cast, not_before=timezone.now() + timedelta(hours=1))
    work_off()
    assert notice.deliveries.count() == 0
    Guardianship.objects.filter(person=cast.people["guardian"]).update(ends_on=timezone.localdate() - timedelta(1))
    Notice.objects.update(not_before=timezone.now())
    work_off()
    assert addresses() == ["limited@example.org"]


def test_who_loses_sight_between_the_telling_and_the_mail_gets_no_mail(cast):
    outbox.expand(told_about_child(cast))
    Guardianship.objects.filter(person=cast.people["guardian"]).update(ends_on=timezone.localdate() - timedelta(1))
    work_off()
    assert addresses() == ["limited@example.org"]
    row = Delivery.objects.get(user=cast.user("guardian"), channel=Channel.EMAIL)
    assert row.state == DeliveryState.DROPPED


def test_what_is_no_longer_relevant_is_dropped_before_expanding_and_before_sending(cast):
    notice = told_about_child(cast)
    AboutChild.relevant = False
    work_off()
    notice.refresh_from_db()
    assert notice.state == NoticeState.DROPPED
    assert not Delivery.objects.exists()

    AboutChild.relevant = True
    outbox.expand(told_about_child(cast))
    AboutChild.relevant = False
    work_off()
    assert not mail.outbox


def test_a_subject_that_is_gone_is_told_to_nobody(cast):
    notice = told_about_child(cast)
    Notice.objects.filter(pk=notice.pk).update(subject_id=987654321)
    work_off()
    assert not Delivery.objects.exists()


def test_the_sender_is_not_told_of_her_own_doing(cast):
    notify(
        AboutSchool(cast.school),
        audience=audience_of(cast),
        school=cast.school,
        not_before=timezone.now(),
        by=cast.viewer("teacher"),
    )
    work_off()
    assert inbox_of(cast, "teacher") == 0
    assert inbox_of(cast, "duo") == 1
    assert inbox_of(cast, "second_teacher") == 0
    assert not mail.outbox  # this kind is not worth a mail


def test_a_message_that_is_rescheduled_is_told_once(cast):
    first = told_about_child(cast, not_before=timezone.now() + timedelta(days=1))
    second = told_about_child(cast, not_before=timezone.now())
    assert first.pk == second.pk
    work_off()
    assert inbox_of(cast, "guardian") == 1


def test_the_mail_says_nothing_of_child_or_content(cast):
    told_about_child(cast)
    work_off()
    for message in mail.outbox:
        whole = message.message().as_string() + str(message.alternatives[0])
        assert message.subject == "Nieuw bericht van De Beuk"
        assert SECRET not in whole
        assert cast.child.first_name not in whole
        assert f"http://localhost:8000/children/{cast.child.public_id}/" in message.body
        assert "<script" not in whole
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 2


def test_a_mail_is_in_the_language_of_its_reader(cast):
    cast.user("guardian").__class__.objects.filter(email="guardian@example.org").update(language="en")
    told_about_child(cast)
    work_off()
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects["guardian@example.org"] == "New message from De Beuk"
    assert subjects["limited@example.org"] == "Nieuw bericht van De Beuk"


def test_a_line_break_in_a_school_name_does_not_stop_the_mail(cast):
    cast.school.__class__.objects.filter(pk=cast.school.pk).update(name="De\nBeuk")
    told_about_child(cast)
    work_off()
    assert mail.outbox[0].subject == "Nieuw bericht van De Beuk"


def test_a_mail_server_that_is_down_is_tried_again_later_and_then_given_up(cast):
    outbox.expand(told_about_child(cast))
    keys = list(Delivery.objects.filter(channel=Channel.EMAIL).values_list("pk", flat=True))
    begun = timezone.now()
    with patch.object(email, "send", side_effect=SMTPServerDisconnected("gone")):
        for attempt in range(1, MAX_ATTEMPTS + 1):
            Delivery.objects.filter(pk__in=keys).update(state=DeliveryState.QUEUED)
            sending.deliver(keys)
            row = Delivery.objects.get(pk=keys[0])
            assert row.attempts == attempt
            if attempt < MAX_ATTEMPTS:
                assert row.state == DeliveryState.WAITING
                assert row.next_try >= begun + timedelta(minutes=2 ** (attempt - 1))
    assert row.state == DeliveryState.FAILED


def test_one_refused_address_does_not_stop_the_others(cast):
    outbox.expand(told_about_child(cast))
    really_send = email.send

    def refuse_one(parcel, **more):
        if parcel.user.email.startswith("guardian@"):
            raise SMTPRecipientsRefused({})
        really_send(parcel, **more)

    with patch.object(email, "send", side_effect=refuse_one):
        work_off()
    assert addresses() == ["limited@example.org"]


def test_one_letter_that_cannot_be_made_does_not_stop_the_others(cast):
    outbox.expand(told_about_child(cast))
    really_send = email.send

    def stumble_over_one(parcel, **more):
        if parcel.user.email.startswith("guardian@"):
            raise ValueError(SECRET)
        really_send(parcel, **more)

    with patch.object(email, "send", side_effect=stumble_over_one):
        work_off()
    assert addresses() == ["limited@example.org"]
    assert list(
        Delivery.objects.filter(channel=Channel.EMAIL).order_by("attempts").values_list("state", "attempts")
    ) == [(DeliveryState.SENT, 0), (DeliveryState.WAITING, 1)]


def big_school(cast: Cast, families: int) -> None:
    for number in range(families):
        user = make.UserFactory(email=f"family{number}@example.org")
        person = make.PersonFactory(school=cast.school, user=user)
        make.GuardianshipFactory(child=cast.child, person=person)


def test_a_crash_in_mid_expansion_is_resumed_without_loss_or_double(cast):
    big_school(cast, 120)
    notice = told_about_child(cast)
    really_write, rounds = outbox._write_deliveries, []

    def crash_in_the_second_chunk(*args):
        rounds.append(1)
        if len(rounds) == 2:
            raise KeyboardInterrupt
        return really_write(*args)

    with patch.object(outbox, "_write_deliveries", crash_in_the_second_chunk), pytest.raises(KeyboardInterrupt):
        outbox.expand(notice)
    assert 0 < Delivery.objects.filter(channel=Channel.INBOX).count() <= outbox.CHUNK
    outbox.expand(Notice.objects.get(pk=notice.pk))
    outbox.expand(Notice.objects.get(pk=notice.pk))
    assert Delivery.objects.filter(channel=Channel.INBOX).count() == 122
    assert Delivery.objects.filter(channel=Channel.EMAIL).count() == 122


def test_a_crash_in_mid_sending_sends_the_rest_and_nobody_twice(cast):
    big_school(cast, 8)
    outbox.expand(told_about_child(cast))
    keys = list(Delivery.objects.filter(channel=Channel.EMAIL).values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=keys).update(state=DeliveryState.QUEUED)
    really_send = email.send

    def crash_after_five(parcel, **more):
        if len(mail.outbox) == 5:
            raise KeyboardInterrupt
        really_send(parcel, **more)

    with patch.object(email, "send", side_effect=crash_after_five), pytest.raises(KeyboardInterrupt):
        sending.deliver(keys)
    sending.deliver(keys)
    sending.deliver(keys)
    assert len(addresses()) == 10
    assert len(set(addresses())) == 10


@pytest.mark.both_databases
def test_the_database_refuses_a_second_delivery_by_the_same_channel(cast):
    outbox.expand(told_about_child(cast))
    row = Delivery.objects.filter(channel=Channel.EMAIL).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            school=row.school, notice=row.notice, user=row.user, channel=row.channel, next_try=row.next_try
        )
    Delivery.objects.create(  # the twin: another channel
        school=row.school, notice=row.notice, user=row.user, channel="push", next_try=row.next_try
    )


@pytest.mark.both_databases
def test_what_is_due_becomes_tasks_once(cast, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": settings.TASK_QUEUES}}
    from django_tasks_db.models import DBTaskResult

    big_school(cast, 60)
    notice = told_about_child(cast)
    assert queue_due() == 1
    assert queue_due() == 0
    outbox.expand(Notice.objects.get(pk=notice.pk))
    assert queue_due() == 2  # 62 letters in batches of about fifty
    assert queue_due() == 0
    assert DBTaskResult.objects.count() == 3
    assert not mail.outbox


def test_looking_when_nothing_is_due_costs_two_reads(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert queue_due() == 0


def test_expanding_costs_a_fixed_number_of_queries_and_one_for_each_recipient(cast, django_assert_max_num_queries):
    big_school(cast, 98)  # 100 with the cast's own
    notice = Notice.objects.select_related("school", "audience").get(pk=told_about_child(cast).pk)
    with django_assert_max_num_queries(100 + 40):
        outbox.expand(notice)


def test_what_a_task_gave_up_on_is_taken_up_again_and_told_once(cast: Cast) -> None:
    long_ago = timezone.now() - LOST_AFTER - timedelta(minutes=1)
    notice = told_about_child(cast, not_before=long_ago)
    Notice.objects.update(state=NoticeState.QUEUED)
    assert requeue_lost() == 1
    outbox.expand(Notice.objects.get())
    Delivery.objects.filter(channel=Channel.EMAIL).update(state=DeliveryState.QUEUED, next_try=long_ago)
    assert requeue_lost() == Delivery.objects.filter(channel=Channel.EMAIL).count() > 0
    work_off()
    assert requeue_lost() == 0
    told = addresses()
    assert len(told) == len(set(told)) == Delivery.objects.filter(notice=notice, channel=Channel.EMAIL).count()


def test_what_a_task_took_a_moment_ago_is_left_alone(cast: Cast) -> None:
    told_about_child(cast)
    Notice.objects.update(state=NoticeState.QUEUED)
    assert requeue_lost() == 0
