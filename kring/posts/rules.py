"""What the agreement says about posts: pure functions that return advice. Views turn the advice into sentences."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of posts. Values are stored; G1 counts only group posts, F1 names the functional ones."""

    GROUP = "group"
    HOMEWORK = "homework"
    GOALS = "goals"
    OUTING = "outing"
    BRING = "bring"
    STAFF = "staff"
    KWINK = "kwink"
    ANNOUNCEMENT = "announcement"


class State(StrEnum):
    """Where a post stands. Published is not yet visible: that is `visible_from`, fifteen seconds later."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


UNDO_SECONDS = 15
MAX_PHOTOS = 20
