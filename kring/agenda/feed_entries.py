"""What stands in a calendar outside Kring: the agenda of a viewer, as far as her schools let it out.

Calendars lie on the servers of others. So there is what, when and where, and the way back to Kring; no child is named
and no message quoted. Explanations and appointments come along only where the agreement of the school says so (A1).

Each room tells what it puts there as a `Source`, in a module `in_feeds`: first the rows as the database has them, which
is where access is decided, then the entries that are made of those rows and of nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from kring.agenda.ical import Entry
from kring.agreements.current import policies_seen_by
from kring.core.viewer import Viewer
from kring.school.models import Group, School

BACK = timedelta(days=60)
AHEAD = timedelta(days=400)
MOST = 2_000
PLACE = "PUBLICID"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose calendar it is: all that `viewer` may see, or only what is for `group`; from `first` to `last`, both
    included. Of `open_schools` explanations and appointments may leave."""

    viewer: Viewer
    group: Group | None
    schools: Mapping[int, School]
    open_schools: frozenset[int]
    first: date
    last: date

    @property
    def since(self) -> datetime:
        """Return its first moment."""
        return School().moment(self.first)

    @property
    def until(self) -> datetime:
        """Return the moment at which it is over."""
        return School().moment(self.last + timedelta(1))


class Source:
    """One kind of thing in calendars outside Kring. `rows` asks the database, `entries` does not."""

    name: ClassVar[str] = ""
    known: ClassVar[dict[str, type[Source]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        Source.known[cls.name] = cls

    def rows(self, asked: Asked) -> Any:
        """Return what she may see of it now, as plain values: everything that `entries` will use."""
        raise NotImplementedError

    def entries(self, asked: Asked, rows: Any) -> Iterable[Entry]:
        """Return the entries for these rows, in the language that is on."""
        raise NotImplementedError


def asked_by(viewer: Viewer, *, group: Group | None = None) -> Asked:
    """Return what to ask for: sixty days back and four hundred ahead. Two queries."""
    today = School().today(viewer.now)
    ids = {group.school_id} if group is not None else viewer.school_ids
    policies = policies_seen_by(viewer, ids)
    return Asked(
        viewer=viewer,
        group=group,
        schools={school.pk: school for school in School.objects.visible_to(viewer).filter(pk__in=ids).order_by("pk")},
        open_schools=frozenset(pk for pk, policy in policies.items() if policy.year_planning.feed_details),
        first=today - BACK,
        last=today + AHEAD,
    )


def sources() -> list[Source]:
    """Return what every room puts there, in a fixed order: the same entries give the same file."""
    return [Source.known[name]() for name in sorted(Source.known)]


def entries_for(viewer: Viewer, *, group: Group | None = None) -> list[Entry]:
    """Return the viewer's agenda of sixty days back and four hundred ahead, or that part of it that is for `group`.

    Drafts of a coming year are never in it, also for who plans them.
    """
    asked = asked_by(viewer, group=group)
    return [entry for source in sources() for entry in source.entries(asked, source.rows(asked))]


def zone_for(viewer: Viewer, *, group: Group | None = None) -> str:
    """Return the name of the time zone in which the calendar is shown: that of her school, or of the first of them."""
    if group is not None:
        return group.school.timezone
    first = School.objects.visible_to(viewer).order_by("pk").values_list("timezone", flat=True).first()
    return first or School().timezone


def uid_of(name: str) -> str:
    """Return a name that is the same at each reading and belongs to this installation."""
    return f"{name}@{urlsplit(settings.BASE_URL).hostname}"


def pattern_of(name: str) -> str:
    """Return the whole address called `name`, with PLACE where the public id goes."""
    return f"{settings.BASE_URL}{reverse(name, args=[PLACE])}"


def cancelled(title: str) -> str:
    """Return the title of what does not go on; not every app shows the status."""
    return _("Cancelled: %(title)s") % {"title": title}
