"""A draft exactly as a parent will see it: the same pieces as the card, with nothing to press."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

from kring.core.moulds import fill
from kring.core.viewer import Viewer
from kring.photos.models import Photo
from kring.posts.cards import fixed_part, photos_html, talks_html, when_line, whom_html, whom_of, whom_words
from kring.posts.models import Post, PostItem
from kring.posts.permissions import Target


def preview_html(
    viewer: Viewer, post: Post, items: Sequence[PostItem], target: Target, photos: Sequence[Photo]
) -> SafeString:
    """Return the card of a draft. Dated items come from the form, so nothing needs to be saved for it."""
    whom = whom_of([post])[post.pk]
    values = {
        "new": "",
        "when": when_line(post, published=viewer.now),
        "photos": photos_html(post, [photo for photo in photos if photo.is_ready]),
        "talks": talks_html([item for item in items if item.child]),
        "whom": whom_html([], whom_words(whom)),
        "foot": mark_safe(""),
    }
    return fill(fixed_part(post, [item for item in items if not item.child], whom, 3), values)
