"""The list of a group: one row per child, one mark per purpose, what is open. Five queries in all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from kring.consents.models import Answer, Renewal, Standing
from kring.consents.rules import CHANGED_WITHIN, Stand, stand_of, waits_for
from kring.consents.wording import Purpose
from kring.people.models import Child
from kring.school.models import Group

SHOWS = ("all", "no", "open", "changed")


@dataclass(frozen=True, slots=True)
class Row:
    """One child: what stands for each purpose, when somebody last chose, and whether an answer is still awaited."""

    child: Child
    marks: list[tuple[Purpose, Stand]]
    chosen_at: datetime | None
    is_waiting: bool
    is_asked_again: bool
    is_changed: bool

    @property
    def has_no(self) -> bool:
        """Say whether somebody said no to something."""
        return any(stand == Stand.NO for _purpose, stand in self.marks)

    @property
    def is_all_yes(self) -> bool:
        """Say whether everything is yes: then a narrow page says just that."""
        return all(stand == Stand.YES for _purpose, stand in self.marks)


@dataclass(frozen=True, slots=True)
class Total:
    """How many children of the group have a yes, a no and nothing for one purpose."""

    purpose: Purpose
    yes: int
    no: int
    open: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of a group in the order of their names, and what stands under them."""

    rows: list[Row]
    totals: list[Total]
    changed_since: datetime
    asked_at: datetime | None

    def shown(self, show: str) -> list[Row]:
        """Return the rows of one filter."""
        picks = {
            "no": lambda row: row.has_no,
            "open": lambda row: row.is_waiting,
            "changed": lambda row: row.is_changed,
        }
        pick = picks.get(show)
        return [row for row in self.rows if pick is None or pick(row)]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows each filter has."""
        return {show: len(self.shown(show)) for show in SHOWS}

    @property
    def waiting(self) -> int:
        """Return how many children still wait for an answer."""
        return sum(row.is_waiting for row in self.rows)


def listing_of(group: Group, purposes: list[Purpose], *, now: datetime) -> Listing:
    """Return the list of who sits in the group today. The caller has checked that she may read it."""
    today = group.school.today(now)
    children = list(Child.objects.sitting_on(today, group=group).order_by("first_name", "last_name", "pk"))
    keys = [child.pk for child in children]
    given, moments = _given(keys, today)
    asked_at = Renewal.objects.asked_at(group.school, today)
    since = group.school.moment(today) - CHANGED_WITHIN
    changed = set(Answer.objects.changed_since(since).filter(child_id__in=keys).values_list("child_id", flat=True))
    codes = [purpose.code for purpose in purposes]
    rows = [
        Row(
            child=child,
            marks=[(purpose, stand_of(given.get((child.pk, purpose.code), ()))) for purpose in purposes],
            chosen_at=max(moments.get(child.pk, {}).values(), default=None),
            is_waiting=bool(waits_for(codes, moments.get(child.pk, {}), asked_at=asked_at)),
            is_asked_again=any(asked_at and at < asked_at for at in moments.get(child.pk, {}).values()),
            is_changed=child.pk in changed,
        )
        for child in children
    ]
    return Listing(rows=rows, totals=_totals(rows, purposes), changed_since=since, asked_at=asked_at)


def _given(
    keys: Iterable[int], today: date
) -> tuple[dict[tuple[int, str], list[bool]], dict[int, dict[str, datetime]]]:
    """Return the answers that count and when each purpose was last answered. One query."""
    given: dict[tuple[int, str], list[bool]] = {}
    moments: dict[int, dict[str, datetime]] = {}
    for child_id, code, is_yes, at in Standing.objects.counted(keys, on=today):
        given.setdefault((child_id, code), []).append(is_yes)
        moments.setdefault(child_id, {})[code] = at
    return given, moments


def _totals(rows: list[Row], purposes: list[Purpose]) -> list[Total]:
    found = []
    for number, purpose in enumerate(purposes):
        stands = [row.marks[number][1] for row in rows]
        found.append(Total(purpose, stands.count(Stand.YES), stands.count(Stand.NO), stands.count(Stand.OPEN)))
    return found
