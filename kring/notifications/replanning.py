"""Planning again what waits, because something else is true by now: a version of the agreement in force, a holiday,
an absence, another working day, another choice. `sending` asks once more at the moment itself."""

from __future__ import annotations

from datetime import datetime

from kring.agreements.current import policies_for
from kring.notifications.hours import quiet_hours
from kring.notifications.models import Delivery, DeliveryState, Preference
from kring.notifications.rules import Digest, digest_moment
from kring.people.models import User
from kring.people.viewers import viewers_for
from kring.school.models import School

MOST = 2000


def replan_held(*, now: datetime) -> int:
    """Give what is held for quiet hours the moment at which they end as things stand at `now` (aware).

    Return how many changed. What a channel refused keeps its own pause.
    """
    held = Delivery.objects.held().filter(next_try__gt=now, attempts=0).select_related("school", "user")
    rows = list(held.order_by("pk")[:MOST])
    users: dict[int, User] = {row.user_id: row.user for row in rows}
    viewers, preferences = viewers_for(users.values(), now=now), Preference.objects.of(users) if users else {}
    changed = 0
    for school in {row.school_id: row.school for row in rows}.values():
        here = [row for row in rows if row.school_id == school.pk]
        staff = {row.user_id for row in here if row.as_staff}
        quiet = quiet_hours(school, [viewers[pk] for pk in staff], preferences, now=now)
        moments: dict[tuple[int, bool], datetime] = {}
        for row in here:
            who = (row.user_id, row.as_staff)
            if who not in moments:
                moments[who] = quiet.held_until(row.user_id, as_staff=row.as_staff) or now
            if moments[who] != row.next_try:
                changed += Delivery.objects.held().filter(pk=row.pk).update(next_try=moments[who])
    return changed


def replan_digests(*, now: datetime, user_id: int | None = None) -> int:
    """Give what waits for an overview (S7) the moment of the next one, of everybody or of one login.

    Who wants no overview any more is not mailed about it: she has it in her inbox. Return how many changed.
    """
    waiting = Delivery.objects.for_overviews().filter(next_try__gt=now, attempts=0)
    if user_id is not None:
        waiting = waiting.filter(user_id=user_id)
    schools = School.objects.filter(pk__in=waiting.values("school_id"))
    policies = policies_for([school.pk for school in schools], at=now)
    changed = 0
    for school in schools:
        for digest in Digest:
            moment = digest_moment(now, digest=digest, zone=school.zone)
            usual = policies[school.pk].digest.default == digest
            rows = waiting.filter(school=school).wanting(digest, is_usual=usual)
            if moment is None:
                changed += rows.update(state=DeliveryState.DROPPED, settled_at=now)
            else:
                changed += rows.exclude(next_try=moment).update(next_try=moment)
    return changed
