"""The team's day: what happens today, who is away, what goes out and what still lies there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from kring.absences.day import Line, day_of, groups_on_list
from kring.absences.permissions import can_see_day
from kring.agenda.coming import audiences_of, events_told_to
from kring.agenda.models import Event
from kring.agreements.policy import Policy
from kring.core.viewer import Viewer
from kring.home.appointments import appointments_of
from kring.home.booked import sessions_of
from kring.home.events import coming_events
from kring.home.rules import Stretch, is_period, stretch_of
from kring.home.soon import Coming, Going, coming_of, going_of, merged, no_school
from kring.people.models import StaffAbsence
from kring.posts.advising import calendar_around, weeks_of_groups
from kring.posts.cards import ICONS, OwnChild, Whom, audiences_of_posts, whom_of, whom_of_audiences, whom_words
from kring.posts.models import Post, PostItem
from kring.posts.rules import Kind, Week, monday_of
from kring.posts.wording import Rhythm, rhythm_of
from kring.school.calendars import calendar_of
from kring.school.models import Group, School

WEEKS_SHOWN = 3
MOST = 30
MOST_AWAY = 6
MOST_ITEMS = 240


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that goes out by itself: what, to whom, when (in the school's zone)."""

    post: Post
    icon: str
    whom: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What stands ready: what is stuck, what goes out on the next day with messages, and what comes after it."""

    held: list[Ready]
    first_day: date | None
    first: list[Ready]
    later: list[Ready]


@dataclass(frozen=True, slots=True)
class Away:
    """Children who are away today: the first few, how many in all, and how many nobody of the team has seen yet."""

    lines: list[Line]
    number: int
    unseen: int


@dataclass(frozen=True, slots=True)
class Rows:
    """The weeks of the groups: one line a group, one column a week (G1)."""

    mondays: list[date]
    groups: list[tuple[Group, list[Week]]]
    rhythms: list[Rhythm]


@dataclass(frozen=True, slots=True)
class Board:
    """What the day asks, what the next weekday asks, and which periods have begun before."""

    today: list[Coming]
    following: list[Coming]
    next_day: date
    going: list[Going]


def own_groups(viewer: Viewer, school: School) -> list[Group]:
    """Return the groups whose week she keeps: hers, or all of this year for office and management. One query."""
    groups = Group.objects.taught_by(viewer).in_year(school.today(viewer.now))
    return list(groups.filter(school=school).order_by("name"))


def weeks_for(viewer: Viewer, school: School, groups: Sequence[Group], policy: Policy) -> Rows | None:
    """Return the last weeks of these groups with their dots, None when the school has no guideline. Two queries."""
    if policy.weekly_guideline.mode == "none" or not groups:
        return None
    today = school.today(viewer.now)
    mondays = [monday_of(today) - timedelta(days=7 * n) for n in range(WEEKS_SHOWN - 1, -1, -1)]
    weeks = weeks_of_groups(school, groups, mondays=mondays, policy=policy, calendar=calendar_around(school, today))
    taught = [group for group in groups if viewer.teaches(group.pk)]
    spoken = [
        rhythm_of(group.name, weeks[group.pk][-1], guideline=policy.weekly_guideline, today=today) for group in taught
    ]
    return Rows(mondays, [(group, weeks[group.pk]) for group in groups], [one for one in spoken if one])


def on_the_board(viewer: Viewer, school: School, *, meetings: Sequence[int], sittings: Sequence[int]) -> Board:
    """Return the dated things of today and of the next weekday, and the periods that go on. Five queries, one more for
    each kind of talk near her.

    `meetings` are the appointments that the shell found near her, `sittings` her sessions of rounds of conversations.
    """
    stretch = stretch_of(school.today(viewer.now))
    found = (
        PostItem.objects.readable_by(viewer)
        .between(stretch.today, stretch.board)
        .filter(school=school)
        .select_related("post__audience", "child", "absent", "substitute")
        # The newest first, so that the periods of a large school do not crowd out the day itself.
        .order_by("-from_date", "starts", "position", "pk")[:MOST_ITEMS]
    )
    items = list(found)
    events = [event for event in _events(viewer, stretch) if event.school_id == school.pk]
    posts = [item.post for item in items]
    for_whom = whom_of_audiences(audiences_of_posts(posts) | audiences_of(events))
    whom = {post.pk: for_whom[post.audience_id] for post in posts if post.audience_id}
    calendar = calendar_of(school, first=stretch.today, last=stretch.board)
    talks = appointments_of(viewer, first=stretch.today, last=stretch.board, children={}, among=meetings, school=school)
    talks += sessions_of(viewer, school, first=stretch.today, last=stretch.board, among=sittings)
    talks += _on_both_days(viewer, events, stretch, for_whom)

    def of(day: date) -> list[Coming]:
        free = calendar.holiday_on(day)
        held = [item for item in items if asks(item, day)]
        rest = merged([coming_of(item, [], whom[item.post_id], with_name=True) for item in held])
        mine = [thing for thing in talks if thing.day == day]
        return ([no_school(day, free, [], _("The whole school"))] if free else []) + rest + mine

    periods = [item for item in items if is_period(item.from_date, item.until_date)]
    going: list[tuple[PostItem, list[OwnChild]]] = [(item, []) for item in periods if item.from_date < stretch.today]
    return Board(of(stretch.today), of(stretch.board), stretch.board, going_of(going, whom))


def _events(viewer: Viewer, stretch: Stretch) -> list[Event]:
    return events_told_to(viewer, first=stretch.today, last=stretch.board, most=MOST)


def _on_both_days(viewer: Viewer, events: Sequence[Event], stretch: Stretch, whom: Mapping[int, Whom]) -> list[Coming]:
    """Return a line for each event of today and of the day of the board; what is on both days stands on both."""
    found = []
    for day in (stretch.today, stretch.board):
        on = [e for e in events if (e.starts_on if is_period(e.starts_on, e.ends_on) else max(e.starts_on, day)) == day]
        only = Stretch(day - timedelta(1), day, day, day)
        found += coming_events(viewer, [e for e in on if e.ends_on >= day], only, whom=whom, children={})
    return found


def asks(item: PostItem, day: date) -> bool:
    """Say whether the day itself asks something: it holds the item, and of a period it is the first day."""
    if is_period(item.from_date, item.until_date):
        return item.from_date == day
    return item.from_date <= day <= item.until_date


def colleagues_away(viewer: Viewer, school: School) -> list[StaffAbsence]:
    """Return who of the school's team is away today, with the substitute. One query."""
    today = school.today(viewer.now)
    found = StaffAbsence.objects.visible_to(viewer).filter(school=school, starts_on__lte=today, ends_on__gte=today)
    return list(found.select_related("person", "substitute").order_by("person__last_name")[:MOST])


def children_away(viewer: Viewer, school: School) -> Away | None:
    """Return who of her groups, or of the school, is away today; None for who has no such list. Six queries."""
    if not can_see_day(viewer, school):
        return None
    today = school.today(viewer.now)
    found = day_of(viewer, school, today, groups_on_list(viewer, school, today), now=viewer.now)
    lines = [*found.missing, *found.away]
    return Away(lines[:MOST_AWAY], len(lines), sum(line.is_unseen for line in lines))


def outgoing_of(viewer: Viewer, school: School) -> Outgoing:
    """Return what of hers (or of the school, for office and management) stands ready. Two queries."""
    posts = list(
        Post.objects.worked_on_by(viewer).filter(school=school).scheduled().select_related("audience").distinct()[:MOST]
    )
    whom = whom_of(posts)
    ready = [
        Ready(post, ICONS[Kind(post.kind)], whom_words(whom[post.pk]), post.publish_at.astimezone(school.zone))
        for post in posts
        if post.publish_at is not None
    ]
    going = [one for one in ready if one.post.held_since is None]
    first_day = going[0].at.date() if going else None
    return Outgoing(
        held=[one for one in ready if one.post.held_since is not None],
        first_day=first_day,
        first=[one for one in going if one.at.date() == first_day],
        later=[one for one in going if one.at.date() != first_day],
    )


def drafts_of(viewer: Viewer, school: School) -> list[tuple[Post, str]]:
    """Return her drafts at this school, the newest first, each with its icon. One query."""
    found = Post.objects.drafts_of(viewer).filter(school=school)[:8]
    return [(post, ICONS[Kind(post.kind)]) for post in found]
