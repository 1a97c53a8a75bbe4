"""What stands in a calendar outside Kring: the agenda of a viewer, as far as her schools let it out.

Calendars lie on the servers of others. So there is what, when and where, and the way back to Kring; no child is named
and no message quoted. Explanations and appointments come along only where the agreement of the school says so (A1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from kring.agenda.ical import Entry
from kring.agenda.models import CategoryChoice, Event
from kring.agenda.models.events import EventQuerySet
from kring.agreements.current import policies_seen_by
from kring.conversations.models import Meeting
from kring.core.viewer import Viewer
from kring.people.models import Audience
from kring.school.calendars import holiday_rows
from kring.school.models import Group, School
from kring.school.rules import school_year_of

BACK = timedelta(days=60)
AHEAD = timedelta(days=400)
MOST = 2_000
PLACE = "PUBLICID"


def entries_for(viewer: Viewer, *, group: Group | None = None) -> list[Entry]:
    """Return the viewer's agenda of sixty days back and four hundred ahead, or that part of it that is for `group`.

    Drafts of a coming year are never in it, also for who plans them.
    """
    today = School().today(viewer.now)
    first, last = today - BACK, today + AHEAD
    events = Event.objects.readable_by(viewer).between(first, last)
    if group is not None:
        events = events.for_group_or_wider(group)
    ids = {group.school_id} if group is not None else viewer.school_ids
    open_schools = {pk for pk, policy in policies_seen_by(viewer, ids).items() if policy.year_planning.feed_details}
    schools = {school.pk: school for school in School.objects.visible_to(viewer).filter(pk__in=ids)}
    found = list(_events(events, viewer, schools, open_schools))
    for school in schools.values():
        found += _holidays(school, viewer, first, last, group)
    if group is None and open_schools:
        found += _appointments(viewer, open_schools, first, last)
    return found


def zone_for(viewer: Viewer, *, group: Group | None = None) -> str:
    """Return the name of the time zone in which the calendar is shown: that of her school, or of the first of them."""
    if group is not None:
        return group.school.timezone
    first = School.objects.visible_to(viewer).order_by("pk").values_list("timezone", flat=True).first()
    return first or School().timezone


def uid_of(name: str) -> str:
    """Return a name that is the same at each reading and belongs to this installation."""
    return f"{name}@{urlsplit(settings.BASE_URL).hostname}"


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


def _events(
    events: EventQuerySet, viewer: Viewer, schools: Mapping[int, School], open_schools: Collection[int]
) -> Iterator[Entry]:
    rows = [Told(*row) for row in events.values_list(*Told._fields)[:MOST]]
    names = _names([row.audience_id for row in rows if not row.audience__whole_school])
    link = _pattern("agenda:event")
    host = uid_of("")
    categories = {value: (str(label),) for value, label in CategoryChoice.choices}
    cancelled = _("Cancelled: %(title)s")
    for row in rows:
        named, is_open = names.get(row.audience_id), row.school_id in open_schools
        # What is for somebody by name is hers alone: office and management may open it, but need not carry it about.
        if not (row.audience__whole_school or named) and (not is_open or viewer.is_manager(row.school_id)):
            continue
        title = f"{row.title} ({', '.join(sorted(named))})" if named else row.title
        changed = row.changed_at or row.visible_from or row.created_at
        school = schools[row.school_id]
        yield Entry(
            uid=f"{row.public_id}{host}",
            title=cancelled % {"title": title} if row.cancelled_at else title,
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


def _names(audience_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the names of groups and layers by audience. Two queries, none without audiences."""
    found: dict[int, list[str]] = defaultdict(list)
    if audience_ids:
        for through, name in ((Audience.groups.through, "group__name"), (Audience.layers.through, "layer__name")):
            rows = through.objects.filter(audience_id__in=audience_ids)  # type: ignore[attr-defined]
            for audience_id, words in rows.values_list("audience_id", name):
                found[audience_id].append(words)
    return found


def _pattern(name: str) -> str:
    """Return the whole address called `name`, with PLACE where the public id goes."""
    return f"{settings.BASE_URL}{reverse(name, args=[PLACE])}"


def _end(row: Told, school: School) -> date | datetime | None:
    if row.starts is None:
        return row.ends_on
    if row.ends is not None:
        return school.moment(row.ends_on, row.ends)
    # Several days with a first hour and no last one: until the end of the last day.
    return school.moment(row.ends_on, time(23, 59)) if row.ends_on > row.starts_on else None


def _holidays(school: School, viewer: Viewer, first: date, last: date, group: Group | None) -> Iterator[Entry]:
    # Whole school years, so that a stretch is the same thing on each day it is read.
    begins, ends = school_year_of(first)[0], school_year_of(last)[1]
    own = {group.pk} if group is not None else _own_groups(viewer)
    for row in holiday_rows(school, first=begins, last=ends):
        change = row.change
        if row.is_school_day or row.is_changed or row.last < first or row.first > last:
            continue
        if change is not None and change.group_id is not None and change.group_id not in own:
            continue
        name = f"{school.public_id}-{row.first:%Y%m%d}-{sha256(row.name.encode()).hexdigest()[:8]}"
        yield Entry(
            uid=uid_of(change.public_id if change is not None else name),
            title=row.name if change is None or change.group is None else f"{row.name} ({change.group.name})",
            starts=row.first,
            ends=row.last,
            changed_at=datetime.combine(begins, time.min, tzinfo=UTC),
            categories=(_("No school"),),
        )


def _own_groups(viewer: Viewer) -> set[int]:
    return {span.group_id for span in viewer.spans if span.is_current} | set(viewer.taught_group_ids)


def _appointments(viewer: Viewer, open_schools: Iterable[int], first: date, last: date) -> Iterator[Entry]:
    since, until = School().moment(first), School().moment(last)
    link = _pattern("conversations:talk")
    rows = Meeting.objects.visible_to(viewer).filter(
        school_id__in=list(open_schools), starts_at__gte=since, starts_at__lt=until
    )
    for meeting in rows.select_related("school", "conversation").order_by("starts_at", "pk")[:MOST]:
        is_over = meeting.cancelled_at is not None
        title = _("Appointment at school")
        yield Entry(
            uid=uid_of(meeting.public_id),
            title=_("Cancelled: %(title)s") % {"title": title} if is_over else title,
            starts=meeting.starts_at.astimezone(meeting.school.zone),
            ends=meeting.ends_at.astimezone(meeting.school.zone),
            changed_at=meeting.cancelled_at or meeting.agreed_at,
            sequence=int(is_over),
            place=meeting.place,
            url=link.replace(PLACE, meeting.conversation.public_id),
            is_cancelled=is_over,
        )
