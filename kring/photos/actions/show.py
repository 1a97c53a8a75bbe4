"""For whom photos are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.people.models import Audience
from kring.photos.models import Photo, PhotoState, PhotoUse
from kring.photos.permissions import can_change_photo
from kring.school.models import Group


@transaction.atomic
def use_photos(
    *, by: Viewer, photos: Sequence[Photo], audience: Audience, shown_from: datetime, checked: bool
) -> list[PhotoUse]:
    """Show exactly these photos, in this order, to `audience` from `shown_from` (aware); hide others shown to it.

    May be called again after a change. Photos that the worker still has in hand are allowed: they appear when ready.
    `checked` is the teacher's word that the school's own list of consents was looked at. Raises Refused when it is
    missing, when the audience is more than the one group of the photos, or when a photo failed; NotAllowed when she
    does not work with the photos' group.
    """
    for photo in photos:
        require(can_change_photo(by, photo))
    if photos:
        _refuse_wide(audience, photos)
        if not checked:
            raise Refused(_("First look at the school's list: may every child in these photos be shown to the group?"))
        if any(photo.state == PhotoState.FAILED for photo in photos):
            raise Refused(_("One of the photos could not be made ready. Try that photo again or leave it out."))
    PhotoUse.objects.filter(audience=audience, hidden_at=None).exclude(photo__in=photos).update(hidden_at=by.now)
    person_id = by.person_at(audience.school_id)
    uses = [
        PhotoUse(
            school_id=audience.school_id,
            photo=photo,
            audience=audience,
            position=position,
            shown_from=shown_from,
            checked_by_id=person_id,
        )
        for position, photo in enumerate(photos)
    ]
    PhotoUse.objects.bulk_create(
        uses,
        update_conflicts=True,
        unique_fields=["photo", "audience"],
        update_fields=["position", "shown_from", "hidden_at", "checked_by"],
    )
    if photos:
        audit.record(by=by, what="photos.used", school_id=audience.school_id, count=len(photos), audience=audience.pk)
    return list(PhotoUse.objects.filter(audience=audience, hidden_at=None).order_by("position"))


def _refuse_wide(audience: Audience, photos: Sequence[Photo]) -> None:
    """Refuse photos for more than their own group: nobody can check consent for that yet."""
    groups: list[Group] = list(audience.groups.all()[:2])
    narrow = len(groups) == 1 and not (audience.whole_school or audience.layers.exists() or audience.roles.exists())
    if not narrow or any(photo.group_id != groups[0].pk for photo in photos):
        raise Refused(
            _(
                "Photos can go to their own group only. Choose that one group, or leave the photos out: for other "
                "groups Kring cannot check yet whether every child may be shown."
            )
        )


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
    hidden = PhotoUse.objects.filter(audience=audience, hidden_at=None).update(hidden_at=by.now)
    if hidden:
        audit.record(by=by, what="photos.hidden", school_id=audience.school_id, count=hidden, audience=audience.pk)
    return hidden
