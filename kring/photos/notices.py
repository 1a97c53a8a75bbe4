"""What people are told about photos. No title names a child."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from kring.core.viewer import Viewer
from kring.notifications.notice import NoticeKind
from kring.notifications.rules import Topic
from kring.photos.models import PhotoState, PhotoUse


class PhotosForChild(NoticeKind):
    """There are photos for the parents of one child alone. About the first of those that were sent together."""

    name = "photos.for_child"
    model = "photos.PhotoUse"
    subject: PhotoUse

    def title(self) -> str:
        """Return what there is, without saying of whom."""
        return _("A photo for you alone")

    def text(self) -> str:
        """Say from where."""
        return _("From %(group)s. Other parents do not see it.") % {"group": self.subject.photo.group.name}

    def topic(self) -> Topic:
        """Return that it is news: nothing has to be done."""
        return Topic.NEWS

    def icon(self) -> str:
        """Return pictures."""
        return "images"

    def link(self) -> str:
        """Return the photos with this child."""
        child = self.subject.only_for
        return reverse("photos:child_album", args=[child.public_id]) if child else reverse("photos:albums")

    def still_relevant(self) -> bool:
        """Say whether there is a photo, or will be one."""
        return self.subject.hidden_at is None and self.subject.photo.state != PhotoState.FAILED

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring child, photo and group along."""
        return super().subjects().select_related("photo__group", "only_for")

    @classmethod
    def visible_to(cls, viewer: Viewer, keys: Iterable[int]) -> models.QuerySet[Any]:
        """Return those that are shown to her, also while the worker still has the picture in hand."""
        return cls.subjects().shown_to(viewer).filter(pk__in=list(keys))  # type: ignore[attr-defined]
