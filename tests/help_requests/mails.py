"""Mails made for tests: right ones and hostile ones."""

from __future__ import annotations

from email.message import EmailMessage

from tests.files import papers

WORDS = "Wie helpt donderdag met soep koken?"


def plain(text: str = WORDS, *, subject: str = "Soep koken", sender: str = "sanne@example.org") -> EmailMessage:
    """Return a mail of text alone."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "hulp@example.org", subject
    mail.set_content(text)
    return mail


def with_file(content: bytes, name: str, kind: str = "application/pdf", **more: str) -> EmailMessage:
    """Return a mail with a file; what the kind says is not asked anywhere."""
    mail = plain()
    main, sub = kind.split("/")
    mail.add_attachment(content, maintype=main, subtype=sub, filename=name, **more)
    return mail


def with_pdf() -> bytes:
    return with_file(papers.pdf(), "Hulplijst.pdf").as_bytes()


def html_only() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "sanne@example.org", "hulp@example.org", "Soep koken"
    mail.set_content(
        "<html><head><style>p{color:red}</style><title>x</title></head><body><p>Wie helpt <b>donderdag</b>?</p>"
        "<script>alert(1)</script><ul><li>snijden</li><li>roeren</li></ul></body></html>",
        subtype="html",
    )
    return mail.as_bytes()


def nested(depth: int) -> bytes:
    """Return a mail with multiparts in multiparts."""
    head = b"From: a@example.org\r\nSubject: diep\r\nMIME-Version: 1.0\r\n"
    opened = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
    return head + opened + b"Content-Type: text/plain\r\n\r\nonderin\r\n"


def in_charset(name: str, raw: bytes) -> bytes:
    head = f"From: a@example.org\r\nSubject: taal\r\nContent-Type: text/plain; charset={name}\r\n"
    return head.encode() + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + raw
