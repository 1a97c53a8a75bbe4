"""To whom may be written: for a parent the teams of her children, for a team the guardians of its children."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kring.agreements.current import policies_seen_by
from kring.conversations.actions import Family
from kring.conversations.reach import guardians_in
from kring.conversations.team_week import TeamWeek, team_week
from kring.core.viewer import Level, Viewer
from kring.people.models import Child, Guardianship, KeepApart, Person
from kring.school.models import Group

TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Choice:
    """To which team, about which child (or in general)."""

    value: str
    group: Group
    child: Child | None
    week: TeamWeek


def choices_of(viewer: Viewer) -> list[Choice]:
    """Return the teams a guardian may write to, about each child and in general."""
    spans = [span for span in viewer.spans if span.is_current]
    found = Group.objects.filter(pk__in={span.group_id for span in spans}).select_related("school")
    groups = {group.pk: group for group in found.prefetch_related("lesson_hours")}
    children = {child.pk: child for child in Child.objects.filter(pk__in={span.child_id for span in spans})}
    policies = policies_seen_by(viewer, {group.school_id for group in groups.values()})
    weeks = {pk: team_week(group, now=viewer.now, policy=policies[group.school_id]) for pk, group in groups.items()}
    choices = []
    for span in sorted(spans, key=lambda span: (groups[span.group_id].name, span.child_id)):
        group, child = groups[span.group_id], children[span.child_id]
        choices.append(Choice(f"{group.public_id}:{child.public_id}", group, child, weeks[group.pk]))
    return choices + [Choice(group.public_id, group, None, weeks[pk]) for pk, group in groups.items()]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One box to tick: a guardian of the child, or all full guardians together."""

    value: str
    persons: tuple[Person, ...]
    relation: str
    is_reachable: bool
    is_chosen: bool
    is_together: bool = False


@dataclass(frozen=True, slots=True)
class Addressed:
    """A child of the group with whom may be written to about it."""

    child: Child
    recipients: tuple[Recipient, ...]

    @property
    def is_open(self) -> bool:
        """Say whether one of its boxes is ticked."""
        return any(recipient.is_chosen for recipient in self.recipients)


def recipients_of(group: Group, viewer: Viewer, *, chosen: Collection[str]) -> list[Addressed]:
    """Return the children of the group with their guardians, in the order of names. Two queries."""
    held = guardians_in(group, on=group.school.today(viewer.now)).select_related("child", "person__user")
    by_child: dict[int, list[Guardianship]] = {}
    children: dict[int, Child] = {}
    for row in held.order_by("child__first_name", "child__last_name", "child_id", "pk"):
        by_child.setdefault(row.child_id, []).append(row)
        children[row.child_id] = row.child
    apart = set(KeepApart.objects.filter(child__in=list(by_child)).values_list("first_id", "second_id"))
    return [Addressed(child, _boxes(child, by_child[pk], apart, chosen)) for pk, child in children.items()]


def _boxes(
    child: Child, held: Sequence[Guardianship], apart: set[tuple[int, int]], chosen: Collection[str]
) -> tuple[Recipient, ...]:
    boxes = []
    for row in held:
        value = f"{child.public_id}:{row.person.public_id}"
        boxes.append(
            Recipient(value, (row.person,), str(row.get_relation_display()), _has_login(row.person), value in chosen)
        )
    full = [row.person for row in held if row.level == Level.FULL and _has_login(row.person)]
    pairs = {(one.pk, other.pk) for one in full for other in full if one.pk < other.pk}
    if len(full) > 1 and not pairs & apart:
        value = f"{child.public_id}:{TOGETHER}"
        boxes.append(Recipient(value, tuple(full), "", True, value in chosen, is_together=True))
    return tuple(boxes)


def _has_login(person: Person) -> bool:
    return person.user is not None and person.user.is_active


def families_from(addressed: Sequence[Addressed], chosen: Collection[str]) -> list[Family]:
    """Return the conversations that were asked for; a word that stands for nobody here is left out."""
    return [Family(one.child, box.persons) for one in addressed for box in one.recipients if box.value in set(chosen)]
