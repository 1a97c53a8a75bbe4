"""By e-mail. Says that there is something, from which school, and where; never what or about whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kring.core.mail import Letter, write
from kring.notifications.channels.parcel import Outcome, Parcel
from kring.notifications.unsubscribing import unsubscribe_path
from kring.notifications.wording import topic_counts

SECONDS_FOR_A_SERVER = 20


@contextmanager
def mailbox() -> Iterator[BaseEmailBackend]:
    """Give one connection to the mail server for a whole batch. Opened at the first letter, closed at the end."""
    options: dict[str, Any] = {"timeout": SECONDS_FOR_A_SERVER} if "smtp" in settings.EMAIL_BACKEND else {}
    connection = get_connection(**options)
    try:
        yield connection
    finally:
        connection.close()


def send_all(parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, Outcome | Exception]]:
    """Send one letter after another over one connection; yield each with how it went.

    Whatever goes wrong with one is tried again later, because the others must not wait behind it.
    """
    with mailbox() as connection:
        for parcel in parcels:
            if not parcel.user.email:
                yield parcel, Outcome.UNREACHABLE
                continue
            try:
                send(parcel, connection=connection)
            except DatabaseError:
                raise
            except Exception as problem:
                connection.close()  # the next one opens it afresh
                yield parcel, problem
            else:
                yield parcel, Outcome.SENT


def send(parcel: Parcel, *, connection: BaseEmailBackend) -> None:
    """Send one letter with a link. Raises what the mail server raises (SMTPException, OSError)."""
    language = parcel.user.language or settings.LANGUAGE_CODE
    with translation.override(language):
        letter = letter_for(parcel)
    message = write(letter, to=parcel.user.email, message_id=parcel.key, language=language)
    if parcel.is_urgent:
        message.extra_headers["Importance"] = "high"
    connection.open()  # else the backend opens and closes one for each letter
    connection.send_messages([message])


def letter_for(parcel: Parcel) -> Letter:
    """Return what the letter says, in the active language: how many messages of which sort, and where to read them."""
    school = {"school": parcel.school.name, "number": parcel.number}
    subject = _("New message from %(school)s") % school
    lines, button = [_("There is a new message for you from %(school)s.") % school], _("Open the message")
    if parcel.outside is not None:
        subject, lines, button = parcel.outside.subject, [parcel.outside.line], parcel.outside.button
    elif parcel.is_digest:
        subject = _("Overview of %(school)s") % school
        line = ngettext(
            "There is %(number)s message from %(school)s that you have not read yet.",
            "There are %(number)s messages from %(school)s that you have not read yet.",
            parcel.number,
        )
        lines, button = [line % school, *topic_counts(parcel.topics)], _("Read them in Kring")
    elif parcel.number > 1:
        subject = _("%(number)s new messages from %(school)s") % school
        lines = [_("There are %(number)s new messages for you from %(school)s.") % school, *topic_counts(parcel.topics)]
        button = _("Read them in Kring")
    if parcel.is_urgent:
        subject = _("Please read soon: message from %(school)s") % school
    return Letter(
        subject=subject,
        lines=lines,
        path=parcel.path,
        button=button,
        sender=parcel.school.name,
        # What the school must be able to say to everybody cannot be turned off, so it does not offer that.
        unsubscribe="" if parcel.is_urgent else unsubscribe_path(parcel),
    )
