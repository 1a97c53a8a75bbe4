"""Who may add, describe, show and remove photos."""

from __future__ import annotations

from kring.core.viewer import Viewer
from kring.photos.models import Photo
from kring.school.models import Group


def can_add_photo(viewer: Viewer, group: Group) -> bool:
    """Say whether she may add photos for the group: its teachers of today, the office and management."""
    return viewer.teaches(group.pk) or viewer.is_manager(group.school_id)


def can_change_photo(viewer: Viewer, photo: Photo) -> bool:
    """Say whether she may describe, show, hide, retry and remove the photo: who may add to its group."""
    return viewer.teaches(photo.group_id) or viewer.is_manager(photo.school_id)
