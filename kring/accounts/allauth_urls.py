"""allauth's addresses, under account/. Ours come first; signing up is closed."""

from __future__ import annotations

from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path

from kring.accounts.views import entrance

urlpatterns = [
    path("login/", entrance.login, name="account_login"),
    path("logout/", entrance.logout, name="account_logout"),
    path("login/code/", entrance.request_code, name="account_request_login_code"),
    path("signup/", entrance.closed, name="account_signup"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        entrance.reset_from_key,
        name="account_reset_password_from_key",
    ),
    # allauth does not mark this one as public, and a passkey is shown by somebody who is not signed in yet.
    path("2fa/webauthn/login/", login_not_required(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
