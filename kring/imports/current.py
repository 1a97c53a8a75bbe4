"""What a school has today, by the keys of the other system: the left side of the difference. Nine queries."""

from __future__ import annotations

from datetime import date

from kring.imports.models import SOURCE
from kring.imports.oneroster.reader import Known
from kring.imports.plan import Current, Has, HasEnrolment, HasGroup, HasTie
from kring.people.models import Enrolment, ExternalRef, Guardianship, TeamRole, not_over_on
from kring.school.models import Group, School

# The kinds of ExternalRef that a roster writes. A tie is remembered too, so that an import ends only what an import
# began, and so that what the office ended by hand stays ended.
SCHOOL, CHILD, ADULT, GROUP, LINK, TEACHER = "school", "child", "adult", "group", "guardianship", "teacher"


def tie_key(first: str, second: str) -> str:
    """Return the key under which a tie between two keys is remembered. Keys hold no bar (tables.py refuses it)."""
    return f"{first}|{second}"


def known_keys(school: School) -> Known:
    """Return the keys that earlier imports of the school left, for reading a file that refers to them."""
    by_kind: dict[str, set[str]] = {kind: set() for kind in (SCHOOL, CHILD, ADULT, GROUP, LINK, TEACHER)}
    for kind, key in ExternalRef.objects.filter(school=school, source=SOURCE).values_list("kind", "key"):
        by_kind.setdefault(kind, set()).add(key)
    links = frozenset((child, adult) for child, _bar, adult in (key.partition("|") for key in by_kind[LINK]))
    return Known(
        school=next(iter(by_kind[SCHOOL]), ""),
        children=frozenset(by_kind[CHILD]),
        adults=frozenset(by_kind[ADULT]),
        groups=frozenset(by_kind[GROUP]),
        links=links,
    )


def current_of(school: School, *, today: date) -> Current:
    """Return what the school has on `today` (its own day)."""
    refs = ExternalRef.objects.filter(school=school, source=SOURCE)
    names = ("first_name", "infix", "last_name")
    current = Current(today=today)
    for key, *values in refs.filter(kind=CHILD).values_list("key", "child_id", *(f"child__{name}" for name in names)):
        current.children[key] = Has(*values)
    reach = (*names, "email", "phone")
    for key, *values in refs.filter(kind=ADULT).values_list("key", "person_id", *(f"person__{name}" for name in reach)):
        current.adults[key] = Has(*values)
    for ref in refs.filter(kind=GROUP).select_related("group__school_year"):
        group = ref.group
        if group is not None:
            year = group.school_year
            levels = tuple(group.year_levels)
            current.groups[ref.key] = HasGroup(group.pk, group.name, group.kind, levels, year.starts_on, year.ends_on)
    current.group_names = set(Group.objects.filter(school=school).values_list("school_year__starts_on", "name"))
    _add_enrolments(school, current)
    _add_guardianships(school, current)
    _add_teachers(school, current)
    return current


def _add_enrolments(school: School, current: Current) -> None:
    child_key = {has.pk: key for key, has in current.children.items()}
    groups = {group.pk for group in current.groups.values()}
    rows = Enrolment.objects.filter(not_over_on(current.today), school=school).values_list(
        "pk", "child_id", "group_id", "year_level", "starts_on", "ends_on", "group__school_year__ends_on", "group__name"
    )
    for pk, child, group, level, starts_on, ends_on, year_ends, name in rows:
        if child in child_key and group in groups:
            has = HasEnrolment(pk, child_key[child], group, level, starts_on, ends_on, year_ends, name)
            current.enrolments.append(has)


def _add_guardianships(school: School, current: Current) -> None:
    rows = Guardianship.objects.filter(not_over_on(current.today), school=school)
    held = {(child, person): pk for pk, child, person in rows.values_list("pk", "child_id", "person_id")}
    current.open_guardianships = set(held)
    refs = ExternalRef.objects.filter(school=school, source=SOURCE, kind=LINK)
    for pk, key, child, person in refs.values_list("pk", "key", "child_id", "person_id"):
        first, _bar, second = key.partition("|")
        current.links[first, second] = HasTie(pk, held.get((child, person)))


def _add_teachers(school: School, current: Current) -> None:
    not_over = not_over_on(current.today)
    rows = TeamRole.objects.filter(not_over, school=school, group__isnull=False)
    held = {(person, group): pk for pk, person, group in rows.values_list("pk", "person_id", "group_id")}
    current.open_roles = set(held)
    refs = ExternalRef.objects.filter(school=school, source=SOURCE, kind=TEACHER)
    for pk, key, person, group in refs.values_list("pk", "key", "person_id", "group_id"):
        first, _bar, second = key.partition("|")
        current.teachers[first, second] = HasTie(pk, held.get((person, group)))
