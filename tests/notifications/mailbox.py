"""A mail server for tests on this machine: takes every letter and remembers it. Speaks just enough SMTP (RFC 5321)."""

from __future__ import annotations

import socketserver
import threading
import time
from contextlib import suppress
from email import message_from_bytes
from email.message import Message


class Mailbox(socketserver.ThreadingTCPServer):
    """Listens on a free port of 127.0.0.1. `letters` holds (recipient, message) in the order in which they came."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *, seconds_each: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: list[tuple[str, Message]] = []
        self.seconds_each = seconds_each
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Return the address for EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self._say("220 mailbox")
        to = ""
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
            if word == b"DATA":
                self._say("354 go on")
                self._take(to)
            self._say("221 bye" if word == b"QUIT" else "250 fine")
            if word == b"QUIT":
                return

    def _take(self, to: str) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return  # the sender is gone in mid letter: it never arrived
            lines.append(line)
        time.sleep(self.server.seconds_each)
        self.server.letters.append((to, message_from_bytes(b"".join(lines))))

    def _say(self, words: str) -> None:
        with suppress(OSError):  # killed meanwhile
            self.wfile.write(f"{words}\r\n".encode())
