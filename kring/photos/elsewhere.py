"""Where one photo may be used outside Kring, where it is used, and where not: for the team, beside the photo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kring.agreements.current import policy_for
from kring.consents.permissions import may_read_consents
from kring.consents.wording import purpose_of
from kring.core.viewer import Viewer
from kring.photos import rules
from kring.photos.models import PersonInPhoto, Photo, UsedElsewhere
from kring.photos.saying import elsewhere_sentence


@dataclass(frozen=True, slots=True)
class Outside:
    """One place. `since` it is used there; `why` it may not be, empty when it may."""

    code: str
    name: str
    since: datetime | None
    why: str


def places_for(viewer: Viewer, photo: Photo) -> list[Outside]:
    """Return the places outside Kring for which the school asks consent (S5), and those where the photo still is.

    The caller has checked that the viewer works with the photo. Whose consent is missing is told as a number, to who
    may read the consents (P4). At most four queries.
    """
    policy = policy_for(photo.school_id, at=viewer.now)
    rows = UsedElsewhere.objects.still_there().filter(photo=photo)
    since = dict(rows.values_list("code", "at"))
    asked = [code for code in policy.consent_purposes.purposes if code in rules.ELSEWHERE]
    codes = [code for code in rules.ELSEWHERE if code in asked or code in since]
    sight = PersonInPhoto.objects.sight_of([photo], codes=codes, today=photo.school.today(viewer.now))
    may_read = may_read_consents(viewer, photo.group)
    found = []
    for code in codes:
        finding, name = rules.lens(sight.people[photo.pk], code, sight.given), purpose_of(code, policy).name
        why = "" if finding.is_fine else elsewhere_sentence(finding, name, may_read=may_read)
        found.append(Outside(code, name, since.get(code), why))
    return found
