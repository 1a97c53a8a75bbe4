"""Who is in a photo, whether it shows finished work, and where it was used outside Kring."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.consents.permissions import may_read_consents
from kring.consents.wording import purpose_of
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.people.models import Child
from kring.photos import rules
from kring.photos.models import PeopleSaid, PersonInPhoto, Photo, UsedElsewhere
from kring.photos.permissions import can_change_photo
from kring.photos.saying import elsewhere_sentence


@transaction.atomic
def name_children(
    *, by: Viewer, photo: Photo, children: Sequence[Child] = (), nobody: bool = False, whole_group: bool = False
) -> Photo:
    """Write down who can be recognised on the photo: exactly these children, nobody, or the whole group.

    "The whole group" are the children who sat in the photo's group on the day it was added, and `children` besides.
    What was said counts at once, also where the photo is shown already. It may be said anew, never unsaid: a photo that
    consent keeps back must not come back by forgetting who is in it.

    Raises Refused when neither children nor nobody are chosen, or both; NotAllowed for a child whom she does not see.
    """
    require(can_change_photo(by, photo))
    chosen = {child.pk for child in children}
    known = PersonInPhoto.objects.filter(photo=photo)
    strange = chosen - set(known.values_list("child_id", flat=True))
    in_reach = Child.objects.listed_for(by).filter(school_id=photo.school_id, pk__in=strange)
    require(in_reach.count() == len(strange))
    if whole_group:
        day = photo.school.today(photo.added_at)
        chosen |= set(Child.objects.sitting_on(day, group=photo.group).values_list("pk", flat=True))
    if nobody == bool(chosen):
        raise Refused(_("Choose who is in the photo, or that nobody can be recognised."))
    people = PeopleSaid.NOBODY if nobody else PeopleSaid.NAMED
    person_id = by.person_at(photo.school_id)
    # This first: who says something about the same photo at the same time waits here, and sees our rows after that.
    Photo.objects.filter(pk=photo.pk).update(people=people, said_by=person_id, said_at=by.now)
    known.exclude(child_id__in=chosen).delete()
    there = set(known.values_list("child_id", flat=True))
    PersonInPhoto.objects.bulk_create(
        PersonInPhoto(school_id=photo.school_id, photo=photo, child_id=pk, named_by_id=person_id)
        for pk in sorted(chosen - there)
    )
    audit.record(by=by, what="photos.named", about=photo, count=len(chosen))
    photo.people, photo.said_by_id, photo.said_at = people, person_id, by.now
    return photo


@transaction.atomic
def mark_work(*, by: Viewer, photo: Photo, is_work: bool, no_name: bool = False) -> Photo:
    """Say whether the photo shows finished work of pupils (G3), and that she looked: no name can be read on it."""
    require(can_change_photo(by, photo))
    photo.is_work = is_work
    photo.no_name_checked_by_id = by.person_at(photo.school_id) if is_work and no_name else None
    Photo.objects.filter(pk=photo.pk).update(is_work=is_work, no_name_checked_by=photo.no_name_checked_by_id)
    return photo


@transaction.atomic
def mark_used_elsewhere(*, by: Viewer, photo: Photo, code: str) -> UsedElsewhere:
    """Write down that the photo is used outside Kring, so that it can be taken down there when consent is withdrawn.

    `code` is one of `rules.ELSEWHERE`. Raises Refused when the school asks no consent for that, when nobody said who is
    in the photo, or when consent of a child in it does not stand; which child is told only to who may read that (P4).
    """
    require(can_change_photo(by, photo))
    policy = policy_for(photo.school_id, at=by.now)
    if code not in rules.ELSEWHERE or code not in policy.consent_purposes.purposes:
        raise Refused(_("The school does not ask parents about this, so no photo may be used for it."))
    today = photo.school.today(by.now)
    photo.refresh_from_db(fields=["people"])
    sight = PersonInPhoto.objects.sight_of([photo], codes=[code], today=today)
    finding = rules.lens(sight.people[photo.pk], code, sight.given)
    if not finding.is_fine:
        place = purpose_of(code, policy).name
        raise Refused(elsewhere_sentence(finding, place, may_read=may_read_consents(by, photo.group)))
    person_id = by.person_at(photo.school_id)
    try:
        with transaction.atomic():
            used = UsedElsewhere.objects.create(
                school_id=photo.school_id, photo=photo, code=code, marked_by_id=person_id, at=by.now
            )
    except IntegrityError:  # somebody was first: it says the same
        return UsedElsewhere.objects.still_there().get(photo=photo, code=code)
    audit.record(by=by, what="photos.used_elsewhere", about=photo, place=code)
    return used


@transaction.atomic
def mark_taken_down(*, by: Viewer, photo: Photo, code: str) -> bool:
    """Write down that the photo is no longer used there. Says whether it was; a second time changes nothing."""
    require(can_change_photo(by, photo))
    still = UsedElsewhere.objects.still_there().filter(photo=photo, code=code)
    if not still.update(taken_down_at=by.now, taken_down_by=by.person_at(photo.school_id)):
        return False
    audit.record(by=by, what="photos.taken_down", about=photo, place=code)
    return True
