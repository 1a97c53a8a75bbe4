"""How each notice of this room comes about (see tests/notifications/test_every_kind.py)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from kring.meetings.actions import clock
from kring.meetings.actions.publishing import publish_plan
from kring.meetings.faults import Facts
from kring.meetings.models import PlanRun
from tests.cast import NOW, Cast
from tests.meetings.made_plans import a_plan
from tests.meetings.planning import a_round, party, slots
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


CASES = {
    "meetings.plan_known": _published,
    "meetings.no_time_yet": _published,
    "meetings.plan_for_team": _published,
    "meetings.wishes_opened": _wishes_opened,
    "meetings.wishes_reminder": _wishes_reminder,
}
