"""A colleague cannot sit ready: somebody else receives the families at the same times."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.meetings.models import Booking, Occupied, Sitting
from kring.meetings.notices import HostChanged, RoundChanged
from kring.meetings.permissions import can_keep_free
from kring.notifications.actions import notify
from kring.notifications.live import hint
from kring.people.models import Person


@transaction.atomic
def hand_over(*, by: Viewer, sitting: Sitting, away: Person, to: Person | None = None) -> int:
    """Let `to` sit ready instead of `away`, or without `to` let the other teacher of the session go on alone.

    Times stay as they are; families that come are told who receives them. Returns how many that are. Raises Refused
    when nobody would be left, when `to` does not work at the school, or has a conversation of her own at one of these
    times: the keys of Occupied decide that, so nobody is in two places.
    """
    require(can_keep_free(by, sitting))
    hosts = set(sitting.teachers.values_list("pk", flat=True))
    if away.pk not in hosts:
        raise Refused(_("%(name)s does not sit ready there any more. Look again.") % {"name": away.display_name})
    day = sitting.school.today(sitting.starts_at)
    if to is None and hosts == {away.pk}:
        raise Refused(_("Then nobody is left to receive the families."))
    if to is not None and not Person.objects.filter(pk=to.pk, school=sitting.school_id).team_on(day).exists():
        raise Refused(_("%(name)s does not work at the school on that day.") % {"name": to.display_name})
    rows = Occupied.objects.filter(person=away, booking__slot__sitting=sitting, booking__starts_at__gt=by.now)
    sitting.teachers.remove(away)
    if to is None or to.pk in hosts:
        rows.delete()
    else:
        try:
            with transaction.atomic():
                rows.update(person=to, user=to.user_id)
        except IntegrityError:
            raise Refused(
                _("%(name)s has another conversation at one of these times.") % {"name": to.display_name}
            ) from None
        sitting.teachers.add(to)
    coming = Booking.objects.of_families().filter(slot__sitting=sitting, starts_at__gt=by.now)
    told = 0
    for booking in coming.for_pages().select_related("party__audience", "round__school"):
        if booking.party is not None:
            audience, school = booking.party.audience, booking.round.school
            notify(HostChanged(booking), audience=audience, school=school, not_before=by.now, by=by)
            told += 1
    audit.record(by=by, what="meeting.handed_over", about=sitting, families=told)
    hint(RoundChanged, sitting.round.public_id)
    return told
