"""Which children a post has reached. Counted per child: one entitled guardian who read it is enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from kring.core.viewer import Level
from kring.notifications.models import Nudge
from kring.people.audiences import children_of
from kring.people.models import Child, Guardianship, current_on
from kring.posts.models import Post, Reading


def last_reminder(post: Post) -> date | None:
    """Return the day on which the team last reminded who had not read it, if it did."""
    return Nudge.objects.about("posts.reminded", post.pk).values_list("day", flat=True).first()


@dataclass(frozen=True, slots=True)
class Reached:
    """How many children of how many, and which not. For the team only: it names children."""

    reached: int
    total: int
    missing: list[Child]


def reached_children(post: Post, *, on: date) -> Reached:
    """Return how far the post has come on day `on`. Two queries, whatever the number of children."""
    if post.audience is None:
        return Reached(0, 0, [])
    levels = [Level.FULL, Level.LIMITED] if post.audience.whole_school else [Level.FULL]
    readers = Guardianship.objects.filter(
        current_on(on),
        child=OuterRef("pk"),
        level__in=levels,
        person_id__in=Reading.objects.filter(post=post).values("person_id"),
    )
    children = list(children_of(post.audience, on=on).annotate(is_reached=Exists(readers)))
    missing: list[Child] = [child for child in children if not child.is_reached]
    return Reached(len(children) - len(missing), len(children), missing)
