"""Planning a round all at once: beginning a search, stopping it, throwing a plan away, and what the worker writes."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.meetings.models import PlannedMeeting, PlanRun, Round
from kring.meetings.notices import RoundChanged
from kring.meetings.permissions import can_plan_all
from kring.meetings.planning import Whole, figures_for, whole_round
from kring.meetings.rules import RunState
from kring.meetings.solver.planner import Progress
from kring.meetings.solver.problem import BrokenFile
from kring.meetings.solver.whole import Result, plan_round
from kring.notifications.live import hint

SECONDS = (10, 30, 60)  # how long a search may take, as people choose it
SILENT = timedelta(minutes=2)  # a search that gave no sign of life for so long has stopped
EVERY = 1.0  # seconds between two words about its progress
MOST_KEPT = 12  # plans of one round


def start_plan(*, by: Viewer, round: Round, seconds: int, based_on: PlanRun | None = None) -> PlanRun:
    """Begin a search of so many seconds, as office or management; the worker does it.

    `based_on` is a plan of the same round: its locked times stay, the others are where the search begins. Raises
    Refused while another search of the round goes on, or when a plan is published.
    """
    require(can_plan_all(by, round))
    require(seconds in SECONDS and (based_on is None or based_on.round_id == round.pk))
    from kring.meetings.tasks import search  # the task calls this file

    if PlanRun.objects.filter(round=round, state=RunState.PUBLISHED).exists():
        raise Refused(_("A plan was made known to families already. Who has no time yet gets one by hand."))
    if PlanRun.objects.filter(round=round).count() >= MOST_KEPT:
        raise Refused(_("There are %(most)s plans already. Throw one away first.") % {"most": MOST_KEPT})
    try:
        with transaction.atomic():
            run = PlanRun.objects.create(
                school_id=round.school_id, round=round, based_on=based_on, seconds=seconds, made_at=by.now,
                made_by_id=by.person_at(round.school_id), seed=PlanRun.objects.filter(round=round).count() + 1,
            )  # fmt: skip
            audit.record(by=by, what="meeting.plan_begun", about=run)
            search.enqueue(run.pk)
            hint(RoundChanged, round.public_id)
    except IntegrityError:
        raise Refused(_("A plan is being made already. Wait for it, or stop it.")) from None
    return run


def stop_plan(*, by: Viewer, run: PlanRun) -> None:
    """Let a search end now, with the best plan it has; one that did not begin yet ends without. May be done twice."""
    require(can_plan_all(by, run.round))
    row = PlanRun.objects.filter(pk=run.pk)
    row.filter(state=RunState.QUEUED).update(state=RunState.FAILED, ended_at=by.now, figures={"reason": "stopped"})
    row.filter(state=RunState.RUNNING).update(stop_asked=True)


def discard_plan(*, by: Viewer, run: PlanRun) -> None:
    """Throw a plan away. Raises Refused while it is being made, and for the one that is published."""
    require(can_plan_all(by, run.round))
    with transaction.atomic():
        ended = PlanRun.objects.filter(pk=run.pk, state__in=[RunState.DONE, RunState.FAILED])
        if not ended.delete()[0]:
            raise Refused(_("This plan is still being made, or is made known already."))
        audit.record(by=by, what="meeting.plan_discarded", about=run.round)
        hint(RoundChanged, run.round.public_id)


def run_search(run_id: int) -> None:
    """Do the search of a run and keep its plan. For the worker; once it has ended, running it again does nothing."""
    begun = PlanRun.objects.going().filter(pk=run_id)
    now = timezone.now()
    if not begun.update(state=RunState.RUNNING, began_at=now, beat_at=now):
        return
    run = PlanRun.objects.select_related("round__school").get(pk=run_id)
    base = list(run.based_on.planned.all()) if run.based_on is not None else []
    beat = _Beat(run)
    try:
        whole = whole_round(run.round, now=now, plan=base)
        result = plan_round(whole.given, seconds=run.seconds, seed=run.seed, progress=beat.tell, stop=beat.is_stopped)
        _keep(run, whole, result, base)
    except BrokenFile:
        _end(run, RunState.FAILED, {"reason": "locked"})
    except IntegrityError:
        _end(run, RunState.FAILED, {"reason": "changed"})  # a session or a family went away during the search
    except Exception:
        _end(run, RunState.FAILED, {"reason": "broken"})
        raise


class _Beat:
    """Says now and then how far a search is, and asks whether it was stopped: both at most once a second."""

    def __init__(self, run: PlanRun) -> None:
        self.run, self.at, self.stopped = run, time.monotonic(), False

    def tell(self, progress: Progress) -> None:
        """Hear of progress; the database hears of it once a second."""
        if time.monotonic() - self.at < EVERY:
            return
        self.at = time.monotonic()
        row = PlanRun.objects.filter(pk=self.run.pk, state=RunState.RUNNING)
        row.update(progress=int(progress.share * 1000), beat_at=timezone.now())
        self.stopped = not row.filter(stop_asked=False).exists()  # asked to stop, or given up as dead meanwhile

    def is_stopped(self) -> bool:
        """Say whether somebody asked for the best plan so far."""
        return self.stopped


def _keep(run: PlanRun, whole: Whole, result: Result, base: list[PlannedMeeting]) -> None:
    """Write the plan down, all of it or nothing, unless the run was given up meanwhile."""
    known = {row.party_id: row for row in base}
    rows = []
    for number, way in sorted(result.chosen.items()):
        party = whole.parties[number]
        before = known.get(party.pk)
        same = before is not None and before.slot_id == way.key
        if way.key in whole.booked:
            continue
        rows.append(
            PlannedMeeting(
                run=run, party=party, slot_id=way.key, is_locked=before is not None and same and before.is_locked,
                by_hand=before is not None and same and before.by_hand,
            )
        )  # fmt: skip
    found = figures_for(whole, result.chosen)
    seconds = round((timezone.now() - (run.began_at or run.made_at)).total_seconds())
    with transaction.atomic():
        if _end(run, RunState.DONE, {**found, "stopped": result.stopped, "cost": result.cost, "seconds": seconds}):
            PlannedMeeting.objects.bulk_create(rows)


def _end(run: PlanRun, state: RunState, found: dict[str, Any]) -> bool:
    """End a run that is still going; say whether it was. One that was given up meanwhile stays so."""
    row = PlanRun.objects.filter(pk=run.pk, state=RunState.RUNNING)
    ended = row.update(state=state, figures=found, progress=1000, ended_at=timezone.now())
    hint(RoundChanged, run.round.public_id)
    return bool(ended)


def give_up_silent(*, now: datetime) -> int:
    """Mark searches as failed whose worker fell silent, so that another can begin; return how many."""
    silent = PlanRun.objects.filter(state=RunState.RUNNING, beat_at__lt=now - SILENT)
    return silent.update(state=RunState.FAILED, ended_at=now, figures={"reason": "silent"})
