"""For whom photos are shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.people.actions.audience import make_audience
from kring.people.models import Audience, Child
from kring.photos import rules
from kring.photos.models import Photo, PhotoState, PhotoUse
from kring.photos.permissions import can_change_photo
from kring.photos.rules import Towards
from kring.photos.showing import Apart, Look, look_at, purpose_of, towards_of


@transaction.atomic
def use_photos(
    *,
    by: Viewer,
    photos: Sequence[Photo],
    audience: Audience,
    shown_from: datetime,
    checked: bool,
    individual: Mapping[int, Child] | None = None,
    own_group: Collection[int] | None = None,
    is_due: bool = False,
) -> list[PhotoUse]:
    """Show exactly these photos, in this order, in the message to `audience` from `shown_from` (aware); hide the rest.

    May be called again after a change. Photos that the worker still has in hand are allowed: they appear when ready.
    `individual` are the photos (by key) that only the guardians of one child get to see, `own_group` those that only
    the photo's own group sees although the message goes further; None leaves either as it was.
    `checked` is the teacher's word that the school's list was looked at: enough for a photo in its own group of which
    nobody said who is in it. Everything else is decided by consent: now, and again at each request.

    `is_due`: what was ordered goes out now. Consent that was withdrawn since then hides that photo, not the message.

    Raises Refused when a photo may not go to all of the audience, or failed; NotAllowed when she does not work with a
    photo's group, or when the child is none of hers.
    """
    for photo in photos:
        require(can_change_photo(by, photo) and photo.school_id == audience.school_id)
    if any(photo.state == PhotoState.FAILED for photo in photos):
        raise Refused(_("One of the photos could not be made ready. Try that photo again or leave it out."))
    towards = towards_of(audience) if photos else Towards()
    apart = _apart(by, photos, audience, individual, own_group)
    if not is_due:
        _refuse(look_at(by, photos, towards, apart=apart, is_checked=checked))
    uses = _uses(photos, audience, towards, apart)
    _hide_others(by, audience, uses)
    for use in uses:
        use.shown_from = shown_from
        use.checked_by_id = by.person_at(audience.school_id) if checked else None
    PhotoUse.objects.bulk_create(
        uses,
        update_conflicts=True,
        unique_fields=["photo", "audience"],
        update_fields=["purpose", "within", "only_for", "position", "shown_from", "hidden_at", "checked_by"],
    )
    if photos:
        audit.record(by=by, what="photos.used", school_id=audience.school_id, count=len(photos), audience=audience.pk)
    return list(PhotoUse.objects.filter(within=audience, hidden_at=None).order_by("position", "pk"))


def _refuse(looks: Iterable[Look]) -> None:
    looks = list(looks)
    for number, look in enumerate(looks, start=1):
        if not look.is_fine:
            words = {"number": number, "sentence": look.sentence}
            raise Refused(look.sentence if len(looks) == 1 else _("Photo %(number)d: %(sentence)s") % words)


def _apart(
    by: Viewer,
    photos: Sequence[Photo],
    audience: Audience,
    individual: Mapping[int, Child] | None,
    own_group: Collection[int] | None,
) -> Apart:
    """Return which photos not everybody sees: as chosen, or as it stands. A child that is none of hers is refused."""
    if individual is None or own_group is None:
        standing = PhotoUse.objects.filter(within=audience, hidden_at=None).exclude(audience=audience)
        rows = list(standing.select_related("only_for"))
        if individual is None:
            individual = {use.photo_id: use.only_for for use in rows if use.only_for}
        if own_group is None:
            own_group = [use.photo_id for use in rows if use.only_for_id is None]
    chosen = {photo.pk: individual[photo.pk] for photo in photos if photo.pk in individual}
    keys = {child.pk for child in chosen.values()}
    if keys:
        require(Child.objects.listed_for(by).filter(school_id=audience.school_id, pk__in=keys).count() == len(keys))
    return Apart(chosen, frozenset(own_group))


def _hide_others(by: Viewer, audience: Audience, uses: Iterable[PhotoUse]) -> None:
    kept = {(use.photo_id, use.audience_id) for use in uses}
    standing = PhotoUse.objects.filter(within=audience, hidden_at=None)
    rows = standing.values_list("pk", "photo_id", "audience_id")
    gone = [pk for pk, photo_id, audience_id in rows if (photo_id, audience_id) not in kept]
    if gone:
        PhotoUse.objects.filter(pk__in=gone).update(hidden_at=by.now)


def _uses(photos: Sequence[Photo], audience: Audience, towards: Towards, apart: Apart) -> list[PhotoUse]:
    """Return the uses to write. The photos of one child, or of one group, share an audience of their own."""
    theirs: dict[tuple[int, int], int] = {}  # child (or 0) and group (or 0) -> audience
    if apart.individual or apart.own_group:
        rows = PhotoUse.objects.filter(within=audience).exclude(audience=audience).order_by("pk")
        for child_id, group_id, audience_id in rows.values_list("only_for_id", "photo__group_id", "audience_id"):
            theirs[(child_id or 0, 0 if child_id else group_id)] = audience_id
    uses = []
    for position, photo in enumerate(photos):
        use = PhotoUse(school_id=audience.school_id, photo=photo, within=audience, position=position)
        use.purpose, use.only_for = purpose_of(photo, towards, apart), apart.individual.get(photo.pk)
        use.audience = audience
        is_narrowed = (
            use.purpose == rules.APP_GROUP and rules.purpose_of(towards, group_id=photo.group_id) != use.purpose
        )
        if use.only_for is not None:
            key = (use.only_for.pk, 0)
            if key not in theirs:
                theirs[key] = make_audience(school=audience.school, children=[use.only_for]).pk
            use.audience_id = theirs[key]
        elif is_narrowed:
            key = (0, photo.group_id)
            if key not in theirs:
                theirs[key] = make_audience(school=audience.school, groups=[photo.group]).pk
            use.audience_id = theirs[key]
        uses.append(use)
    return uses


@transaction.atomic
def hide_use(*, by: Viewer, use: PhotoUse) -> None:
    """Stop showing one photo to one audience, at once. The team still sees the photo itself."""
    require(can_change_photo(by, use.photo))
    if PhotoUse.objects.filter(pk=use.pk, hidden_at=None).update(hidden_at=by.now):
        audit.record(by=by, what="photos.hidden", about=use.photo)


@transaction.atomic
def hide_uses(*, by: Viewer, audience: Audience) -> int:
    """Stop showing every photo of `audience` (a message was withdrawn). Returns how many were hidden.

    The caller has checked that the viewer may withdraw. Who may take a message away is not stopped by its photos: its
    author may teach another group by now. So it asks only that she works at the school.
    """
    require(by.is_staff_at(audience.school_id))
    hidden = PhotoUse.objects.filter(within=audience, hidden_at=None).update(hidden_at=by.now)
    if hidden:
        audit.record(by=by, what="photos.hidden", school_id=audience.school_id, count=hidden, audience=audience.pk)
    return hidden


@transaction.atomic
def forget_uses(*, by: Viewer, audience: Audience) -> None:
    """Leave nothing of the photos of a message that nobody could read yet: it is a draft again. The photos stay.

    The caller has checked that the viewer may take it back; like `hide_uses` this asks that she works at the school.
    """
    require(by.is_staff_at(audience.school_id))
    Audience.objects.filter(photo_uses__within=audience).exclude(pk=audience.pk).delete()
    PhotoUse.objects.filter(within=audience).delete()
