"""Who can see a photo, in one sentence: whose parents, how many families, and the team.

Families are counted as children who are reached: a family is never stored (house.md, 8).

The team hears the exact number. Everybody else hears it in fives, and without shielded children. Without them, because
a parent can count a list: one family more than the list has names would say that somebody is not on it, and rounding
alone would still say so at every edge. In fives, because a parent can also count heads in the schoolyard: one family
less than heads would say the same. A number that follows from what the list shows anyway, and is too coarse to be held
against the yard, says neither, and it does not move when a child becomes shielded, but at an edge, together with the
list. By the same rule for every parent, that of the shielded child too.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from kring.core.viewer import Level, Viewer
from kring.people.audiences import children_of
from kring.people.models import Audience, Child, Guardianship, current_on
from kring.photos import saying
from kring.photos.models import Photo, PhotoUse, may_be_shown
from kring.photos.permissions import can_change_photo
from kring.photos.rules import Towards
from kring.school.models import Group, Layer


def seen_by(viewer: Viewer, photo: Photo) -> str:
    """Return who can see the photo now: all of it for the team, and for a reader by which way she sees it.

    The caller has fetched the photo through `visible_to`. At most five queries.
    """
    is_team = can_change_photo(viewer, photo)
    uses = PhotoUse.objects.filter(photo=photo, hidden_at=None)
    if not is_team:
        return _sentence(viewer, photo, list(uses.shown_to(viewer).select_related("audience", "only_for")), is_team)
    today = photo.school.today(viewer.now)
    every = list(uses.annotate(is_shown=may_be_shown(today)).select_related("audience", "only_for"))
    shown = [use for use in every if use.is_shown and use.shown_from <= viewer.now]  # type: ignore[attr-defined]
    if shown:
        return _sentence(viewer, photo, shown, is_team)
    if any(not use.is_shown for use in every):  # type: ignore[attr-defined]
        return _("Only the team: somebody in it may not be shown.")
    if every:
        return _("Only the team, until it goes out.")
    return _("Only the team.")


def _sentence(viewer: Viewer, photo: Photo, uses: Sequence[PhotoUse], is_team: bool) -> str:
    alone = {use.only_for.pk: use.only_for.first_name for use in uses if use.only_for}
    audiences = {use.audience_id: use.audience for use in uses if not use.only_for_id}
    if not audiences:
        if not alone:
            return _("Only the team.")
        children = saying.listed(sorted(alone.values()))
        return _("Only the parents of %(children)s and the team.") % {"children": children}
    whom = _whom(photo, list(audiences.values()))
    number = _families(viewer, photo, list(audiences.values()), with_shielded=is_team)
    words = {"whom": whom[:1].upper() + whom[1:], "families": saying.families(number, is_exact=is_team)}
    return _("%(whom)s (%(families)s) and the team.") % words


def _whom(photo: Photo, audiences: Sequence[Audience]) -> str:
    if any(audience.whole_school for audience in audiences):
        return saying.whom(Towards(whole_school=True), school=photo.school.name, groups=[], layers=[])
    keys = [audience.pk for audience in audiences]
    groups = Group.objects.filter(pk__in=Audience.groups.through.objects.filter(audience__in=keys).values("group_id"))
    layers = Layer.objects.filter(pk__in=Audience.layers.through.objects.filter(audience__in=keys).values("layer_id"))
    return saying.whom(
        Towards(),
        school=photo.school.name,
        groups=list(groups.order_by("name").values_list("name", flat=True)),
        layers=list(layers.order_by("name").values_list("name", flat=True)),
    )


def _families(viewer: Viewer, photo: Photo, audiences: Sequence[Audience], *, with_shielded: bool) -> int:
    """Return how many children have somebody who may see photos of them: a full guardian (house.md, 8)."""
    today = photo.school.today(viewer.now)
    addressed = Q(pk__in=[])
    for audience in audiences:
        addressed |= Q(pk__in=children_of(audience, on=today, with_shielded=with_shielded).values("pk"))
    full = Guardianship.objects.filter(current_on(today), child=OuterRef("pk"), level=Level.FULL)
    return Child.objects.filter(addressed, Exists(full)).count()
