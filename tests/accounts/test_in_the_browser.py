"""Signing in with a real browser: password, an invitation, a passkey and nothing else."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from kring.accounts.actions.invites import invite
from kring.accounts.models import Invite
from kring.people.viewers import viewer_for
from tests import factories as make
from tests.accounts.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(live_server: object, settings: object) -> str:
    # A passkey belongs to a name: localhost, never 127.0.0.1.
    found = str(live_server).replace("127.0.0.1", "localhost")
    settings.BASE_URL = found  # type: ignore[attr-defined]
    cache.clear()
    return found


def an_invitation() -> Invite:
    """Return the mailed invitation of a new guardian, made by the office."""
    office = make.PersonFactory(email="office@example.org")
    make.TeamRoleFactory(person=office, kind="office")
    person = make.PersonFactory(school=office.school, user=None, email="nieuw@example.org")
    make.GuardianshipFactory(person=person, child__school=office.school)
    return invite(by=viewer_for(office.user, now=timezone.now()), person=person)


def with_authenticator(page: Page) -> None:
    """Give the browser a device that recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_invitation_password_passkey_and_signing_in_with_the_passkey_alone(page: Page, address: str) -> None:
    made = an_invitation()
    with_authenticator(page)
    page.goto(f"{address}{made.path}")
    page.get_by_label("password").or_(page.get_by_label("wachtwoord")).fill(PASSWORD)
    page.locator("form .button--primary").click()
    page.wait_for_url("**/account/welcome/")
    page.goto(f"{address}/account/2fa/webauthn/add/")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form .button--primary").first.click()
    page.locator("form[data-passkey=add] .button--primary").click()
    page.wait_for_url("**/account/2fa/recovery-codes/")
    page.goto(f"{address}/account/logout/")
    page.locator("main form .button--primary").click()
    page.wait_for_url("**/account/login/")
    page.locator("form[data-passkey=sign-in] button").click()
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(f"{address}/account/")
    expect(page.locator("body")).to_contain_text("nieuw@example.org")
