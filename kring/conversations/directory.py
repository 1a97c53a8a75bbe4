"""Who stands in the directory of a group for whom (P1, S11): names and the children of that group, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from kring.agreements.current import policies_seen_by
from kring.agreements.policy import Policy
from kring.conversations.models import Block, Unlisted
from kring.conversations.reach import guardians_in
from kring.conversations.rights import current_groups
from kring.core.viewer import Level, Viewer
from kring.people.models import Guardianship, KeepApart, Person, current_on
from kring.school.models import Group


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the directory. `children` are first names, of this group only; empty where S11 shows names only."""

    person: Person
    children: tuple[str, ...]
    is_self: bool
    is_blocked: bool


def has_directory(policy: Policy) -> bool:
    """Say whether parents of a group see each other at this school: messages are on (P1) and S11 shows somebody."""
    return policy.parent_messages.on and policy.directory.sees != "nobody"


def groups_with_directory(viewer: Viewer) -> list[Group]:
    """Return the groups whose directory she has: a child of whom she is a full guardian sits there today."""
    ids = current_groups(viewer)
    if not ids:
        return []
    policies = policies_seen_by(viewer, viewer.guardian_school_ids)
    schools = [pk for pk, policy in policies.items() if has_directory(policy)]
    return list(Group.objects.filter(pk__in=ids, school__in=schools).select_related("school").order_by("name", "pk"))


def listed_in(group: Group, viewer: Viewer) -> QuerySet[Guardianship]:
    """Return the guardianships whose adults stand in the directory of `group` for this viewer today.

    Full guardians with a login (who never signed in could not choose to hide), not hidden, not kept apart from the
    viewer. A shielded child is left out with everybody who looks after it, also where another child of theirs sits.
    """
    on: date = group.school.today(viewer.now)
    held = guardians_in(group, on=on, levels=[Level.FULL]).filter(child__shielded=False, person__user__is_active=True)
    of_shielded = Guardianship.objects.filter(current_on(on), child__shielded=True)
    held = held.exclude(person__in=of_shielded.values("person_id"))
    held = held.exclude(person__in=Unlisted.objects.values("person_id")).exclude(person__in=_kept_apart(viewer))
    return held.select_related("person", "child").order_by(
        "person__last_name", "person__first_name", "person_id", "child__first_name", "pk"
    )


def _kept_apart(viewer: Viewer) -> QuerySet:
    """Return the keys of who is kept apart from the viewer: here she is a parent, also where she works."""
    own = list(viewer.persons.values())
    pairs = KeepApart.objects.filter(Q(first__in=own) | Q(second__in=own))
    persons = Person.objects.filter(Q(pk__in=pairs.values("first_id")) | Q(pk__in=pairs.values("second_id")))
    return persons.exclude(pk__in=own).values("pk")


def directory_of(group: Group, viewer: Viewer) -> list[Listed]:
    """Return the lines of the directory for this viewer, one per adult. Two queries, whatever the size."""
    policy = policies_seen_by(viewer, [group.school_id])[group.school_id]
    own = viewer.person_at(group.school_id)
    lines: dict[int, tuple[Person, list[str]]] = {}
    for row in listed_in(group, viewer):
        _person, children = lines.setdefault(row.person_id, (row.person, []))
        if policy.directory.sees == "names_and_children" and row.child.first_name not in children:
            children.append(row.child.first_name)
    blocked = set(Block.objects.visible_to(viewer).values_list("blocked_id", flat=True))
    return [
        Listed(person=person, children=tuple(children), is_self=pk == own, is_blocked=pk in blocked)
        for pk, (person, children) in lines.items()
    ]


def other_parents(group: Group, viewer: Viewer) -> QuerySet[Person]:
    """Return the persons this viewer may write to in `group`: who stands in its directory for her, besides herself."""
    found = Person.objects.filter(pk__in=listed_in(group, viewer).order_by().values("person_id"))
    return found.exclude(pk__in=list(viewer.persons.values()))


def is_unlisted(viewer: Viewer, group: Group) -> bool:
    """Say whether she chose not to stand in directories."""
    return Unlisted.objects.visible_to(viewer).filter(school_id=group.school_id).exists()
