"""A year of Kwink, prepared once (F2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.formatting import to_html
from kring.core.viewer import Viewer
from kring.posts.actions.content import ItemInput, put_items
from kring.posts.actions.draft import audience_for
from kring.posts.models import Post
from kring.posts.permissions import Target, can_make_series
from kring.posts.rules import Kind, State
from kring.school.models import School


@dataclass(frozen=True, slots=True)
class WeekInput:
    """One week of the series: its Monday and Friday, when it goes out (aware), what it says."""

    monday: date
    friday: date
    at: datetime
    title: str
    text: str = ""


@transaction.atomic
def schedule_series(*, by: Viewer, school: School, weeks: Sequence[WeekInput]) -> list[Post]:
    """Schedule one Kwink for each week, for the whole school. A week that has one already keeps its moment and gets
    the new words while it has not gone out; so entering the same series twice changes nothing."""
    require(can_make_series(by, school.pk, policy_for(school.pk, at=by.now)))
    target = Target(whole_school=True)
    made = []
    taken = {
        post.week: post
        for post in Post.objects.filter(
            school=school, kind=Kind.KWINK, week__in=[week.monday for week in weeks], state__in=_STANDING
        )
    }
    for week in weeks:
        post = taken.get(week.monday)
        if post is not None and post.state == State.PUBLISHED:
            continue
        post = post or Post(
            school=school,
            author_id=by.person_at(school.pk),
            kind=Kind.KWINK,
            week=week.monday,
            state=State.SCHEDULED,
            audience=audience_for(school, target),
            created_at=by.now,
            publish_at=week.at,
        )
        post.title, post.source, post.body = week.title[:120], week.text, to_html(week.text)
        post.saved_at = by.now
        try:
            with transaction.atomic():
                post.save()
        except IntegrityError:
            raise Refused(
                _("Somebody else has just prepared these weeks. Look at them once more."), clause="F2"
            ) from None
        put_items(post, [ItemInput(week.monday, week.friday, text=week.title[:200])], target)
        made.append(post)
    audit.record(by=by, what="post.series_scheduled", school_id=school.pk, weeks=len(made))
    return made


_STANDING = [State.SCHEDULED, State.PUBLISHED]
