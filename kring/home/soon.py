"""What is coming: the board, the week, and what goes on quietly, across all children of a parent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kring.core.viewer import Viewer
from kring.home.rules import Stretch, fold, is_period, joined, label_of, place_of, stretch_of
from kring.posts.cards import ICONS, OwnChild, Whom, children_in, whom_words
from kring.posts.feed import items_told_to
from kring.posts.models import PostItem
from kring.posts.rules import Kind
from kring.school.models import School
from kring.school.rules import Calendar

MOST = 120
WEEKEND = 6


@dataclass(frozen=True, slots=True)
class Coming:
    """One dated thing on the board or in the week, for these children of the reader."""

    title: str
    more: str
    icon: str
    children: list[OwnChild]
    whom: str
    public_id: str  # of its post, or "" when no post tells it
    day: date
    link: str = ""  # where it leads when no post tells it


@dataclass(frozen=True, slots=True)
class Going:
    """A period that has begun: one line with short labels, and under it the texts, each with its post."""

    kind: str
    icon: str
    until: date
    labels: str
    children: list[OwnChild]
    whom: str
    texts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Soon:
    """The board and the list beside the feed."""

    board_day: date
    is_tomorrow: bool
    is_next_week: bool
    board: list[Coming]
    shown: list[tuple[date, list[Coming]]]
    folded: list[tuple[date, list[Coming]]]
    going: list[Going]

    @property
    def folded_number(self) -> int:
        """Return how many things are folded away."""
        return sum(len(things) for _day, things in self.folded)


def coming_items(viewer: Viewer, stretch: Stretch) -> list[PostItem]:
    """Return the dated things of the stretch that were told to this viewer. One query."""
    return items_told_to(viewer, first=stretch.first, last=max(stretch.last, stretch.board), most=MOST)


def soon_of(
    viewer: Viewer,
    items: Sequence[PostItem],
    *,
    children: Mapping[int, OwnChild],
    whom: Mapping[int, Whom],
    calendars: Mapping[int, Calendar],
    appointments: Sequence[Coming] = (),
) -> Soon:
    """Return the board, the week and what goes on for these items, the free days of `calendars` (by school) and
    appointments."""
    stretch = stretch_of(School().today(viewer.now))
    board: list[Coming] = []
    week: dict[date, list[Coming]] = defaultdict(list)
    for thing in free_days(viewer, stretch, children, calendars):
        (board if thing.day == stretch.board else week[thing.day]).append(thing)
    for thing in appointments:
        (board if thing.day == stretch.board else week[thing.day]).append(thing)
    going: list[tuple[PostItem, list[OwnChild]]] = []
    for item in items:
        mine = [c for c in children_in(viewer, item.post, whom[item.post_id], children) if is_about(item, c)]
        place = place_of(stretch, from_date=item.from_date, until_date=item.until_date)
        if not mine or place is None:
            continue
        where, day = place
        if where == "going":
            going.append((item, mine))
            continue
        thing = replace(coming_of(item, mine, whom[item.post_id]), day=day)
        (board if where == "board" else week[day]).append(thing)
    shown, folded = fold(sorted((day, merged(things)) for day, things in week.items()))
    return Soon(
        board_day=stretch.board,
        is_tomorrow=stretch.board - stretch.today == timedelta(1),
        is_next_week=stretch.is_next_week,
        board=merged(board),
        shown=shown,
        folded=folded,
        going=going_of(going, whom),
    )


def free_days(
    viewer: Viewer, stretch: Stretch, children: Mapping[int, OwnChild], calendars: Mapping[int, Calendar]
) -> Iterator[Coming]:
    """Yield "no school" for the day of the board, and for the first day of each free stretch of the week after it."""
    groups = {span.child_id: (span.school_id, span.group_id) for span in viewer.spans if span.is_current}

    def name_on(day: date, child: OwnChild) -> str:
        school_id, group_id = groups[child.pk]
        return calendars[school_id].holiday_on(day, group_id=group_id) if school_id in calendars else ""

    days = [stretch.first + timedelta(n) for n in range((max(stretch.last, stretch.board) - stretch.first).days + 1)]
    before: dict[int, bool] = {}
    for day in (day for day in days if day.isoweekday() < WEEKEND):
        free: dict[str, list[OwnChild]] = defaultdict(list)
        for child in (child for pk, child in children.items() if pk in groups):
            name = name_on(day, child)
            if name and (day == stretch.board or not before.get(child.pk)):
                free[name].append(child)
            before[child.pk] = bool(name)
        if day != stretch.today:
            for name, who in free.items():
                yield no_school(day, name, who)


def no_school(day: date, name: str, children: list[OwnChild], whom: str = "") -> Coming:
    """Return the line that says there is no school; `name` as the calendar has it: "Kerstvakantie; Eerste Kerstdag"."""
    return Coming(_("No school"), name.replace("; ", ", "), "calendar-x-2", children, whom, "", day)


def is_about(item: PostItem, child: OwnChild) -> bool:
    """Say whether the item is for this child: a talk of another child is not."""
    return item.child_id is None or item.child_id == child.pk


def merged(things: Sequence[Coming]) -> list[Coming]:
    """Return the things with those of one message put together: five things to bring are one line.

    Only what has the same hour and is for the same children: the talks of two sisters stay two lines.
    """
    found: dict[tuple[str, str, tuple[int, ...]], list[Coming]] = defaultdict(list)
    for thing in things:
        found[(thing.public_id or thing.link, thing.more, tuple(child.pk for child in thing.children))].append(thing)
    return [replace(same[0], title=line_of([thing.title for thing in same])) for same in found.values()]


def line_of(parts: Sequence[str]) -> str:
    """Return the parts as one line that says how many did not fit on it."""
    line, left_out = joined(parts)
    if left_out:
        line += " " + ngettext("and %(number)d more", "and %(number)d more", left_out) % {"number": left_out}
    return line


def coming_of(item: PostItem, children: list[OwnChild], whom: Whom, *, with_name: bool = False) -> Coming:
    """Return the words of one item: what, and when or with whom; of a period only its label.

    `with_name` puts the child of a talk before it, for the team.
    """
    title, more = what_of(item), ""
    if item.kind == Kind.BRING:
        more = _("to bring")
    elif item.starts:
        at = time_format(item.starts, "TIME_FORMAT")
        more = _("%(time)s o'clock") % {"time": at}
        if item.ends:
            more = _("%(from)s to %(until)s") % {"from": at, "until": time_format(item.ends, "TIME_FORMAT")}
    elif item.place:
        more = item.place
    elif is_period(item.from_date, item.until_date):
        title, more = label_of(title, kind=item.get_kind_display()), item.get_kind_display()
    if with_name and item.child is not None:
        title = f"{item.child.first_name}: {title}"
    return Coming(
        title=title,
        more=more,
        icon=ICONS[Kind(item.kind)],
        children=children,
        whom=whom_words(whom),
        public_id=item.post.public_id,
        day=item.from_date,
    )


def what_of(item: PostItem) -> str:
    """Return what the item says: its text, who takes over from whom, or the title of its post."""
    if item.absent is None:
        return item.text or item.post.title
    if item.substitute is None:
        return _("%(who)s is away") % {"who": item.absent.display_name}
    return _("%(other)s takes over from %(who)s") % {
        "who": item.absent.display_name,
        "other": item.substitute.display_name,
    }


def going_of(items: Sequence[tuple[PostItem, list[OwnChild]]], whom: Mapping[int, Whom]) -> list[Going]:
    """Return a line for each message whose period goes on; messages that would say the same are one line."""
    posts: dict[tuple[int, date], list[tuple[PostItem, list[OwnChild]]]] = defaultdict(list)
    for item, mine in items:
        posts[(item.post_id, item.until_date)].append((item, mine))
    same: dict[tuple[str, date, str], list[tuple[PostItem, list[OwnChild]]]] = defaultdict(list)
    for (_post, until), own in posts.items():
        kind = own[0][0].kind
        labels = line_of([label_of(what_of(item), kind=item.get_kind_display()) for item, _mine in own])
        same[(kind, until, labels)] += own
    found = []
    for (kind, until, labels), own in same.items():
        texts: dict[str, str] = {}
        for item, _mine in own:
            texts.setdefault(what_of(item), item.post.public_id)
        children = {child.pk: child for _item, mine in own for child in mine}
        names = dict.fromkeys(whom_words(whom[item.post_id]) for item, _mine in own)
        found.append(
            Going(
                kind=own[0][0].get_kind_display(),
                icon=ICONS[Kind(kind)],
                until=until,
                labels=labels,
                children=list(children.values()),
                whom=", ".join(names),
                texts=list(texts.items()),
            )
        )
    return sorted(found, key=lambda one: one.until)
