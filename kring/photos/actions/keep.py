"""Handing photos out to be kept at home."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.photos.keeping import MANY_A_DAY, MOST_A_DAY, MOST_IN_ZIP, keeping
from kring.photos.models import HandedOut, Photo
from kring.photos.permissions import can_change_photo


@transaction.atomic
def download_photos(*, by: Viewer, photos: Sequence[Photo], is_zip: bool) -> None:
    """Decide that these photos may be handed out to her now, and write down how many.

    The caller found them through `visible_to`; all are of one school. Raises Refused when the agreement does not allow
    it (S3), when there are too many at once, and when she had as many as fit in a day (security.md, I13).
    """
    require(by.is_signed_in)
    if not photos:
        raise Refused(_("Choose at least one photo."))
    if len(photos) > MOST_IN_ZIP:
        raise Refused(_("That is more than %(n)d photos at once. Choose a part of them.") % {"n": MOST_IN_ZIP})
    school = photos[0].school
    policy, today = policy_for(school.pk, at=by.now), school.today(by.now)
    for photo in photos:
        may = keeping(
            policy, is_team=can_change_photo(by, photo), year_ends=photo.group.school_year.ends_on, today=today
        )
        if not (may.several if is_zip else may.one):
            raise Refused(_("The agreements of the school do not allow to download this."), clause="S3")
    before = HandedOut.objects.take(by.user_id or 0, today, len(photos), most=MOST_A_DAY)
    if before is None:
        raise Refused(_("You downloaded very many photos today. You can go on tomorrow."))
    audit.record(by=by, what="photos.downloaded", school_id=school.pk, count=len(photos), zip=is_zip)
    if before <= MANY_A_DAY < before + len(photos):
        audit.record(by=by, what="photos.downloaded_many", school_id=school.pk, count=before + len(photos))
