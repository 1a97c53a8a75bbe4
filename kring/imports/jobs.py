"""By the clock: nothing that was read stays longer than its hour."""

from __future__ import annotations

from django.utils import timezone

from kring.files import durable
from kring.imports.actions import expire_imports
from kring.imports.models import KEPT_FOR


def forget_uploads() -> None:
    """Empty imports that nobody applied, and delete what a killed server left of an upload."""
    now = timezone.now()
    expire_imports(now=now)
    durable.drop_left_uploads(now - KEPT_FOR)
