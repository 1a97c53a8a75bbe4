"""allauth's views where Kring answers a little differently."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from kring.accounts.models import is_demo, only_school
from kring.core.http import Request

GONE = 410
TOO_MANY = 429


class LoginView(account.LoginView):
    """The sign-in page: address and password, a mailed code, a passkey; in a demo also its accounts."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the name over the door, and whether this is a demo."""
        return {**super().get_context_data(**kwargs), "is_demo": is_demo(), "school": only_school()}


class LogoutView(account.LogoutView):
    """Sign out, and let the browser forget what it kept of Kring (R5). Cookies of others on this host stay."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out."""
        response = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


@method_decorator(never_cache, name="dispatch")
class ResetFromKeyView(account.PasswordResetFromKeyView):
    """The page behind the link of a reset. A link that was used, or is older than an hour, is 410."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Say with the status what the page says in words."""
        if context.get("token_fail"):
            kwargs["status"] = GONE
        return super().render_to_response(context, **kwargs)


class RequestCodeView(account.RequestLoginCodeView):
    """Ask for a code by mail. Too many in a row is 429, with the form and what was typed."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Say with the status what the form says in words."""
        response = super().form_invalid(form)
        if form.has_error("email", "too_many_login_attempts"):
            response.status_code = TOO_MANY
        return response


@login_not_required
def closed(request: Request) -> HttpResponse:
    """Nobody signs up: people are invited. allauth wants the name to exist."""
    raise Http404


login = LoginView.as_view()
logout = LogoutView.as_view()
request_code = RequestCodeView.as_view()
reset_from_key = ResetFromKeyView.as_view()
