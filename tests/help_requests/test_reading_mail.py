"""What a mail says, however it was made: text and documents, or a reason. Never an error of ours."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kring.help_requests.mail.reading import Reason, Unreadable, read_mail, text_of
from tests.files import papers
from tests.help_requests import mails

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def refused(raw: bytes) -> Reason:
    with pytest.raises(Unreadable) as caught:
        read_mail(raw)
    return caught.value.reason


def test_text_and_documents_are_read() -> None:
    mail = read_mail(mails.with_pdf())
    assert (mail.title, mail.text) == ("Soep koken", mails.WORDS)
    assert [(file.name, file.content) for file in mail.files] == [("Hulplijst.pdf", papers.pdf())]


def test_a_mail_of_html_alone_is_read_as_its_words() -> None:
    text = read_mail(mails.html_only()).text
    assert "Wie helpt donderdag?" in text
    assert "- snijden" in text
    assert "alert" not in text
    assert "color" not in text
    assert "<" not in text


def test_of_two_ways_to_say_it_the_plain_one_counts() -> None:
    mail = mails.plain("Gewone tekst")
    mail.add_alternative("<p>Opgemaakte tekst</p>", subtype="html")
    assert read_mail(mail.as_bytes()).text == "Gewone tekst"


def test_a_signature_is_left_off() -> None:
    assert read_mail(mails.plain("Wie helpt?\n\n-- \nSanne\n06-00000000\n").as_bytes()).text == "Wie helpt?"


@pytest.mark.parametrize(
    ("name", "raw", "text"),
    [
        ("utf-8", "café".encode(), "café"),
        ("iso-8859-15", "café €".encode("iso-8859-15"), "café €"),
        ("bestaat-niet", "café".encode(), "café"),
        ("bestaat-niet", "café".encode("cp1252"), "café"),
        ("utf-8", b"caf\xe9", "café"),
        ("utf-7", "café".encode(), "café"),
    ],
)
def test_a_bad_charset_is_read_as_well_as_it_can_be(name: str, raw: bytes, text: str) -> None:
    assert read_mail(mails.in_charset(name, raw)).text == text


def test_nul_bytes_and_signs_that_turn_words_around_are_left_out() -> None:
    assert read_mail(mails.in_charset("utf-8", "So\x00ep \u202ekoken\x07".encode())).text == "Soep koken"


@pytest.mark.parametrize("depth", [12, 200, 5000])
def test_a_mail_that_is_nested_deep_is_refused(depth: int) -> None:
    assert refused(mails.nested(depth)) in (Reason.DEEP, Reason.BROKEN)


def test_too_many_parts_are_refused() -> None:
    mail = mails.plain()
    for number in range(80):
        mail.add_attachment(b"x", maintype="text", subtype="plain", filename=f"{number}.txt")
    assert refused(mail.as_bytes()) in (Reason.DEEP, Reason.MANY)


def test_a_picture_that_is_attached_is_refused_and_one_in_the_text_is_left_out() -> None:
    assert refused(mails.with_file(PNG, "foto.png", "image/png").as_bytes()) == Reason.PICTURE
    inline = mails.with_file(PNG, "logo.png", "image/png", disposition="inline", cid="<logo>")
    mail = read_mail(inline.as_bytes())
    assert (mail.left_out, mail.files) == (1, [])


def test_a_mail_in_a_mail_an_empty_one_and_one_of_a_machine_are_refused() -> None:
    outer = mails.plain()
    outer.add_attachment(mails.plain("binnenin"))
    assert refused(outer.as_bytes()) == Reason.MESSAGE
    assert refused(mails.plain("  \n").as_bytes()) == Reason.EMPTY
    assert refused(b"") == Reason.EMPTY
    away = mails.plain("Ik ben er even niet")
    away["Auto-Submitted"] = "auto-replied"
    assert refused(away.as_bytes()) == Reason.AUTOMATIC
    several = mails.plain("Nieuwsbrief")
    several["List-Id"] = "<nieuws.example.org>"
    assert refused(several.as_bytes()) == Reason.AUTOMATIC


def test_header_lines_that_are_broken_break_nothing() -> None:
    raw = b"From: =?x?q?=ff?= <\r\nSubject: =?utf-8?b?$$$?=\r\nContent-Type: ;;;===\r\n\r\nWie helpt?\r\n"
    assert read_mail(raw).text == "Wie helpt?"


@given(some.binary(max_size=2_000))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert len(read_mail(raw).text) <= len(raw) * 4


@given(some.text(max_size=500))
def test_any_html_is_read_as_words_without_markup(html: str) -> None:
    assert isinstance(text_of(f"<p>{html}</p>"), str)
