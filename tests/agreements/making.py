"""Publishing agreements in tests, by management of the cast's school."""

from __future__ import annotations

from datetime import date
from typing import Any

from kring.agreements.actions import publish_draft, save_draft
from kring.agreements.models import Agreement
from kring.agreements.policy import DEFAULTS, stored_values, with_values
from tests.cast import TODAY, Cast


def publish(
    cast: Cast,
    changes: dict[str, Any] | None = None,
    *,
    confirmed: tuple[str, ...] = (),
    paragraphs: dict[str, dict[str, str]] | None = None,
    is_public: bool = False,
    on: date = TODAY,
    role: str = "management",
) -> Agreement:
    """Publish a version with the defaults and these changes (path -> value)."""
    by = cast.viewer(role)
    school = cast.second_school if role.startswith("second") else cast.school
    save_draft(
        by=by, school=school, values=stored_values(with_values(DEFAULTS, changes or {})), confirmed=confirmed,
        paragraphs=paragraphs, is_public=is_public,
    )  # fmt: skip
    return publish_draft(by=by, school=school, in_force_from=on)
