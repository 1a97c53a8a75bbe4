"""Who belongs to a party on a day, and who sits ready: asked when needed, in one query for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from kring.core.viewer import GROUP_TEACHERS, Level
from kring.meetings.models import Party, Sitting, Slot
from kring.meetings.rules import Span
from kring.people.models import Guardianship, KeepApart, Person, TeamRole, current_on
from kring.people.rules import works_on
from kring.school.models import Group


class Guest(NamedTuple):
    """A person who has to be somewhere, and her login if she has one."""

    person_id: int
    user_id: int | None


class Place(NamedTuple):
    """A party in a moment, before anything is written: from when until when, and who has to be there."""

    party: Party
    slot: Slot
    span: Span
    by_video: bool
    guests: list[Guest]
    hosts: list[Guest]


def members_of(parties: Iterable[Party], *, on: date) -> dict[int, list[Guest]]:
    """Return party key -> who belongs to it on the day `on`. One query.

    The common party has the full guardians without a party of their own in the round and not kept apart from another
    guardian of the child; a party of one's own has that guardian, full or limited.
    """
    wanted = list(parties)
    by_place: dict[tuple[int, int | None], list[Party]] = defaultdict(list)
    for party in wanted:
        by_place[party.child_id, party.person_id].append(party)
    apart = KeepApart.objects.filter(
        Q(first=OuterRef("person")) | Q(second=OuterRef("person")), child=OuterRef("child")
    )
    rounds = {party.round_id for party in wanted}
    own = Party.objects.filter(round__in=rounds, child=OuterRef("child"), person=OuterRef("person"))
    rows = Guardianship.objects.filter(
        current_on(on), child_id__in={party.child_id for party in wanted}, level__in=[Level.FULL, Level.LIMITED]
    ).annotate(alone=Exists(own), apart=Exists(apart))
    found: dict[int, list[Guest]] = {party.pk: [] for party in wanted}
    columns = ("child_id", "person_id", "person__user_id", "level", "alone", "apart")
    for child_id, person_id, user_id, level, alone, is_apart in rows.order_by("pk").values_list(*columns):
        for party in by_place[child_id, person_id]:
            found[party.pk].append(Guest(person_id, user_id))
        if level == Level.FULL and not alone and not is_apart:
            for party in by_place[child_id, None]:
                found[party.pk].append(Guest(person_id, user_id))
    return found


def teachers_of(sittings: Iterable[int]) -> dict[int, list[Guest]]:
    """Return sitting key -> who sits there. One query."""
    found: dict[int, list[Guest]] = defaultdict(list)
    rows = Sitting.teachers.through.objects.filter(sitting_id__in=set(sittings))
    for sitting_id, person_id, user_id in rows.order_by("person_id").values_list(
        "sitting_id", "person_id", "person__user_id"
    ):
        found[sitting_id].append(Guest(person_id, user_id))
    return found


def team_on(groups: Iterable[Group], days: Iterable[date]) -> Mapping[tuple[int, date], list[Person]]:
    """Return (group key, day) -> who teaches it and works on that day, the group's own teacher first. Two queries."""
    wanted = list(days)
    found: dict[tuple[int, date], list[Person]] = defaultdict(list)
    if not wanted:
        return found
    roles = TeamRole.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=min(wanted)),
        starts_on__lte=max(wanted),
        group__in=list(groups),
        kind__in=GROUP_TEACHERS,
    )
    for role in roles.select_related("person").prefetch_related("working_days").order_by("starts_on", "pk"):
        pairs = [(day.weekday, day.weeks) for day in role.working_days.all()]
        for day in wanted:
            holds = role.starts_on <= day and (role.ends_on is None or role.ends_on >= day)
            if holds and works_on(day, pairs) and role.person not in found[role.group_id or 0, day]:
                found[role.group_id or 0, day].append(role.person)
    return found
