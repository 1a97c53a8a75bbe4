"""What people are told about posts. Titles are for the inbox; mail and push carry no content."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.core.viewer import Viewer
from kring.notifications.notice import NoticeKind
from kring.posts.models import Post
from kring.posts.rules import State


class PostPublished(NoticeKind):
    """A post can be read. Told to its audience, by mail too when it has emphasis."""

    name = "posts.published"
    model = "posts.Post"

    def title(self) -> str:
        """Return the post's own title; of a withdrawn one only that it was."""
        if self.subject.state == State.WITHDRAWN:
            return _("This message was withdrawn")
        return self.subject.title or str(self.subject.get_kind_display())

    def text(self) -> str:
        """Return its kind; of a withdrawn one the reason."""
        if self.subject.state == State.WITHDRAWN:
            return str(self.subject.reason)
        return str(self.subject.get_kind_display())

    def link(self) -> str:
        """Return the page of the post."""
        return reverse("posts:read", args=[self.subject.public_id])

    def still_relevant(self) -> bool:
        """Say whether the post still stands: undone and withdrawn posts are not told."""
        return bool(self.subject.state == State.PUBLISHED)

    def has_emphasis(self) -> bool:
        """Say whether it goes out with emphasis: the agreement's kinds (S6), or the teacher asked for it (F3)."""
        post = self.subject
        kinds = policy_for(post.school_id, at=post.visible_from or post.saved_at).emphasis.kinds
        return bool(post.emphasis or post.kind in kinds)

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she may read it as published: only then she is told."""
        return Post.objects.readable_by(viewer).filter(pk=self.subject.pk).exists()

    @classmethod
    def visible_to(cls, viewer: Viewer, keys: Any) -> models.QuerySet[Any]:
        """Return those of the posts that the viewer may read as published, and those she could until they were
        withdrawn: the line in her inbox says that, and why, not what it said."""
        found = Post.objects.readable_by(viewer) | Post.objects.withdrawn_before(viewer)
        return found.filter(pk__in=list(keys))


class OutingChanged(PostPublished):
    """An outing that was announced has changed (S6)."""

    name = "posts.outing_changed"

    def text(self) -> str:
        """Say that it is a change."""
        return super().text() if self.subject.state == State.WITHDRAWN else _("Outing changed")

    def has_emphasis(self) -> bool:
        """Say whether the agreement gives changes emphasis (S6)."""
        return "outing_change" in policy_for(self.subject.school_id, at=self.subject.changed_at).emphasis.kinds
