"""The lens with its facts: who is in each photo, what may be shown to whom, and the roster to name children on.

`look_at` says it of each photo; picks.py makes of that and of the roster what a composer shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kring.consents.models import read_by
from kring.core.viewer import Viewer
from kring.people.models import Audience, Child
from kring.photos import rules
from kring.photos.models import PersonInPhoto, Photo
from kring.photos.rules import Finding, Towards
from kring.photos.saying import verdict_sentence
from kring.school.models import Group, School

INSIDE = (rules.APP_GROUP, rules.APP_SCHOOL)


@dataclass(frozen=True, slots=True)
class Apart:
    """The photos of a message, by key, that not everybody sees whom it is for.

    `individual`: only the guardians of this child. `own_group`: only the photo's own group.
    """

    individual: Mapping[int, Child] = field(default_factory=dict)
    own_group: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Look:
    """What the lens says of one photo. `children` are those whom the verdict is about, for who may know it only."""

    photo: Photo
    purpose: str
    finding: Finding
    sentence: str
    children: tuple[Child, ...]
    named: tuple[int, ...]
    only_for: Child | None = None

    @property
    def is_fine(self) -> bool:
        """Say whether the photo may go."""
        return self.finding.is_fine


@dataclass(frozen=True, slots=True)
class RosterChild:
    """A child as it can be tapped: its name on this roster, and the letters in its ring."""

    pk: int
    public_id: str
    name: str
    initials: str


def towards_of(audience: Audience) -> Towards:
    """Return for whom an audience is, as far as photos ask. Two to five queries."""
    groups = frozenset(audience.groups.values_list("pk", flat=True))
    more = (audience.layers, audience.roles, audience.persons, audience.children)
    return Towards(groups, audience.whole_school, any(part.exists() for part in more))


def look_at(
    viewer: Viewer,
    photos: Sequence[Photo],
    towards: Towards,
    *,
    apart: Apart | None = None,
    is_checked: bool = False,
) -> list[Look]:
    """Return what the lens says of each photo for this audience, in order. At most two queries.

    The caller has checked that the viewer works with these photos.
    """
    apart = apart or Apart()
    today = School().today(viewer.now)
    sight = PersonInPhoto.objects.sight_of(photos, codes=INSIDE, today=today)
    found = []
    for photo in photos:
        only_for = apart.individual.get(photo.pk)
        purpose = purpose_of(photo, towards, apart)
        people = sight.people[photo.pk]
        key = only_for.pk if only_for else None
        finding = rules.lens(people, purpose, sight.given, only_for=key, is_checked=is_checked)
        found.append((photo, purpose, finding, people, only_for))
    known = _may_know(viewer, [finding for _photo, _purpose, finding, _people, _only in found])
    looks = []
    for photo, purpose, finding, people, only_for in found:
        may_read = all(key in known for key in finding.children)
        sentence = verdict_sentence(finding, purpose, whole_school=towards.whole_school, may_read=may_read)
        children = tuple(known[key] for key in finding.children if key is not None) if may_read else ()
        named = tuple(key for key in people.children if key is not None)
        looks.append(Look(photo, purpose, finding, sentence, children, named, only_for))
    return looks


def purpose_of(photo: Photo, towards: Towards, apart: Apart) -> str:
    """Return the consent that a photo needs in a message for these; empty for one child's guardians alone."""
    if photo.pk in apart.individual:
        return rules.OWN_GUARDIANS
    return rules.purpose_of(towards, group_id=photo.group_id, own_group=photo.pk in apart.own_group)


def _may_know(viewer: Viewer, findings: Sequence[Finding]) -> dict[int | None, Child]:
    """Return the children of these findings of whom the viewer may know that consent does not stand (P4)."""
    keys = {key for finding in findings for key in finding.children if key is not None}
    if not keys:
        return {}
    rows = Child.objects.filter(read_by(viewer, today=School().today(viewer.now)), pk__in=keys)
    return {child.pk: child for child in rows}


def roster_of(
    viewer: Viewer, group: Group, photos: Sequence[Photo], *, named: set[int] | frozenset[int] = frozenset()
) -> list[RosterChild]:
    """Return the children to tap: who sits in the group now or sat there when a photo was added, and who is `named`.

    By first name. Shielded children are among them: this is for the team, and it must be able to keep them out. One
    query for each day on which a photo was added.
    """
    school = group.school
    days = {school.today(viewer.now), *(school.today(photo.added_at) for photo in photos)}
    children: dict[int, Child] = {}
    for day in sorted(days):
        children.update({child.pk: child for child in Child.objects.listed_for(viewer).sitting_on(day, group=group)})
    if named - children.keys():
        children.update(Child.objects.in_bulk(named - children.keys()))
    ordered = sorted(children.values(), key=lambda child: (child.first_name, child.last_name, child.pk))
    names = rules.short_names([(child.first_name, child.last_name) for child in ordered])
    return [
        RosterChild(child.pk, child.public_id, name, f"{child.first_name[:1]}{child.last_name[:1]}".upper())
        for child, name in zip(ordered, names, strict=True)
    ]
