"""What stands in a calendar outside Kring: the agenda of a viewer, as far as her schools let it out.

Calendars lie on the servers of others. So there is what, when and where, and the way back to Kring; no child is named
and no message quoted. Explanations and appointments come along only where the agreement of the school says so (A1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from kring.agenda.ical import Entry
from kring.agenda.models import Event
from kring.agreements.current import policies_seen_by
from kring.conversations.models import Meeting
from kring.core.viewer import Viewer
from kring.school.calendars import holiday_rows
from kring.school.models import Group, School
from kring.school.rules import school_year_of

BACK = timedelta(days=60)
AHEAD = timedelta(days=400)
MOST = 2_000


def entries_for(viewer: Viewer, *, group: Group | None = None) -> list[Entry]:
    """Return the viewer's agenda of sixty days back and four hundred ahead, or that part of it that is for `group`.

    Drafts of a coming year are never in it, also for who plans them.
    """
    today = School().today(viewer.now)
    first, last = today - BACK, today + AHEAD
    events = Event.objects.readable_by(viewer).between(first, last).with_names()
    if group is not None:
        events = events.for_group_or_wider(group)
    ids = {group.school_id} if group is not None else viewer.school_ids
    open_schools = {pk for pk, policy in policies_seen_by(viewer, ids).items() if policy.year_planning.feed_details}
    found = [entry for event in events[:MOST] if (entry := _event(event, viewer, open_schools)) is not None]
    for school in School.objects.visible_to(viewer).filter(pk__in=ids):
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


def _event(event: Event, viewer: Viewer, open_schools: set[int]) -> Entry | None:
    audience = event.audience
    named = [*(group.name for group in audience.groups.all()), *(layer.name for layer in audience.layers.all())]
    is_private = not (audience.whole_school or named)
    # What is for somebody by name is hers alone: office and management may open it, but need not carry it about.
    if is_private and (event.school_id not in open_schools or viewer.is_manager(event.school_id)):
        return None
    title = event.title if not named else f"{event.title} ({', '.join(sorted(named))})"
    changed = event.changed_at or event.visible_from or event.created_at
    return Entry(
        uid=uid_of(event.public_id),
        title=_("Cancelled: %(title)s") % {"title": title} if event.is_cancelled else title,
        starts=event.starts_on if event.starts is None else _moment(event, event.starts_on, event.starts),
        ends=_end(event),
        changed_at=max(changed, event.cancelled_at) if event.cancelled_at else changed,
        sequence=event.version,
        place=event.place,
        text=event.text if event.school_id in open_schools else "",
        categories=(str(event.get_category_display()),),
        url=_link("agenda:event", event.public_id),
        is_cancelled=event.is_cancelled,
    )


def _link(name: str, public_id: str) -> str:
    try:
        return f"{settings.BASE_URL}{reverse(name, args=[public_id])}"
    except NoReverseMatch:
        return ""


def _moment(event: Event, day: date, at: time) -> datetime:
    return event.school.moment(day, at)


def _end(event: Event) -> date | datetime | None:
    if event.starts is None:
        return event.ends_on
    if event.ends is not None:
        return _moment(event, event.ends_on, event.ends)
    # Several days with a first hour and no last one: until the end of the last day.
    if event.ends_on > event.starts_on:
        return _moment(event, event.ends_on, time(23, 59))
    return None


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
            url=_link("conversations:talk", meeting.conversation.public_id),
            is_cancelled=is_over,
        )
