"""The mail server: what comes in becomes a draft of who owns the address, and everything else is refused in the
dialogue. Nothing is ever sent back."""

from __future__ import annotations

import asyncio
import io
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core import mail as outgoing
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from pytest_django.fixtures import Settings

from kring.core.serve import Supervisor
from kring.files.models import Document
from kring.help_requests import actions
from kring.help_requests.mail import server
from kring.help_requests.mail.addressing import address_of, token_in
from kring.help_requests.models import HelpRequest
from kring.help_requests.rules import MAX_WAITING_DRAFTS
from kring.notifications.models import Notice
from kring.people.models import TeamRole
from tests.agreements.making import publish
from tests.cast import TODAY, Cast
from tests.files import papers
from tests.help_requests import mails
from tests.help_requests.asking import address

pytestmark = pytest.mark.django_db(transaction=True)
EXE = b"MZ\x90\x00" + b"\x00" * 400


@contextmanager
def listening() -> Iterator[int]:
    """Run the server as it is run, on a free port, in a thread of its own."""
    ready, stop = threading.Event(), threading.Event()
    found: list[int] = []

    async def run() -> None:
        door = await asyncio.get_running_loop().create_server(server.make_door, "127.0.0.1", 0)
        found.append(door.sockets[0].getsockname()[1])
        ready.set()
        while not stop.is_set():
            await asyncio.sleep(0.02)
        door.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield found[0]
    stop.set()
    thread.join(10)


@pytest.fixture
def port(settings: Settings) -> Iterator[int]:
    """Return the port on which it listens."""
    settings.MAIL_INTAKE_DOMAIN = "hulp.example.org"
    with listening() as found:
        yield found
    connections.close_all()


def send(port: int, to: str, raw: bytes, *, sender: str = "sanne@example.org") -> tuple[int, str]:
    """Send a mail and return the answer to it, or to the step at which it was refused."""
    raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.ehlo("mail.example.org")
        for step in (lambda: client.mail(sender, [f"size={len(raw)}"]), lambda: client.rcpt(to)):
            code, said = step()
            if code != 250:
                return code, said.decode()
        code, said = client.data(raw)
        return code, said.decode()


def test_a_mail_to_a_council_members_address_is_a_draft_that_waits_for_her(cast: Cast, port: int) -> None:
    made = address(cast)
    code, said = send(port, address_of(made.token), mails.with_pdf())
    assert code == 250, said
    request = HelpRequest.objects.get()
    assert (request.state, request.source) == ("draft", "mail")
    assert (request.title, request.text) == ("Soep koken", mails.WORDS)
    assert request.asked_by == cast.people["parent_council"]
    assert request.documents.get().document.name == "Hulplijst.pdf"
    assert Notice.objects.get(kind="help_requests.mail_came").subject_id == request.pk
    assert not HelpRequest.objects.visible_to(cast.viewer("office")).exists()


def test_who_it_says_it_is_from_proves_nothing(cast: Cast, port: int) -> None:
    made = address(cast)
    forged = mails.plain(sender="directie@example.org").as_bytes()
    assert send(port, address_of(made.token), forged, sender="directie@example.org")[0] == 250
    request = HelpRequest.objects.get()
    assert request.asked_by == cast.people["parent_council"]
    assert request.state == "draft"
    owner = cast.people["parent_council"].email or "sanne@example.org"
    stranger = f"hulp-{'a' * 26}@hulp.example.org"
    assert send(port, stranger, mails.plain(sender=owner).as_bytes(), sender=owner)[0] == 550
    assert HelpRequest.objects.count() == 1


@pytest.mark.parametrize("to", ["hulp-{}@hulp.example.org", "hulp-kort@hulp.example.org", "iemand@elders.example.org",
                                "postmaster@hulp.example.org", "hulp-{}@elders.example.org"])  # fmt: skip
def test_unknown_addresses_and_other_domains_are_refused_alike(cast: Cast, port: int, to: str) -> None:
    code, said = send(port, to.format("x" * 26), mails.plain().as_bytes())
    assert code == 550
    assert "Dit adres bestaat niet" in said
    assert not outgoing.outbox


def test_an_address_ends_with_the_role_with_renewing_and_with_the_agreement(cast: Cast, port: int) -> None:
    made = address(cast)
    to = address_of(made.token)
    assert send(port, to.upper(), mails.plain().as_bytes())[0] == 250
    new = actions.renew_address(by=cast.viewer("parent_council"), address=made)
    assert send(port, to, mails.plain().as_bytes())[0] == 550
    assert send(port, address_of(new.token), mails.plain().as_bytes())[0] == 250
    role = TeamRole.objects.filter(person=cast.people["parent_council"])
    role.update(ends_on=TODAY - timedelta(1))
    assert send(port, address_of(new.token), mails.plain().as_bytes())[0] == 550
    role.update(ends_on=None)
    assert send(port, address_of(new.token), mails.plain().as_bytes())[0] == 250
    publish(cast, {"council_requests.way": "off"})
    assert send(port, address_of(new.token), mails.plain().as_bytes())[0] == 550


def test_a_mail_of_thirty_megabytes_is_refused_before_and_while_it_comes(cast: Cast, port: int) -> None:
    to, raw = address_of(address(cast).token), mails.plain().as_bytes().replace(b"\n", b"\r\n")
    big = raw + (b"y" * 990 + b"\r\n") * 31_000
    assert send(port, to, big)[0] == 552
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:  # says nothing of its size
        client.ehlo("mail.example.org")
        client.mail("sanne@example.org")
        client.rcpt(to)
        assert client.data(big)[0] == 552
    assert not HelpRequest.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (EXE, "hulplijst.exe"),
        (EXE, "hulplijst.pdf"),
        (b"<html><script>alert(1)</script></html>", "uitleg.html"),
        (papers.office("docx", macro_type=True), "brief.docx"),
        (b"zomaar wat tekst", "tekst.txt"),
        (b"", "leeg.pdf"),
    ],
)
def test_a_file_that_is_no_document_is_refused_and_nothing_of_the_mail_stays(
    cast: Cast, port: int, content: bytes, name: str
) -> None:
    mail = mails.with_file(papers.pdf(), "goed.pdf")
    mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    code, said = send(port, address_of(address(cast).token), mail.as_bytes())
    assert code == 550
    assert said.isascii()
    assert not HelpRequest.objects.exists()
    assert not Document.objects.exists()
    assert not outgoing.outbox


@pytest.mark.parametrize("raw", [mails.nested(50), mails.plain(" ").as_bytes()])
def test_a_nested_and_an_empty_mail_are_refused(cast: Cast, port: int, raw: bytes) -> None:
    assert send(port, address_of(address(cast).token), raw)[0] == 550
    assert not HelpRequest.objects.exists()


def test_the_empty_sender_of_delivery_reports_is_refused(cast: Cast, port: int) -> None:
    assert send(port, address_of(address(cast).token), mails.plain().as_bytes(), sender="<>")[0] == 550


def test_a_second_recipient_waits_for_a_mail_of_its_own(cast: Cast, port: int) -> None:
    first, second = address_of(address(cast).token), address_of(address(cast, "class_parent").token)
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.ehlo("mail.example.org")
        client.mail("sanne@example.org")
        assert client.rcpt(first)[0] == 250
        assert client.rcpt(second)[0] == 452
        assert client.data(mails.plain().as_bytes())[0] == 250
    assert HelpRequest.objects.get().asked_by == cast.people["parent_council"]


def test_an_address_that_nobody_looks_at_takes_no_more(cast: Cast, port: int) -> None:
    made = address(cast)
    for _number in range(MAX_WAITING_DRAFTS):
        actions.take_in_mail(token=made.token, now=timezone.now(), title="Nog een", text="Wie?")
    assert send(port, address_of(made.token), mails.plain().as_bytes())[0] == 452
    HelpRequest.objects.first().delete()  # type: ignore[union-attr]
    assert send(port, address_of(made.token), mails.plain().as_bytes())[0] == 250


def test_when_something_fails_here_the_senders_server_tries_again(
    cast: Cast, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("schijf vol")

    to = address_of(address(cast).token)
    monkeypatch.setattr(server, "take_in_mail", broken)
    assert send(port, to, mails.plain().as_bytes())[0] == 451


def test_only_so_many_connections_at_a_time(cast: Cast, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST_OPEN", 2)
    monkeypatch.setattr(server.Door, "open", 0)
    held = [smtplib.SMTP("127.0.0.1", port, timeout=30) for _number in range(2)]
    with pytest.raises(smtplib.SMTPConnectError) as refused:
        smtplib.SMTP("127.0.0.1", port, timeout=30)
    assert refused.value.smtp_code == 421
    for client in held:
        client.quit()


def test_a_line_of_the_dialogue_is_plain_and_short() -> None:
    said = server.line(550, "5.7.1", "Eén\r\nfoto’s " + "x" * 900)
    assert said.isascii()
    assert "\n" not in said
    assert len(said) < 420


def test_a_token_is_read_from_addresses_of_ours_only(settings: Settings) -> None:
    settings.MAIL_INTAKE_DOMAIN = "hulp.example.org"
    good = "a" * 26
    assert token_in(f"Hulp-{good.upper()}@HULP.example.org") == good
    broken = f"hulp-{good[:-1]}é@hulp.example.org"
    for other in (f"{good}@hulp.example.org", f"hulp-{good}@example.org", f"hulp-{good}", "", "@", broken):
        assert token_in(other) == ""


@pytest.mark.parametrize(("number", "more", "found"), [(8025, [], True), (0, [], False), (8025, ["--no-mail"], False)])
def test_serve_takes_mail_in_beside_pages_and_worker_where_it_is_set(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, number: int, more: list[str], found: bool
) -> None:
    started: list[str] = []
    monkeypatch.setattr(Supervisor, "run", lambda self: started.extend(self.commands) or 0)
    settings.MAIL_INTAKE_PORT = number
    call_command("serve", *more, stdout=io.StringIO())
    assert ("mail" in started) == found
    assert {"web", "worker"} <= set(started)


def test_a_port_that_is_taken_is_waited_for(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.MAIL_INTAKE_DOMAIN = "hulp.example.org"
    monkeypatch.setattr(server, "TRY_AGAIN", 0.05)
    taken = socket.create_server(("127.0.0.1", 0))
    number = taken.getsockname()[1]

    async def run() -> bool:
        monkeypatch.setattr(asyncio.get_running_loop(), "add_signal_handler", lambda *args: None, raising=False)
        serving = asyncio.create_task(server.serve("127.0.0.1", number))
        await asyncio.sleep(0.2)
        assert not serving.done(), "it does not fall over"
        taken.close()
        for _time in range(100):
            await asyncio.sleep(0.05)
            try:
                _reader, writer = await asyncio.open_connection("127.0.0.1", number)
            except OSError:
                continue
            writer.close()
            serving.cancel()
            return True
        return False

    assert asyncio.run(run())
