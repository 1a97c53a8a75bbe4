"""My own page: name, telephone, address, language, password, second factors, sessions."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kring.accounts.actions import profile as changes
from kring.accounts.forms import LanguageForm, PhoneForm
from kring.accounts.models import own_person, own_persons
from kring.core.access import Refused
from kring.core.htmx import page
from kring.core.http import Request, is_own_address

A_YEAR = 60 * 60 * 24 * 365


@require_GET
def profile(request: Request) -> HttpResponse:
    """Show everything about my own login on one page."""
    viewer = request.viewer
    context = {
        "persons": own_persons(viewer),
        "languages": settings.LANGUAGES,
        "has_factor": is_mfa_enabled(request.user),
    }
    return page(request, "accounts/profile.html", context)


@require_http_methods(["GET", "POST"])
def phone(request: Request, person_id: str) -> HttpResponse:
    """Change the telephone number that one of my schools has."""
    viewer = request.viewer
    person = get_object_or_404(own_person(viewer, person_id))
    form = PhoneForm(request.POST or None, initial={"phone": person.phone})
    if request.method == "POST" and form.is_valid():
        changes.change_phone(by=viewer, person=person, phone=form.cleaned_data["phone"])
        messages.success(request, _("Your telephone number is saved."))
        return redirect("accounts:profile")
    return page(request, "accounts/phone.html", {"form": form, "person": person})


@login_not_required
@require_POST
def language(request: Request) -> HttpResponse:
    """Speak another language from now on: kept with the login, or in a cookie for somebody signed out."""
    form = LanguageForm(request.POST)
    back = request.POST.get("next", "/")
    # Not `redirect`, which takes a word without a slash for the name of a view.
    response = HttpResponseRedirect(back if is_own_address(request, back) else "/")
    if form.is_valid():
        chosen = form.cleaned_data["language"]
        changes.choose_language(by=request.viewer, language=chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=A_YEAR,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
        with override(chosen):
            messages.success(request, _("Kring speaks English from now on."))
    return response


@require_POST
def end_session(request: Request, session_id: int) -> HttpResponse:
    """End one of my other sessions."""
    try:
        changes.end_session(by=request.viewer, session_id=session_id)
        messages.success(request, _("That session has ended."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("usersessions_list")
