"""The link under a mail that turns such mails off with one click (RFC 8058), without signing in.

The token is signed and names the login and what it turns off; it cannot be guessed and does not expire, because a
mailbox offers it for as long as it keeps the mail. Turning off mail is all that it can do.
"""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from kring.notifications.channels.parcel import Parcel
from kring.notifications.rules import Topic

SALT = "kring.notifications.unsubscribe"
OVERVIEW = "overview"


def unsubscribe_path(parcel: Parcel) -> str:
    """Return the path under which its reader stops mails like this one."""
    what = OVERVIEW if parcel.is_digest else ",".join(sorted(parcel.topics))
    return reverse("notifications:unsubscribe", args=[token_for(parcel.user.pk, what)])


def token_for(user_id: int, what: str) -> str:
    """Return a token that turns off `what` for the login: OVERVIEW, or topics with commas between."""
    return signing.dumps([user_id, what], salt=SALT, compress=False)


def read_token(token: str) -> tuple[int, str] | None:
    """Return login and what to turn off, or None for a token that is not ours."""
    try:
        user_id, what = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if not isinstance(user_id, int) or not isinstance(what, str):
        return None
    known = {topic.value for topic in Topic}
    return (user_id, what) if what == OVERVIEW or set(what.split(",")) <= known else None
