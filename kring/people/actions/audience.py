"""Writing down for whom something is meant."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from kring.core.viewer import RoleKind
from kring.people.models import Audience, AudienceRole, Child, Person
from kring.school.models import Group, Layer, School


@transaction.atomic
def aim_audience(*, audience: Audience, whole_school: bool, group_ids: Iterable[int], layer_ids: Iterable[int]) -> None:
    """Let an audience be these groups and layers of its school, or all of it. Keys of another school are left out."""
    audience.whole_school = whole_school
    audience.save(update_fields=["whole_school"])
    audience.groups.set(Group.objects.filter(school_id=audience.school_id, pk__in=group_ids))
    audience.layers.set(Layer.objects.filter(school_id=audience.school_id, pk__in=layer_ids))


def make_audience(
    *,
    school: School,
    groups: Iterable[Group] = (),
    layers: Iterable[Layer] = (),
    whole_school: bool = False,
    persons: Iterable[Person] = (),
    roles: Iterable[RoleKind] = (),
    children: Iterable[Child] = (),
) -> Audience:
    """Return a new audience. The caller has checked that the viewer may address it. `children` means their guardians.

    Everything given must belong to `school`; anything else is a fault in the caller and raises ValueError, because an
    audience that crosses schools would show one school's news at another (security.md, I15).
    """
    groups, layers, persons, children = list(groups), list(layers), list(persons), list(children)
    parts: list[Group | Layer | Person | Child] = [*groups, *layers, *persons, *children]
    if any(part.school_id != school.pk for part in parts):
        raise ValueError("An audience belongs to one school.")
    audience = Audience.objects.create(school=school, whole_school=whole_school)
    audience.groups.set(groups)
    audience.layers.set(layers)
    audience.persons.set(persons)
    audience.children.add(*children)
    AudienceRole.objects.bulk_create(AudienceRole(audience=audience, kind=kind) for kind in set(roles))
    return audience
