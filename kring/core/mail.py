"""One letter: text and a simple HTML part, in the language of who gets it, with links to our own address only."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says. `lines` are paragraphs; `path` begins with a slash and becomes a link named `button`.

    No names of children and no content of messages: a mailbox is read by others too (security.md, R9).
    """

    subject: str
    lines: list[str]
    path: str
    button: str
    sender: str
    """The school, as it stands above and below the letter."""
    unsubscribe: str = ""
    """The path that turns such letters off with one click (RFC 8058), or nothing."""


def write(letter: Letter, *, to: str, message_id: str = "", language: str = "") -> EmailMultiAlternatives:
    """Return the message, ready to send to the address `to`.

    With `message_id` (unique, without angle brackets) a letter that goes out twice after a crash is one in most
    mailboxes. `language` is that of the reader; the texts in `letter` must be in it already.
    """
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    language = language or settings.LANGUAGE_CODE
    stop = f"{settings.BASE_URL}{letter.unsubscribe}" if letter.unsubscribe else ""
    context = {
        "letter": letter,
        "url": f"{settings.BASE_URL}{letter.path}",
        "stop": stop,
        "host": host,
        "language": language,
    }
    with translation.override(language):
        text = render_to_string("core/letter.txt", context)
        html = render_to_string("core/letter.html", context)
    # A line break in a subject would be a second header: Django refuses it, so a pasted name must not stop the mail.
    message = EmailMultiAlternatives(" ".join(letter.subject.split()), text.strip() + "\n", to=[to])
    message.attach_alternative(html, "text/html")
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    if stop:
        message.extra_headers["List-Unsubscribe"] = f"<{stop}>"
        message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if message_id:
        message.extra_headers["Message-ID"] = f"<{message_id}@{host}>"
    return message
