"""How an address for requests by mail is written."""

from __future__ import annotations

from django.conf import settings

from kring.help_requests.rules import TOKEN_LENGTH

PREFIX = "hulp-"


def takes_mail() -> bool:
    """Say whether this installation takes requests in by mail."""
    return bool(settings.MAIL_INTAKE_DOMAIN)


def address_of(token: str) -> str:
    """Return the whole address for a token."""
    return f"{PREFIX}{token}@{settings.MAIL_INTAKE_DOMAIN}"


def token_in(address: str) -> str:
    """Return the token in an address of ours, or nothing when it cannot be one."""
    local, _at, domain = address.strip().rpartition("@")
    local = local.lower()
    if domain.lower().rstrip(".") != settings.MAIL_INTAKE_DOMAIN.lower() or not local.startswith(PREFIX):
        return ""
    token = local.removeprefix(PREFIX)
    return token if len(token) == TOKEN_LENGTH and token.isascii() and token.isalnum() else ""
