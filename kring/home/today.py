"""News for a parent: what is on the board, what comes this week, and the page of the feed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q, Subquery
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from kring.core.viewer import STAFF, RoleKind, Viewer
from kring.home.rules import Stretch, day_in, fold, stretch_of
from kring.home.shell import Kid, Names
from kring.posts.cards import ICONS, Card, OwnChild, Whom, cards_for, children_in, for_cards, whom_of, whom_words
from kring.posts.models import Post, PostItem, PostQuerySet
from kring.posts.rules import Kind
from kring.school.models import School

PAGE = 20
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
WORK = STAFF | {RoleKind.BOARD_ADMIN}


@dataclass(frozen=True, slots=True)
class Coming:
    """One dated thing on the board or in the week, for these children of the reader."""

    title: str
    more: str
    icon: str
    children: list[OwnChild]
    whom: str
    public_id: str
    day: date


@dataclass(frozen=True, slots=True)
class Soon:
    """The board and the list beside the feed."""

    board_day: date
    is_tomorrow: bool
    is_next_week: bool
    board: list[Coming]
    shown: list[tuple[date, list[Coming]]]
    folded: list[tuple[date, list[Coming]]]

    @property
    def folded_number(self) -> int:
        """Return how many things are folded away."""
        return sum(len(things) for _day, things in self.folded)


@dataclass(frozen=True, slots=True)
class News:
    """One page of the feed, newest first: whole cards for what is new, lines for what was read."""

    soon: Soon | None
    fresh: list[Card]
    read: list[Card]
    older: str  # the keyset of the next page, or "" at the end


def as_parent(viewer: Viewer, *, child_id: int | None = None) -> Viewer:
    """Return the viewer as a parent only: without her work, and with `child_id` through that child alone.

    It can only take rights away, so a page made with it never shows more than she may see.
    """
    spans, roles = viewer.spans, tuple(role for role in viewer.roles if role.kind not in WORK)
    if child_id is not None:
        spans, roles = tuple(span for span in viewer.spans if span.child_id == child_id), ()
    return Viewer(now=viewer.now, user_id=viewer.user_id, persons=viewer.persons, spans=spans, roles=roles)


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
    viewer: Viewer, *, children: Mapping[int, OwnChild], token: str, before: str = "", with_soon: bool = True
) -> News:
    """Return the page of the feed below `before`, with the board on the first one. Six queries."""
    found = for_cards(below(Post.objects.readable_by(viewer), before), viewer).newest_first()
    rows = list(found[: PAGE + 1])
    posts, has_more = rows[:PAGE], len(rows) > PAGE
    items = coming_items(viewer, stretch_of(School().today(viewer.now))) if with_soon else []
    whom = whom_of([*posts, *(item.post for item in items)])
    soon = soon_of(viewer, items, children=children, whom=whom) if with_soon else None
    cards = cards_for(viewer, posts, csrf_token=token, children=children, whom=whom)
    fresh = [card for card in cards if not card.is_read or is_of_today(card.post, viewer)]
    return News(
        soon=soon,
        fresh=fresh,
        read=[card for card in cards if card not in fresh],
        older=keyset(posts[-1]) if has_more else "",
    )


def is_of_today(post: Post, viewer: Viewer) -> bool:
    """Say whether the post appeared today: it stays open after it was read, so that it does not jump away."""
    zone = post.school.zone
    return post.visible_from is not None and post.visible_from.astimezone(zone).date() == post.school.today(viewer.now)


def coming_items(viewer: Viewer, stretch: Stretch) -> list[PostItem]:
    """Return the dated things of the stretch that were told to this viewer. One query."""
    found = PostItem.objects.readable_by(viewer).between(stretch.first, max(stretch.last, stretch.board))
    return list(found.select_related("post__audience", "child", "absent", "substitute").distinct()[:120])


def soon_of(
    viewer: Viewer, items: Sequence[PostItem], *, children: Mapping[int, OwnChild], whom: Mapping[int, Whom]
) -> Soon:
    """Return the board and the week for these items."""
    stretch = stretch_of(School().today(viewer.now))
    board: list[Coming] = []
    week: dict[date, list[Coming]] = defaultdict(list)
    for item in items:
        mine = [c for c in children_in(viewer, item.post, whom[item.post_id], children) if is_about(item, c)]
        if not mine and children:
            continue
        coming = coming_of(item, mine, whom[item.post_id])
        if item.from_date <= stretch.board <= item.until_date and not is_long_running(item, stretch.board):
            board.append(coming)
            continue
        day = day_in(
            stretch.first, stretch.last, from_date=item.from_date, until_date=item.until_date, skip=stretch.board
        )
        if day is not None:
            week[day].append(replace(coming, day=day))
    shown, folded = fold(sorted((day, merged(things)) for day, things in week.items()))
    return Soon(
        board_day=stretch.board,
        is_tomorrow=stretch.board - stretch.today == timedelta(1),
        is_next_week=stretch.is_next_week,
        board=merged(board),
        shown=shown,
        folded=folded,
    )


def is_about(item: PostItem, child: OwnChild) -> bool:
    """Say whether the item is for this child: a talk of another child is not."""
    return item.child_id is None or item.child_id == child.pk


def is_long_running(item: PostItem, day: date) -> bool:
    """Say whether the item lasts longer than two days and did not begin on `day`."""
    return item.until_date - item.from_date > timedelta(1) and item.from_date != day


def merged(things: Sequence[Coming]) -> list[Coming]:
    """Return the things with those of one message and one title put together: five things to bring are one line."""
    found: dict[tuple[str, str], Coming] = {}
    for thing in things:
        known = found.get((thing.public_id, thing.more))
        if known is None:
            found[(thing.public_id, thing.more)] = thing
        elif thing.title not in known.title.split(", ") and len(known.title) < 90:
            found[(thing.public_id, thing.more)] = replace(known, title=f"{known.title}, {thing.title}")
    return list(found.values())


def coming_of(item: PostItem, children: list[OwnChild], whom: Whom) -> Coming:
    """Return the words of one item: what, and when or with whom."""
    title = item.text or item.post.title
    more = ""
    if item.absent is not None:
        names = {"who": item.absent.display_name, "other": item.substitute.display_name if item.substitute else ""}
        title = _("%(other)s takes over from %(who)s") % names if item.substitute else _("%(who)s is away") % names
    if item.kind == Kind.BRING:
        more = _("to bring")
    elif item.starts:
        at = time_format(item.starts, "TIME_FORMAT")
        more = _("%(time)s o'clock") % {"time": at}
        if item.ends:
            more = _("%(from)s to %(until)s") % {"from": at, "until": time_format(item.ends, "TIME_FORMAT")}
    elif item.place:
        more = item.place
    return Coming(
        title=title,
        more=more,
        icon=ICONS[Kind(item.kind)],
        children=children,
        whom=whom_words(whom),
        public_id=item.post.public_id,
        day=item.from_date,
    )


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
    cards = cards_for(viewer, rows[:PAGE], children=children)
    return cards, keyset(rows[PAGE - 1]) if len(rows) > PAGE else ""


def group_by_day(cards: Sequence[Card]) -> list[tuple[date, list[Card]]]:
    """Return the cards by the day they appeared, in the order given."""
    days: dict[date, list[Card]] = defaultdict(list)
    for card in cards:
        if card.post.visible_from is not None:
            days[card.post.visible_from.astimezone(card.post.school.zone).date()].append(card)
    return list(days.items())
