"""What this room puts in calendars outside Kring: the conversations of a family, and the sessions of the team."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from kring.agenda.feed_entries import MOST, PLACE, Asked, Source, cancelled, pattern_of, uid_of
from kring.agenda.ical import Entry
from kring.meetings.models import Booking, Party, Sitting
from kring.meetings.rules import RoundState
from kring.school.models import School


class Had(NamedTuple):
    """The columns of a family's conversation that a calendar needs: no child, no teacher."""

    public_id: str
    school_id: int
    group__name: str
    round__public_id: str
    round__name: str
    round__note: str
    talk_version: int
    talk_changed_at: datetime | None
    gone_from: datetime | None
    gone_until: datetime | None
    booking__starts_at: datetime | None
    booking__ends_at: datetime | None
    booking__booked_at: datetime | None
    booking__by_video: bool | None
    booking__slot__sitting__place: str | None
    booking__slot__sitting__video_link: str | None


def entry_of(row: Had, school: School, *, link: str) -> Entry:
    """Return the conversation as an entry; `link` is the pattern of the page on which a family chooses.

    It is one thing, whatever happens to its time: the name is that of the party. What was given back or cancelled keeps
    its last time.
    """
    is_gone = row.booking__starts_at is None
    starts, ends = row.booking__starts_at or row.gone_from, row.booking__ends_at or row.gone_until
    changed = row.talk_changed_at or row.booking__booked_at
    if not (starts and ends and changed):
        raise ValueError("A conversation that never had a time stands in no calendar.")
    title = f"{row.round__name} ({row.group__name})"
    place = _("by video") if row.booking__by_video else row.booking__slot__sitting__place or ""
    video = row.booking__slot__sitting__video_link if row.booking__by_video else ""
    return Entry(
        uid=uid_of(row.public_id),
        title=cancelled(title) if is_gone else title,
        starts=starts.astimezone(school.zone),
        ends=ends.astimezone(school.zone),
        changed_at=changed,
        sequence=row.talk_version,
        place=place,
        text="\n".join(part for part in (row.round__note, video) if part),
        url=link.replace(PLACE, row.round__public_id),
        is_cancelled=is_gone,
    )


def entry_for(booking: Booking) -> Entry:
    """Return a booked conversation as an entry, for the calendar in which somebody puts it herself. One query."""
    row = Had(*Party.objects.values_list(*Had._fields).get(booking=booking))
    return entry_of(row, booking.round.school, link=pattern_of("meetings:choose"))


class Conversations(Source):
    """What a family planned in rounds. It is an appointment: it leaves where the school lets those out (A1)."""

    name = "5 conversations"

    def rows(self, asked: Asked) -> list[tuple[Any, ...]]:
        """Return her conversations, and those that do not go on. One query, none for who has none that may leave."""
        if asked.group is not None or not asked.viewer.spans or not asked.open_schools:
            return []
        there = Q(booking__starts_at__gte=asked.since, booking__starts_at__lt=asked.until)
        gone = Q(booking__isnull=True, gone_from__gte=asked.since, gone_from__lt=asked.until)
        found = Party.objects.in_calendar_of(asked.viewer).filter(there | gone, school_id__in=list(asked.open_schools))
        return list(found.order_by("pk").values_list(*Had._fields)[:MOST])

    def entries(self, asked: Asked, rows: Sequence[tuple[Any, ...]]) -> Iterator[Entry]:
        """Yield them."""
        link = pattern_of("meetings:choose")
        for row in (Had(*columns) for columns in rows):
            yield entry_of(row, asked.schools[row.school_id], link=link)


class Sessions(Source):
    """When the team sits ready for families: her own sessions, or those of the group. Nobody who comes is in it."""

    name = "6 sessions"
    COLUMNS = (
        "public_id", "school_id", "group__name", "starts_at", "ends_at", "place", "version", "changed_at",
        "round__public_id", "round__name", "round__state", "round__ready_at", "round__made_at",
    )  # fmt: skip

    def rows(self, asked: Asked) -> list[tuple[Any, ...]]:
        """Return the sessions of rounds that are, or were, set ready. One query, none for who does not work there."""
        viewer = asked.viewer
        if not viewer.staff_school_ids:
            return []
        ready = Q(round__state=RoundState.READY)
        ready |= Q(round__state=RoundState.CANCELLED, round__ready_at__isnull=False)
        if asked.group is not None:
            mine = Q(group=asked.group, group_id__in=viewer.taught_group_ids)
        else:
            seats = Sitting.teachers.through.objects.filter(person_id__in=list(viewer.persons.values()))
            mine = Q(pk__in=seats.values("sitting_id"), school_id__in=viewer.staff_school_ids)
        found = Sitting.objects.filter(mine & ready, starts_at__gte=asked.since, starts_at__lt=asked.until)
        return list(found.order_by("starts_at", "pk").values_list(*self.COLUMNS)[:MOST])

    def entries(self, asked: Asked, rows: Iterable[tuple[Any, ...]]) -> Iterator[Entry]:
        """Yield them in order of moment."""
        for public_id, school_id, group, starts, ends, place, version, changed_at, *of_round in rows:
            round_id, name, state, ready_at, made_at = of_round
            school = asked.schools[school_id]
            is_gone, title = state == RoundState.CANCELLED, f"{name} ({group})"
            where = pattern_of("meetings:rounds").replace(PLACE, school.public_id)
            yield Entry(
                uid=uid_of(public_id),
                title=cancelled(title) if is_gone else title,
                starts=starts.astimezone(school.zone),
                ends=ends.astimezone(school.zone),
                changed_at=max(moment for moment in (changed_at, ready_at, made_at) if moment),
                sequence=version,
                place=place,
                url=f"{where}{round_id}/",
                is_cancelled=is_gone,
            )
