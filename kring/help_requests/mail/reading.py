"""What is in a mail: a title, a text, documents; or why it cannot be taken in. Pure: the standard library only.

Nothing in a mail is trusted: not who it says it is from, not its kinds, not its names, not its nesting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import policy
from email.errors import HeaderParseError, MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from enum import StrEnum
from html.parser import HTMLParser

from kring.help_requests.rules import MAX_DEPTH, MAX_DOCUMENTS, MAX_KEPT, MAX_PARTS, MAX_TITLE

_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote", "table"})
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_MOST_TEXT = 200_000  # bytes of one text part that are looked at


class Reason(StrEnum):
    """Why a mail is refused; server.py has a line for each."""

    BROKEN = "broken"
    DEEP = "deep"
    AUTOMATIC = "automatic"
    EMPTY = "empty"
    PICTURE = "picture"
    MANY = "many"
    MESSAGE = "message"


class Unreadable(Exception):
    """The mail cannot be taken in."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as it came: its name is only for showing."""

    name: str
    content: bytes


@dataclass(slots=True)
class Mail:
    """What was read. `left_out` counts pictures that stand in the text, such as the mark of a signature."""

    title: str = ""
    text: str = ""
    files: list[File] = field(default_factory=list)
    left_out: int = 0


def read_mail(raw: bytes) -> Mail:
    """Return what the mail asks. Raises Unreadable with the reason; never anything else, whatever was sent."""
    try:
        message = BytesParser(policy=policy.default).parsebytes(raw)
        return _read(message)
    except RecursionError:
        raise Unreadable(Reason.DEEP) from None
    except (MessageError, HeaderParseError, ValueError, TypeError, AttributeError, IndexError, KeyError, LookupError):
        # The parser of the standard library falls over some broken headers in ways of its own.
        raise Unreadable(Reason.BROKEN) from None


def _read(message: EmailMessage) -> Mail:
    if _is_automatic(message):
        raise Unreadable(Reason.AUTOMATIC)
    mail = Mail(title=_line(_header(message, "Subject"))[:MAX_TITLE])
    plain: list[str] = []
    marked: list[str] = []
    for part in _leaves(message):
        _take(part, mail, plain, marked)
    mail.text = _tidy("\n\n".join(plain) or "\n\n".join(marked))[:MAX_KEPT]
    if not (mail.text or mail.files):
        raise Unreadable(Reason.EMPTY)
    return mail


def _is_automatic(message: EmailMessage) -> bool:
    """Say whether a machine sent it: an out-of-office, a list, a delivery report (RFC 3834)."""
    said = _header(message, "Auto-Submitted").strip().lower()
    bulk = _header(message, "Precedence").strip().lower() in {"bulk", "junk", "list", "auto_reply"}
    return said not in {"", "no"} or bulk or "List-Id" in message or message.get_content_type() == "multipart/report"


def _leaves(message: EmailMessage) -> list[EmailMessage]:
    """Return the parts that hold something, in order. Goes by hand, so that depth and number are bounded."""
    found: list[EmailMessage] = []
    waiting = [(message, 0)]
    while waiting:
        part, depth = waiting.pop(0)
        if depth > MAX_DEPTH or len(found) + len(waiting) > MAX_PARTS:
            raise Unreadable(Reason.DEEP)
        if part.get_content_maintype() == "message":
            raise Unreadable(Reason.MESSAGE)
        if part.is_multipart():
            waiting[:0] = [(inner, depth + 1) for inner in part.iter_parts()]  # type: ignore[misc]
        else:
            found.append(part)
    return found


def _take(part: EmailMessage, mail: Mail, plain: list[str], marked: list[str]) -> None:
    kind, is_file = part.get_content_type(), part.get_content_disposition() == "attachment" or bool(_name(part))
    if kind in _SIGNATURES:
        return
    if part.get_content_maintype() == "image":
        if part.get_content_disposition() == "inline" or part["Content-ID"]:
            mail.left_out += 1
            return
        raise Unreadable(Reason.PICTURE)
    if kind in ("text/plain", "text/html") and not is_file:
        words = _words(part)
        (plain if kind == "text/plain" else marked).append(words if kind == "text/plain" else text_of(words))
        return
    content = part.get_payload(decode=True)
    if len(mail.files) >= MAX_DOCUMENTS:
        raise Unreadable(Reason.MANY)
    mail.files.append(File(_name(part) or "document", content if isinstance(content, bytes) else b""))


def _name(part: EmailMessage) -> str:
    try:
        return str(part.get_filename() or "")
    except (ValueError, LookupError, TypeError):
        return "document"


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        return ""


def _words(part: EmailMessage) -> str:
    """Return the text of a part; with a charset that nobody knows, or a wrong one, as well as it can be read."""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    raw = raw[:_MOST_TEXT]
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return raw.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            continue
    return raw.decode("cp1252", "replace")


def _line(text: str) -> str:
    return " ".join(_clean(text).split())


def _clean(text: str) -> str:
    """Return the text without NUL, other control signs and half pairs: a database or page would not bear them."""
    kept = "".join(sign for sign in text if sign in "\n\t" or (sign >= " " and not "\ud800" <= sign <= "\udfff"))
    return re.sub("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\x7f]", "", kept)


def _tidy(text: str) -> str:
    """Return the text without signature (RFC 3676: a line of two dashes and a space) and without more than one empty
    line at a time."""
    lines = _clean(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    for number, line in enumerate(lines):
        if line.rstrip("\n") == "-- ":
            lines = lines[:number]
            break
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag in _BREAKS:
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def text_of(html: str) -> str:
    """Return the words of a page of HTML. Nothing of its markup stays, so nothing of it can act."""
    reader = _Plain()
    reader.feed(html[:_MOST_TEXT])
    reader.close()
    return "\n".join(line.strip() for line in "".join(reader.parts).split("\n"))
