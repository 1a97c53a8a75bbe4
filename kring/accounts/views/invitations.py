"""Opening an invitation: signed in or new, with the invited address or another one. No page here names a child."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.utils import perform_login
from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kring.accounts import mails, rules
from kring.accounts.actions.accept import Outcome, accept_invite, fits, join, sentence_for
from kring.accounts.forms import CodeForm, JoinForm, ProofForm
from kring.accounts.hashers import HashingBusy
from kring.accounts.models import Invite, Way, login_of
from kring.core.access import Refused
from kring.core.htmx import page
from kring.core.http import Request
from kring.core.views import too_many

PROOF = "kring.proof"
LIMITS = {"open": "60/m/ip", "proof": "10/m/ip,3/5m/key"}
NOT_FOUND, GONE = 404, 410


def allowed(request: Request, action: str, key: str = "") -> bool:
    """Count one use of `action` against its limits."""
    return bool(ratelimit.consume(request, app="kring.accounts", action=action, config=LIMITS, key=key or "-"))


@login_not_required
@require_http_methods(["GET", "POST"])
def by_code(request: Request) -> HttpResponse:
    """Take a code that somebody types over from paper."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        return redirect("accounts:invitation", code=rules.tidy_code(form.cleaned_data["code"]) or "-")
    return page(request, "accounts/code.html", {"form": form})


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: Request, code: str) -> HttpResponse:
    """Show the invitation and accept it; a wrong, used or expired one gets a page that says so and names nobody."""
    if request.method == "POST" and not allowed(request, "open"):
        return too_many(request)
    invite = Invite.objects.with_code(code).first()
    if invite is None:
        return page(request, "accounts/invitation_closed.html", {"sentence": ""}, status=NOT_FOUND)
    closed = closed_page(request, invite)
    if closed:
        return closed
    if request.user.is_authenticated:
        return signed_in(request, invite)
    return newcomer(request, invite)


def closed_page(request: Request, invite: Invite, sentence: str = "") -> HttpResponse | None:
    """Return the page for an invitation that no longer works, or nothing when it does."""
    viewer = request.viewer
    state = invite.state(viewer.now)
    works = state == rules.InviteState.OPEN or (state == rules.InviteState.WAITING and invite.expires_at > viewer.now)
    if works and not sentence:
        return None
    sentence = sentence or sentence_for(invite=invite, by=viewer)
    return page(request, "accounts/invitation_closed.html", {"sentence": sentence}, status=GONE)


def signed_in(request: Request, invite: Invite) -> HttpResponse:
    """Attach the invited person to the login that is here already."""
    viewer, user = request.viewer, request.user
    refusal = ""
    if request.method == "POST":
        try:
            accept_invite(by=viewer, invite=invite, user=user)  # type: ignore[arg-type]
            return redirect("accounts:welcome")
        except Refused as refused:
            refusal = refused.sentence
            fresh = Invite.objects.with_code(invite.code).first()
            if fresh is None or fresh.used_at or fresh.withdrawn_at:
                return closed_page(request, invite, refusal) or redirect("accounts:welcome")
    context = {"invite": invite, "fits": fits(invite=invite, user=user), "refusal": refusal}  # type: ignore[arg-type]
    return page(request, "accounts/invitation_signed_in.html", context)


def newcomer(request: Request, invite: Invite) -> HttpResponse:
    """Ask for an address and make a login; any address but the mailed one is proved by a code first."""
    initial = {"email": invite.email if invite.way == Way.MAIL else ""}
    form = JoinForm(request.POST or None, initial=initial)
    context: dict[str, Any] = {"invite": invite, "form": form, "refusal": "", "has_login": False}
    context["login_url"] = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
    if not form.is_valid():
        return page(request, "accounts/invitation.html", context)
    email, password = form.cleaned_data["email"], form.cleaned_data["password"]
    if invite.way == Way.MAIL and rules.same_address(email, invite.email):
        # The link came out of this mailbox, so the address is proved.
        if login_of(email):
            return page(request, "accounts/invitation.html", {**context, "has_login": True})
        return finish(request, invite, email, password, context, "accounts/invitation.html")
    if not allowed(request, "proof", email):
        return too_many(request)
    ask_proof(request, invite, email)
    return redirect("accounts:invitation_proof", code=invite.code)


def ask_proof(request: Request, invite: Invite, email: str) -> None:
    """Mail a code to `email`; the session keeps only what it needs to recognise it."""
    code = f"{secrets.randbelow(10**rules.CLAIM_CODE_DIGITS):0{rules.CLAIM_CODE_DIGITS}}"
    request.session[PROOF] = {
        "invite": invite.public_id,
        "email": email,
        "code": fingerprint(code),
        "until": timezone.now().timestamp() + rules.CLAIM_CODE_MINUTES * 60,
        "tries": rules.CLAIM_CODE_TRIES,
    }
    mails.mail("proof", to=email, language=get_language() or "", code=code, minutes=rules.CLAIM_CODE_MINUTES)


def fingerprint(code: str) -> str:
    """Return what the session keeps of a mailed code; six digits need the server's secret to stay hidden."""
    return salted_hmac("kring.accounts.proof", code.strip(), algorithm="sha256").hexdigest()


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def proof(request: Request, code: str) -> HttpResponse:
    """Take the mailed code and the password, then accept the invitation, or ask the office."""
    invite = Invite.objects.with_code(code).first()
    asked = request.session.get(PROOF) or {}
    if invite is None or asked.get("invite") != invite.public_id or request.user.is_authenticated:
        return redirect("accounts:invitation", code=code)
    closed = closed_page(request, invite)
    if closed:
        return closed
    data = {**request.POST.dict(), "email": asked["email"]} if request.method == "POST" else None
    form, join_form = ProofForm(data), JoinForm(data)
    context: dict[str, Any] = {"invite": invite, "form": form, "join_form": join_form, "email": asked["email"]}
    context["refusal"] = ""
    if not (form.is_valid() and join_form.is_valid()):
        return page(request, "accounts/invitation_proof.html", context)
    problem = wrong(request, asked, form.cleaned_data["code"])
    if problem:
        if PROOF not in request.session:
            return page(request, "accounts/invitation_proof_over.html", {"invite": invite, "sentence": problem})
        form.add_error("code", problem)
        return page(request, "accounts/invitation_proof.html", context)
    del request.session[PROOF]
    if login_of(asked["email"]):
        back = urlencode({"next": reverse("accounts:invitation", args=[invite.code])})
        return page(request, "accounts/invitation_known.html", {"login_url": f"{reverse('account_login')}?{back}"})
    password = join_form.cleaned_data["password"]
    return finish(request, invite, asked["email"], password, context, "accounts/invitation_proof.html")


def wrong(request: Request, asked: dict[str, Any], code: str) -> str:
    """Return why the typed code does not count, or nothing; after three tries or ten minutes it is over."""
    if timezone.now().timestamp() > asked["until"]:
        del request.session[PROOF]
        return _("This code has expired. Ask for a new one.")
    if constant_time_compare(fingerprint(code), asked["code"]):
        return ""
    tries = asked["tries"] - 1
    if tries <= 0:
        del request.session[PROOF]
        return _("That was three times a wrong code. Ask for a new one.")
    request.session[PROOF] = {**asked, "tries": tries}
    return _("This is not the code we mailed. Look at the newest e-mail.")


def finish(
    request: Request, invite: Invite, email: str, password: str, context: dict[str, Any], template: str
) -> HttpResponse:
    """Make the login, accept, and sign in."""
    viewer = request.viewer
    try:
        user, outcome = join(by=viewer, invite=invite, email=email, password=password, language=get_language() or "nl")
    except Refused as refused:
        return closed_page(request, invite, refused.sentence) or redirect("account_login")
    except HashingBusy:
        busy = _("Many people are signing in right now. Please try again in half a minute.")
        return page(request, template, {**context, "refusal": busy})
    where = reverse("accounts:welcome")
    if outcome == Outcome.WAITING:
        where += "?waiting=1"
    return perform_login(request, user, redirect_url=where, email=email)
