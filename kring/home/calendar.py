"""The agenda: events, dated things of messages, appointments, conversations and free days of all children, by day.

Everything is read as `readable_by` or `visible_to` this viewer; the lines hold nothing that outlives the request.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from functools import partial

from django.db.models import Count
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from kring.agenda.coming import audiences_of, children_at, events_told_to
from kring.agenda.models import Event, Offer, Rsvp
from kring.agenda.rules import Category
from kring.agenda.wording import hours_of
from kring.conversations.models import Meeting
from kring.core.viewer import Viewer
from kring.home.away import leave_of, visits_of
from kring.home.booked import rounds_of
from kring.home.rules import is_period, label_of
from kring.home.soon import is_about, line_of, what_of
from kring.posts.cards import ICONS, OwnChild, Whom, children_in, whom_of_audiences, whom_words
from kring.posts.feed import items_told_to
from kring.posts.models import PostItem
from kring.posts.rules import Kind
from kring.school.calendars import calendars_now
from kring.school.models import School

MOST = 600
WEEKEND = 6
FREE = frozenset({Category.HOLIDAY, Category.STUDY_DAY})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in the agenda, with the children of the reader it is for."""

    title: str
    first: date
    last: date
    icon: str
    starts: time | None = None
    hours: str = ""
    more: str = ""
    children: tuple[OwnChild, ...] = ()
    whom: str = ""
    link: str = ""
    is_off: bool = False
    reason: str = ""
    is_free: bool = False
    asks: tuple[str, ...] = ()  # "Are you coming?", "3 of 6 places taken"
    until: date | None = None  # the last day, of what lasts longer than two days
    groups: frozenset[int] = frozenset()

    @property
    def css(self) -> str:
        """Return the classes that colour it: of its child, of two of them, or none."""
        if self.is_off:
            return "event--off"
        if self.is_free:
            return "event--free"
        if not self.children:
            return "event--school"
        if len(self.children) == 1:
            return self.children[0].css
        return f"event--two {self.children[0].css} {self.children[1].css}-also"

    @property
    def pip(self) -> str:
        """Return the classes for a cell of the month."""
        if self.is_off:
            return "pip--off"
        if self.is_free:
            return "pip--plain"
        return " ".join(part for part in self.css.split() if not part.startswith("event"))


@dataclass(frozen=True, slots=True)
class Day:
    """One day with its lines."""

    day: date
    lines: list[Line] = field(default_factory=list)
    is_today: bool = False
    is_past: bool = False
    is_other: bool = False  # of another month
    free: str = ""

    @property
    def is_free_day(self) -> bool:
        """Say whether there is no school for anybody she looks at."""
        return bool(self.free) and self.day.isoweekday() < WEEKEND

    @property
    def specks(self) -> list[str]:
        """Return the colours of the children who have something that day, each once, at most four."""
        found = dict.fromkeys(child.css for line in self.lines if not line.is_off for child in line.children)
        if not found and any(not line.is_free for line in self.lines):
            return [""]
        return list(found)[:4]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the agenda was asked for: the reader, her children for colours, and which of it she wants to see."""

    viewer: Viewer
    children: Mapping[int, OwnChild]
    schools: Mapping[int, str]  # id -> public id
    group_id: int | None = None
    levels: frozenset[int] = frozenset()  # of that group
    is_team: bool = False

    @property
    def is_whole(self) -> bool:
        """Say whether somebody without a group or child of her own looks at the whole school."""
        return self.is_team and self.group_id is None and not self.children and not self.viewer.taught_group_ids


def lines_for(asked: Asked, *, first: date, last: date) -> list[Line]:
    """Return everything from `first` to `last` (both included) in order. At most thirteen queries."""
    viewer = asked.viewer
    events = events_told_to(viewer, first=first, last=last, most=MOST)
    items = items_told_to(viewer, first=first, last=last, most=MOST)
    wide = audiences_of(events)
    for item in items:
        if item.post.audience is not None:
            wide[item.post.audience.pk] = bool(item.post.audience.whole_school)
    whom = whom_of_audiences(wide)
    found = [*_of_events(asked, events, whom), *_of_items(asked, items, whom)]
    found += [*_of_meetings(asked, first, last), *_of_rounds(asked, first, last), *_of_free_days(asked, first, last)]
    found += _of_away(asked, first, last)
    return sorted(found, key=lambda line: (line.first, not line.is_free, line.starts or time.min, line.title))


def by_day(lines: Iterable[Line], *, first: date, last: date, today: date, month: int = 0) -> list[Day]:
    """Return each day from `first` to `last` with its lines. What lasts longer than two days stands once a week."""
    days: dict[date, list[Line]] = defaultdict(list)
    free: dict[date, str] = {}
    for line in lines:
        for day in _days_of(line, first, last):
            days[day].append(line)
        if line.is_free and not line.is_off:
            length = (min(last, line.last) - max(first, line.first)).days + 1
            free |= {max(first, line.first) + timedelta(n): line.title for n in range(length)}
    return [
        Day(
            day,
            days[day],
            is_today=day == today,
            is_past=day < today,
            is_other=bool(month) and day.month != month,
            free=free.get(day, ""),
        )
        for day in (first + timedelta(n) for n in range((last - first).days + 1))
    ]


def _days_of(line: Line, first: date, last: date) -> Iterator[date]:
    day, seen = max(first, line.first), None
    while day <= min(last, line.last):
        week = day - timedelta(day.isoweekday() - 1)
        if line.until is None or week != seen:
            yield day
        seen = week
        day += timedelta(1)


def _of_events(asked: Asked, events: Sequence[Event], whom: Mapping[int, Whom]) -> Iterator[Line]:
    asking = [event.pk for event in events if event.rsvp != "nobody" and event.cancelled_at is None]
    answers = _answers(asked.viewer, asking)
    helping = _helping(asked.viewer, [event.pk for event in events if event.cancelled_at is None])
    for event in events:
        target = whom[event.audience_id]
        if not _is_wanted(asked, target):
            continue
        asks = [helping[event.pk]] if event.pk in helping and event.over_at > asked.viewer.now else []
        if event.pk in answers:
            asks.insert(0, answers[event.pk])
        elif event.pk in asking and asked.children and event.takes_answers(asked.viewer.now):
            asks.insert(0, _("Are you coming?"))
        yield Line(
            title=event.title,
            first=event.starts_on,
            last=event.ends_on,
            icon=event.icon,
            starts=event.starts,
            hours=hours_of(event),
            more=event.place,
            children=tuple(children_at(asked.viewer, event, target, asked.children)),
            whom=whom_words(target),
            link=reverse("agenda:event", args=[event.public_id]),
            is_off=event.cancelled_at is not None,
            reason=event.reason,
            is_free=event.category in FREE,
            asks=tuple(asks),
            until=event.ends_on if is_period(event.starts_on, event.ends_on) else None,
            groups=frozenset(target.groups),
        )


def _answers(viewer: Viewer, event_ids: Sequence[int]) -> dict[int, str]:
    if not event_ids or not viewer.persons:
        return {}
    rows = Rsvp.objects.filter(event__in=event_ids, person_id__in=list(viewer.persons.values()))
    return {row.event_id: _("You are coming") if row.answer == "yes" else _("You are not coming") for row in rows}


def _helping(viewer: Viewer, event_ids: Sequence[int]) -> dict[int, str]:
    """Return "3 of 6 places taken" for the events that ask for help. One query."""
    if not event_ids:
        return {}
    places: dict[int, list[int]] = {}
    rows = Offer.objects.filter(event__in=event_ids, closed_at__isnull=True).annotate(taken=Count("filled"))
    for event_id, wanted, taken in rows.values_list("event_id", "places", "taken"):
        have = places.setdefault(event_id or 0, [0, 0])
        have[0] += wanted
        have[1] += taken
    return {
        key: _("Help needed: %(taken)s of %(places)s places taken") % {"taken": taken, "places": wanted}
        for key, (wanted, taken) in places.items()
        if taken < wanted
    }


def _of_items(asked: Asked, items: Sequence[PostItem], whom: Mapping[int, Whom]) -> Iterator[Line]:
    lines = []
    for item in items:
        target = whom[item.post.audience_id or 0]
        mine = [c for c in children_in(asked.viewer, item.post, target, asked.children) if is_about(item, c)]
        if not _is_wanted(asked, target) or (asked.children and not asked.is_team and not mine):
            continue
        if asked.is_whole and target.groups:
            continue  # what each group brings along is for who looks at that group
        title, lasts = what_of(item), is_period(item.from_date, item.until_date)
        if lasts:
            title = label_of(title, kind=item.get_kind_display())
        if item.child is not None and not mine:
            title = f"{item.child.first_name}: {title}"
        starts = time_format(item.starts, "TIME_FORMAT") if item.starts else ""
        ends = time_format(item.ends, "TIME_FORMAT") if item.ends else ""
        lines.append(
            Line(
                title=title,
                first=item.from_date,
                last=item.until_date,
                icon=ICONS[Kind(item.kind)],
                starts=item.starts,
                hours=f"{starts} – {ends}" if ends else starts,
                more=_("to bring") if item.kind == Kind.BRING else item.place,
                children=tuple(mine),
                whom=whom_words(target),
                link=reverse("posts:read", args=[item.post.public_id]),
                until=item.until_date if lasts else None,
                groups=frozenset(target.groups),
            )
        )
    yield from _put_together(lines)


def _put_together(lines: Sequence[Line]) -> Iterator[Line]:
    """Put the lines of one message on one day together: five things to bring are one line."""
    same: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in lines:
        same[(line.link, line.first, line.last, line.hours, line.more, line.children)].append(line)
    for together in same.values():
        yield replace(together[0], title=line_of([line.title for line in together]))


def _of_meetings(asked: Asked, first: date, last: date) -> Iterator[Line]:
    viewer = asked.viewer
    if not viewer.spans and not viewer.taught_group_ids:
        return
    since, until = School().moment(first), School().moment(last + timedelta(1))
    rows = Meeting.objects.visible_to(viewer).between(since, until).select_related("school", "with_family")
    for meeting in rows[:MOST]:
        if asked.group_id is not None and meeting.group_id != asked.group_id:
            continue
        is_team = viewer.teaches(meeting.group_id)
        other = meeting.with_family if is_team else meeting.with_staff
        name = (other.name if is_team else other.display_name) if other else ""
        local = meeting.starts_at.astimezone(meeting.school.zone)
        ends = meeting.ends_at.astimezone(meeting.school.zone)
        child = asked.children.get(meeting.child_id or 0)
        yield Line(
            title=_("Appointment with %(name)s") % {"name": name} if name else _("Appointment"),
            first=local.date(),
            last=local.date(),
            icon="calendar-check",
            starts=local.time(),
            hours=f"{time_format(local.time(), 'TIME_FORMAT')} – {time_format(ends.time(), 'TIME_FORMAT')}",
            more=meeting.place,
            children=(child,) if child else (),
            whom=meeting.group.name,
            link=reverse("conversations:talk", args=[meeting.conversation.public_id]),
        )


def _of_rounds(asked: Asked, first: date, last: date) -> Iterator[Line]:
    for held in rounds_of(asked.viewer, first=first, last=last):
        if asked.group_id not in (None, held.group_id):
            continue
        child = asked.children.get(held.child_id or 0)
        starts, ends = held.starts_at.time(), held.ends_at.time()
        yield Line(
            title=held.title,
            first=held.starts_at.date(),
            last=held.starts_at.date(),
            icon="calendar-check",
            starts=starts,
            hours=f"{time_format(starts, 'TIME_FORMAT')} – {time_format(ends, 'TIME_FORMAT')}",
            more=held.more,
            children=(child,) if child else (),
            whom=held.group,
            link=held.link,
        )


def _of_away(asked: Asked, first: date, last: date) -> Iterator[Line]:
    if asked.group_id is not None:
        return
    for gone in [*visits_of(asked.viewer, first=first, last=last), *leave_of(asked.viewer, first=first, last=last)]:
        child, until = asked.children.get(gone.child_id), gone.last if is_period(gone.first, gone.last) else None
        if child is not None:
            yield Line(gone.title, gone.first, gone.last, gone.icon, gone.starts, gone.hours, "", (child,), "",
                       gone.link, until=until)  # fmt: skip


def _of_free_days(asked: Asked, first: date, last: date) -> Iterator[Line]:
    """Yield a line for each stretch without school: of the children's groups, or of the school for the team."""
    calendars = calendars_now(dict(asked.schools), first=first - timedelta(31), last=last + timedelta(31))
    groups = {s.child_id: (s.school_id, s.group_id) for s in asked.viewer.spans if s.is_current}
    seen: dict[tuple[str, date, date], list[OwnChild]] = defaultdict(list)
    whose: list[tuple[int, int | None, OwnChild | None]] = [
        (*groups[pk], child) for pk, child in asked.children.items() if pk in groups
    ]
    if not whose:
        whose = [(school_id, asked.group_id, None) for school_id in asked.schools]
    for school_id, group_id, child in whose:
        calendar = calendars.get(school_id)
        if calendar is None:
            continue

        name_on = partial(calendar.holiday_on, group_id=group_id)
        for name, begin, end in _stretches(name_on, first, last):
            seen[(name, begin, end)] += [child] if child else []
    for (name, begin, end), children in seen.items():
        yield Line(
            title=_("No school"),
            first=begin,
            last=end,
            icon="calendar-x-2",
            more=name.replace("; ", ", "),
            children=tuple(dict.fromkeys(children)),
            whom="",
            is_free=True,
            until=end if end - begin > timedelta(1) else None,
        )


def _stretches(name_on: Callable[[date], str], first: date, last: date) -> Iterator[tuple[str, date, date]]:
    """Yield name, first and last day of each free stretch that touches the days, weekends within it included.

    Its days before and after are looked up to 31 days away, so that "until" tells the whole holiday.
    """
    name, begin, end = "", first, first
    for n in range(-31, (last - first).days + 33):
        day = first + timedelta(n)
        if day.isoweekday() >= WEEKEND:
            continue
        names = [part for part in name_on(day).split("; ") if part] if n < (last - first).days + 32 else []
        if name and name not in names:
            if end >= first and begin <= last:
                yield name, begin, end
            name = ""
        if names and not name:
            name, begin = max(names, key=lambda one: "vakantie" in one), day
        if names:
            end = day


def _is_wanted(asked: Asked, whom: Whom) -> bool:
    if asked.group_id is None:
        if not asked.is_team or whom.whole_school or whom.levels:
            return True
        taught = asked.viewer.taught_group_ids
        mine = {span.group_id for span in asked.viewer.spans}
        return not taught or bool((taught | mine) & set(whom.groups))
    return whom.whole_school or asked.group_id in whom.groups or bool(asked.levels & whom.levels)
