"""Building the Viewer: who a login is, at every school, at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet

from kring.core.prepared import rows_of
from kring.core.viewer import Level, Role, RoleKind, Span, Viewer, nobody
from kring.people.models import Enrolment, Person, User
from kring.school.models import School


def viewer_for(user: User | None, *, now: datetime) -> Viewer:
    """Return what `user` is at `now` (aware): persons, current roles, and the spans of her children. Two queries.

    Used by the middleware for a request and by jobs that act for somebody.
    """
    if user is None or not user.is_active:
        return nobody(now)
    return viewers_for([user], now=now)[user.pk]


def viewers_for(users: Iterable[User], *, now: datetime) -> dict[int, Viewer]:
    """Return the viewer of each of `users` by the login's key: two queries for all of them together.

    For jobs that ask the same question for many people; a request asks `viewer_for`.
    """
    viewers = {user.pk: Viewer(now=now, user_id=user.pk) if user.is_active else nobody(now) for user in users}
    persons, roles = _persons([key for key, viewer in viewers.items() if viewer.is_signed_in], now)
    if not persons:
        return viewers
    spans = _spans(persons, now)
    for user_id in {user_id for user_id, _school in persons.values()}:
        own = {pk: school_id for pk, (owner, school_id) in persons.items() if owner == user_id}
        viewers[user_id] = Viewer(
            now=now,
            user_id=user_id,
            persons={school_id: pk for pk, school_id in own.items() if school_id is not None},
            roles=tuple(role for person_id, role in roles if person_id in own),
            spans=tuple(span for span in spans if span.person_id in own),
        )
    return viewers


def _persons_of(user_ids: Sequence[int], yesterday: date, tomorrow: date) -> QuerySet[Person, Any]:
    # A day begins in the school's own zone; one zone differs from the server's by a day at most, so look wider and
    # decide per row.
    held = Q(team_roles__ends_on__isnull=True) | Q(team_roles__ends_on__gte=yesterday)
    role = FilteredRelation("team_roles", condition=Q(team_roles__starts_on__lte=tomorrow) & held)
    found = Person.objects.filter(user_id__in=user_ids).annotate(role=role).order_by("pk", "role__pk")
    return found.values_list(
        "pk", "user_id", "school_id", "role__kind", "role__school_id", "role__group_id", "role__board_id",
        "role__starts_on", "role__ends_on", "role__school__timezone", "role__group__school_year__ends_on",
    )  # fmt: skip


def _persons(users: Sequence[int], now: datetime) -> tuple[dict[int, tuple[int, int | None]], list[tuple[int, Role]]]:
    """Return login and school of each person of these logins, and with whom each current role is. One query."""
    persons: dict[int, tuple[int, int | None]] = {}
    roles = []
    for pk, user_id, own_school, kind, school_id, group_id, board_id, starts_on, ends_on, zone, year_ends in rows_of(
        "viewer.persons", _persons_of, users, *_around(now)
    ):
        persons[pk] = (user_id, own_school)
        if kind is None:
            continue
        today = _school_in(zone or "Europe/Amsterdam").today(now)
        # A group is of one school year, and so is a role in it: without a last day it ends with that year.
        last_day = min((day for day in (ends_on, year_ends) if day is not None), default=today)
        if starts_on <= today <= last_day:
            roles.append((pk, Role(RoleKind(kind), school_id, group_id, board_id)))
    return persons, roles


def _around(now: datetime) -> tuple[date, date]:
    return now.date() - timedelta(1), now.date() + timedelta(1)


@lru_cache(maxsize=64)
def _school_in(zone: str) -> School:
    """Return a school of that time zone, to reckon with."""
    return School(timezone=zone)


def _enrolments_of(person_ids: Sequence[int], yesterday: date, tomorrow: date) -> QuerySet[Enrolment, Any]:
    # As for roles: a day wider, and the day of the school decides per row.
    found = Enrolment.objects.filter(
        Q(child__guardianships__ends_on__isnull=True) | Q(child__guardianships__ends_on__gte=yesterday),
        child__guardianships__starts_on__lte=tomorrow,
        child__guardianships__person_id__in=person_ids,
        child__guardianships__level__in=[Level.FULL, Level.LIMITED],
        starts_on__lte=tomorrow,
    )
    return found.order_by("child_id", "-starts_on").values_list(
        "child_id", "child__guardianships__person_id", "school_id", "group_id", "year_level",
        "child__guardianships__level", "child__guardianships__authority", "starts_on", "ends_on",
        "child__guardianships__starts_on", "child__guardianships__ends_on",
        "group__school_year__starts_on", "group__school_year__ends_on", "school__timezone",
    )  # fmt: skip


def _spans(persons: Iterable[int], now: datetime) -> list[Span]:
    found = rows_of("viewer.enrolments", _enrolments_of, list(persons), *_around(now))
    return [span for row in found if (span := _span(*row, now=now)) is not None]


def _span(
    child_id: int, person_id: int, school_id: int, group_id: int, year_level: int, level: str, authority: str,
    starts_on: date, ends_on: date | None, seen_from: date, seen_until: date | None,
    year_starts: date, year_ends: date, zone: str, *, now: datetime,
) -> Span | None:  # fmt: skip
    """Return the span of an enrolment as one guardianship sees it, or None when it is not seen today."""
    school = _school_in(zone)
    today = school.today(now)
    if max(starts_on, seen_from) > today or (seen_until is not None and seen_until < today):
        return None
    is_current = (ends_on is None and year_ends >= today) or (ends_on is not None and ends_on >= today)
    # While a child sits in the group, the whole school year is readable; after it left, only its own dates.
    first_day = year_starts if is_current or ends_on is None else starts_on
    return Span(
        child_id=child_id,
        person_id=person_id,
        school_id=school_id,
        group_id=group_id,
        year_level=year_level,
        level=Level(level),
        has_authority=authority == "yes",
        since=school.moment(first_day),
        until=None if ends_on is None else school.moment(ends_on + timedelta(1)),
        year_ends=school.moment(year_ends + timedelta(1), time.min),
        is_current=is_current,
    )
