"""News for a parent: the page of the feed, with what is coming on top (`soon`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q, Subquery

from kring.agenda.coming import audiences_of, events_told_to
from kring.core.viewer import STAFF, RoleKind, Viewer
from kring.home.appointments import appointments_of, booked_of
from kring.home.away import coming_away
from kring.home.choosing import coming_rounds, in_weeks, to_choose
from kring.home.events import coming_events
from kring.home.lines import Line, lines_of
from kring.home.rules import stretch_of
from kring.home.shell import Kid, Names
from kring.home.soon import Soon, coming_items, soon_of
from kring.posts.cards import Card, OwnChild, audiences_of_posts, cards_for, for_cards, whom_of_audiences
from kring.posts.feed import newest_for
from kring.posts.models import Post, PostQuerySet
from kring.school.calendars import calendars_now
from kring.school.models import School

PAGE = 20
MOST_EVENTS = 60
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
WORK = STAFF | {RoleKind.BOARD_ADMIN}


@dataclass(frozen=True, slots=True)
class News:
    """One page of the feed, newest first: whole cards for what is new, lines for what was read."""

    soon: Soon | None
    fresh: list[Card]
    read: list[Card]
    older: str  # the keyset of the next page, or "" at the end

    @property
    def lines(self) -> list[Line]:
        """Return a line for each that was read."""
        return lines_of(self.read, with_day=True)


def as_parent(viewer: Viewer, *, child_id: int | None = None) -> Viewer:
    """Return the viewer as a parent only: without her work, and with `child_id` through that child alone.

    It can only take rights away, so a page made with it never shows more than she may see.
    """
    spans, roles = viewer.spans, tuple(role for role in viewer.roles if role.kind not in WORK)
    if child_id is not None:
        spans, roles = tuple(span for span in viewer.spans if span.child_id == child_id), ()
    return Viewer(
        now=viewer.now, user_id=viewer.user_id, persons=viewer.persons, spans=spans, roles=roles, kept=viewer.kept
    )


def own_children(names: Names, *, only: Kid | None = None) -> dict[int, OwnChild]:
    """Return the viewer's children for the cards, or `only` the chosen one. No query: the shell has their names."""
    kids = [only] if only else names.kids.values()
    return {kid.pk: OwnChild(kid.pk, kid.name, kid.css) for kid in kids}


def first_month(viewer: Viewer, today: date) -> date:
    """Return the first day from which this viewer may have something to read."""
    return min((span.since.astimezone(School().zone).date() for span in viewer.spans), default=today - timedelta(365))


def keyset(post: Post) -> str:
    """Return the address part that says "below this post": microseconds since 1970, and its public id."""
    return f"{((post.visible_from or EPOCH) - EPOCH) // MICROSECOND}.{post.public_id}"


def below(found: PostQuerySet, place: str) -> PostQuerySet:
    """Return what stands below the keyset `place`; all of it when `place` is empty or is no keyset."""
    moment, _dot, public_id = place.partition(".")
    if not moment.isascii() or not moment.isdigit() or len(moment) > 17:
        return found
    at = EPOCH + int(moment) * MICROSECOND
    own = Post.objects.filter(public_id=public_id).values("pk")
    return found.filter(Q(visible_from__lt=at) | Q(visible_from=at, pk__lt=Subquery(own)))


def news_for(
    viewer: Viewer,
    *,
    children: Mapping[int, OwnChild],
    names: Names,
    token: str,
    before: str = "",
    with_soon: bool = True,
) -> News:
    """Return the page of the feed below `before`, with the board on the first one. Seven queries."""
    if before:
        rows = list(for_cards(below(Post.objects.readable_by(viewer), before), viewer).newest_first()[: PAGE + 1])
    else:
        rows = newest_for(viewer, most=PAGE + 1)
    posts, has_more = rows[:PAGE], len(rows) > PAGE
    items, events, soon = [], [], None
    if with_soon:
        stretch = stretch_of(School().today(viewer.now))
        items = coming_items(viewer, stretch)
        events = events_told_to(viewer, first=stretch.first, last=max(stretch.last, stretch.board), most=MOST_EVENTS)
    told = [*posts, *(item.post for item in items)]
    for_whom = whom_of_audiences(audiences_of_posts(told) | audiences_of(events))
    whom = {post.pk: for_whom[post.audience_id] for post in told if post.audience_id}
    if with_soon:
        ids = {pk: names.schools[pk][0] for pk in viewer.guardian_school_ids if pk in names.schools}
        calendars = calendars_now(ids, first=stretch.first, last=max(stretch.last, stretch.board))
        last = max(stretch.last, stretch.board)
        talks = appointments_of(viewer, first=stretch.first, last=last, children=children, among=names.meetings)
        planned = to_choose(viewer, first=stretch.first, last=last) if names.rounds else []
        # The days say more than the first day of their week does.
        weeks, _apart = in_weeks(planned, events)
        rest = [event for event in events if event.pk not in weeks]
        talks += coming_events(viewer, rest, stretch, whom=for_whom, children=children)
        talks += coming_rounds(planned, children)
        talks += booked_of(viewer, first=stretch.first, last=last, children=children, among=names.booked)
        talks += coming_away(viewer, stretch, children=children, visits=names.visits, leave=names.leave)
        soon = soon_of(viewer, items, children=children, whom=whom, calendars=calendars, appointments=talks)
    seen = {post for post in posts if post.is_read and not is_of_today(post, viewer)}  # type: ignore[attr-defined]
    cards = cards_for(viewer, posts, csrf_token=token, children=children, whom=whom, lines=seen)
    return News(
        soon=soon,
        fresh=[card for card in cards if card.post not in seen],
        read=[card for card in cards if card.post in seen],
        older=keyset(posts[-1]) if has_more else "",
    )


def is_of_today(post: Post, viewer: Viewer) -> bool:
    """Say whether the post appeared today: it stays open after it was read, so that it does not jump away."""
    zone = post.school.zone
    return post.visible_from is not None and post.visible_from.astimezone(zone).date() == post.school.today(viewer.now)


def older_cards(
    viewer: Viewer, *, children: Mapping[int, OwnChild], month: date | None, words: str, before: str
) -> tuple[list[Card], str]:
    """Return posts of one month, or those that contain `words`, with the keyset of the next page. Five queries."""
    found = below(Post.objects.readable_by(viewer), before)
    if month is not None:
        following = (month + timedelta(32)).replace(day=1)
        found = found.filter(visible_from__gte=School().moment(month), visible_from__lt=School().moment(following))
    if words:
        found = found.matching(words)
    rows = list(for_cards(found, viewer).newest_first()[: PAGE + 1])
    cards = cards_for(viewer, rows[:PAGE], children=children, lines=set(rows))
    return cards, keyset(rows[PAGE - 1]) if len(rows) > PAGE else ""


def lines_by_day(cards: Sequence[Card]) -> list[tuple[date, list[Line]]]:
    """Return the cards as lines, by the day they appeared, in the order given."""
    days: dict[date, list[Card]] = defaultdict(list)
    for card in cards:
        if card.post.visible_from is not None:
            days[card.post.visible_from.astimezone(card.post.school.zone).date()].append(card)
    return [(day, lines_of(found, with_day=False)) for day, found in days.items()]
