"""Random names for addresses, so that integer keys never leave the server."""

from __future__ import annotations

import secrets

LENGTH = 16


def make_public_id() -> str:
    """Return 96 random bits as 16 characters that are safe in an address."""
    return secrets.token_urlsafe(12)
