"""Who is in an audience on a day: children, guardians, team. Asked when needed, never copied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from kring.core.viewer import GROUP_TEACHERS, MANAGERS, STAFF, Level, Viewer
from kring.people.models import Audience, Child, Enrolment, Guardianship, Person, TeamRole, current_on
from kring.school.models import Group, LayerLevel


@dataclass(frozen=True, slots=True)
class Reach:
    """How many an audience reaches today, and what it is called: "Who can see this?"."""

    children: int
    guardians: int
    team: int
    whole_school: bool
    layers: tuple[str, ...]
    groups: tuple[str, ...]

    @property
    def is_wide(self) -> bool:
        """Say whether it goes beyond one group, so that publishing asks once more."""
        return self.whole_school or bool(self.layers) or len(self.groups) > 1


def _enrolments(audience: Audience, on: date, *, with_shielded: bool = True) -> QuerySet[Enrolment]:
    enrolments = Enrolment.objects.filter(current_on(on), school_id=audience.school_id)
    enrolments = enrolments.filter(group__school_year__ends_on__gte=on)
    if not with_shielded:
        enrolments = enrolments.filter(child__shielded=False)
    if audience.whole_school:
        return enrolments
    levels = LayerLevel.objects.filter(layer__in=audience.layers.all()).values("year_level")
    by_name = Q(child__in=audience.children.all())
    return enrolments.filter(Q(group__in=audience.groups.all()) | Q(year_level__in=levels) | by_name)


def children_of(audience: Audience, *, on: date, with_shielded: bool = True) -> QuerySet[Child]:
    """Return the children whose families the audience addresses on day `on`; with shielded ones for staff only."""
    return Child.objects.filter(pk__in=_enrolments(audience, on, with_shielded=with_shielded).values("child_id"))


def guardians_of(
    audience: Audience, *, on: date, levels: Iterable[str] = (Level.FULL,), with_shielded: bool = True
) -> QuerySet[Person]:
    """Return the adults whom the audience addresses on day `on`: guardians with one of `levels`, and named persons.

    Being addressed is not the right to see: the room that shows something asks its own `visible_to`. Without
    `with_shielded`, those who are addressed for a shielded child only are left out: for a count that parents see.
    """
    guardianships = _guardianships(audience, on, levels, with_shielded=with_shielded)
    named = Q(pk__in=audience.persons.all())
    with_role = Q(
        pk__in=TeamRole.objects.filter(
            current_on(on), school_id=audience.school_id, kind__in=audience.roles.values("kind")
        ).values("person_id")
    )
    return Person.objects.filter(Q(pk__in=guardianships.values("person_id")) | named | with_role)


def families_of(audience: Audience, *, on: date, levels: Iterable[str] = (Level.FULL,)) -> QuerySet[Person]:
    """Return those whom the audience addresses on day `on` for a child of theirs: no named persons, no roles."""
    return Person.objects.filter(pk__in=_guardianships(audience, on, levels).values("person_id"))


def _guardianships(
    audience: Audience, on: date, levels: Iterable[str], *, with_shielded: bool = True
) -> QuerySet[Guardianship]:
    seats = _enrolments(audience, on, with_shielded=with_shielded)
    return Guardianship.objects.filter(current_on(on), level__in=list(levels), child_id__in=seats.values("child_id"))


def team_of(audience: Audience, *, on: date) -> QuerySet[Person]:
    """Return the staff who read along: the teachers of the groups, office and management; all staff when it is wide."""
    roles = TeamRole.objects.filter(current_on(on), school_id=audience.school_id)
    if audience.whole_school or audience.layers.exists():
        roles = roles.filter(kind__in=STAFF)
    else:
        roles = roles.filter(
            Q(kind__in=MANAGERS)
            | Q(kind__in=GROUP_TEACHERS, group__in=Group.objects.filter(pk__in=audience.groups.all()))
        )
    return Person.objects.filter(pk__in=roles.values("person_id"))


def reach_of(audience: Audience, *, on: date, asked_by: Viewer) -> Reach:
    """Return how many the audience reaches on day `on`. Five queries; for the page before publishing.

    Who writes without working at the school (the parent council) gets counts without shielded children: from the
    difference with a list she would know that one is there.
    """
    full = asked_by.is_staff_at(audience.school_id)
    return Reach(
        children=children_of(audience, on=on, with_shielded=full).count(),
        guardians=guardians_of(audience, on=on, with_shielded=full).count(),
        team=team_of(audience, on=on).count(),
        whole_school=audience.whole_school,
        layers=tuple(audience.layers.values_list("name", flat=True)),
        groups=tuple(audience.groups.order_by("name").values_list("name", flat=True)),
    )
