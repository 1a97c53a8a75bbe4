"""Writing the log, inside the transaction of the change itself."""

from __future__ import annotations

from typing import Any

from django.db import models

from kring.audit.models import AuditEvent
from kring.core.viewer import Viewer


def record(
    *, by: Viewer, what: str, about: models.Model | None = None, school_id: int | None = None, **details: Any
) -> AuditEvent:
    """Add one event: `by` did `what` (`post.published`) to `about`, at `by.now`.

    `school_id` is taken from `about.school_id` when it has one. `details` are counts, ids and kinds: no names, no
    text that a person wrote.
    """
    subject = ""
    if about is not None:
        subject = f"{about._meta.label}:{getattr(about, 'public_id', about.pk)}"
        school_id = school_id or getattr(about, "school_id", None)
    return AuditEvent.objects.create(
        at=by.now, school_id=school_id, user_id=by.user_id, what=what, about=subject, details=details
    )
