"""How allauth behaves here: nobody signs up, links come from the settings, mails go through the queue."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlsplit

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kring.accounts import devices, mails
from kring.accounts.actions import profile
from kring.accounts.hashers import HashingBusy
from kring.accounts.models import asks_second_factor
from kring.core.views import too_many
from kring.notifications.actions.devices import forget_devices_of
from kring.people.models import User
from kring.people.viewers import viewer_for


class AccountAdapter(DefaultAccountAdapter):
    """Signing in, by invitation only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "busy": _("Many people are signing in right now. Please try again in half a minute."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes a login without an invitation."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail in the queue: an answer takes as long for an unknown address as for a known one."""
        found = {**context, "email": email, "base_url": settings.BASE_URL}
        message = self.render_mail(template_prefix, email, found)
        mails.send_account_mail.enqueue(message.subject, message.body, email)

    def format_email_subject(self, subject: str) -> str:
        """Leave the subject as it is: no site name, no names."""
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a reset, from the configured base: a poisoned Host header changes nothing (R11)."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", quote(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the link that proves a new address, from the configured base."""
        return settings.BASE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth counts per Host and address, so that a second allowed host would give a second set of guesses.
        return str(credentials.get("email", "")).strip().lower()

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Check the credentials; when too many people wait for a hash, say so instead of joining them."""
        try:
            return super().authenticate(request, **credentials)
        except HashingBusy:
            self._rollback_login_failed_rl_usage()
            raise self.validation_error("busy") from None

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in: the session, its place in the list of sessions and the moment, written together."""
        with transaction.atomic():
            super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:  # type: ignore[override]
        """After signing in: tell who works at a school that it happened on a device that is new (R10)."""
        response = super().post_login(request, user, **more)
        if not devices.knows(request, user.pk):
            profile.tell_of_new_device(
                by=viewer_for(user, now=timezone.now()), user=user, user_agent=request.headers.get("User-Agent", "")
            )
        devices.remember(request, response, user.pk)
        return response

    def set_password(self, user: User, password: str) -> None:
        """Keep a new password and end the other sessions."""
        try:
            profile.set_password(by=viewer_for(user, now=timezone.now()), user=user, password=password)
        except HashingBusy:
            raise ImmediateHttpResponse(too_many(self.request)) from None

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Take a proved new address into use, for signing in and where the school used the old one."""
        user = email_address.user
        old = user.email
        done = super().confirm_email(request, email_address)
        if done and old != email_address.email:
            now = timezone.now()
            profile.follow_address(by=viewer_for(user, now=now), user=user, old=old, new=email_address.email)
        return done

    def logout(self, request: HttpRequest) -> None:
        """Sign out, and let this device take no push messages any more."""
        forget_devices_of(session_keys=[request.session.session_key or ""])
        super().logout(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """After signing out: the sign-in page."""
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """After changing the password: back to the profile."""
        return reverse("accounts:profile")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """After proving an address: the profile, or the sign-in page on a device that is not signed in."""
        signed_in = self.request.user.is_authenticated
        return reverse("accounts:profile" if signed_in else "account_login")


class SessionsAdapter(DefaultUserSessionsAdapter):
    """The list of sessions."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """End sessions, and let their devices take no push messages any more."""
        ended = list(sessions)
        forget_devices_of(session_keys=[session.session_key for session in ended])
        super().end_sessions(ended)


def boxes() -> MultiFernet:
    """Return what locks second-factor secrets: keys derived from the server's secret and its predecessors."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"kring.accounts.mfa" + force_bytes(key)).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class MFAAdapter(DefaultMFAAdapter):
    """Second factors and passkeys."""

    def encrypt(self, text: str) -> str:
        """Lock a secret, so that a copy of the database alone makes no codes."""
        return boxes().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Unlock a secret."""
        return boxes().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code of an authenticator app, dark on light in both themes."""
        out = BytesIO()
        # Shown as an image and not as part of the page, so that it needs its namespace.
        segno.make(url, error="m").save(out, kind="svg", scale=5, border=3, dark="#1d2823", light="#ffffff")
        return out.getvalue().decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bind passkeys to the configured host, never to what a request said."""
        return {"id": urlsplit(settings.BASE_URL).hostname or "localhost", "name": "Kring"}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """Suggest a name for a new passkey."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("This device") if count == 0 else gettext("Device {number}").format(number=count + 1)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last second factor of somebody who must have one."""
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=kinds).exclude(
            pk=authenticator.pk
        )
        if others.exists() or authenticator.type not in kinds:
            return True
        return not asks_second_factor(viewer_for(authenticator.user, now=timezone.now()))
