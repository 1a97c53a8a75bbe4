"""The facts behind the advice: how many this week, which days, whose hours. `rules` decides, this fetches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kring.agreements.policy import Advice, Policy
from kring.core.viewer import Viewer
from kring.posts import rules
from kring.posts.feed import recent_to_the_same
from kring.posts.models import GroupOfAudience, Post
from kring.posts.permissions import Target
from kring.posts.rules import Kind, State, Week
from kring.school.calendars import calendar_of
from kring.school.models import Group, School
from kring.school.rules import Calendar

HORIZON = timedelta(days=150)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the advice looks at: the post as it stands in the form."""

    kind: str
    title: str
    text: str
    items: Sequence[rules.Span]
    photos: int
    kept_back: str  # why one of the photos may not go to all of them; empty when all may
    emphasis: bool
    is_pupils_work: bool
    publish_on: date


def calendar_around(school: School, day: date) -> Calendar:
    """Return the school's calendar from some weeks before `day` to five months after. One query."""
    return calendar_of(school, first=day - timedelta(days=70), last=day + HORIZON)


def weeks_of_groups(
    school: School, groups: Sequence[Group], *, mondays: Sequence[date], policy: Policy, calendar: Calendar
) -> dict[int, list[Week]]:
    """Return for each group its weeks with their dots (G1). One query, however many groups.

    A post counts for each group its audience names; layer and school posts count for none.
    """
    if not groups or not mondays:
        return {}
    first = school.moment(mondays[0])
    last = school.moment(mondays[-1] + timedelta(days=7))
    rows = GroupOfAudience.objects.filter(
        group_id__in=[group.pk for group in groups],
        audience__whole_school=False,
        audience__layers__isnull=True,
        audience__posts__kind=Kind.GROUP,
        audience__posts__state=State.PUBLISHED,
        audience__posts__visible_from__gte=first,
        audience__posts__visible_from__lt=last,
    ).values_list("group_id", "audience__posts__visible_from")
    days: dict[int, list[date]] = defaultdict(list)
    for group_id, moment in rows:
        if moment is not None:
            days[group_id].append(school.today(moment))
    guideline = policy.weekly_guideline
    wanted = 0 if guideline.mode == "none" else guideline.number

    def is_free(group_id: int) -> Callable[[date], bool]:
        return lambda monday: calendar.is_free_week(monday, group_id=group_id)

    return {
        group.pk: rules.weeks_of(days[group.pk], mondays=mondays, wanted=wanted, is_free=is_free(group.pk))
        for group in groups
    }


def advise(
    draft: Draft, *, viewer: Viewer, school: School, target: Target, policy: Policy, calendar: Calendar, post: Post
) -> list[Advice]:
    """Return everything the agreement has to say about the draft, in the order of the form. At most one query."""
    found: list[Advice | None] = []
    group_id = next(iter(target.group_ids)) if len(target.group_ids) == 1 else None
    if draft.kind != Kind.GROUP:
        found.append(rules.past_hint(draft.items, today=draft.publish_on))
        found.append(rules.holiday_hint(draft.items, calendar=calendar, group_id=group_id))
    if draft.kind == Kind.BRING:
        found.append(
            rules.lead_time_hint(
                draft.items,
                published_on=draft.publish_on,
                number=policy.lead_time.number,
                unit=policy.lead_time.unit,
                calendar=calendar,
                has_emphasis=draft.emphasis,
                group_id=group_id,
            )
        )
    if draft.kind == Kind.KWINK and policy.kwink.whole_school and not target.whole_school:
        found.append(Advice("kwink_for_all", "F2", "advise", {"field": "audience"}))
    if draft.kept_back and not target.is_empty:
        found.append(Advice("photos_wide", "P4", "refuse", {"field": "photos", "sentence": draft.kept_back}))
    if draft.kind == Kind.GROUP:
        if policy.photo_preferred.on and not draft.photos and (draft.title or draft.text):
            found.append(Advice("photo", "G2", "inform", {"field": "photos"}))
        if policy.anonymous_work.on and draft.photos and draft.is_pupils_work:
            found.append(Advice("anonymous", "G3", "advise", {"field": "photos"}))
    similar = similar_post(draft, viewer=viewer, school=school, target=target, post=post)
    if similar is not None:
        values = {"field": "text", "title": similar.title, "day": school.today(similar.visible_from or viewer.now)}
        found.append(Advice("similar", "", "inform", {**values, "public_id": similar.public_id}))
    return [advice for advice in found if advice is not None]


def similar_post(draft: Draft, *, viewer: Viewer, school: School, target: Target, post: Post) -> Post | None:
    """Return a post of today or yesterday to some of the same audience that says much the same, if there is one."""
    if not draft.title or target.is_empty:
        return None
    since = school.moment(school.today(viewer.now) - timedelta(days=1))
    recent = recent_to_the_same(viewer, school_id=school.pk, target=target, since=since, but=post.pk, most=20)
    for other in recent:
        if rules.is_similar(draft.title, draft.text, other_title=other.title, other_text=other.source):
            return other
    return None
