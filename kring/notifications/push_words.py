"""The words of a push message: they stand on a locked screen, so they say from where and never what or about whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kring.notifications.channels.parcel import Parcel
from kring.people.models import Audience

MOST = 120  # characters of a name: so that every message fits in the same number of bytes


@dataclass(frozen=True, slots=True)
class Words:
    """What a device shows. `tag` is the same for the same subject, so that it shows one notification of it."""

    title: str
    body: str
    url: str
    tag: str
    language: str


def origins_of(parcels: Iterable[Parcel]) -> dict[int, str]:
    """Return by audience the name of the one group it is for; none when it is for more, or for named people."""
    keys = {row.notice.audience_id for parcel in parcels for row in parcel.rows}
    found: dict[int, set[str]] = defaultdict(set)
    rows = Audience.objects.filter(pk__in=keys, whole_school=False, layers__isnull=True, groups__isnull=False)
    for key, name in rows.values_list("pk", "groups__name"):
        found[key].add(name)
    return {key: names.pop() for key, names in found.items() if len(names) == 1}


def words_for(parcel: Parcel, origins: Mapping[int, str]) -> Words:
    """Return the words of a parcel in the active language."""
    school = parcel.school.name[:MOST]
    group = origins.get(parcel.rows[0].notice.audience_id, "")[:MOST]
    if parcel.number > 1:
        body = _("%(number)s new messages") % {"number": parcel.number}
    elif parcel.outside is not None:
        body = parcel.outside.line[: 2 * MOST]
    elif parcel.sender:
        body = _("New message from %(name)s") % {"name": parcel.sender[:MOST]}
    elif group:
        body = _("New message from %(name)s") % {"name": group}
    else:
        body = _("There is a new message for you.")
    if parcel.is_urgent:
        body = _("Please read soon. %(words)s") % {"words": body}
    return Words(title=school, body=body, url=parcel.path, tag=parcel.about, language=get_language() or "nl")
