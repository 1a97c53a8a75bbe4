"""Short ways to a post in a state, through the room's own actions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from kring.core.viewer import Viewer
from kring.posts import actions
from kring.posts.actions import Content, ItemInput
from kring.posts.models import Post
from kring.posts.permissions import Target
from tests.cast import TODAY, Cast

TOMORROW = TODAY + timedelta(days=1)


def one(day: date = TOMORROW, **more: Any) -> ItemInput:
    return ItemInput(day, more.pop("until", day), **more)


def draft(
    cast: Cast, *, by: str = "teacher", kind: str = "group", target: Target | None = None, title: str = "Naar het bos",
    text: str = "Wat een dag", viewer: Viewer | None = None, **content: Any,
) -> Post:  # fmt: skip
    viewer = viewer or cast.viewer(by)
    target = Target(group_ids=frozenset([cast.five.pk])) if target is None else target
    post = actions.start_draft(by=viewer, school=cast.school, kind=kind, target=target)
    return actions.save_draft(by=viewer, post=post, content=Content(title=title, source=text, **content), target=target)


def ordered(
    cast: Cast, *, by: str = "teacher", items: list[ItemInput] | None = None, at: datetime | None = None, **more: Any
) -> Post:
    return actions.order_post(by=cast.viewer(by), post=draft(cast, by=by, **more), items=items or [], at=at)


def published(cast: Cast, *, visible_from: datetime | None = None, **more: Any) -> Post:
    """Return a post that can be read already, or from `visible_from` (aware)."""
    post = ordered(cast, **more)
    moment = visible_from or post.visible_from - timedelta(minutes=5)  # type: ignore[operator]
    Post.objects.filter(pk=post.pk).update(visible_from=moment)
    post.refresh_from_db()
    return post
