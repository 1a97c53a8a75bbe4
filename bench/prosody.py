"""The same room of fifty in Prosody, a chat server that sends the words themselves: what a message costs there.

Runs where Debian's package `prosody` is installed. Messages are kept (mod_muc_mam), Nagle's algorithm is off, nothing
is encrypted and nobody is asked who she is, so this is the least that such a server does.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from bench.servers import free_port
from bench.talks import MESSAGES, TOO_LONG, WARM, Seen

CONFIG = """
daemonize = false
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
log = {{ error = "{folder}/errors.log" }}
modules_enabled = {{ "saslauth", "posix" }}
modules_disabled = {{ "s2s", "offline", "tls" }}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
c2s_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
network_backend = "epoll"
network_settings = {{ nagle = false }}
VirtualHost "localhost"
  authentication = "anonymous"
Component "rooms.localhost" "muc"
  modules_enabled = {{ "muc_mam" }}
  muc_room_locking = false
  muc_log_by_default = true
"""
ROOM = "kring@rooms.localhost"
OPENING = (
    '<stream:stream to="localhost" xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams" version="1.0">'
)


def is_installed() -> bool:
    """Say whether there is a Prosody to measure."""
    return shutil.which("prosody") is not None


@contextmanager
def prosody() -> Iterator[int]:
    """Run a Prosody with everything in a folder of its own until the block ends; give the port."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "data").mkdir()
        config = Path(folder) / "prosody.cfg.lua"
        config.write_text(CONFIG.format(folder=folder, port=port))
        process = subprocess.Popen(
            ["prosody", "--config", str(config), "-F"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield port
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)


class _Guest:
    """One of those in the room: a connection, and what was read from it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def come(cls, port: int, name: str) -> _Guest:
        """Connect, sign in without a name, and enter the room."""
        for _ in range(100):
            with suppress(OSError):
                guest = cls(*await asyncio.open_connection("127.0.0.1", port))
                break
            await asyncio.sleep(0.1)
        else:
            raise SystemExit("Prosody did not start.")
        guest.say(OPENING)
        await guest.until("</stream:features>")
        guest.say('<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>')
        await guest.until("<success")
        guest.say(OPENING)
        await guest.until("</stream:features>")
        guest.say('<iq type="set" id="b"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>')
        await guest.until("</iq>")
        guest.say(f'<presence to="{ROOM}/{name}"><x xmlns="http://jabber.org/protocol/muc"/></presence>')
        await guest.until("code='110'")
        return guest

    def say(self, text: str) -> None:
        """Send."""
        self.writer.write(text.encode())

    async def until(self, words: str) -> None:
        """Read until these words have come."""
        seen = b""
        while words.encode() not in seen:
            piece = await asyncio.wait_for(self.reader.read(65536), TOO_LONG)
            if not piece:
                raise SystemExit(f"Prosody closed the connection before saying {words}: {seen[-300:]!r}")
            seen = seen[-200:] + piece


def send_and_see_there(size: int) -> Seen:
    """Let one of `size` + 1 in a room write one message after another, each when the last has read the one before."""
    with prosody() as port:
        return asyncio.run(_measure(port, size))


async def _measure(port: int, size: int) -> Seen:
    sender = await _Guest.come(port, "sender")
    guests = [await _Guest.come(port, f"guest{n}") for n in range(size)]
    draining = asyncio.create_task(_drain(sender))
    await asyncio.sleep(1)
    seen, began = Seen(), 0.0
    for number in range(WARM + MESSAGES):
        if number == WARM:
            began = time.perf_counter()
        word = f"woord{token_hex(6)}"
        sent = time.perf_counter()
        sender.say(f'<message to="{ROOM}" type="groupchat" id="m{number}"><body>{word}</body></message>')
        await asyncio.gather(*(guest.until(word) for guest in guests))
        if number >= WARM:
            seen.screens.append((time.perf_counter() - sent) * 1000)
    seen.a_second = MESSAGES / (time.perf_counter() - began)
    draining.cancel()
    return seen


async def _drain(guest: _Guest) -> None:
    while await guest.reader.read(65536):
        pass
