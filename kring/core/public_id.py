"""Random names for addresses, so that integer keys never leave the server."""

from __future__ import annotations

import secrets
import string

LENGTH = 16
ALPHABET = string.ascii_letters + string.digits


def make_public_id() -> str:
    """Return 95 random bits as 16 letters and digits.

    No dash and no underscore: an id may stand first on a command line, and is selected whole with a double click.
    """
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
