"""Secret addresses under which a calendar app reads the agenda."""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import salted_hmac

from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.people.models import User
from kring.school.models import Group


def make_seed() -> str:
    """Return 128 random bits, from which an address is derived."""
    return secrets.token_hex(16)


def token_of(seed: str) -> str:
    """Return the 256 bits that belong to `seed` under this server's secret, in hexadecimal.

    Derived instead of stored, so that a copy of the database opens nothing, and the owner can read it again.
    """
    return salted_hmac("kring.agenda.Feed", seed, algorithm="sha256").hexdigest()


def fingerprint(token: str) -> str:
    """Return what the database keeps of a token (SHA-256, hexadecimal)."""
    return hashlib.sha256(token.encode()).hexdigest()


class FeedQuerySet(models.QuerySet["Feed"]):
    """Questions about secret addresses."""

    def visible_to(self, viewer: Viewer) -> FeedQuerySet:
        """Return the viewer's own: nobody else reads an address, not even management."""
        return self.filter(user_id=viewer.user_id) if viewer.is_signed_in else self.none()

    def with_token(self, token: str) -> FeedQuerySet:
        """Return the one that a calendar app asks for, with its owner."""
        return self.filter(token_hash=fingerprint(token)).select_related("user", "group__school")

    def for_page(self) -> FeedQuerySet:
        """Bring along what the page of addresses names."""
        return self.select_related("group__school").order_by("group__name", "pk")


class Feed(Named):
    """The agenda of one login, or of one group that she teaches, for a calendar app.

    It gives what its owner may see at the moment it is read; it is no right of its own.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    seed = models.CharField(max_length=32, default=make_seed, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()

    objects = FeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(group__isnull=True), name="one_feed_of_ones_own"),
            models.UniqueConstraint(fields=["user", "group"], name="one_feed_for_a_group"),
        ]

    class Privacy:
        purpose = "To show the agenda in the calendar of somebody's own device."
        keep = "Until she stops it or takes another address, or with her login."
        personal = ("user", "made_at")
        impersonal = ("id", "public_id", "group", "seed", "token_hash")

    def __str__(self) -> str:
        return f"Feed {self.pk}"

    @property
    def path(self) -> str:
        """Return the address on this server."""
        return reverse("agenda:feed", args=[token_of(self.seed)])

    @property
    def link(self) -> str:
        """Return the whole address, from the configured base, never from what a request said."""
        return f"{settings.BASE_URL}{self.path}"

    @property
    def subscribe_link(self) -> str:
        """Return the address that a phone opens in its calendar instead of its browser."""
        return f"webcal://{self.link.split('://', 1)[1]}"
