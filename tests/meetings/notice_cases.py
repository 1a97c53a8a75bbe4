"""How each notice of this room comes about (see tests/notifications/test_every_kind.py)."""

from __future__ import annotations

from django.utils import timezone

from kring.meetings.actions.publishing import publish_plan
from kring.meetings.faults import Facts
from kring.meetings.models import PlanRun
from tests.cast import Cast
from tests.meetings.made_plans import a_plan
from tests.meetings.planning import a_round, party, slots
from tests.notifications.kinds import SECRET


def _published(cast: Cast) -> None:
    made = a_round(cast, cast.five, filling="school", name=SECRET, note=SECRET)
    run = a_plan(made, {party(made, cast.child): slots(made, cast.five)[0]})
    plan = PlanRun.objects.select_related("round__school", "round__audience").get(pk=run.pk)
    left = Facts(plan, now=timezone.now()).without_time()
    publish_plan(by=cast.viewer("office"), run=plan, without=len(left))


CASES = {
    "meetings.plan_known": _published,
    "meetings.no_time_yet": _published,
    "meetings.plan_for_team": _published,
}
