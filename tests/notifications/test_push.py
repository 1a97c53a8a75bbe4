"""Push messages, decrypted by a push service on this machine: what they say, how long they are, who gets them."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from kring.notifications import jobs, outbox, sending
from kring.notifications.actions import notify
from kring.notifications.channels import push
from kring.notifications.channels.parcel import Outcome
from kring.notifications.models import Delivery, DeliveryState, PushSubscription
from kring.notifications.push_words import Words
from kring.notifications.rules import Channel
from kring.people.models import Audience, Child, User
from tests import factories as make
from tests.notifications.kinds import SECRET, AboutChild
from tests.notifications.push_service import PushService

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def service(settings, tmp_path):
    service = PushService()
    settings.PUSH_ORIGINS = [service.origin]
    settings.VAPID_KEY_FILE = tmp_path / "vapid"
    yield service
    service.stop()


def tell(cast, child: Child | None = None) -> int:
    """Tell the family of a child, and do what the worker would do; return how many messages went out."""
    audience = Audience.objects.create(school=cast.school, whole_school=True)
    notice = notify(AboutChild(child or cast.child), audience=audience, school=cast.school, not_before=timezone.now())
    outbox.expand(notice)
    return send(Channel.PUSH)


def send(channel: Channel) -> int:
    waiting = Delivery.objects.filter(channel=channel, state=DeliveryState.WAITING)
    keys = list(waiting.values_list("pk", flat=True))
    waiting.update(state=DeliveryState.QUEUED)
    return sending.deliver(keys)


def states(channel: Channel = Channel.PUSH) -> list[str]:
    return sorted(Delivery.objects.filter(channel=channel).values_list("state", flat=True))


def test_a_push_says_from_where_and_nothing_else(cast, service):
    service.subscribe(cast.user("guardian"))
    assert tell(cast) == 1
    (came,) = service.came
    assert came.says["title"] == "De Beuk"
    assert came.says["body"] == "Er is een nieuw bericht."
    assert came.says["url"] == f"/children/{cast.child.public_id}/"
    assert came.says["lang"] == "nl"
    for word in (SECRET, cast.child.first_name, cast.people["guardian"].last_name):
        assert word not in came.text
    assert states() == ["sent"]


def test_it_is_in_the_language_of_who_reads(cast, service):
    User.objects.filter(pk=cast.user("guardian").pk).update(language="en")
    service.subscribe(cast.user("guardian"))
    tell(cast)
    assert service.came[0].says["body"] == "There is a new message for you."
    assert service.came[0].says["lang"] == "en"


def test_every_device_of_hers_is_told_and_a_stranger_is_not(cast, service):
    for _ in range(2):
        service.subscribe(cast.user("guardian"))
    service.subscribe(cast.user("other_guardian"))
    tell(cast)
    assert sorted(came.device for came in service.came) == ["d0", "d1"]


def test_it_names_its_subject_so_that_a_device_shows_one(cast, service):
    service.subscribe(cast.user("guardian"))
    tell(cast)
    tell(cast, cast.sibling)
    Delivery.objects.filter(channel=Channel.PUSH).update(state=DeliveryState.WAITING)
    send(Channel.PUSH)
    tags = [came.says["tag"] for came in service.came]
    assert len(tags) == 4
    assert len(set(tags)) == 2, "the same name when it is sent once more"
    assert [came.headers["topic"] for came in service.came] == tags
    assert {came.headers["ttl"] for came in service.came} == {str(push.LIFE)}
    assert {came.headers["urgency"] for came in service.came} == {"normal"}


def test_all_messages_have_the_same_length_whatever_they_say():
    long, short = Words("S" * 120, "é" * 300, "/x" * 40, "t" * 24, "nl"), Words("", "", "/", "t", "en")
    assert len(push.payload(long)) == len(push.payload(short)) == push.LENGTH
    with pytest.raises(ValueError, match="too long"):
        push.payload(Words("S" * 1200, "", "/", "t", "en"))


@pytest.mark.parametrize(
    ("status", "kept", "state"),
    [
        (404, False, "failed"),
        (410, False, "failed"),
        (400, True, "failed"),
        (403, True, "failed"),
        (301, True, "failed"),
        (429, True, "waiting"),
        (500, True, "waiting"),
    ],
)
def test_what_a_service_answers_decides_what_becomes_of_the_device(cast, service, mailoutbox, status, kept, state):
    service.subscribe(cast.user("guardian"), status=status)
    assert tell(cast) == 0
    assert PushSubscription.objects.exists() == kept
    assert states() == [state]
    send(Channel.EMAIL)
    told = [letter.to for letter in mailoutbox]
    assert ([cast.user("guardian").email] in told) == (state == "failed"), "what no device can show goes by mail"
    assert service.asked == ["/push/d0"], "a redirect is not followed"


def test_one_device_that_takes_it_is_enough(cast, service):
    service.subscribe(cast.user("guardian"), status=410)
    service.subscribe(cast.user("guardian"), status=500)
    good = service.subscribe(cast.user("guardian"))
    assert tell(cast) == 1
    assert states() == ["sent"]
    good.refresh_from_db()
    assert good.succeeded_at is not None
    assert set(PushSubscription.objects.values_list("failures", flat=True)) == {0, 1}


def test_a_device_that_fails_for_weeks_or_was_silent_for_two_months_is_forgotten(cast, service):
    now, user = timezone.now(), cast.user("guardian")
    kept = service.subscribe(user)
    failing, silent, fresh_failure = (service.subscribe(user) for _ in range(3))
    of = PushSubscription.objects.filter
    of(pk=failing.pk).update(failing_since=now - timedelta(22))
    of(pk=silent.pk).update(seen_at=now - timedelta(61), succeeded_at=now - timedelta(61))
    of(pk=fresh_failure.pk).update(failing_since=now - timedelta(20))
    assert jobs.forget_dead_devices() == 2
    assert set(PushSubscription.objects.values_list("pk", flat=True)) == {kept.pk, fresh_failure.pk}


@pytest.mark.parametrize("how", ["epoch", "inactive", "guardianship"])
def test_who_lost_access_gets_nothing_on_a_device_that_stayed_behind(cast, service, how):
    service.subscribe(cast.user("guardian"))
    audience = Audience.objects.create(school=cast.school, whole_school=True)
    notice = notify(AboutChild(cast.child), audience=audience, school=cast.school, not_before=timezone.now())
    outbox.expand(notice)
    user = User.objects.filter(pk=cast.user("guardian").pk)
    if how == "epoch":
        user.update(session_epoch=9)
    elif how == "inactive":
        user.update(is_active=False)
    else:
        cast.people["guardian"].guardianships.all().delete()
    assert send(Channel.PUSH) == 0
    assert service.asked == []


def test_an_address_that_is_no_push_service_any_more_is_never_asked(cast, service, settings):
    service.subscribe(cast.user("guardian"))
    settings.PUSH_ORIGINS = []
    assert tell(cast) == 0
    assert service.asked == []
    assert not PushSubscription.objects.exists()


def test_a_known_name_that_leads_inside_is_not_connected_to(cast, service, settings):
    port = service.origin.rsplit(":", 1)[1]
    settings.PUSH_ORIGINS = [f"http://localhost:{port}"]  # a name, so it is looked up: and found to be this machine
    device = service.subscribe(cast.user("guardian"))
    PushSubscription.objects.filter(pk=device.pk).update(endpoint=f"http://localhost:{port}/push/d0")
    assert tell(cast) == 0
    assert service.asked == []
    assert states() == ["waiting"]


def test_twenty_that_never_answer_delay_the_other_180_by_less_than_five_seconds(cast, service):
    parcels = []
    for number in range(200):
        user = make.UserFactory()
        make.GuardianshipFactory(child=cast.child, person=make.PersonFactory(school=cast.school, user=user))
        service.subscribe(user, hangs=number % 10 == 0)
        parcels.append(user)
    began = time.monotonic()
    assert tell(cast) == 180
    assert len(service.came) == 180
    assert max(came.at for came in service.came) - began < 5 + expansion(service, began)
    assert states().count("waiting") == 20


def expansion(service: PushService, began: float) -> float:
    """Return how long it took until the first push came: the recipients are looked up before that."""
    return min(came.at for came in service.came) - began


def test_pushes_go_in_one_task_and_mails_in_another(cast, service, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": settings.TASK_QUEUES}}
    service.subscribe(cast.user("guardian"))
    audience = Audience.objects.create(school=cast.school, whole_school=True)
    outbox.expand(notify(AboutChild(cast.child), audience=audience, school=cast.school, not_before=timezone.now()))
    from django_tasks_db.models import DBTaskResult

    jobs.queue_due()
    assert sorted(DBTaskResult.objects.values_list("queue_name", flat=True)) == ["default", "push"]


def test_no_push_without_a_device(cast, service):
    assert tell(cast) == 0
    assert states() == []
    assert Outcome.UNREACHABLE in [outcome for _parcel, outcome in push.send_all([])] or service.asked == []
