"""The mail server for requests for help: small, behind the school's own, and with one answer for all that is unknown.

Everything is decided in the SMTP dialogue: what is not taken in is refused there with 550 or 552, so that no bounce is
ever sent to somebody whose name was forged. The From line is not read at all: the secret address decides whose draft it
becomes, and she confirms it in Kring. See docs/decisions/0020-help-requests.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import unicodedata
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import close_old_connections
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kring.core.access import Refused
from kring.help_requests.actions import Unwanted, has_room, take_in_mail, who_owns
from kring.help_requests.mail.addressing import token_in
from kring.help_requests.mail.reading import Mail, Reason, Unreadable, read_mail
from kring.help_requests.rules import MAX_DOCUMENTS, MAX_MAIL

MOST_OPEN = 8  # connections at a time; each may hold one mail in memory
PATIENCE = 60.0  # seconds of silence before a connection is closed
TRY_AGAIN = 5.0  # seconds between two attempts to listen
LIMITS = {"*": 40, "RCPT": 20, "DATA": 20}  # commands of one connection
log = structlog.get_logger(__name__)


class Intake:
    """What is answered at each step. Knows one recipient per mail, so that the answer to the mail is hers alone."""

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse the empty sender: delivery reports and other machines (RFC 5321, 4.5.5)."""
        if address in ("", "<>"):
            return line(550, "5.7.1", _sentence("machine"))
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take one address that works. Unknown, ended, a role that is over and another domain are answered alike."""
        if envelope.rcpt_tos:
            return line(452, "4.5.3", _sentence("one"))
        answer = await _in_thread(_door, address)
        if answer:
            return str(answer)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the mail in, or say why not."""
        content = envelope.original_content or b""
        if len(content) > MAX_MAIL:
            return line(552, "5.3.4", _sentence("large"))
        return str(await _in_thread(_take, envelope.rcpt_tos[0], content))

    async def handle_exception(self, error: Exception) -> str:
        """Let the sender's server try again later; what went wrong stands in the log by kind only."""
        log.error("mail.failed", error=type(error).__name__)
        return "451 4.3.0 Try again later"


def _door(address: str) -> str:
    token = token_in(address)
    now = timezone.now()
    found = who_owns(token, now=now) if token else None
    if found is None:
        return line(550, "5.1.1", _sentence("unknown"))
    return "" if has_room(found[0], now=now) else line(452, "4.2.2", _sentence("full"))


def _take(address: str, content: bytes) -> str:
    try:
        mail = read_mail(content)
        _put(token_in(address), mail)
    except Unreadable as unreadable:
        return line(550, "5.6.0", _reason(unreadable.reason))
    except Refused as refused:
        return line(550, "5.7.1", refused.sentence)
    except Unwanted:  # ended between two lines of the dialogue
        return line(550, "5.1.1", _sentence("unknown"))
    log.info("mail.taken", documents=len(mail.files), bytes=len(content))
    return line(250, "2.6.0", _sentence("taken"))


def _put(token: str, mail: Mail) -> None:
    uploads = [SimpleUploadedFile(file.name or "document", file.content) for file in mail.files]
    take_in_mail(
        token=token, now=timezone.now(), title=mail.title, text=mail.text, uploads=uploads, left_out=mail.left_out
    )


async def _in_thread(act: Any, *args: Any) -> Any:
    def run() -> Any:
        close_old_connections()
        try:
            with translation.override(settings.LANGUAGE_CODE):
                return act(*args)
        finally:
            close_old_connections()

    return await sync_to_async(run, thread_sensitive=True)()


def line(code: int, status: str, sentence: str) -> str:
    """Return one line of the dialogue: plain ASCII, at most 400 signs, without line ends."""
    plain = unicodedata.normalize("NFKD", " ".join(sentence.split())).encode("ascii", "ignore").decode()
    return f"{code} {status} {plain[:400]}"


def _sentence(name: str) -> str:
    return {
        "machine": _("Only mail of people is taken in here."),
        "one": _("One address for each mail."),
        "unknown": _("This address does not exist, or does not work any more. Look in Kring for the right one."),
        "full": _("Too many mails wait at this address. Look at them in Kring first."),
        "large": _("This mail is larger than 25 MB. Send a smaller document, or attach it in Kring."),
        "taken": _("It waits as a draft in Kring. Confirm it there."),
    }[name]


def _reason(reason: Reason) -> str:
    return {
        Reason.BROKEN: _("This mail cannot be read. Write your request in Kring."),
        Reason.DEEP: _("This mail has too many parts. Write your request in Kring."),
        Reason.AUTOMATIC: _("Only mail of people is taken in here."),
        Reason.EMPTY: _("There is no text in this mail."),
        Reason.PICTURE: _("Pictures are not taken in. Send text and documents only."),
        Reason.MANY: _("At most %(number)d documents go with a request.") % {"number": MAX_DOCUMENTS},
        Reason.MESSAGE: _("A forwarded mail as an attachment is not taken in. Put its text in the mail itself."),
    }[reason]


class Door(SMTP):
    """One connection. Only so many are open at a time; more are told to come back."""

    open = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_refused = False

    def connection_made(self, transport: Any) -> None:
        """Begin the dialogue, when there is room."""
        if Door.open >= MOST_OPEN:
            self.is_refused = True
            transport.write(b"421 4.3.2 Too many connections, try again later\r\n")
            transport.close()
            return
        Door.open += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """End the dialogue."""
        if not self.is_refused:
            Door.open -= 1
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        """Say nothing more to who was not let in."""
        return None if self.is_refused else super().eof_received()


def make_door() -> Door:
    """Return what answers one new connection. Called inside the running loop."""
    return Door(
        Intake(),
        data_size_limit=MAX_MAIL,
        hostname=settings.MAIL_INTAKE_DOMAIN,
        ident="Kring",
        timeout=PATIENCE,
        command_call_limit=dict(LIMITS),
        loop=asyncio.get_running_loop(),
    )


async def serve(host: str, port: int) -> None:
    """Take mail in at `host`:`port` until SIGTERM or Ctrl-C. Waits while the port is taken: pages do not
    depend on it."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    server = None
    while server is None and not ended.is_set():
        try:
            server = await loop.create_server(make_door, host, port)
        except OSError as error:
            log.warning("mail.cannot_listen", port=port, code=error.errno)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), TRY_AGAIN)
    if server is not None:
        log.info("mail.listening", port=port)
        async with server:
            await ended.wait()
