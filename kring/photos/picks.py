"""The photos of a message as its composer shows them: each with its roster, its verdict and for whom it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kring.core.viewer import Viewer
from kring.photos import rules
from kring.photos.models import PeopleSaid, Photo
from kring.photos.rules import Towards, Verdict
from kring.photos.showing import Apart, Look, RosterChild, roster_of
from kring.school.models import Group

MOST_ROWS = 4  # for whom a photo is: more ways than this stand in a list to choose from


@dataclass(frozen=True, slots=True)
class Box:
    """A child on the roster of one photo."""

    child: RosterChild
    is_named: bool


@dataclass(frozen=True, slots=True)
class Way:
    """Whom one photo can be for: the value of the field, and what it is called."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Pick:
    """One photo of the message. `names` are those who keep it back, for who may know it only."""

    photo: Photo
    look: Look
    number: int
    boxes: list[Box]
    who: str
    names: str
    ways: list[Way]
    opens: bool

    @property
    def is_nobody(self) -> bool:
        """Say whether somebody said that nobody can be recognised."""
        return self.photo.people == PeopleSaid.NOBODY

    @property
    def stops(self) -> bool:
        """Say whether a choice is needed: what is only to be looked at by hand is no choice."""
        return self.look.finding.verdict in (Verdict.NO_CONSENT, Verdict.NOT_ALONE, Verdict.SAY_WHO)

    @property
    def css(self) -> str:
        """Return how the verdict looks."""
        return "fine" if self.look.is_fine else "stops" if self.stops else "check"

    @property
    def is_without_name(self) -> bool:
        """Say whether somebody looked: no name can be read on the work."""
        return self.photo.no_name_checked_by_id is not None

    @property
    def asks_for_name(self) -> bool:
        """Say whether somebody still has to look for a name on the work (G3)."""
        return self.photo.is_work and not self.is_without_name

    @property
    def can_be_altered(self) -> bool:
        """Say whether it can be cropped or covered now."""
        return self.photo.is_ready

    @property
    def has_choice(self) -> bool:
        """Say whether there is anything to choose about for whom it is."""
        return len(self.ways) > 1

    @property
    def has_rows(self) -> bool:
        """Say whether the ways are few enough to stand below each other."""
        return len(self.ways) <= MOST_ROWS

    @property
    def is_apart(self) -> bool:
        """Say whether not everybody sees it whom the message is for."""
        return any(way.is_chosen and way.value for way in self.ways)


def picks_for(viewer: Viewer, looks: Sequence[Look], *, group: Group, towards: Towards, apart: Apart) -> list[Pick]:
    """Return the photos of a message for its composer. No query without photos; else that of the roster.

    `looks` are what the lens says of them, `group` is the group whose photos they are.
    """
    if not looks:
        return []
    named = {key for look in looks for key in look.named}
    roster = roster_of(viewer, group, [look.photo for look in looks], named=named)
    first = next((look.photo.pk for look in looks if look.photo.people == PeopleSaid.UNSAID), None)
    found = []
    for number, look in enumerate(looks, start=1):
        boxes = [Box(child, child.pk in look.named) for child in roster]
        ways = _ways(look, boxes, group, towards, apart)
        found.append(
            Pick(
                photo=look.photo,
                look=look,
                number=number,
                boxes=boxes,
                who=_who(look.photo, boxes),
                names=", ".join(child.first_name for child in look.children),
                ways=ways,
                opens=look.photo.pk == first,
            )
        )
    return found


def _who(photo: Photo, boxes: Sequence[Box]) -> str:
    if photo.people == PeopleSaid.UNSAID:
        return _("Not said yet")
    if photo.people == PeopleSaid.NOBODY:
        return _("Nobody can be recognised")
    return ", ".join(box.child.name for box in boxes if box.is_named) or _("Somebody who is not known here any more")


def _ways(look: Look, boxes: Sequence[Box], group: Group, towards: Towards, apart: Apart) -> list[Way]:
    """Return for whom the photo can be. To one child's parents goes only what shows nobody else."""
    only_for = look.only_for.pk if look.only_for else None
    is_own = look.photo.pk in apart.own_group and only_for is None
    ways = [Way("", _("Everybody this message is for"), is_chosen=only_for is None and not is_own)]
    is_wide = rules.purpose_of(towards, group_id=group.pk) != rules.APP_GROUP
    if is_own or (is_wide and towards.may_reach(group.pk)):
        ways.append(Way("group", _("Only %(group)s") % {"group": group.name}, is_chosen=is_own))
    named = [box for box in boxes if box.is_named]
    fitting = boxes if look.photo.people == PeopleSaid.NOBODY else named if len(named) == 1 else []
    for box in boxes:
        if box in fitting or box.child.pk == only_for:
            words = _("Only the parents of %(name)s") % {"name": box.child.name}
            ways.append(Way(f"child:{box.child.public_id}", words, is_chosen=box.child.pk == only_for))
    return ways
