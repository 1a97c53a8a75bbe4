"""By web push (RFC 8030, 8188, 8291, 8292). Says that there is something and from where; never what or about whom.

Every message has the same length, so that who carries it learns only that there was one. It goes to the push services
of browsers alone: to addresses on the public internet, without following anything anywhere (security.md, R8).
"""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.utils import timezone, translation

from kring.notifications.channels import vapid
from kring.notifications.channels.parcel import Outcome, Parcel
from kring.notifications.endpoints import from_base64url, is_known_service, is_public
from kring.notifications.models import PushSubscription
from kring.notifications.push_words import Words, origins_of, words_for

if TYPE_CHECKING:
    import aiohttp

LENGTH = 1200  # bytes of every message before it is encrypted: room for the longest words, below every service's limit
AT_ONCE = 50
SECONDS = 3.0  # for one push, from looking up the name to the answer
ANSWER = 4096  # bytes of an answer that are read at all
LIFE = 24 * 3600  # seconds a service keeps what it cannot bring
LIFE_URGENT = 7 * 24 * 3600
SIGNED_FOR = 12 * 3600  # seconds a signature holds; at most a day (RFC 8292)
log = structlog.get_logger(__name__)


class Answer(StrEnum):
    """What a push service said."""

    TAKEN = "taken"
    GONE = "gone"  # this device will never take one again
    REFUSED = "refused"
    LATER = "later"


class NotNow(Exception):
    """No device could be reached now: try again later."""


@dataclass(frozen=True, slots=True)
class Push:
    """One message on its way to one device."""

    parcel: Parcel
    device: PushSubscription
    words: Words


@dataclass(slots=True)
class _Tally:
    """What the devices of one parcel said so far."""

    left: int
    answers: list[Answer] = field(default_factory=list)

    def outcome(self) -> Outcome | Exception:
        """Return how it went: one device is enough; all gone means that another channel must do it."""
        if Answer.TAKEN in self.answers:
            return Outcome.SENT
        return NotNow() if Answer.LATER in self.answers else Outcome.UNREACHABLE


def send_all(parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, Outcome | Exception]]:
    """Send to every device of each parcel's login, fifty at once; yield each parcel when its devices have answered.

    A device that never answers holds one of fifty places for three seconds, and nobody else.
    """
    devices: dict[int, list[PushSubscription]] = defaultdict(list)
    for device in PushSubscription.objects.of_users({parcel.user.pk for parcel in parcels}):
        devices[device.user_id].append(device)
    origins = origins_of(parcels)
    pushes, tallies = [], {}
    for parcel in parcels:
        own = devices.get(parcel.user.pk, [])
        if not own:
            yield parcel, Outcome.UNREACHABLE
            continue
        with translation.override(parcel.user.language or settings.LANGUAGE_CODE):
            words = words_for(parcel, origins)
        tallies[parcel.key] = _Tally(len(own))
        pushes += [Push(parcel, device, words) for device in own]
    taken: list[int] = []
    try:
        for push, answer in send_many(pushes):
            if answer == Answer.TAKEN:
                taken.append(push.device.pk)
            else:
                _note_failure(push.device, answer)
            tally = tallies[push.parcel.key]
            tally.answers.append(answer)
            tally.left -= 1
            if not tally.left:
                yield push.parcel, tally.outcome()
    finally:  # that they are there still is no news: one write for all of them
        PushSubscription.objects.filter(pk__in=taken).update(
            succeeded_at=timezone.now(), failures=0, failing_since=None
        )


def _note_failure(device: PushSubscription, answer: Answer) -> None:
    """Write down that a device did not take it; one that is gone is forgotten."""
    found = PushSubscription.objects.filter(pk=device.pk)
    if answer == Answer.GONE:
        found.delete()
    else:
        found.update(failures=device.failures + 1, failing_since=device.failing_since or timezone.now())


def payload(words: Words) -> bytes:
    """Return what a device gets, always LENGTH bytes: JSON and blanks. Raises ValueError for words that do not fit."""
    text = json.dumps(
        {"title": words.title, "body": words.body, "url": words.url, "tag": words.tag, "lang": words.language},
        ensure_ascii=False,
    ).encode()
    if len(text) > LENGTH:
        raise ValueError("The words of a push message are too long.")
    return text.ljust(LENGTH)


def send_many(pushes: Sequence[Push]) -> Iterator[tuple[Push, Answer]]:
    """Send the pushes over the network and yield each with its answer, as they come.

    The network runs in a thread with a loop of its own, so that the database is only ever asked by the caller's.
    """
    if not pushes:
        return
    came: SimpleQueue[tuple[Push, Answer] | None] = SimpleQueue()

    def run() -> None:
        try:
            asyncio.run(_send_many(pushes, came.put))
        finally:
            came.put(None)

    thread = Thread(target=run, name="push")
    thread.start()
    answered = set()
    while (one := came.get()) is not None:
        answered.add(id(one[0]))
        yield one
    thread.join()
    for push in pushes:
        if id(push) not in answered:
            yield push, Answer.LATER


async def _send_many(pushes: Sequence[Push], tell: Callable[[tuple[Push, Answer]], None]) -> None:
    import aiohttp  # here, because a web process never sends and need not carry it

    places = asyncio.Semaphore(AT_ONCE)
    connector = aiohttp.TCPConnector(limit=AT_ONCE, resolver=public_only(aiohttp.ThreadedResolver()))
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        max_line_size=ANSWER,
        max_field_size=ANSWER,
    ) as session:

        async def one(push: Push) -> None:
            async with places:
                tell((push, await _send(session, push)))

        await asyncio.gather(*map(one, pushes))


async def _send(session: aiohttp.ClientSession, push: Push) -> Answer:
    import aiohttp
    from yarl import URL

    endpoint = push.device.endpoint
    if not is_known_service(endpoint, hosts=settings.PUSH_HOSTS, origins=settings.PUSH_ORIGINS):
        return Answer.GONE
    try:
        headers, body = headers_for(push, now=time.time()), encrypted(push)
        # aiohttp's own time limit does not count a name that is looked up in a thread.
        async with (
            asyncio.timeout(SECONDS),
            session.post(URL(endpoint, encoded=True), data=body, headers=headers, allow_redirects=False) as response,
        ):
            await response.content.read(ANSWER)
            return answer_for(response.status)
    except (aiohttp.ClientError, OSError, TimeoutError) as problem:
        log.info("push.no_answer", host=urlsplit(endpoint).hostname, problem=type(problem).__name__)
        return Answer.LATER
    except Exception as problem:
        log.error("push.failed", problem=type(problem).__name__)
        return Answer.REFUSED


def answer_for(status: int) -> Answer:
    """Return what the status of a push service means (RFC 8030, and what services really send)."""
    if 200 <= status < 300:
        return Answer.TAKEN
    if status in (404, 410):
        return Answer.GONE
    return Answer.LATER if status == 429 or status >= 500 else Answer.REFUSED


def headers_for(push: Push, *, now: float) -> dict[str, str]:
    """Return the headers of a push at `now` (seconds since 1970): how long, how urgent, about what, and who asks."""
    from py_vapid import Vapid02

    parts = urlsplit(push.device.endpoint)
    # A fresh dictionary for each: the library writes into the one it gets.
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(now) + SIGNED_FOR,
        "sub": settings.SECURITY_CONTACT,
    }
    signed: dict[str, str] = Vapid02(private_key=vapid.private_key()).sign(claims)
    return {
        **signed,
        "TTL": str(LIFE_URGENT if push.parcel.is_urgent else LIFE),
        "Urgency": "high" if push.parcel.is_urgent else "normal",
        "Topic": push.words.tag,
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
    }


def encrypted(push: Push) -> bytes:
    """Return the message as only the device can read it (RFC 8291)."""
    import os

    import http_ece
    from cryptography.hazmat.primitives.asymmetric import ec

    device = push.device
    found: bytes = http_ece.encrypt(
        payload(push.words),
        salt=os.urandom(16),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=from_base64url(device.p256dh),
        auth_secret=from_base64url(device.auth),
        version="aes128gcm",
    )
    return found


def public_only(inner: Any) -> Any:
    """Return a resolver that names only addresses of the public internet; the connection then goes to one of these."""
    from aiohttp.abc import AbstractResolver

    class PublicOnly(AbstractResolver):
        async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> Any:
            found = [one for one in await inner.resolve(host, port, family) if is_public(one["host"])]
            if not found:
                raise OSError(f"{host} has no public address")
            return found

        async def close(self) -> None:
            await inner.close()

    return PublicOnly()
