"""What consent keeps back in a group: photos that are not shown any more, and where to take them down outside Kring."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from kring.agreements.current import policy_for
from kring.consents.models import read_by
from kring.consents.reading import lapsed_of
from kring.consents.wording import purpose_of
from kring.core.viewer import Viewer
from kring.people.models import Child
from kring.photos import rules, saying
from kring.photos.models import PersonInPhoto, Photo, PhotoUse, UsedElsewhere, may_be_shown, of_the_team
from kring.photos.named import Sight
from kring.school.models import Group, School

MOST = 100  # on one page; the rest follows when these have been dealt with


@dataclass(frozen=True, slots=True)
class Place:
    """Where a photo was used outside Kring. `why` it may not stay there; empty when it may."""

    code: str
    name: str
    since: datetime
    why: str


@dataclass(frozen=True, slots=True)
class KeptBack:
    """One photo with what was done about it by itself, and what somebody has to do."""

    photo: Photo
    shown_from: datetime | None
    sentences: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def asks(self) -> bool:
        """Say whether somebody has to take it down somewhere."""
        return any(place.why for place in self.places)


def kept_back_in(viewer: Viewer, group: Group) -> list[KeptBack]:
    """Return the photos of the group that consent keeps back, those to be taken down somewhere first, then the newest.

    For who works with the group. Names stand in the sentences only for who may read the consents (P4). Eight queries.
    """
    today = group.school.today(viewer.now)
    of_group = Photo.objects.workable_by(viewer).filter(group=group)
    kept = Q(pk__in=of_group.kept_back_on(today).values("pk")) | Q(pk__in=of_group.to_take_down(today).values("pk"))
    photos = list(of_group.filter(kept).order_by("-added_at", "-pk")[:MOST])
    if not photos:
        return []
    uses: dict[int, list[PhotoUse]] = defaultdict(list)
    for use in PhotoUse.objects.filter(~may_be_shown(today), photo__in=photos, hidden_at=None).order_by("shown_from"):
        uses[use.photo_id].append(use)
    elsewhere: dict[int, list[UsedElsewhere]] = defaultdict(list)
    for row in UsedElsewhere.objects.still_there().filter(photo__in=photos).order_by("at", "pk"):
        elsewhere[row.photo_id].append(row)
    codes = {use.purpose for rows in uses.values() for use in rows}
    codes |= {row.code for rows in elsewhere.values() for row in rows}
    asked = sorted(codes - {rules.OWN_GUARDIANS})
    sight = PersonInPhoto.objects.sight_of(photos, codes=asked, today=today)
    names = _names(viewer, group, sight)
    lapsed = lapsed_of([key for key in names if key is not None], asked, today=today)
    policy = policy_for(group.school_id, at=viewer.now)

    def why(photo: Photo, code: str, only_for: int | None = None) -> str:
        finding = rules.lens(sight.people[photo.pk], code, sight.given, only_for=only_for)
        if finding.is_fine:
            return ""
        known = [key for key in finding.children if key in names]
        told = saying.kept_back_sentence(code, _called(known, names) if len(known) == len(finding.children) else [])
        over = [key for key in known if (key, code) in lapsed]
        return f"{told} {saying.lapsed_sentence(_called(over, names))}" if over else told

    found = []
    for photo in photos:
        inside = {use.purpose: why(photo, use.purpose, use.only_for_id) for use in uses[photo.pk]}
        places = tuple(
            Place(row.code, purpose_of(row.code, policy).name, row.at, why(photo, row.code))
            for row in elsewhere[photo.pk]
        )
        first = uses[photo.pk][0].shown_from if uses[photo.pk] else None
        found.append(KeptBack(photo, first, tuple(inside.values()), places))
    return sorted(found, key=lambda one: not one.asks)


def kept_back_within(viewer: Viewer, audience_id: int) -> list[tuple[Group, int]]:
    """Return how many photos of the message to this audience are kept back now, for each group she works with.

    One query. She sees them in `kept_back_in`.
    """
    today = School().today(viewer.now)
    uses = PhotoUse.objects.filter(of_the_team(viewer, "photo__"), ~may_be_shown(today), within_id=audience_id)
    found: Counter[Group] = Counter()
    for use in uses.filter(hidden_at=None).select_related("photo__group__school"):
        found[use.photo.group] += 1
    return sorted(found.items(), key=lambda row: row[0].name)


def _called(keys: Sequence[int | None], names: Mapping[int | None, str]) -> list[str]:
    return sorted(names[key] for key in keys)


def _names(viewer: Viewer, group: Group, sight: Sight) -> dict[int | None, str]:
    """Return what to call the children whose consents she may read; of nobody else anything."""
    keys = {key for one in sight.people.values() for key in one.children if key is not None}
    readable = Child.objects.filter(read_by(viewer, today=group.school.today(viewer.now)), pk__in=keys)
    rows = list(readable.values_list("pk", "first_name", "last_name"))
    shown = rules.short_names([(first, last) for _pk, first, last in rows])
    return {pk: name for (pk, _first, _last), name in zip(rows, shown, strict=True)}
