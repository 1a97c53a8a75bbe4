"""Codes, states and session lengths: plain functions, without a clock and without a database."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kring.core.viewer import STAFF, Role, RoleKind

INVITE_DAYS = 14
# Crockford's alphabet: no I, L, O or U, so that a code survives paper, a telephone and a tired reader.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 26  # 26 characters of 5 bits: 130 bits
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})

CLAIM_CODE_DIGITS = 6
CLAIM_CODE_MINUTES = 10
CLAIM_CODE_TRIES = 3

MUST_HAVE_SECOND_FACTOR = frozenset({RoleKind.OFFICE, RoleKind.MANAGEMENT, RoleKind.BOARD_ADMIN})


def invite_code(*, key: bytes, seed: str) -> str:
    """Return the code that belongs to `seed`: 130 bits of HMAC-SHA256 under `key`.

    Derived instead of stored, so that a copy of the database opens nothing, and a page can be printed twice.
    """
    digest = int.from_bytes(hmac.new(key, seed.encode(), hashlib.sha256).digest(), "big")
    return "".join(ALPHABET[digest >> (5 * place) & 31] for place in range(CODE_LENGTH))


def tidy_code(text: str) -> str:
    """Return a typed code as it is stored: capitals, no dashes or spaces, O as 0, I and L as 1."""
    return "".join(letter for letter in text.upper() if letter.isalnum()).translate(MISREAD)


def fingerprint(code: str) -> str:
    """Return what the database keeps of a code (SHA-256, hexadecimal)."""
    return hashlib.sha256(tidy_code(code).encode()).hexdigest()


def spaced(code: str) -> str:
    """Return a code in groups of four and five, as it stands on paper."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


class InviteState(StrEnum):
    """What an invitation is at one moment."""

    OPEN = "open"
    WAITING = "waiting"
    USED = "used"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def invite_state(
    *,
    now: datetime,
    expires_at: datetime,
    used_at: datetime | None,
    withdrawn_at: datetime | None,
    claimed_at: datetime | None = None,
) -> InviteState:
    """Return the state at `now`; all moments aware. A claim that waits for the office does not close the invitation."""
    if used_at is not None:
        return InviteState.USED
    if withdrawn_at is not None:
        return InviteState.WITHDRAWN
    if claimed_at is not None:
        return InviteState.WAITING
    return InviteState.EXPIRED if expires_at <= now else InviteState.OPEN


def same_address(one: str, other: str) -> bool:
    """Say whether two e-mail addresses are the same mailbox, as far as letters go."""
    return one.strip().casefold() == other.strip().casefold()


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session lasts since sign-in (`whole`) and since it was last used (`idle`)."""

    whole: timedelta
    idle: timedelta


# security.md: staff and administrators 12 hours; four idle hours is a morning of lessons. Parents: 60 days on a phone.
WORK_LIMITS = SessionLimits(whole=timedelta(hours=12), idle=timedelta(hours=4))
HOME_LIMITS = SessionLimits(whole=timedelta(days=60), idle=timedelta(days=60))
TOUCH_EVERY = timedelta(minutes=10)


def session_limits(roles: Iterable[Role]) -> SessionLimits:
    """Return the limits for somebody with `roles`: who works at a school or a board has the short ones."""
    works = any(role.kind in STAFF or role.kind == RoleKind.BOARD_ADMIN for role in roles)
    return WORK_LIMITS if works else HOME_LIMITS


def session_end(*, since: datetime, seen: datetime, limits: SessionLimits) -> datetime:
    """Return when a session that began at `since` and was last used at `seen` ends by itself; all aware."""
    return min(since + limits.whole, seen + limits.idle)


def session_is_over(*, now: datetime, since: datetime, seen: datetime, limits: SessionLimits) -> bool:
    """Say whether a session that began at `since` and was last used at `seen` has ended at `now`; all aware."""
    return now >= session_end(since=since, seen=seen, limits=limits)
