"""Many people at once, for a roster from another system: the same checks and constraints, in few queries.

The caller holds the transaction and writes one line in the log with the counts; these verbs do not write one per child.
Nothing here deletes a person, and nothing touches a level, an authority, a shield or who is kept apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from django.db import transaction
from django.db.models import DateField, F, Q, Value
from django.db.models.functions import Least

from kring.core.access import require
from kring.core.viewer import Viewer
from kring.people.models import Child, Enrolment, ExternalRef, Guardianship, Person, TeamRole, User
from kring.school.models import School

BATCH = 500


@transaction.atomic
def add_children(*, by: Viewer, school: School, children: Sequence[Child]) -> list[Child]:
    """Add unsaved children to `school`; return them with their keys, in the same order."""
    _check(by, school, children)
    return Child.objects.bulk_create(children, batch_size=BATCH)


@transaction.atomic
def add_persons(*, by: Viewer, school: School, persons: Sequence[Person]) -> list[Person]:
    """Add unsaved persons, without logins, to `school`; return them with their keys, in the same order."""
    _check(by, school, persons)
    return Person.objects.bulk_create(persons, batch_size=BATCH)


@transaction.atomic
def change_children(*, by: Viewer, school: School, changes: Mapping[int, Mapping[str, str]]) -> int:
    """Set the names of children (key -> field -> value); return how many rows changed."""
    return _change(by, school, Child, changes, {"first_name", "infix", "last_name"})


@transaction.atomic
def change_persons(*, by: Viewer, school: School, changes: Mapping[int, Mapping[str, str]]) -> int:
    """Set names, e-mail addresses and telephone numbers of persons; return how many rows changed."""
    return _change(by, school, Person, changes, {"first_name", "infix", "last_name", "email", "phone"})


@transaction.atomic
def enrol_many(*, by: Viewer, school: School, enrolments: Sequence[Enrolment]) -> int:
    """Add unsaved enrolments; return how many."""
    _check(by, school, enrolments)
    return len(Enrolment.objects.bulk_create(enrolments, batch_size=BATCH))


@transaction.atomic
def change_enrolments(*, by: Viewer, school: School, changes: Iterable[tuple[int, int, date | None]]) -> int:
    """Set year level and last day (key, level, last day or None); return how many rows changed."""
    require(by.is_manager(school.pk))
    wanted = {pk: (level, last_day) for pk, level, last_day in changes}
    rows = list(Enrolment.objects.filter(school=school, pk__in=wanted))
    for row in rows:
        row.year_level, row.ends_on = wanted[row.pk]
    Enrolment.objects.bulk_update(rows, ["year_level", "ends_on"], batch_size=BATCH)
    return len(rows)


@transaction.atomic
def end_enrolments(*, by: Viewer, school: School, last_days: Mapping[date, Sequence[int]]) -> int:
    """Give enrolments their last day (day -> keys); return how many rows changed."""
    require(by.is_manager(school.pk))
    return sum(
        Enrolment.objects.filter(school=school, pk__in=part).update(ends_on=day)
        for day, keys in last_days.items()
        for part in _parts(keys)
    )


@transaction.atomic
def add_guardianships(*, by: Viewer, school: School, guardianships: Sequence[Guardianship]) -> int:
    """Add unsaved guardianships. One that was there before comes back with the level, authority and ground it had.

    A parent who was missing from one file and returns in the next must not see more than the office once decided.
    """
    _check(by, school, guardianships)
    new = {(row.child_id, row.person_id): row for row in guardianships}
    for part in _parts(sorted({child for child, _person in new})):
        for old in Guardianship.objects.filter(school=school, child_id__in=part).order_by("pk"):
            row = new.get((old.child_id, old.person_id))
            if row is not None:
                row.level, row.authority, row.ground = old.level, old.authority, old.ground
                row.relation, row.set_by_id = old.relation, old.set_by_id
    return len(Guardianship.objects.bulk_create(guardianships, batch_size=BATCH))


@transaction.atomic
def end_guardianships(*, by: Viewer, school: School, keys: Sequence[int], last_day: date) -> int:
    """Let `last_day` (yesterday: at once) be the last of guardianships. Open sessions of these adults end too."""
    return _end(by, school, Guardianship, keys, last_day)


@transaction.atomic
def give_roles(*, by: Viewer, school: School, roles: Sequence[TeamRole]) -> int:
    """Add unsaved roles; return how many."""
    _check(by, school, roles)
    return len(TeamRole.objects.bulk_create(roles, batch_size=BATCH))


@transaction.atomic
def end_roles(*, by: Viewer, school: School, keys: Sequence[int], last_day: date) -> int:
    """Let `last_day` (yesterday: at once) be the last of roles. Open sessions of these adults end too."""
    return _end(by, school, TeamRole, keys, last_day)


@transaction.atomic
def remember_keys(*, by: Viewer, school: School, refs: Sequence[ExternalRef]) -> int:
    """Write down under which keys another system knows somebody. A key that is known already points elsewhere now."""
    _check(by, school, refs)
    return len(
        ExternalRef.objects.bulk_create(
            refs,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["school", "source", "kind", "key"],
            update_fields=["person", "child", "group"],
        )
    )


@transaction.atomic
def forget_keys(*, by: Viewer, school: School, refs: Sequence[int]) -> None:
    """Forget keys (by row) of ties that have ended, so that the same tie may begin again."""
    require(by.is_manager(school.pk))
    for part in _parts(refs):
        ExternalRef.objects.filter(school=school, pk__in=part).delete()


Row = Child | Person | Enrolment | Guardianship | TeamRole | ExternalRef
NamedRow = TypeVar("NamedRow", Child, Person)


def _check(by: Viewer, school: School, rows: Sequence[Row]) -> None:
    require(by.is_manager(school.pk))
    if any(row.school_id != school.pk for row in rows):
        raise ValueError("A roster belongs to one school.")


def _change(
    by: Viewer,
    school: School,
    model: type[NamedRow],
    changes: Mapping[int, Mapping[str, str]],
    allowed: set[str],
) -> int:
    require(by.is_manager(school.pk))
    if {name for change in changes.values() for name in change} - allowed:
        raise ValueError("A roster may not change this field.")
    rows = [row for part in _parts(list(changes)) for row in model.objects.filter(school=school, pk__in=part)]
    for row in rows:
        for name, value in changes[row.pk].items():
            setattr(row, name, value)
    model.objects.bulk_update(rows, sorted(allowed), batch_size=100)
    return len(rows)


def _end(
    by: Viewer, school: School, model: type[Guardianship] | type[TeamRole], keys: Sequence[int], last_day: date
) -> int:
    require(by.is_manager(school.pk))
    ended = 0
    for part in _parts(keys):
        rows = model.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=last_day), school=school, pk__in=part)
        persons = list(rows.values_list("person_id", flat=True))
        # One that began today never counted for a whole day: it moves to the day before.
        starts_on = Least(F("starts_on"), Value(last_day, output_field=DateField()))
        ended += rows.update(ends_on=last_day, starts_on=starts_on)
        User.objects.filter(persons__in=persons).update(session_epoch=F("session_epoch") + 1)
    return ended


def _parts(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    return (keys[n : n + BATCH] for n in range(0, len(keys), BATCH))
