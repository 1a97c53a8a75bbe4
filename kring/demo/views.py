"""One tap to sign in, on a demo database only."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kring.core.http import Request
from kring.demo.accounts import demo_accounts
from kring.people.models import Person


@login_not_required
@require_POST
def sign_in(request: Request) -> HttpResponse:
    """Sign in as one of the offered demo accounts; 404 for anybody else and in every real installation."""
    wanted = request.POST.get("person", "")
    if wanted not in {account.public_id for account in demo_accounts()}:
        raise Http404
    person = Person.objects.select_related("user").get(public_id=wanted)
    login(request, person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return redirect("/")
