"""What the lens of a composer says of its photos: who is in each, whether it is work, and who gets to see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from kring.core.access import Refused
from kring.core.viewer import Viewer
from kring.people.models import Child
from kring.photos import rules
from kring.photos.actions.name import mark_work, name_children
from kring.photos.models import PeopleSaid, PersonInPhoto, Photo
from kring.photos.rules import Said
from kring.photos.showing import Apart


def say_of_photos(
    *, by: Viewer, photos: Sequence[Photo], picked: rules.Picked, apart: Apart
) -> tuple[Apart, list[str]]:
    """Write down what was ticked, each photo by itself; what did not change is not written.

    `apart` is who saw which photo before. Returns who is to see them now, and a sentence for each photo of which
    something was refused. Names of children that she does not see are left out. Two queries, and the writes.
    """
    if not picked.said or not photos:
        return apart, []
    known: dict[int, dict[str, Child]] = defaultdict(dict)
    for row in PersonInPhoto.objects.filter(photo__in=photos, child__isnull=False).select_related("child"):
        if row.child is not None:
            known[row.photo_id][row.child.public_id] = row.child
    in_reach = Child.objects.listed_for(by).filter(school_id=photos[0].school_id)
    children = {child.public_id: child for child in in_reach.filter(public_id__in=picked.children())}
    individual, own_group, refused = dict(apart.individual), set(apart.own_group), []
    before: Photo | None = None
    for number, photo in enumerate(photos, start=1):
        said = picked.said.get(photo.public_id)
        if said is not None:
            individual.pop(photo.pk, None)
            own_group.discard(photo.pk)
            if said.own_group:
                own_group.add(photo.pk)
            elif said.only_for in children:
                individual[photo.pk] = children[said.only_for]
            reach = children | known[photo.pk]
            chosen = {name: reach[name] for name in said.children if name in reach}
            nobody = said.nobody
            if picked.same == photo.public_id and before is not None:
                chosen, nobody = known[before.pk], before.people == PeopleSaid.NOBODY
            stands = chosen.keys() == known[photo.pk].keys() and nobody == (photo.people == PeopleSaid.NOBODY)
            is_whole = picked.whole == photo.public_id
            try:
                _mark_work(by, photo, said)
                if is_whole or not stands:
                    _name(by, photo, said.mark, list(chosen.values()), nobody=nobody, is_whole=is_whole)
                    known[photo.pk] = chosen
            except Refused as reason:
                words = {"number": number, "sentence": reason.sentence}
                refused.append(reason.sentence if len(photos) == 1 else _("Photo %(number)d: %(sentence)s") % words)
        before = photo
    return Apart(individual, frozenset(own_group)), refused


def _mark_work(by: Viewer, photo: Photo, said: Said) -> None:
    stands = (photo.is_work, photo.no_name_checked_by_id is not None)
    if (said.is_work, said.is_work and said.no_name) != stands:
        mark_work(by=by, photo=photo, is_work=said.is_work, no_name=said.no_name)


def _name(by: Viewer, photo: Photo, mark: str, children: Sequence[Child], *, nobody: bool, is_whole: bool) -> None:
    """Name who is in the photo, unless a colleague did since the page was made: hers must not be lost unseen."""
    if mark != photo.said_mark and photo.said_by_id != by.person_at(photo.school_id):
        raise Refused(_("Somebody else said meanwhile who is in this photo. Look at it again."))
    name_children(by=by, photo=photo, children=children, nobody=nobody and not is_whole, whole_group=is_whole)
