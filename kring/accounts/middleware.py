"""How long a session lasts, and who must have a second factor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kring.accounts import rules
from kring.accounts.actions.profile import touch_session
from kring.accounts.models import asks_second_factor
from kring.core.http import Request

Handler = Callable[[Request], HttpResponse]
SIGNED_OUT = 401
SINCE, SEEN = "kring.since", "kring.seen"

# What somebody without a second factor may still reach: setting one up, proving who she is, language, signing out.
OPEN_WITHOUT_SECOND_FACTOR = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "accounts:language",
    }
)


def is_public(view: Any) -> bool:
    """Say whether a view is served to people who are not signed in."""
    return not getattr(view, "login_required", True)


def is_part_of_a_page(request: HttpRequest) -> bool:
    """Say whether a script asks on behalf of a page that is open: then the page must stay, with what was typed."""
    return request.headers.get("HX-Request") == "true"


def is_by_itself(request: HttpRequest) -> bool:
    """Say whether an open page asks without anybody having touched it: that does not count as using the session."""
    return request.headers.get("X-Kring-By-Itself") == "yes"


class SignedInMiddleware(LoginRequiredMiddleware):
    """Lead to the sign-in page, which leads back; a script of an open page hears 401, and the page says what to do."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        """Answer somebody who is not signed in; let everybody else through."""
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None and is_part_of_a_page(request):
            return HttpResponse(status=SIGNED_OUT)
        return answer


class SessionLengthMiddleware:
    """End a session that is older, or longer idle, than its role allows (security.md).

    The session holds when it began and when it was last used; the last is written at most every ten minutes.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Leave the work to `process_view`."""
        return self.get_response(request)

    def process_view(self, request: Request, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Look at the session before the view runs; by then `request.viewer` is there."""
        if not request.user.is_authenticated:
            return None
        now = timezone.now()
        since, seen = moment(request, SINCE, now), moment(request, SEEN, now)
        # The strictest limits first: as long as they hold, nobody's roles are needed.
        if rules.session_is_over(now=now, since=since, seen=seen, limits=rules.WORK_LIMITS):
            limits = rules.session_limits(request.viewer.roles)
            if rules.session_is_over(now=now, since=since, seen=seen, limits=limits):
                return self.ended(request, view)
        if is_by_itself(request):
            limits = rules.session_limits(request.viewer.roles)
            request.session_ends = rules.session_end(since=since, seen=seen, limits=limits)
        elif SINCE not in request.session or now - seen >= rules.TOUCH_EVERY:
            request.session[SINCE] = since.timestamp()
            request.session[SEEN] = now.timestamp()
            if request.session.session_key:
                touch_session(session_key=request.session.session_key, now=now)
        return None

    @staticmethod
    def ended(request: Request, view: Any) -> HttpResponse | None:
        """Sign out and lead to the sign-in page, which leads back here."""
        logout(request)
        if is_public(view):
            return None
        if is_part_of_a_page(request):
            return HttpResponse(status=SIGNED_OUT)
        messages.info(request, _("You have been signed out, because it was a while ago. Sign in again to go on."))
        back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
        return redirect(reverse("account_login") + back)


def moment(request: Request, key: str, default: datetime) -> datetime:
    """Return the aware moment that the session keeps under `key`, else `default`."""
    stored = request.session.get(key)
    return datetime.fromtimestamp(stored, UTC) if isinstance(stored, int | float) else default


class SecondFactorMiddleware:
    """Send office, management and board administrators to setting up a second factor where the school asks for it.

    Who signed in with one costs no query; a parent costs none either.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Leave the work to `process_view`."""
        return self.get_response(request)

    def process_view(self, request: Request, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer with the set-up page, or let the request through."""
        if not request.user.is_authenticated or is_public(view) or self.is_open(request):
            return None
        if signed_in_with_second_factor(request) or not asks_second_factor(request.viewer):
            return None
        if has_second_factor(request):
            return None
        page = f"{reverse('mfa_index')}?needed=1"
        if is_part_of_a_page(request):
            return HttpResponse(headers={"HX-Redirect": page})
        return redirect(page)

    @staticmethod
    def is_open(request: Request) -> bool:
        """Say whether the address serves somebody who has no second factor yet."""
        match = request.resolver_match
        name = match.view_name if match else ""
        return name.startswith("mfa_") or name in OPEN_WITHOUT_SECOND_FACTOR


def signed_in_with_second_factor(request: Request) -> bool:
    """Say whether this session was opened with a passkey, a code of an app, or a recovery code."""
    from allauth.account.internal.flows.login import get_authentication_records

    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def has_second_factor(request: Request) -> bool:
    """Say whether the signed-in user has a second factor: then this session was just used to make it."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import is_mfa_enabled

    return is_mfa_enabled(request.user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
