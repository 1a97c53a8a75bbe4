"""What is on tomorrow for the children of one parent: for the reminder of the evening before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kring.core.viewer import Viewer
from kring.posts.feed import items_told_to
from kring.posts.models import PostItem

MOST = 60


def on_day(viewer: Viewer, day: date) -> list[PostItem]:
    """Return what begins on `day` for this viewer's own children, over all her schools. What she is told as a parent:
    a group that she teaches counts only when a child of hers is in it. One query."""
    as_parent = replace(viewer, roles=(), kept={})
    if not as_parent.spans:
        return []
    items = items_told_to(as_parent, first=day, last=day, most=MOST)
    return [
        item
        for item in items
        if item.from_date == day and (item.child_id is None or item.child_id in viewer.own_child_ids)
    ]


def number_on(viewer: Viewer, day: date) -> int:
    """Return how many messages say something about `day`; five things to bring in one message are one."""
    return len({item.post_id for item in on_day(viewer, day)})


def tells_of(viewer: Viewer, day: date) -> int | None:
    """Return the school that tells her of `day`: of two schools where something is on, the first; None without any."""
    return min((item.post.school_id for item in on_day(viewer, day)), default=None)
