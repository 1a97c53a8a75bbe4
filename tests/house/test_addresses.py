"""Every address is behind sign-in unless it stands in this list, and a GET never writes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import Cast

# The only addresses that answer without sign-in, and why.
PUBLIC = {
    "healthz": "for the supervisor",
    "readyz": "for the supervisor",
    "core:manifest": "a browser asks for it without a session",
    "core:service_worker": "the same for everybody, holds nothing personal",
    "core:security_txt": "RFC 9116: whom to tell about a fault",
    "core:robots_txt": "asks robots to stay out",
    "core:offline": "shown when there is no connection",
    "agreements:public": "only where the school made its agreements public",
    "notifications:unsubscribe": "the link under a mail, with a signed token (RFC 8058)",
    "notifications:device_renew": "a device whose address changed, with its own secret: no page is open then",
    "agenda:feed": "a calendar app has no session; the address is the secret, and what it gives is its owner's",
    "accounts:language": "choosing a language before signing in",
    "accounts:invitation": "who was invited has no session yet",
    "accounts:invitation_by_code": "typing the code of a printed invitation",
    "accounts:invitation_proof": "claiming with another address",
    "demo:sign_in": "404 unless the database was made as a demo",
    "account_login": "signing in",
    "account_logout": "signing out",
    "account_signup": "says that Kring is by invitation",
    "account_inactive": "says that a login was ended",
    "account_email_verification_sent": "part of changing one's address",
    "account_confirm_email": "the link in that mail",
    "account_reset_password": "asking for a new password",
    "account_reset_password_done": "its answer, the same for everybody",
    "account_reset_password_from_key": "the link in that mail",
    "account_reset_password_from_key_done": "its answer",
    "account_request_login_code": "asking for a mailed code",
    "account_confirm_login_code": "typing that code",
    "mfa_authenticate": "the second step of signing in",
    "mfa_login_webauthn": "signing in with a passkey",
}


def addresses(
    resolver: URLResolver | None = None, prefix: str = "", space: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, prefix + str(pattern.pattern), inner)
        else:
            yield f"{space}{pattern.name}", pattern


def is_public(pattern: URLPattern) -> bool:
    return not getattr(pattern.callback, "login_required", True)


def test_only_the_listed_addresses_are_public() -> None:
    public = {name for name, pattern in addresses() if is_public(pattern)}
    assert public == set(PUBLIC)


def test_every_address_has_a_name() -> None:
    assert not [str(pattern.pattern) for name, pattern in addresses() if name.endswith("None")]


@pytest.mark.django_db
def test_an_address_that_does_not_exist_answers_like_one_that_is_not_yours(cast: Cast) -> None:
    client: Client = cast.client("guardian")
    missing = client.get("/school/AAAAAAAAAAAAAAAA/settings/")
    foreign = client.get(f"/school/{cast.second_school.public_id}/settings/")
    assert missing.status_code == foreign.status_code == 404
    assert missing.content.replace(b"AAAAAAAAAAAAAAAA", b"") == foreign.content
