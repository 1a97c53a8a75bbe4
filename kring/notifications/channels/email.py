"""By e-mail. Says that there is something, from which school, and where; never what or about whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation
from django.utils.translation import gettext as _

from kring.core.mail import Letter, write
from kring.notifications.models import Delivery

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


def send(delivery: Delivery, *, path: str, connection: BaseEmailBackend, is_urgent: bool = False) -> None:
    """Send one delivery with a link to `path`. Raises what the mail server raises (SMTPException, OSError).

    `is_urgent`: the subject asks to read it soon; still without saying what it is about.
    """
    school = {"school": delivery.school.name}
    language = delivery.user.language or settings.LANGUAGE_CODE
    with translation.override(language):
        letter = Letter(
            subject=(_("Please read soon: message from %(school)s") if is_urgent else _("New message from %(school)s"))
            % school,
            lines=[_("There is a new message for you from %(school)s.") % school],
            path=path,
            button=_("Open the message"),
            sender=delivery.school.name,
        )
    message = write(letter, to=delivery.user.email, message_id=delivery.public_id, language=language)
    if is_urgent:
        message.extra_headers["Importance"] = "high"
    connection.open()  # else the backend opens and closes one for each letter
    connection.send_messages([message])
