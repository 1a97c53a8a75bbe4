"""Photos for the parents of one child alone, without a message beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.notifications.actions import notify
from kring.people.actions.audience import make_audience
from kring.people.models import Child
from kring.photos.actions.add import Picking, take_in
from kring.photos.actions.change import describe_photo
from kring.photos.actions.name import name_children
from kring.photos.alone import MOST_AT_ONCE, has_readers, sendable
from kring.photos.models import Photo, PhotoUse
from kring.photos.notices import PhotosForChild
from kring.photos.permissions import can_add_photo
from kring.school.models import Group

TO_TAKE_BACK = timedelta(seconds=15)  # as with a message: until then nobody can see it


def send_photos(*, by: Viewer, group: Group, child: Child, uploads: Sequence[UploadedFile], alt: str = "") -> Picking:
    """Take in photos of a child of the group and show them to its full guardians alone, fifteen seconds from now.

    Each file is judged by itself: the photos that were sent come back, and a sentence for each that was refused. The
    guardians are told once. Consent is not asked: nobody else sees them, and nobody else is in them.
    Raises NotAllowed when she does not work with the group or the child does not sit in it, and Refused when no file
    was chosen, when there are too many, and when nobody may see photos of the child.
    """
    require(can_add_photo(by, group) and sendable(by, group).filter(pk=child.pk).exists())
    if not uploads:
        raise Refused(_("Choose a photo."))
    if len(uploads) > MOST_AT_ONCE:
        raise Refused(_("Choose at most %(n)d photos at once.") % {"n": MOST_AT_ONCE})
    if not has_readers(child, on=group.school.today(by.now)):
        raise Refused(_("This child has no parent who may see photos here."))
    result = Picking()
    for upload in uploads:
        take_in(by=by, school=group.school, group=group, upload=upload, result=result)
    if result.photos:
        _show(by, group, child, result.photos, alt)
    return result


@transaction.atomic
def _show(by: Viewer, group: Group, child: Child, photos: Sequence[Photo], alt: str) -> None:
    """Name the child, show the photos to its guardians, and tell them."""
    audience = make_audience(school=group.school, children=[child])
    shown_from = by.now + TO_TAKE_BACK
    uses = []
    for position, photo in enumerate(photos):
        describe_photo(by=by, photo=photo, alt=alt)
        name_children(by=by, photo=photo, children=[child])
        use = PhotoUse(school=group.school, photo=photo, audience=audience, within=audience, only_for=child)
        use.position, use.shown_from = position, shown_from
        uses.append(use)
    made = PhotoUse.objects.bulk_create(uses)
    notify(PhotosForChild(made[0]), audience=audience, school=group.school, not_before=shown_from, by=by)
    audit.record(by=by, what="photos.sent", school_id=group.school_id, count=len(made), audience=audience.pk)
