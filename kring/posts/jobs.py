"""What the clock does for this room."""

from __future__ import annotations

import structlog
from django.db import DatabaseError
from django.utils import timezone

from kring.posts.actions import publish_due_post
from kring.posts.models import Post

log = structlog.get_logger(__name__)


def publish_due_posts() -> int:
    """Publish every post whose moment has come; return how many went out. May run twice, also at once."""
    now = timezone.now()
    sent = 0
    for post in Post.objects.due(now).select_related("school", "author__user", "audience")[:200]:
        try:
            sent += publish_due_post(post=post, now=now)
        except DatabaseError:
            # One post that cannot be written must not keep the others; the next round tries it again.
            log.exception("post_not_published", post=post.pk)
    return sent
