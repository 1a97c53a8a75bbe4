"""What a writer can choose from: the kinds, the audiences and the people, by her roles and the agreement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kring.agreements.policy import Policy
from kring.core.viewer import STAFF, Viewer
from kring.people.models import Child, Enrolment, Person, TeamRole, current_on
from kring.posts.models import ICONS, PostKind
from kring.posts.permissions import (
    Target,
    can_post_to_groups,
    can_post_to_layers,
    can_post_to_school,
    can_use_kind,
)
from kring.posts.rules import Kind
from kring.school.models import Group, Layer, School


@dataclass(frozen=True, slots=True)
class KindChoice:
    """One kind on the first page of the composer."""

    value: str
    label: str
    icon: str
    css: str
    hint: str


def hint_of(kind: str) -> str:
    """Say in a few words what a kind is for."""
    return {
        Kind.GROUP: _("An impression of a lesson, an outing or something special."),
        Kind.HOMEWORK: _("Homework, tests and the list of talks, by day."),
        Kind.GOALS: _("What the group works on in the coming period."),
        Kind.OUTING: _("Where to, when there and when back."),
        Kind.BRING: _("What children bring along, and on which day."),
        Kind.STAFF: _("Who is away and who takes the group."),
        Kind.KWINK: _("The theme of the week, for all groups."),
        Kind.ANNOUNCEMENT: _("A reminder or other practical news."),
    }[Kind(kind)]


def kinds_for(viewer: Viewer, school: School, policy: Policy) -> list[KindChoice]:
    """Return the kinds that she may write, in the order of the agreement."""
    return [kind_choice(kind) for kind in Kind if can_use_kind(viewer, school.pk, kind, policy)]


def kind_choice(kind: str) -> KindChoice:
    """Return how a kind looks."""
    css = "notice" if kind == Kind.ANNOUNCEMENT else str(kind)
    return KindChoice(str(kind), str(PostKind(kind).label), ICONS[Kind(kind)], f"k-{css}", hint_of(kind))


def groups_for(viewer: Viewer, school: School, policy: Policy, *, on: date) -> list[Group]:
    """Return the groups of this year that she may post to: her own first, then the others where S2 allows."""
    groups = Group.objects.filter(school=school).in_year(on).order_by("name")
    own = [group for group in groups if viewer.teaches(group.pk)]
    return own + [
        group for group in groups if group not in own and can_post_to_groups(viewer, school.pk, [group.pk], policy)
    ]


def audience_choices(viewer: Viewer, school: School, kind: str, policy: Policy, *, on: date) -> list[tuple[str, str]]:
    """Return the audiences that she may choose, as value and words."""
    wide = kind != Kind.GROUP or can_post_to_school(viewer, school.pk, policy)
    found = [(f"group:{group.public_id}", group.name) for group in groups_for(viewer, school, policy, on=on)]
    if wide and can_post_to_layers(viewer, school.pk, policy):
        found += [(f"layer:{layer.public_id}", layer.name) for layer in Layer.objects.filter(school=school)]
    if wide and can_post_to_school(viewer, school.pk, policy):
        found.append(("school", _("The whole school")))
    if kind == Kind.KWINK and policy.kwink.whole_school:
        found = [choice for choice in found if choice[0] == "school"]
    return found


def target_from(school: School, chosen: Iterable[str]) -> Target:
    """Return the target of values of `audience_choices`. Unknown names are left out; actions check the right to it."""
    chosen = list(chosen)
    groups = [value.removeprefix("group:") for value in chosen if value.startswith("group:")]
    layers = [value.removeprefix("layer:") for value in chosen if value.startswith("layer:")]
    if "school" in chosen:
        return Target(whole_school=True)
    found: list[frozenset[int]] = []
    for model, names in ((Layer, layers), (Group, groups)):
        rows = model.objects.filter(school=school, public_id__in=names) if names else ()  # type: ignore[attr-defined]
        found.append(frozenset(row.pk for row in rows))
    return Target(False, *found)


def values_of(target: Target, school: School) -> list[str]:
    """Return the values of `audience_choices` that stand for a target."""
    if target.whole_school:
        return ["school"]
    groups = Group.objects.filter(school=school, pk__in=target.group_ids).values_list("public_id", flat=True)
    layers = Layer.objects.filter(school=school, pk__in=target.layer_ids).values_list("public_id", flat=True)
    return [*(f"group:{name}" for name in groups), *(f"layer:{name}" for name in layers)]


def children_for(viewer: Viewer, target: Target, *, on: date) -> QuerySet[Child]:
    """Return the children of the chosen groups, for the list of talks."""
    sits = Enrolment.objects.filter(current_on(on), group_id__in=target.group_ids).values("child_id")
    return Child.objects.listed_for(viewer).filter(pk__in=sits).order_by("first_name", "last_name")


def staff_of(school: School, *, on: date) -> QuerySet[Person]:
    """Return who works at the school today, for "teacher away"."""
    roles = TeamRole.objects.filter(current_on(on), school=school, kind__in=[*STAFF])
    return Person.objects.filter(school=school, pk__in=roles.values("person_id")).order_by("first_name", "last_name")
