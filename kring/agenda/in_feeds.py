"""What this room puts in calendars outside Kring: events, dated things of messages, appointments, free days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from hashlib import sha256
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from kring.agenda.feed_entries import MOST, PLACE, Asked, Source, cancelled, pattern_of, uid_of
from kring.agenda.ical import Entry
from kring.agenda.models import CategoryChoice, Event
from kring.agenda.models.events import EventQuerySet
from kring.agenda.rights import GroupOfAudience, LayerOfAudience, for_group_or_wider
from kring.conversations.models import Meeting
from kring.core.prepared import Unread, made, rows_of, unread_of
from kring.core.viewer import Viewer
from kring.posts.models import PostItem, PostItemQuerySet, PostKind
from kring.posts.rules import Kind
from kring.school.calendars import holiday_rows
from kring.school.models import Group, Holiday, School
from kring.school.rules import school_year_of


class Told(NamedTuple):
    """The columns of an event that a calendar needs: a feed of three hundred is read as tuples, not as objects."""

    public_id: str
    school_id: int
    audience_id: int
    audience__whole_school: bool
    title: str
    text: str
    place: str
    category: str
    starts_on: date
    ends_on: date
    starts: time | None
    ends: time | None
    version: int
    created_at: datetime
    visible_from: datetime | None
    changed_at: datetime | None
    cancelled_at: datetime | None


# Asked for as texts: databases' drivers make dates of them one by one, also for an app that has it all already.
TEXTS = ("starts_on", "ends_on", "starts", "ends", "created_at", "visible_from", "changed_at", "cancelled_at")
AS_TEXT = {f"said_{name}": Cast(name, CharField()) for name in TEXTS}
TOLD = tuple(f"said_{name}" if name in TEXTS else name for name in Told._fields)
Named = list[tuple[int, str]]  # audience and the name of a group or layer of it


class Events(Source):
    """What was published, also what was cancelled since."""

    name = "1 events"

    def rows(self, asked: Asked) -> tuple[Unread, Named]:
        """Return the events, and the names of their groups and layers. Three queries at most."""
        if asked.group is None:
            found = unread_of("feed.events", _told, asked.open_viewer, asked.first, asked.last)
        else:
            events = Event.objects.readable_by(asked.viewer).between(asked.first, asked.last)
            found = Unread(list(_columns(events.for_group_or_wider(asked.group))))
        return found, names_of({row[2] for row in found.raw if not row[3]})

    def entries(self, asked: Asked, rows: tuple[Unread, Named]) -> Iterator[Entry]:
        """Yield them in order of day."""
        names = by_audience(rows[1])
        link, host = pattern_of("agenda:event"), uid_of("")
        categories = {value: (str(label),) for value, label in CategoryChoice.choices}
        for row in (_row(*columns) for columns in rows[0].rows()):
            named, is_open = names.get(row.audience_id), row.school_id in asked.open_schools
            # What is for somebody by name is hers alone: office and management may open it, but need not carry it.
            if not (row.audience__whole_school or named) and (not is_open or asked.viewer.is_manager(row.school_id)):
                continue
            title = f"{row.title} ({', '.join(sorted(named))})" if named else row.title
            changed = row.changed_at or row.visible_from or row.created_at
            school = asked.schools[row.school_id]
            yield Entry(
                uid=f"{row.public_id}{host}",
                title=cancelled(title) if row.cancelled_at else title,
                starts=row.starts_on if row.starts is None else school.moment(row.starts_on, row.starts),
                ends=_end(row, school),
                changed_at=max(changed, row.cancelled_at) if row.cancelled_at else changed,
                sequence=row.version,
                place=row.place,
                text=row.text if is_open else "",
                categories=categories.get(row.category, ()),
                url=link.replace(PLACE, row.public_id),
                is_cancelled=row.cancelled_at is not None,
            )


def _told(viewer: Viewer, first: date, last: date) -> QuerySet[Event, Any]:
    return _columns(Event.objects.readable_by(viewer).between(first, last))


def _columns(events: EventQuerySet) -> QuerySet[Event, Any]:
    return events.annotate(**AS_TEXT).values_list(*TOLD)[:MOST]


def _row(*columns: Any) -> Told:
    """Return the columns of `TOLD` as values."""
    day, hour = date.fromisoformat, time.fromisoformat
    starts_on, ends_on, starts, ends = columns[8:12]
    hours = (hour(starts) if starts else None, hour(ends) if ends else None)
    moments = (_moment(text) for text in columns[13:])
    return Told._make((*columns[:8], day(starts_on), day(ends_on), *hours, columns[12], *moments))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite keeps moments in UTC, and does not say so


def names_of(audience_ids: Collection[int]) -> Named:
    """Return the names of groups and layers of these audiences. Two queries, none without audiences."""
    if not audience_ids:
        return []
    ids = sorted(audience_ids)
    return [*rows_of("feed.groups", _groups, ids), *rows_of("feed.layers", _layers, ids)]


def _groups(ids: Sequence[int]) -> QuerySet[Any, Any]:
    rows = GroupOfAudience.objects.filter(audience_id__in=ids)
    return rows.order_by("audience_id", "group__name").values_list("audience_id", "group__name")


def _layers(ids: Sequence[int]) -> QuerySet[Any, Any]:
    rows = LayerOfAudience.objects.filter(audience_id__in=ids)
    return rows.order_by("audience_id", "layer__name").values_list("audience_id", "layer__name")


def by_audience(named: Named) -> dict[int, list[str]]:
    """Return the names by audience."""
    found: dict[int, list[str]] = defaultdict(list)
    for audience_id, words in named:
        found[audience_id].append(words)
    return found


def _end(row: Told, school: School) -> date | datetime | None:
    if row.starts is None:
        return row.ends_on
    if row.ends is not None:
        return school.moment(row.ends_on, row.ends)
    # Several days with a first hour and no last one: until the end of the last day.
    return school.moment(row.ends_on, time(23, 59)) if row.ends_on > row.starts_on else None


class Dated(NamedTuple):
    """The columns of a dated thing of a message. Who is away is not among them: that is nobody's calendar."""

    post__public_id: str
    school_id: int
    post__audience_id: int
    post__audience__whole_school: bool
    from_date: date
    until_date: date
    starts: time | None
    ends: time | None
    place: str
    child_id: int | None
    position: int
    text: str
    kind: str
    post__title: str
    post__version: int
    post__visible_from: datetime
    post__changed_at: datetime | None

    @property
    def together(self) -> tuple[Any, ...]:
        """Return what things of one message have in common that are one line: five things to bring on one day."""
        return (self.post__public_id, *self[4:10])


class Items(Source):
    """What messages say about a day: things to bring, outings, goals. One entry a message and moment."""

    name = "2 items"

    def rows(self, asked: Asked) -> tuple[Unread, Named]:
        """Return the items that were told to her, and the names of their groups and layers. Three queries at most.

        What is about one child is for its own family, and where appointments may leave only.
        """
        if asked.group is None:
            found = unread_of("feed.items", _items, asked.open_viewer, asked.first, asked.last)
        else:
            items = _items_told_to(asked.viewer, asked.first, asked.last).filter(child__isnull=True)
            items = items.filter(for_group_or_wider(asked.group, audience="post__audience"))
            found = Unread(list(items.values_list(*Dated._fields)[:MOST]))
        children, schools = asked.viewer.own_child_ids, asked.open_schools
        raw = [row for row in found.raw if row[9] is None or (row[9] in children and row[1] in schools)]
        return replace(found, raw=raw), names_of({row[2] for row in raw if not row[3]})

    def entries(self, asked: Asked, rows: tuple[Unread, Named]) -> Iterator[Entry]:
        """Yield them in order of message."""
        names, kinds = by_audience(rows[1]), {value: str(label) for value, label in PostKind.choices}
        link = pattern_of("posts:read")
        items = sorted(
            (Dated(*columns) for columns in rows[0].rows()), key=lambda item: (*_sortable(item), item.position)
        )
        for _same, found in groupby(items, key=lambda item: item.together):
            same = list(found)
            one, school = same[0], asked.schools[same[0].school_id]
            title = ", ".join(dict.fromkeys(item.text or item.post__title for item in same))
            if one.kind == Kind.BRING:
                title = _("Bring along: %(what)s") % {"what": title}
            named = names.get(one.post__audience_id)
            yield Entry(
                uid=uid_of(f"{one.post__public_id}-{one.position}"),
                title=f"{title} ({', '.join(sorted(named))})" if named else title,
                starts=one.from_date if one.starts is None else school.moment(one.from_date, one.starts),
                ends=_end_of_item(one, school),
                changed_at=one.post__changed_at or one.post__visible_from,
                sequence=one.post__version,
                place=one.place,
                categories=(kinds[one.kind],),
                url=link.replace(PLACE, one.post__public_id),
            )


def _items_told_to(viewer: Viewer, first: date, last: date) -> PostItemQuerySet:
    return PostItem.objects.readable_by(viewer).between(first, last).filter(absent__isnull=True)


def _items(viewer: Viewer, first: date, last: date) -> QuerySet[PostItem, Any]:
    # What each group of a school brings along is no agenda of who keeps the school.
    mine = [*{span.group_id for span in viewer.spans} | set(viewer.taught_group_ids)]
    groups = GroupOfAudience.objects.exclude(group_id__in=mine).values("audience_id")
    own = GroupOfAudience.objects.filter(group_id__in=mine).values("audience_id")
    for_her = ~Q(post__audience__in=groups) | Q(post__audience__in=own)
    return _items_told_to(viewer, first, last).filter(for_her).values_list(*Dated._fields)[:MOST]


def _sortable(item: Dated) -> tuple[str, ...]:
    """Return `together` as texts, because hours that are not there have no order among hours."""
    return tuple(str(value) for value in item.together)


def _end_of_item(item: Dated, school: School) -> date | datetime | None:
    if item.starts is None:
        return item.until_date
    if item.ends is not None:
        return school.moment(item.until_date, item.ends)
    return school.moment(item.until_date, time(23, 59)) if item.until_date > item.from_date else None


class Holidays(Source):
    """Days without school: of the region, of the school, and of her groups."""

    name = "3 holidays"

    def rows(self, asked: Asked) -> list[tuple[Any, ...]]:
        """Return school, first and last day, name, public id, group, beginning of the year. One query."""
        # Whole school years, so that a stretch is the same thing on each day it is read.
        begins, ends = school_year_of(asked.first)[0], school_year_of(asked.last)[1]
        own = {asked.group.pk} if asked.group is not None else _own_groups(asked.viewer)
        found: list[tuple[Any, ...]] = []
        changes: dict[int, list[Holiday]] = defaultdict(list)
        for columns in rows_of("feed.holidays", _changes, sorted(asked.schools), begins, ends):
            changes[columns[2]].append(_holiday(columns))
        for school in asked.schools.values():
            for row in holiday_rows(school, first=begins, last=ends, changes=changes[school.pk]):
                change = row.change
                if row.is_school_day or row.is_changed or row.last < asked.first or row.first > asked.last:
                    continue
                if change is None:
                    found.append((school.pk, row.first, row.last, row.name, "", "", begins))
                elif change.group_id is None or change.group_id in own:
                    group = change.group.name if change.group else ""
                    found.append((school.pk, row.first, row.last, row.name, change.public_id, group, begins))
        return found

    def entries(self, asked: Asked, rows: Sequence[tuple[Any, ...]]) -> Iterator[Entry]:
        """Yield them in order of day."""
        for school_id, first, last, name, public_id, group, begins in rows:
            own = f"{asked.schools[school_id].public_id}-{first:%Y%m%d}-{sha256(name.encode()).hexdigest()[:8]}"
            yield Entry(
                uid=uid_of(public_id or own),
                title=f"{name} ({group})" if group else name,
                starts=first,
                ends=last,
                changed_at=datetime.combine(begins, time.min, tzinfo=UTC),
                categories=(_("No school"),),
            )


# Columns in the order of the model's fields.
HOLIDAY = ("id", "public_id", "school_id", "group_id", "name", "starts_on", "ends_on", "is_school_day")


def _changes(school_ids: Sequence[int], first: date, last: date) -> QuerySet[Holiday, Any]:
    found = Holiday.objects.filter(school_id__in=school_ids).touching(first, last)
    return found.order_by("starts_on", "pk").values_list(*HOLIDAY, "group__name")


def _holiday(columns: Sequence[Any]) -> Holiday:
    holiday = made(Holiday, HOLIDAY, columns)
    if holiday.group_id is not None:
        holiday._state.fields_cache["group"] = made(Group, ("id", "name"), (holiday.group_id, columns[len(HOLIDAY)]))
    return holiday


def _own_groups(viewer: Viewer) -> set[int]:
    return {span.group_id for span in viewer.spans if span.is_current} | set(viewer.taught_group_ids)


class Appointments(Source):
    """Agreed moments to talk, of schools that let them out; in nobody's calendar of a group."""

    name = "4 appointments"
    COLUMNS = (
        "public_id", "school_id", "starts_at", "ends_at", "place", "agreed_at", "cancelled_at",
        "conversation__public_id",
    )  # fmt: skip

    def rows(self, asked: Asked) -> list[tuple[Any, ...]]:
        """Return her appointments. One query, none where they may not leave."""
        if asked.group is not None or not asked.open_schools:
            return []
        found = Meeting.objects.visible_to(asked.viewer).filter(
            school_id__in=list(asked.open_schools), starts_at__gte=asked.since, starts_at__lt=asked.until
        )
        return list(found.order_by("starts_at", "pk").values_list(*self.COLUMNS)[:MOST])

    def entries(self, asked: Asked, rows: Sequence[tuple[Any, ...]]) -> Iterator[Entry]:
        """Yield them in order of moment."""
        link = pattern_of("conversations:talk")
        for public_id, school_id, starts_at, ends_at, place, agreed_at, cancelled_at, talk in rows:
            zone, title = asked.schools[school_id].zone, _("Appointment at school")
            yield Entry(
                uid=uid_of(public_id),
                title=cancelled(title) if cancelled_at else title,
                starts=starts_at.astimezone(zone),
                ends=ends_at.astimezone(zone),
                changed_at=cancelled_at or agreed_at,
                sequence=int(cancelled_at is not None),
                place=place,
                url=link.replace(PLACE, talk),
                is_cancelled=cancelled_at is not None,
            )
