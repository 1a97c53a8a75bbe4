"""Who may choose what about how she is told."""

from __future__ import annotations

from kring.agreements.policy import Policy
from kring.core.viewer import Viewer


def can_choose_own_hours(viewer: Viewer, school_id: int, policy: Policy) -> bool:
    """Say whether she may have contact hours of her own: she works there, and the agreement lets colleagues (S12)."""
    return policy.contact_hours.per_person and viewer.is_staff_at(school_id) and viewer.person_at(school_id) is not None


def can_see_unreached(viewer: Viewer, school_id: int) -> bool:
    """Say whether she may see whom no message reaches: office and management, who can do something about it."""
    return viewer.is_manager(school_id)
