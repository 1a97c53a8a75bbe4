"""The agenda: events, dated things of messages, appointments, conversations and free days of all children, by day.

Everything is read as `readable_by` or `visible_to` this viewer; the lines hold nothing that outlives the request.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial

from django.db.models import Count
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from kring.agenda.coming import audiences_of, children_at, events_told_to
from kring.agenda.models import Event, Offer, Rsvp
from kring.agenda.permissions import can_answer
from kring.agenda.rules import Category, RsvpBy
from kring.agenda.wording import hours_of
from kring.core.viewer import Viewer
from kring.home.away import leave_of, visits_of
from kring.home.choosing import Planned, in_weeks, joined_days, to_choose
from kring.home.dated import MOST, WEEKEND, Answer, Asked, Line
from kring.home.rules import is_period, label_of
from kring.home.soon import is_about, line_of, what_of
from kring.home.talks import choosing_of, held_of, meetings_of
from kring.posts.cards import ICONS, OwnChild, Whom, children_in, whom_of_audiences, whom_words
from kring.posts.feed import items_told_to
from kring.posts.models import PostItem
from kring.posts.rules import Kind
from kring.school.calendars import calendars_now

FREE = frozenset({Category.HOLIDAY, Category.STUDY_DAY})


def lines_for(asked: Asked, *, first: date, last: date) -> list[Line]:
    """Return everything from `first` to `last` (both included) in order. At most fifteen queries."""
    viewer = asked.viewer
    events = events_told_to(viewer, first=first, last=last, most=MOST)
    items = items_told_to(viewer, first=first, last=last, most=MOST)
    wide = audiences_of(events)
    for item in items:
        if item.post.audience is not None:
            wide[item.post.audience.pk] = bool(item.post.audience.whole_school)
    whom = whom_of_audiences(wide)
    planned = to_choose(viewer, first=first, last=last) if asked.children else []
    weeks, apart = in_weeks(planned, events)
    found = [*_of_events(asked, events, whom, weeks), *_of_items(asked, items, whom)]
    found += [*meetings_of(asked, first, last), *held_of(asked, first, last), *_of_free_days(asked, first, last)]
    found += [*choosing_of(asked, apart), *_of_away(asked, first, last)]
    return sorted(found, key=lambda line: (line.first, not line.is_free, line.starts or time.min, line.title))


def _of_events(
    asked: Asked, events: Sequence[Event], whom: Mapping[int, Whom], weeks: Mapping[int, Sequence[Planned]]
) -> Iterator[Line]:
    asking = [event.pk for event in events if event.rsvp != "nobody" and event.cancelled_at is None]
    answers = _answers(asked.viewer, asking)
    helping = _helping(asked.viewer, [event.pk for event in events if event.cancelled_at is None])
    for event in events:
        target = whom[event.audience_id]
        if not _is_wanted(asked, target):
            continue
        asks = [helping[event.pk]] if event.pk in helping and event.over_at > asked.viewer.now else []
        said = answers.get(event.pk, "")
        if said:
            asks.insert(0, _("You are coming") if said == "yes" else _("You are not coming"))
        mine = tuple(children_at(asked.viewer, event, target, asked.children))
        yield Line(
            title=event.title,
            first=event.starts_on,
            last=event.ends_on,
            icon=event.icon,
            starts=event.starts,
            hours=hours_of(event),
            more=joined_days(weeks.get(event.pk, ())) or event.place,
            children=mine,
            whom=whom_words(target),
            link=reverse("agenda:event", args=[event.public_id]),
            answer=_answer_of(asked, event, len(mine)) if event.pk in asking and not said else None,
            is_off=event.cancelled_at is not None,
            reason=event.reason,
            is_free=event.category in FREE,
            asks=tuple(asks),
            ways=tuple({one.link: (_("You have no time yet"), one.link) for one in weeks.get(event.pk, ())}.values()),
            until=event.ends_on if is_period(event.starts_on, event.ends_on) else None,
            groups=frozenset(target.groups),
        )


def _answers(viewer: Viewer, event_ids: Sequence[int]) -> dict[int, str]:
    if not event_ids or not viewer.persons:
        return {}
    rows = Rsvp.objects.filter(event__in=event_ids, person_id__in=list(viewer.persons.values()))
    return {row.event_id: row.answer for row in rows}


def _answer_of(asked: Asked, event: Event, children: int) -> Answer | None:
    """Return what a guardian can answer from the list, if she may and it is still asked."""
    if not asked.children or not event.takes_answers(asked.viewer.now) or not can_answer(asked.viewer, event):
        return None
    return Answer(event.public_id, children + 1 if event.rsvp == RsvpBy.FAMILY else 0)


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


def _of_away(asked: Asked, first: date, last: date) -> Iterator[Line]:
    if asked.group_id is not None:
        return
    for gone in [*visits_of(asked.viewer, first=first, last=last), *leave_of(asked.viewer, first=first, last=last)]:
        child, until = asked.children.get(gone.child_id), gone.last if is_period(gone.first, gone.last) else None
        if child is not None:
            yield Line(gone.title, gone.first, gone.last, gone.icon, gone.starts, gone.hours, "", (child,), "",
                       gone.link, until=until, on_paper=_("Away from school"))  # fmt: skip


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
