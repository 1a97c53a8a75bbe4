"""What somebody changes about herself: telephone, language, password, address, sessions."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kring.accounts import mails
from kring.accounts.permissions import can_edit_own
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.devices import device_name
from kring.core.viewer import Viewer
from kring.notifications.actions.devices import forget_devices_of
from kring.people.models import Person, User


@transaction.atomic
def change_phone(*, by: Viewer, person: Person, phone: str) -> None:
    """Set the telephone number under which the school reaches `person`; empty takes it away."""
    require(can_edit_own(by, person))
    Person.objects.filter(pk=person.pk).update(phone=phone)
    audit.record(by=by, what="accounts.phone_changed", about=person)


def choose_language(*, by: Viewer, language: str) -> None:
    """Remember the language of the signed-in viewer; nothing is written for somebody signed out.

    Raises Refused when Kring does not speak `language`.
    """
    if language not in dict(settings.LANGUAGES):
        raise Refused(_("Kring does not speak that language."))
    if by.user_id is not None:
        User.objects.filter(pk=by.user_id).update(language=language)


def set_password(*, by: Viewer, user: User, password: str) -> None:
    """Give `user` a new password and end her sessions elsewhere; reset links that were mailed stop working too.

    The caller has proved who is acting: by the old password, or by a link that was mailed to her.
    """
    user.set_password(password)  # the hash is made before the transaction, so that nobody waits for it
    _keep_password(by=by, user=user)


@transaction.atomic
def _keep_password(*, by: Viewer, user: User) -> None:
    User.objects.filter(pk=user.pk).update(password=user.password, session_epoch=F("session_epoch") + 1)
    user.session_epoch = User.objects.values_list("session_epoch", flat=True).get(pk=user.pk)
    audit.record(by=by, what="accounts.password_changed", about=user)


@transaction.atomic
def follow_address(*, by: Viewer, user: User, old: str, new: str) -> None:
    """After a proved change of login address: reach the person there as well, where the school used the old one."""
    Person.objects.filter(user=user, email__iexact=old).update(email=new)
    audit.record(by=by, what="accounts.address_changed", about=user)


def touch_session(*, session_key: str, now: datetime) -> None:
    """Note that a session was used at `now`, for the list of sessions. Called rarely, by the middleware."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=now)


@transaction.atomic
def end_session(*, by: Viewer, session_id: int) -> None:
    """End one of the viewer's own sessions. Raises Refused when it has ended already."""
    session = UserSession.objects.filter(pk=session_id, user_id=by.user_id).first()
    if by.user_id is None or session is None:
        raise Refused(_("This session has ended already."))
    forget_devices_of(session_keys=[session.session_key])
    session.end()
    audit.record(by=by, what="accounts.session_ended")


def tell_of_new_device(*, by: Viewer, user: User, user_agent: str) -> None:
    """Mail somebody who works at a school that her login was used on a device that is new. Parents are not mailed:
    they sign in seldom, on the phone that they always have.
    """
    if by.staff_school_ids or by.administered_board_ids:
        mails.mail(
            "new_device",
            to=user.email,
            language=user.language,
            browser=device_name(user_agent),
            at=timezone.localtime(by.now),
        )
