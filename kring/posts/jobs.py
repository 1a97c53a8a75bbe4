"""What the clock does for this room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import structlog
from django.db import DatabaseError
from django.utils import timezone

from kring.posts.actions import publish_due_post, tell_of_tomorrow
from kring.posts.models import Evening, Post, PostItem
from kring.posts.notices import TomorrowTold
from kring.posts.rules import FIRST_EVENING_HOUR, hours_to_tell
from kring.school.models import School

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


def has_items(school: School, day: date) -> bool:
    """Say whether a message tells of something that begins on `day`."""
    return PostItem.objects.beginning_on(school.pk, day).exists()


def tell_tomorrow(
    *, kind: type[TomorrowTold] = TomorrowTold, has_something: Callable[[School, date], bool] = has_items
) -> int:
    """Tell families of what is on tomorrow, at the hour they chose; return how many hours were told.

    At each school by its own clock. An hour that was missed while the server was down is made up for that evening. May
    run twice, also at once. A room above gives its own `kind` and `has_something`, so that its days count too.
    """
    now = timezone.now()
    told = 0
    for school in School.objects.all():
        local = now.astimezone(school.zone)
        if local.hour < FIRST_EVENING_HOUR:
            continue
        day = local.date() + timedelta(days=1)
        if not has_something(school, day):
            continue
        done = Evening.objects.filter(school=school, day=day).values_list("hour", flat=True)
        for hour in hours_to_tell(local.hour, done=done):
            told += tell_of_tomorrow(school=school, day=day, hour=hour, now=now, kind=kind)
    return told
