"""Argon2id at OWASP's minimum."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class KringArgon2Hasher(Argon2PasswordHasher):
    """OWASP's minimum: 46 MiB, one pass, one lane. Django's default takes 100 MB a sign-in."""

    memory_cost = 47104
    time_cost = 1
    parallelism = 1
