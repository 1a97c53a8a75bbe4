"""What consent keeps back in a group: photos that are not shown any more, and where to take them down outside Kring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from kring.agreements.current import policy_for
from kring.consents.models import read_by
from kring.consents.wording import purpose_of
from kring.core.viewer import Viewer
from kring.people.models import Child
from kring.photos import rules, saying
from kring.photos.models import PersonInPhoto, Photo, PhotoUse, UsedElsewhere, may_be_shown
from kring.photos.named import Sight
from kring.school.models import Group

MOST = 100  # on one page; the rest follows when these have been dealt with


@dataclass(frozen=True, slots=True)
class Place:
    """Where a photo was used outside Kring. `must_go`: a child in it may not be shown there any more."""

    code: str
    name: str
    since: datetime
    must_go: bool


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
        return any(place.must_go for place in self.places)


def kept_back_in(viewer: Viewer, group: Group) -> list[KeptBack]:
    """Return the photos of the group that consent keeps back, those to be taken down somewhere first, then the newest.

    For who works with the group. Names stand in the sentences only for who may read the consents (P4). Seven queries.
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
    places = _places(viewer, group, photos)
    codes = {use.purpose for rows in uses.values() for use in rows} | {p.code for rows in places.values() for p in rows}
    sight = PersonInPhoto.objects.sight_of(photos, codes=sorted(codes - {rules.OWN_GUARDIANS}), today=today)
    names = _names(viewer, group, sight)
    found = []
    for photo in photos:
        about = {use.purpose: use.only_for_id for use in uses[photo.pk]}
        about.update({place.code: None for place in places[photo.pk] if place.must_go})
        named = {place.code: place.name for place in places[photo.pk]}
        sentences = []
        for code, only_for in about.items():
            children = rules.lens(sight.people[photo.pk], code, sight.given, only_for=only_for).children
            known = [names[key] for key in children if key in names]
            told = sorted(known) if len(known) == len(children) else []
            sentences.append(saying.kept_back_sentence(code, told, place=named.get(code, "")))
        first = uses[photo.pk][0].shown_from if uses[photo.pk] else None
        found.append(KeptBack(photo, first, tuple(sentences), tuple(places[photo.pk])))
    return sorted(found, key=lambda one: not one.asks)


def _places(viewer: Viewer, group: Group, photos: Sequence[Photo]) -> dict[int, list[Place]]:
    policy = policy_for(group.school_id, at=viewer.now)
    still = UsedElsewhere.objects.still_there().filter(photo__in=photos).order_by("at", "pk")
    going = set(UsedElsewhere.objects.to_take_down(group.school.today(viewer.now)).filter(photo__in=photos))
    found: dict[int, list[Place]] = defaultdict(list)
    for row in still:
        found[row.photo_id].append(Place(row.code, purpose_of(row.code, policy).name, row.at, row in going))
    return found


def _names(viewer: Viewer, group: Group, sight: Sight) -> dict[int | None, str]:
    """Return what to call the children whose consents she may read; of nobody else anything."""
    keys = {key for one in sight.people.values() for key in one.children if key is not None}
    readable = Child.objects.filter(read_by(viewer, today=group.school.today(viewer.now)), pk__in=keys)
    rows = list(readable.values_list("pk", "first_name", "last_name"))
    shown = rules.short_names([(first, last) for _pk, first, last in rows])
    return {pk: name for (pk, _first, _last), name in zip(rows, shown, strict=True)}
