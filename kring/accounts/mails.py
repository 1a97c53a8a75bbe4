"""The mails of this room: text only, no name in a subject, every link from the configured base."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django_tasks import task

from kring.accounts.models import Invite


@task()
def send_account_mail(subject: str, body: str, to: str) -> None:
    """Send one mail, by the worker. A sign-in takes as long for an unknown address as for a known one."""
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to]).send()


@task()
def send_invitation(invite_id: int) -> None:
    """Mail the link of an invitation, unless it was used or withdrawn meanwhile.

    The code is made here, so that it stands neither in the table of tasks nor in the table of invitations.
    """
    invite = Invite.objects.unfinished().filter(pk=invite_id).select_related("school", "person__board").first()
    if invite is None or not invite.email:
        return
    place = invite.school or invite.person.board
    subject, body = written("invitation", "", {"invite": invite, "place": place, "days": days_of(invite)})
    send_account_mail.func(subject, body, invite.email)


def days_of(invite: Invite) -> int:
    """Return how many days the invitation works in all."""
    return (invite.expires_at - invite.made_at).days


def written(name: str, language: str, context: dict[str, Any]) -> tuple[str, str]:
    """Return subject and body of the mail `name`; without a `language` in Dutch and then in English.

    Somebody who has no login yet has not chosen a language either.
    """
    languages = [language] if language in dict(settings.LANGUAGES) else [code for code, _name in settings.LANGUAGES]
    subjects, bodies = [], []
    for code in languages:
        with translation.override(code):
            found = {**context, "base_url": settings.BASE_URL}
            subjects.append(" ".join(render_to_string(f"accounts/email/{name}_subject.txt", found).split()))
            bodies.append(render_to_string(f"accounts/email/{name}_message.txt", found).strip())
    return " / ".join(dict.fromkeys(subjects)), "\n\n* * *\n\n".join(dict.fromkeys(bodies)) + "\n"


def mail(name: str, *, to: str, language: str = "", **context: Any) -> None:
    """Put the mail `name` for `to` in the queue; it goes out after the transaction is kept."""
    subject, body = written(name, language, context)
    send_account_mail.enqueue(subject, body, to)
