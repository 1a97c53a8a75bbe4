"""Tells everybody of a known school of something, by every channel, and catches what leaves: pushes and letters.

Each room says in its `notice_cases.py` how each of its kinds comes about:

    CASES = {"posts.published": function of the cast that lets it happen, with SECRET in every word that is typed}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from email.message import Message
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from kring.notifications import outbox, sending
from kring.notifications.models import Delivery, DeliveryState, Notice, PushSubscription, TopicChoice
from kring.notifications.rules import Channel, Mail, Topic
from kring.people.models import Child, Person, User
from tests.cast import Cast
from tests.notifications.kinds import SECRET
from tests.notifications.mailbox import Mailbox
from tests.notifications.push_service import Came, PushService

Case = Callable[[Cast], Any]
ROOMS = sorted(path.name for path in Path(__file__).parent.parent.iterdir() if path.is_dir())


def cases() -> dict[str, Case]:
    """Return how each kind comes about, of all rooms."""
    found: dict[str, Case] = {}
    for room in ROOMS:
        name = f"tests.{room}.notice_cases"
        if find_spec(f"tests.{room}") and find_spec(name):
            found |= import_module(name).CASES
    return found


@dataclass
class Post:
    """What left: pushes as the push service decrypted them, and letters as the mail server got them."""

    service: PushService
    mailbox: Mailbox
    secrets: list[str] = field(default_factory=list)

    @property
    def pushes(self) -> list[Came]:
        return self.service.came

    @property
    def letters(self) -> list[tuple[str, Message]]:
        return self.mailbox.letters


@contextmanager
def post_office(cast: Cast, settings: Settings, folder: Path) -> Iterator[Post]:
    """Give everybody of the cast a device, and mail at once about everything; the children get names of their own."""
    post = Post(PushService(), Mailbox())
    host, port = post.mailbox.server_address[:2]
    settings.PUSH_ORIGINS = [post.service.origin]
    settings.VAPID_KEY_FILE = folder / "vapid"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    post.secrets = [SECRET, *_name_the_children()]
    for user in User.objects.order_by("pk"):
        post.service.subscribe(user)
        TopicChoice.objects.bulk_create(TopicChoice(user=user, topic=topic, mail=Mail.AT_ONCE) for topic in Topic)
    try:
        yield post
    finally:
        post.service.stop()
        post.mailbox.shutdown()
        post.mailbox.server_close()


def _name_the_children() -> list[str]:
    """Give each child a first and a last name that nothing else has; return them."""
    names = []
    for child in Child.objects.order_by("pk"):
        child.first_name, child.last_name = f"Kindvoor{child.pk}x", f"Kindachter{child.pk}x"
        child.save(update_fields=["first_name", "last_name"])
        names += [child.first_name, child.last_name]
    return names


def people() -> list[str]:
    """Return the last names of all adults of the cast, made such that nothing else has them."""
    for person in Person.objects.order_by("pk"):
        Person.objects.filter(pk=person.pk).update(last_name=f"Volwassen{person.pk}x", called="")
    return list(Person.objects.values_list("last_name", flat=True))


def tell(kind: str, *, at: datetime | None = None) -> int:
    """Do what the worker does with the newest notice of this kind, once it is due; return how many messages left."""
    notice = Notice.objects.filter(kind=kind).order_by("-pk")[0]
    moment = at or max(timezone.now(), notice.not_before) + timedelta(seconds=1)
    with time_machine.travel(moment, tick=False):
        outbox.expand(notice)
        return send_due(notice.deliveries.all())


def send_due(rows: Any) -> int:
    """Send what is due of these deliveries; return how many messages left."""
    keys = list(rows.filter(pk__in=Delivery.objects.due(timezone.now()).values("pk")).values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=keys).update(state=DeliveryState.QUEUED)
    return sending.deliver(keys)


def subject_of(letter: Message) -> str:
    """Return the subject of a letter as a reader sees it."""
    return str(make_header(decode_header(letter["Subject"])))


def words_of(letter: Message) -> str:
    """Return everything a letter says, headers too, as a reader sees it."""
    parts = [part.get_payload(decode=True).decode() for part in letter.walk() if not part.is_multipart()]
    return "\n".join([*(str(make_header(decode_header(value))) for value in letter.values()), *parts])


def device_of(user: User) -> str:
    """Return the name of the device that somebody has at the push service."""
    return PushSubscription.objects.get(user=user).endpoint.rsplit("/", 1)[1]


def by_push() -> Any:
    """Return all deliveries to devices."""
    return Delivery.objects.filter(channel=Channel.PUSH)
