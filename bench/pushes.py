"""500 push messages: queued as one event, expanded, and delivered to a push service in a process of its own.

The service only counts and keeps what comes, as a real one does; every message is decrypted afterwards.
"""

from __future__ import annotations

import json
import os
import socket
import time
from dataclasses import dataclass
from multiprocessing import Process, Queue
from secrets import token_hex
from socketserver import ThreadingTCPServer
from typing import Any

NUMBER = 500


@dataclass
class Pushed:
    """Seconds for looking up whom to tell and for sending, CPU seconds of the sender, and what arrived."""

    expansion: float
    sending: float
    sending_cpu: float
    arrived: int
    lengths: set[int]


def push_500(folder: str) -> Pushed:
    """Tell the guardians of a group with 500 children of a post, each on a device; `folder` takes the key."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from django.conf import settings

    port = _free_port()
    came: Queue[tuple[str, bytes]] = Queue()
    service = Process(target=_serve, args=(port, came), daemon=True)
    service.start()
    settings.PUSH_ORIGINS = [f"http://127.0.0.1:{port}"]
    settings.VAPID_KEY_FILE = os.path.join(folder, "vapid")
    keys = [(ec.generate_private_key(ec.SECP256R1()), os.urandom(16)) for _ in range(NUMBER)]
    notice = _announce(f"http://127.0.0.1:{port}", keys)
    _wait_for(port)
    from kring.notifications import jobs, outbox
    from kring.notifications.models import Delivery

    began = time.perf_counter()
    outbox.expand(notice)
    expansion = time.perf_counter() - began
    Delivery.objects.exclude(channel="push").update(state="sent")
    began, cpu = time.perf_counter(), time.process_time()
    jobs.queue_due()
    _work("push")
    sending, used = time.perf_counter() - began, time.process_time() - cpu
    left = Delivery.objects.filter(notice=notice, channel="push").exclude(state="sent").count()
    bodies = [came.get(timeout=10) for _ in range(NUMBER - left)]
    service.terminate()
    _open(bodies, keys)
    return Pushed(expansion, sending, used, len(bodies), {len(body) for _path, body in bodies})


def _announce(origin: str, keys: list[tuple[Any, bytes]]) -> Any:
    """Make the school, a device for each guardian, and the event."""
    from datetime import timedelta

    from cryptography.hazmat.primitives import serialization
    from django.utils import timezone

    from bench.schools import build
    from kring.notifications.actions import notify
    from kring.notifications.endpoints import to_base64url
    from kring.notifications.models import PushSubscription
    from kring.people.models import User
    from kring.posts.models import Post
    from kring.posts.notices import PostPublished

    bench = build(name=f"Duw{token_hex(2)}", groups=1, children=NUMBER, guardians=NUMBER, posts_a_group=20, years=1)
    now = timezone.now()
    users = User.objects.filter(persons__guardianships__school=bench.school).distinct().order_by("pk")[:NUMBER]
    rows = []
    for number, (user, (key, secret)) in enumerate(zip(users, keys, strict=True)):
        point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        rows.append(
            PushSubscription(
                user=user,
                endpoint=f"{origin}/{number}",
                p256dh=to_base64url(point),
                auth=to_base64url(secret),
                label="Chrome",
                session_key=f"s{number}",
                session_epoch=user.session_epoch,
                made_at=now,
                seen_at=now,
            )
        )
    PushSubscription.objects.bulk_create(rows)
    post = Post.objects.filter(school=bench.school).order_by("-visible_from")[0]
    assert post.audience is not None
    return notify(
        PostPublished(post), audience=post.audience, school=bench.school, not_before=now - timedelta(seconds=1)
    )


def _work(queue: str) -> None:
    from kring.core import worker

    while rows := worker.claim("bench", queue=queue, limit=worker.BATCH):
        for row in rows:
            if not worker.run(row):
                raise SystemExit(f"{row.task_path} failed.")


def _open(bodies: list[tuple[str, bytes]], keys: list[tuple[Any, bytes]]) -> None:
    """Decrypt what came: every message is whole, and for the device it came to."""
    import http_ece

    for path, body in bodies:
        key, secret = keys[int(path.strip("/"))]
        json.loads(http_ece.decrypt(body, private_key=key, auth_secret=secret, version="aes128gcm"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("The push service of the benchmark does not start.")


def _serve(port: int, came: Queue[tuple[str, bytes]]) -> None:
    """Be a push service: take what comes on connections that stay open, and answer 201."""
    import socketserver

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while line := self.rfile.readline():
                path, length = line.split()[1].decode(), 0
                while (header := self.rfile.readline()) not in (b"\r\n", b""):
                    name, _, value = header.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                came.put((path, self.rfile.read(length)))
                self.wfile.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")

    class Service(ThreadingTCPServer):
        daemon_threads, allow_reuse_address, request_queue_size = True, True, 128

    Service(("127.0.0.1", port), Talk).serve_forever()
