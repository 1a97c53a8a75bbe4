"""Albums: the photos of one group, or those with one child, as this reader may see them today.

An album is never stored. What stands in it is asked of `PhotoUse.visible_to` at each request, so that a withdrawal, a
closed school year and an ended guardianship count at once; the pages then only sort what was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kring.agreements.current import closing_dates
from kring.core.prepared import rows_of
from kring.core.viewer import Level, Span, Viewer
from kring.people.models import Child
from kring.people.reading import is_open, only_open
from kring.photos.keeping import file_names
from kring.photos.models import PersonInPhoto, Photo, PhotoUse
from kring.photos.shown import PHOTO
from kring.school.models import Group, School, SchoolYear

PER_PAGE = 60
NEARBY = 6  # pictures under the one that is looked at


@dataclass(frozen=True, slots=True)
class Entry:
    """One photo in an album. `day` is the day at the school on which this reader could see it first.

    `in_message`: it stands in a message that she may read, and did not come alone.
    """

    pk: int
    public_id: str
    day: date
    in_message: bool = True

    @property
    def month(self) -> date:
        """Return the first day of its month."""
        return self.day.replace(day=1)


@dataclass(frozen=True)
class Album:
    """The photos of `group`, or those with `child` in them; the newest day first, a message in its own order."""

    school: School
    entries: tuple[Entry, ...] = field(repr=False)
    group: Group | None = None
    child: Child | None = None

    @cached_property
    def months(self) -> list[tuple[date, int]]:
        """Return the months in which there are photos, oldest first, with how many."""
        return sorted(Counter(entry.month for entry in self.entries).items())

    def of_month(self, month: date) -> list[Entry]:
        """Return the photos of one month."""
        return [entry for entry in self.entries if entry.month == month]

    def among(self, public_ids: Sequence[str]) -> list[Entry]:
        """Return those with these names, in the order of the album; others are left out."""
        wanted = set(public_ids)
        return [entry for entry in self.entries if entry.public_id in wanted]

    @cached_property
    def names(self) -> dict[int, str]:
        """Return by key what each photo is called as a file: the same alone and in any zip."""
        ordered = sorted(self.entries, key=lambda entry: entry.day)
        named = file_names(entry.day for entry in ordered)
        return {entry.pk: name for entry, name in zip(ordered, named, strict=True)}

    def year_ends(self, today: date) -> date:
        """Return the last day of the school year of the group; with a child, of the year in which `today` lies."""
        if self.group is not None:
            return self.group.school_year.ends_on
        year = SchoolYear.objects.covering(today).filter(school=self.school).first()
        return year.ends_on if year else today

    def place_of(self, public_id: str) -> int | None:
        """Return where the photo stands, from 0; None when it is not in the album for this reader."""
        return next((place for place, entry in enumerate(self.entries) if entry.public_id == public_id), None)


def groups_with_album(viewer: Viewer) -> QuerySet[Group]:
    """Return the groups whose album she may open: her own work, and those of children whose photos she may see.

    A limited guardian has no album (house.md, 8), and that of another school year closes with it (S4).
    """
    own = {span.group_id for span in _spans(viewer)}
    mine = Q(pk__in=own | viewer.taught_group_ids) | Q(school_id__in=viewer.managed_school_ids)
    return Group.objects.visible_to(viewer).filter(mine).select_related("school", "school_year")


def children_with_album(viewer: Viewer) -> QuerySet[Child]:
    """Return her own children of whom she may see photos: she is their full guardian."""
    own = {span.child_id for span in _spans(viewer)}
    return Child.objects.visible_to(viewer).filter(pk__in=own).select_related("school")


def has_album(viewer: Viewer) -> bool:
    """Say whether there is any album for her. No query but that of the agreements."""
    return bool(viewer.taught_group_ids or viewer.managed_school_ids or next(_spans(viewer), None))


def album_of_group(viewer: Viewer, group: Group) -> Album:
    """Return the album of a group of `groups_with_album`: what the group was shown. One query, with a kept statement.

    What is for one child's guardians alone stands in "photos with my child" instead.
    """

    def build(viewer: Viewer, group_id: int) -> QuerySet[PhotoUse, Any]:
        return _in_order(viewer, PhotoUse.objects.visible_to(viewer).filter(photo__group_id=group_id, only_for=None))

    rows = rows_of("photos.album_of_group", build, only_open(viewer, closes_on=closing_dates(viewer)), group.pk)
    return Album(group.school, _entries(rows, group.school), group=group)


def album_of_child(viewer: Viewer, child: Child) -> Album:
    """Return the photos that name a child of `children_with_album`, or are for its guardians alone. One query, with a
    kept statement."""

    def build(viewer: Viewer, child_id: int, school_id: int) -> QuerySet[PhotoUse, Any]:
        named = PersonInPhoto.objects.filter(photo=OuterRef("photo"), child_id=child_id)
        uses = PhotoUse.objects.visible_to(viewer).filter(Q(only_for_id=child_id) | Exists(named), school_id=school_id)
        return _in_order(viewer, uses)

    viewer = only_open(viewer, closes_on=closing_dates(viewer))
    rows = rows_of("photos.album_of_child", build, viewer, child.pk, child.school_id)
    return Album(child.school, _entries(rows, child.school), child=child)


def photos_of(entries: Sequence[Entry]) -> dict[int, Photo]:
    """Return the photos of these entries of an album by key, with what a picture on a page needs. One query."""
    keys = [entry.pk for entry in entries]
    return Photo.objects.ready().filter(pk__in=keys).only(*PHOTO, "state", "school", "group").in_bulk()


def to_hand_out(entries: Sequence[Entry]) -> list[Photo]:
    """Return the photos of these entries in their order, with the school year that decides until when. One query."""
    rows = Photo.objects.ready().filter(pk__in=[entry.pk for entry in entries])
    found = rows.select_related("school", "group__school_year").in_bulk()
    return [found[entry.pk] for entry in entries if entry.pk in found]


def by_day(entries: Sequence[Entry]) -> list[tuple[date, list[tuple[Entry, Photo]]]]:
    """Return the entries with their photos, day by day. One query."""
    photos = photos_of(entries)
    there = [(entry, photos[entry.pk]) for entry in entries if entry.pk in photos]
    return [(day, list(rows)) for day, rows in groupby(there, key=lambda row: row[0].day)]


def around(entries: Sequence[Entry], place: int) -> Sequence[Entry]:
    """Return the entries beside the one at `place`, itself among them."""
    start = max(0, min(place - NEARBY // 2, len(entries) - NEARBY))
    return entries[start : start + NEARBY]


def _spans(viewer: Viewer) -> Iterator[Span]:
    closes_on = closing_dates(viewer)
    for span in viewer.spans:
        if span.level == Level.FULL and is_open(span, now=viewer.now, closes_on=closes_on):
            yield span


def _in_order(viewer: Viewer, uses: QuerySet[PhotoUse]) -> QuerySet[PhotoUse, Any]:
    """Return what `_entries` reads of these uses: what can be seen by now, the newest message first."""
    rows = uses.filter(shown_from__lte=viewer.now).order_by("-shown_from", "within_id", "position", "pk")
    return rows.values_list("photo_id", "photo__public_id", "shown_from", "only_for_id", "within_id", "audience_id")


def _entries(rows: Sequence[tuple[Any, ...]], school: School) -> tuple[Entry, ...]:
    found: dict[int, Entry] = {}
    for pk, public_id, shown_from, only_for, within, audience in rows:
        before = found.pop(pk, None)  # shown more than once: it stands where it was shown first
        in_message = not (only_for and within == audience) or (before is not None and before.in_message)
        found[pk] = Entry(pk, public_id, school.today(shown_from), in_message)
    return tuple(found.values())
