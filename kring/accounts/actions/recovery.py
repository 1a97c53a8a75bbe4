"""Helping somebody who cannot sign in any more: a lost phone, a lost mailbox. Always by somebody else."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from kring.accounts import mails
from kring.accounts.permissions import can_help_sign_in
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.people.actions import end_sessions
from kring.people.models import Person


@transaction.atomic
def remove_second_factor(*, by: Viewer, person: Person) -> None:
    """Remove the passkeys, app and recovery codes of the person's login, and end her sessions; she hears it by mail.

    Password or mailed code stay, so whoever asks still needs her mailbox. Raises Refused when there is none.
    """
    require(can_help_sign_in(by, person))
    user = person.user
    if user is None or not Authenticator.objects.filter(user=user).exists():
        raise Refused(_("This person has no second step at sign-in."))
    Authenticator.objects.filter(user=user).delete()
    end_sessions(person)
    audit.record(by=by, what="accounts.second_factor_removed", about=person)
    mails.mail("factor_removed", to=user.email, language=user.language)


@transaction.atomic
def let_go_of_login(*, by: Viewer, person: Person) -> None:
    """Take the person off her login, so that she can be invited again, at another address. Her sessions end now.

    The login itself stays, for her other schools; without any person it shows nothing. The old address hears it.
    """
    require(can_help_sign_in(by, person))
    user = person.user
    if user is None:
        raise Refused(_("This person has not joined."))
    end_sessions(person)
    Person.objects.filter(pk=person.pk).update(user=None, joined_at=None)
    audit.record(by=by, what="accounts.login_let_go", about=person)
    mails.mail("login_let_go", to=user.email, language=user.language)
