"""Building the Viewer: who a login is, at every school, at one moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import F, Q

from kring.core.viewer import Level, Role, RoleKind, Span, Viewer, nobody
from kring.people.models import Enrolment, Person, TeamRole, User, not_over_on
from kring.school.models import School

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Seen(TypedDict):
        """What `_spans` adds to each enrolment: the guardianship it is seen by, and the dates of the school year."""

        person: int
        level: str
        authority: str
        zone: str
        year_starts: date
        year_ends: date
        seen_from: date
        seen_until: date | None

    SeenEnrolment = WithAnnotations[Enrolment, Seen]


def viewer_for(user: User | None, *, now: datetime) -> Viewer:
    """Return what `user` is at `now` (aware): persons, current roles, and the spans of her children. Three queries.

    Used by the middleware for a request and by jobs that act for somebody.
    """
    if user is None or not user.is_active:
        return nobody(now)
    return viewers_for([user], now=now)[user.pk]


def viewers_for(users: Iterable[User], *, now: datetime) -> dict[int, Viewer]:
    """Return the viewer of each of `users` by the login's key: three queries for all of them together.

    For jobs that ask the same question for many people; a request asks `viewer_for`.
    """
    viewers = {user.pk: Viewer(now=now, user_id=user.pk) if user.is_active else nobody(now) for user in users}
    active = [key for key, viewer in viewers.items() if viewer.is_signed_in]
    persons = {
        pk: (user_id, school_id)
        for pk, user_id, school_id in Person.objects.filter(user_id__in=active).values_list(
            "pk", "user_id", "school_id"
        )
    }
    if not persons:
        return viewers
    roles, spans = _roles(persons, now), _spans(persons, now)
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


def _roles(persons: Iterable[int], now: datetime) -> list[tuple[int, Role]]:
    # A day begins in the school's own zone; one zone differs from the server's by a day at most, so look wider and
    # decide per row.
    rows = TeamRole.objects.filter(
        not_over_on(now.date() - timedelta(1)),
        person_id__in=list(persons),
        starts_on__lte=now.date() + timedelta(1),
    ).values_list(
        "person_id", "kind", "school_id", "group_id", "board_id", "starts_on", "ends_on",
        "school__timezone", "group__school_year__ends_on",
    )  # fmt: skip
    roles = []
    for person_id, kind, school_id, group_id, board_id, starts_on, ends_on, zone, year_ends in rows:
        today = School(timezone=zone or "Europe/Amsterdam").today(now)
        # A group is of one school year, and so is a role in it: without a last day it ends with that year.
        last_day = min((day for day in (ends_on, year_ends) if day is not None), default=today)
        if starts_on <= today <= last_day:
            roles.append((person_id, Role(RoleKind(kind), school_id, group_id, board_id)))
    return roles


def _spans(persons: Iterable[int], now: datetime) -> list[Span]:
    rows = (
        Enrolment.objects.filter(
            Q(child__guardianships__ends_on__isnull=True)
            | Q(child__guardianships__ends_on__gte=now.date() - timedelta(1)),
            child__guardianships__starts_on__lte=now.date() + timedelta(1),
            child__guardianships__person_id__in=list(persons),
            child__guardianships__level__in=[Level.FULL, Level.LIMITED],
            starts_on__lte=now.date() + timedelta(1),
        )
        .annotate(
            person=F("child__guardianships__person_id"),
            level=F("child__guardianships__level"),
            authority=F("child__guardianships__authority"),
            seen_from=F("child__guardianships__starts_on"),
            seen_until=F("child__guardianships__ends_on"),
            zone=F("school__timezone"),
            year_starts=F("group__school_year__starts_on"),
            year_ends=F("group__school_year__ends_on"),
        )
        .order_by("child_id", "-starts_on")
    )
    # As for roles: the query looked a day wider, and the day of the school decides per row.
    return [_span(row, now) for row in rows if _is_seen(row, School(timezone=row.zone).today(now))]


def _is_seen(row: SeenEnrolment, today: date) -> bool:
    return max(row.starts_on, row.seen_from) <= today and (row.seen_until is None or today <= row.seen_until)


def _span(row: SeenEnrolment, now: datetime) -> Span:
    school = School(timezone=row.zone)
    today = school.today(now)
    last_day = row.ends_on
    is_current = (last_day is None and row.year_ends >= today) or (last_day is not None and last_day >= today)
    # While a child sits in the group, the whole school year is readable; after it left, only its own dates.
    first_day = row.year_starts if is_current or last_day is None else row.starts_on
    return Span(
        child_id=row.child_id,
        person_id=row.person,
        school_id=row.school_id,
        group_id=row.group_id,
        year_level=row.year_level,
        level=Level(row.level),
        has_authority=row.authority == "yes",
        since=school.moment(first_day),
        until=None if last_day is None else school.moment(last_day + timedelta(1)),
        year_ends=school.moment(row.year_ends + timedelta(1), time.min),
        is_current=is_current,
    )
