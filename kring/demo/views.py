"""One tap to sign in, on a demo database only."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from kring.core.http import Request
from kring.demo.accounts import demo_accounts
from kring.people.models import User


@login_not_required
@require_POST
def sign_in(request: Request) -> HttpResponse:
    """Sign in as one of the offered demo accounts; 404 for anybody else and in every real installation."""
    wanted = request.POST.get("person", "")
    if wanted not in {account.public_id for account in demo_accounts()}:
        raise Http404
    user = get_object_or_404(User, persons__public_id=wanted)
    # The way every other sign-in goes, so that the session stands in "Where I am signed in" too.
    return perform_login(request, user, redirect_url="/", email=user.email)
