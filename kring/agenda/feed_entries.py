"""What stands in a calendar outside Kring: the agenda of a viewer, as far as her schools let it out.

Calendars lie on the servers of others. So there is what, when and where, and the way back to Kring; no child is named
and no message quoted. Explanations and appointments come along only where the agreement of the school says so (A1).

Each room tells what it puts there as a `Source`, in a module `in_feeds`: first the rows as the database has them, which
is where access is decided, then the entries that are made of those rows and of nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kring.agenda import ical
from kring.agenda.ical import Entry
from kring.agreements.current import closing_dates, policies_seen_by
from kring.core.prepared import made, rows_of
from kring.core.viewer import Viewer
from kring.people.reading import only_open
from kring.school.models import Group, School

BACK = timedelta(days=60)
AHEAD = timedelta(days=400)
MOST = 2_000
PLACE = "PUBLICID"
SCHOOL = ("id", "public_id", "name", "timezone", "region")  # in the order of the model's fields


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
    def open_viewer(self) -> Viewer:
        """Return the viewer without spans that are closed, as kept statements want her."""
        return only_open(self.viewer, closes_on=closing_dates(self.viewer))

    @property
    def zone(self) -> str:
        """Return the name of the time zone in which the calendar is shown: of her school, or of the first of them."""
        first = next(iter(self.schools.values()), None)
        return (first or School()).timezone

    @property
    def since(self) -> datetime:
        """Return its first moment."""
        return School().moment(self.first)

    @property
    def until(self) -> datetime:
        """Return the moment at which it is over."""
        return School().moment(self.last + timedelta(1))


class Source:
    """One kind of thing in calendars outside Kring. `rows` asks the database, `entries` does not.

    So what is read decides what is written: with the same rows a calendar is the same, and need not be made again.
    """

    name: ClassVar[str] = ""
    known: ClassVar[dict[str, type[Source]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        Source.known[cls.name] = cls

    def rows(self, asked: Asked) -> Any:
        """Return what she may see of it now: everything that `entries` will use, as values that say all of themselves
        in `repr`."""
        raise NotImplementedError

    def entries(self, asked: Asked, rows: Any) -> Iterable[Entry]:
        """Return the entries for these rows, in the language that is on."""
        raise NotImplementedError


def asked_by(viewer: Viewer, *, group: Group | None = None) -> Asked:
    """Return what to ask for: sixty days back and four hundred ahead. Two queries."""
    today = School().today(viewer.now)
    ids = viewer.school_ids & {group.school_id} if group is not None else viewer.school_ids
    policies = policies_seen_by(viewer, ids)
    return Asked(
        viewer=viewer,
        group=group,
        schools={row[0]: made(School, SCHOOL, row) for row in rows_of("feed.schools", _schools, sorted(ids))},
        open_schools=frozenset(pk for pk, policy in policies.items() if policy.year_planning.feed_details),
        first=today - BACK,
        last=today + AHEAD,
    )


def _schools(ids: Sequence[int]) -> QuerySet[School, Any]:
    return School.objects.filter(pk__in=ids).order_by("pk").values_list(*SCHOOL)


def sources() -> list[Source]:
    """Return what every room puts there, in a fixed order: the same entries give the same file."""
    return [Source.known[name]() for name in sorted(Source.known)]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read for one calendar, by source; nothing is written yet."""

    asked: Asked
    rows: Mapping[str, Any]

    @property
    def mark(self) -> str:
        """Return a word that is another one when anything in the calendar is, in the language that is on.

        Everything that the entries are made of is in it: the rows, whose calendar it is, the program and its words.
        """
        asked = self.asked
        group = asked.group and (asked.group.pk, asked.group.name)
        schools = [(school.pk, school.public_id, school.timezone) for school in asked.schools.values()]
        viewer = (asked.viewer.user_id, asked.viewer.persons, asked.viewer.roles)
        facts = (asked.first, asked.last, group, schools, sorted(asked.open_schools), viewer, settings.BASE_URL)
        said = repr((program(get_language() or ""), facts, list(self.rows.items())))
        return sha256(said.encode()).hexdigest()[:32]

    def entries(self) -> list[Entry]:
        """Return the entries. No query."""
        return [entry for source in sources() for entry in source.entries(self.asked, self.rows[source.name])]


def read(viewer: Viewer, *, group: Group | None = None) -> Reading:
    """Return what stands in the viewer's calendar of sixty days back and four hundred ahead, or in that part of it that
    is for `group`. Who may see what is asked of the database here, at each reading.

    Drafts of a coming year are never in it, also for who plans them.
    """
    asked = asked_by(viewer, group=group)
    return Reading(asked, {source.name: source.rows(asked) for source in sources()})


def entries_for(viewer: Viewer, *, group: Group | None = None) -> list[Entry]:
    """Return the entries of a calendar; see `read`."""
    return read(viewer, group=group).entries()


@lru_cache(maxsize=8)
def program(language: str) -> str:
    """Return a word for the program that writes calendars, and for its words in the language: of these very files."""
    here = [ical.__file__, __file__, *(sys.modules[source.__module__].__file__ for source in Source.known.values())]
    words = [Path(folder) / language / "LC_MESSAGES" / "django.mo" for folder in settings.LOCALE_PATHS]
    found = sha256()
    for path in sorted({Path(name) for name in here if name}) + [path for path in words if path.exists()]:
        found.update(path.read_bytes())
    return found.hexdigest()


def uid_of(name: str) -> str:
    """Return a name that is the same at each reading and belongs to this installation."""
    return f"{name}@{urlsplit(settings.BASE_URL).hostname}"


def pattern_of(name: str) -> str:
    """Return the whole address called `name`, with PLACE where the public id goes."""
    return f"{settings.BASE_URL}{reverse(name, args=[PLACE])}"


def cancelled(title: str) -> str:
    """Return the title of what does not go on; not every app shows the status."""
    return _("Cancelled: %(title)s") % {"title": title}
