"""Days of rounds of conversations on which a family can come and has no time yet; and the weeks of the agenda they are
part of.

A week that stands in the agenda says its days itself, and is not said twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from kring.agenda.models import Event
from kring.agenda.rules import Category
from kring.core.prepared import rows_of
from kring.core.viewer import Viewer
from kring.home.dated import MOST
from kring.home.shell import listed
from kring.home.soon import Coming
from kring.meetings.models import Party, Round
from kring.meetings.rules import Span, visits_of
from kring.posts.cards import OwnChild
from kring.school.models import School

SITTING = "round__sittings__"
COLUMNS = (
    "round_id", "round__public_id", "round__name", "child_id", "group_id", "school__timezone",
    f"{SITTING}starts_at", f"{SITTING}ends_at",
)  # fmt: skip


class Planned(NamedTuple):
    """One day of a round, at the school: from when until when families of these children can come."""

    round_id: int
    title: str
    link: str
    day: date
    starts: time
    hours: str
    child_ids: frozenset[int]
    group_ids: frozenset[int]


def to_choose(viewer: Viewer, *, first: date, last: date) -> list[Planned]:
    """Return the days from `first` to `last` (both included) of the rounds in which a family of hers has no time yet,
    in order. What is over is left out. One query, none for who has no children."""
    if not viewer.spans:
        return []
    found: dict[tuple[int, str, str, date], list[tuple[int, int, Span]]] = defaultdict(list)
    since, until = School().moment(first), School().moment(last + timedelta(1))
    for pk, public_id, name, child_id, group_id, zone, starts_at, ends_at in rows_of(
        "rounds.to_choose", _open, viewer, since, until
    ):
        school = School(timezone=zone)
        span = Span(starts_at.astimezone(school.zone), ends_at.astimezone(school.zone))
        found[pk, public_id, name, span.starts_at.date()].append((child_id, group_id, span))
    days = []
    for (pk, public_id, name, day), rows in found.items():
        visits = visits_of(span for _child, _group, span in rows)
        days.append(
            Planned(
                round_id=pk,
                title=name,
                link=reverse("meetings:choose", args=[public_id]),
                day=day,
                starts=visits[0].starts_at.time(),
                hours=", ".join(f"{_hour(visit.starts_at)} – {_hour(visit.ends_at)}" for visit in visits),
                child_ids=frozenset(child for child, _group, _span in rows),
                group_ids=frozenset(group for _child, group, _span in rows),
            )
        )
    return sorted(days, key=lambda one: (one.day, one.starts, one.title))


def _open(viewer: Viewer, since: datetime, until: datetime) -> QuerySet[Party, Any]:
    found = Party.objects.own_of(viewer).without_booking()
    there = {f"{SITTING}group": F("group"), f"{SITTING}starts_at__gte": since, f"{SITTING}starts_at__lt": until}
    return found.filter(**there, **{f"{SITTING}ends_at__gt": viewer.now}).values_list(*COLUMNS).order_by()[:MOST]


def _hour(moment: datetime) -> str:
    return time_format(moment.time(), "TIME_FORMAT")


def in_weeks(
    planned: Sequence[Planned], events: Iterable[Event]
) -> tuple[Mapping[int, Sequence[Planned]], list[Planned]]:
    """Return the days by the week of the agenda (key of the event) that they are part of, and those without one.

    `events` are what the reader sees anyway. One query when there are both, else none.
    """
    weeks = {e.pk: e for e in events if e.category == Category.CONVERSATIONS and not e.is_cancelled}
    if not planned or not weeks:
        return {}, list(planned)
    rounds: dict[int, list[Event]] = defaultdict(list)
    rows = Round.weeks.through.objects.filter(event__in=list(weeks), round__in={one.round_id for one in planned})
    for event_id, round_id in rows.values_list("event_id", "round_id"):
        rounds[round_id].append(weeks[event_id])
    found: dict[int, list[Planned]] = defaultdict(list)
    apart = []
    for one in planned:
        week = next((w for w in rounds[one.round_id] if w.starts_on <= one.day <= w.ends_on), None)
        if week is None:
            apart.append(one)
        else:
            found[week.pk].append(one)
    return found, apart


def joined_days(planned: Iterable[Planned]) -> str:
    """Return the days in a few words: "di 8 dec en do 10 dec"; nothing for none."""
    return listed([date_format(day, "D j M").lower() for day in sorted({one.day for one in planned})])


def coming_rounds(planned: Iterable[Planned], children: Mapping[int, OwnChild]) -> list[Coming]:
    """Return the days as lines of the board and the week of a first page."""
    found = []
    for one in planned:
        own = [child for pk, child in children.items() if pk in one.child_ids]
        if own:
            more = _("%(hours)s, you have no time yet") % {"hours": one.hours}
            found.append(Coming(one.title, more, "calendar-clock", own, "", "", one.day, one.link))
    return found
