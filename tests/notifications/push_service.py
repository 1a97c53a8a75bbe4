"""A push service on this machine: checks who asks, decrypts what comes, and can be slow, full or gone."""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from py_vapid import Vapid02

from kring.notifications.endpoints import to_base64url
from kring.notifications.models import PushSubscription
from kring.people.models import User


@dataclass
class Device:
    """A browser: its keys, and how its push service treats it."""

    name: str
    key: ec.EllipticCurvePrivateKey
    secret: bytes
    status: int = 201
    hangs: bool = False

    @property
    def point(self) -> str:
        raw = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return to_base64url(raw)


@dataclass
class Came:
    """One push as it arrived."""

    device: str
    at: float
    body: bytes
    headers: dict[str, str]
    text: str
    says: dict[str, Any] = field(default_factory=dict)


class Server(ThreadingHTTPServer):
    """Lets fifty connections come at once: with room for five, the rest would wait a second or three to try again."""

    request_queue_size = 256
    daemon_threads = True


class PushService:
    """Starts with `start`, and remembers what came."""

    def __init__(self) -> None:
        self.devices: dict[str, Device] = {}
        self.came: list[Came] = []
        self.asked: list[str] = []
        self._lock = threading.Lock()
        self._server = Server(("127.0.0.1", 0), self._handler())
        self._over = threading.Event()
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def subscribe(self, user: User, **how: Any) -> PushSubscription:
        """Give `user` a device at this service, as if she had turned notifications on."""
        name = f"d{len(self.devices)}"
        device = Device(name, ec.generate_private_key(ec.SECP256R1()), os.urandom(16), **how)
        self.devices[name] = device
        now = timezone.now()
        return PushSubscription.objects.create(
            user=user,
            endpoint=f"{self.origin}/push/{name}",
            p256dh=device.point,
            auth=to_base64url(device.secret),
            label="Chrome",
            session_key=f"session of {name}",
            session_epoch=user.session_epoch,
            made_at=now,
            seen_at=now,
        )

    def _take(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        with self._lock:
            self.asked.append(path)
        device = self.devices.get(path.removeprefix("/push/"))
        if device is None:
            return 404
        if device.hangs:
            self._over.wait(60)
            return 503
        if device.status >= 300:
            return device.status
        assert Vapid02.verify(headers["authorization"]), "signed by whom it says"
        text = http_ece.decrypt(body, private_key=device.key, auth_secret=device.secret, version="aes128gcm").decode()
        with self._lock:
            self.came.append(Came(device.name, time.monotonic(), body, headers, text, json.loads(text)))
        return device.status

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = service._take(self.path, body, headers)
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{service.origin}/stolen")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                pass

        return Handler
