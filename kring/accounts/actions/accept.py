"""Accepting an invitation: single use, and bound to the address it was made for."""

from __future__ import annotations

from enum import StrEnum

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.accounts.actions.invites import attach, forget_login_without_person
from kring.accounts.models import Invite, login_of
from kring.accounts.rules import InviteState, same_address
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.people.models import User


class Outcome(StrEnum):
    """What came of accepting."""

    JOINED = "joined"
    WAITING = "waiting"


@transaction.atomic
def accept_invite(*, by: Viewer, invite: Invite, user: User) -> Outcome:
    """Attach the invited person to `user`, or ask the office first when the address is not the invited one.

    The caller has proved that `user` is the one acting: signed in, or just made with an address that was proved.
    Raises Refused when the invitation was used, withdrawn or has expired, also when that happened a moment ago.
    """
    require(user.is_active and by.user_id in (None, user.pk))
    if fits(invite=invite, user=user):
        waiting = Invite.objects.filter(pk=invite.pk).values_list("claimed_by_id", flat=True).first()
        changed = (
            Invite.objects.usable(by.now)
            .filter(pk=invite.pk)
            .update(used_at=by.now, used_by=user, claimed_at=None, claimed_by=None)
        )
        if changed != 1:
            raise Refused(sentence_for(invite=invite, by=by))
        attach(by=by, person=invite.person, user=user)
        if waiting != user.pk:
            forget_login_without_person(user_id=waiting)
        _record(by=by, invite=invite, user=user, what="accounts.accepted")
        return Outcome.JOINED
    changed = (
        Invite.objects.usable(by.now)
        .filter(pk=invite.pk, claimed_at__isnull=True)
        .update(claimed_at=by.now, claimed_by=user)
    )
    if changed != 1:
        raise Refused(sentence_for(invite=invite, by=by))
    _record(by=by, invite=invite, user=user, what="accounts.claimed")
    return Outcome.WAITING


def fits(*, invite: Invite, user: User) -> bool:
    """Say whether `user` has the address that was invited. Paper for somebody without a known address fits anyone."""
    if not invite.email:
        return True
    proved = {user.email, *EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)}
    return any(same_address(invite.email, address) for address in proved)


def join(*, by: Viewer, invite: Invite, email: str, password: str, language: str) -> tuple[User, Outcome]:
    """Make a login for `email`, which was proved, and accept `invite` with it; both or neither.

    An empty `password` gives a login that uses mailed codes or a passkey. Raises Refused as accept_invite does, and
    when the address has a login already.
    """
    # Hashing takes tens of milliseconds: before the transaction, so that it does not keep the database waiting.
    hashed = make_password(password or None)
    return _join(by=by, invite=invite, email=email.strip().lower(), hashed=hashed, language=language)


@transaction.atomic
def _join(*, by: Viewer, invite: Invite, email: str, hashed: str, language: str) -> tuple[User, Outcome]:
    known = _("This address has a login already. Sign in, and open the invitation again.")
    if login_of(email) is not None:
        raise Refused(known)
    try:
        with transaction.atomic():
            user = User.objects.create(email=email, password=hashed, language=language, date_joined=by.now)
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    except IntegrityError:
        raise Refused(known) from None
    return user, accept_invite(by=by, invite=invite, user=user)


def sentence_for(*, invite: Invite, by: Viewer) -> str:
    """Return why `invite` cannot be used, read again, in a sentence without any name."""
    fresh = Invite.objects.filter(pk=invite.pk).first()
    state = fresh.state(by.now) if fresh else InviteState.WITHDRAWN
    return {
        InviteState.USED: _("This invitation was used before. An invitation works once."),
        InviteState.WITHDRAWN: _("This invitation no longer works: the school withdrew it or sent a newer one."),
        InviteState.EXPIRED: _("This invitation has expired. An invitation works for 14 days."),
        InviteState.WAITING: _("Somebody asked to use this invitation; the office must answer first."),
        InviteState.OPEN: _("This invitation was used a moment ago."),
    }[state]


def _record(*, by: Viewer, invite: Invite, user: User, what: str) -> None:
    event = audit.record(by=by, what=what, about=invite, way=invite.way)
    if event.user_id is None:
        # Whoever accepts is nobody yet when the request begins.
        type(event).objects.filter(pk=event.pk).update(user_id=user.pk)
