"""How each notice of this room comes about (see tests/notifications/test_every_kind.py)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from kring.meetings import actions
from kring.meetings.actions import clock
from kring.meetings.actions.publishing import publish_plan
from kring.meetings.faults import Facts
from kring.meetings.models import Booking, PlanRun, Round
from tests.cast import NOW, Cast
from tests.meetings.made_plans import a_plan
from tests.meetings.planning import a_round, book, fresh, party, slots
from tests.notifications.kinds import SECRET


def _published(cast: Cast) -> None:
    made = a_round(cast, cast.five, filling="school", name=SECRET, note=SECRET)
    run = a_plan(made, {party(made, cast.child): slots(made, cast.five)[0]})
    plan = PlanRun.objects.select_related("round__school", "round__audience").get(pk=run.pk)
    left = Facts(plan, now=timezone.now()).without_time()
    publish_plan(by=cast.viewer("office"), run=plan, without=len(left))


def _wishes_opened(cast: Cast) -> None:
    clock.tell_opening(round=a_round(cast, cast.five, filling="school", name=SECRET, note=SECRET), now=NOW)


def _wishes_reminder(cast: Cast) -> None:
    days = {"opens_at": NOW - timedelta(days=5), "closes_at": NOW + timedelta(days=1)}
    made = a_round(cast, cast.five, filling="school", name=SECRET, note=SECRET, **days)
    clock.remind_before_closing(round=made, now=NOW)


def _round(cast: Cast, **more: Any) -> Round:
    """Return a round of which neither name nor note may leave."""
    return a_round(cast, cast.infants, cast.five, name=SECRET, note=SECRET, **more)


def _opened(cast: Cast) -> None:
    clock.tell_opening(round=_round(cast), now=NOW)


def _opened_early(cast: Cast) -> None:
    """One hour before it opens for everybody, families with two children have had theirs for most of a day."""
    clock.tell_opening(round=_round(cast, opens_at=NOW + timedelta(hours=1)), now=NOW)


def _reminded(cast: Cast) -> None:
    actions.remind_families(by=cast.viewer("teacher"), round=_round(cast), group=cast.five)


def _round_cancelled(cast: Cast) -> None:
    actions.cancel_round(by=cast.viewer("office"), round=_round(cast))


def _booked_for_her(cast: Cast) -> Booking:
    made = _round(cast)
    where = {"party": party(made, cast.child), "slot": slots(made, cast.five)[0]}
    return fresh(actions.book_for_family(by=cast.viewer("teacher"), **where))


def _moved(cast: Cast) -> None:
    booking = _booked_for_her(cast)
    actions.move_booking(by=cast.viewer("teacher"), booking=booking, slot=slots(booking.round, cast.five)[1])


def _cancelled(cast: Cast) -> None:
    actions.cancel_booking(by=cast.viewer("teacher"), booking=_booked_for_her(cast))


def _day_before(cast: Cast) -> None:
    booking = _booked_for_her(cast)
    afternoon = booking.starts_at - timedelta(days=1)
    with time_machine.travel(afternoon, tick=False):
        assert clock.remind_day_before(booking=booking, now=afternoon)


def _given_back(cast: Cast) -> None:
    made = _round(cast)
    booking = book(cast, made, cast.child, slots(made, cast.five)[0])
    actions.give_back(by=cast.viewer("guardian"), booking=fresh(booking))


def _offered(cast: Cast) -> None:
    made = _round(cast)
    booking = book(cast, made, cast.child, slots(made, cast.five)[0])
    actions.wait_for_moment(by=cast.viewer("shielded_guardian"), party=party(made, cast.shielded))
    actions.give_back(by=cast.viewer("guardian"), booking=fresh(booking))


CASES = {
    "meetings.opened": _opened,
    "meetings.opened_early": _opened_early,
    "meetings.reminder": _reminded,
    "meetings.cancelled_round": _round_cancelled,
    "meetings.booked": _booked_for_her,
    "meetings.moved": _moved,
    "meetings.day_before": _day_before,
    "meetings.offered": _offered,
    "meetings.cancelled": _cancelled,
    "meetings.changed_for_team": _given_back,
    "meetings.plan_known": _published,
    "meetings.no_time_yet": _published,
    "meetings.plan_for_team": _published,
    "meetings.wishes_opened": _wishes_opened,
    "meetings.wishes_reminder": _wishes_reminder,
}
