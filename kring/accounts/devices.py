"""Whether a login has signed in with this browser before: a signed cookie that names it, and says nothing else."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "kring_device"
SALT = "kring.accounts.device"
A_YEAR = 60 * 60 * 24 * 365
MOST = 5  # a computer in the staff room is shared


def knows(request: HttpRequest, user_id: int) -> bool:
    """Say whether this browser has signed in as this login before. A cookie that is not ours counts as none."""
    return user_id in _known(request)


def remember(request: HttpRequest, response: HttpResponse, user_id: int) -> None:
    """Let the browser keep that this login signed in with it, beside at most four others."""
    known = [user_id, *(other for other in _known(request) if other != user_id)][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps(known, salt=SALT),
        max_age=A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _known(request: HttpRequest) -> list[int]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=A_YEAR)
    except signing.BadSignature:
        return []
    return [one for one in found if isinstance(one, int)] if isinstance(found, list) else []
