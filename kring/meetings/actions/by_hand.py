"""Changing a plan by hand before families see it: another time, changing places, out of the plan, and locking.

A plan never holds what booking could not: what does not go is refused with all that is wrong, and what a family wished
against is done and said. The figures are made anew with each change.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.meetings.faults import Facts, Fault
from kring.meetings.models import Party, PlannedMeeting, PlanRun, Slot
from kring.meetings.permissions import can_plan_all
from kring.meetings.planning import figures_of, whole_round
from kring.meetings.rules import RunState


def exchange(facts: Facts, party: Party, slot: Slot) -> dict[int, Slot | None]:
    """Return what changes when the party gets the moment: party key -> moment, None for who gets none.

    Who has that moment in the plan gets the one that comes free; when the party had none, she is without a time.
    """
    changes: dict[int, Slot | None] = {party.pk: slot}
    for fault in facts.at(party, slot):
        if fault.other is not None and facts.plan.get(fault.other) == slot:
            changes[fault.other] = facts.plan.get(party.pk)
    return changes


def faults_of(facts: Facts, changes: dict[int, Slot | None]) -> list[tuple[Party, Fault]]:
    """Return everything that would be wrong after these changes, by party, those that only warn too."""
    found = facts.exchanged(changes)
    return [(facts.parties[key], fault) for key, row in found.items() for fault in row]


def move_planned(*, by: Viewer, run: PlanRun, party: Party, slot: Slot) -> list[Fault]:
    """Give a party this moment in the plan; who has it gets the one that comes free, or none when there is none.

    Returns what is against a family's wish all the same. Raises Refused, with everything that is wrong, when it does
    not go, and when the plan is no longer one that is ready to look at.
    """
    require(can_plan_all(by, run.round))
    require(party.round_id == run.round_id and slot.round_id == run.round_id)
    facts = Facts(run, now=by.now)
    changes = exchange(facts, facts.parties[party.pk], facts.slots[slot.pk])
    found = faults_of(facts, changes)
    stops = [(one, fault) for one, fault in found if not fault.is_warning]
    if stops:
        raise Refused(" ".join(f"{one.child.first_name}: {fault.sentence}" for one, fault in stops))
    _change(by, run, facts, changes)
    return [fault for _one, fault in found]


def take_out(*, by: Viewer, run: PlanRun, party: Party) -> None:
    """Take a party out of the plan: it stands among those without a time. Twice is once."""
    require(can_plan_all(by, run.round) and party.round_id == run.round_id)
    facts = Facts(run, now=by.now)
    if party.pk in facts.plan:
        _change(by, run, facts, {party.pk: None})


def _change(by: Viewer, run: PlanRun, facts: Facts, changes: dict[int, Slot | None]) -> None:
    locked = {key for key in changes if key in facts.rows and facts.rows[key].is_locked}
    whole = whole_round(run.round, now=by.now)  # the long reading, before the transaction
    try:
        with transaction.atomic():
            _hold(run)
            mine = PlannedMeeting.objects.filter(run=run, party__in=list(changes))
            before = {(key, facts.plan[key].pk) for key in changes if key in facts.plan}
            if set(mine.order_by().values_list("party_id", "slot_id")) != before:
                raise Refused(_("This plan was changed meanwhile. Look again."))
            mine.delete()
            PlannedMeeting.objects.bulk_create(
                PlannedMeeting(run=run, party_id=key, slot=slot, by_hand=True, is_locked=key in locked)
                for key, slot in changes.items()
                if slot is not None
            )
            figures = figures_of(whole, run.planned.all())
            PlanRun.objects.filter(pk=run.pk).update(figures={**run.figures, **figures})
            audit.record(by=by, what="meeting.plan_changed", about=run, number=len(changes))
    except IntegrityError:
        raise Refused(_("This plan was changed meanwhile. Look again.")) from None


def _hold(run: PlanRun) -> None:
    """Keep the plan for this transaction, so that it is not made known in the middle of a change."""
    if not PlanRun.objects.filter(pk=run.pk, state=RunState.DONE).update(state=RunState.DONE):
        raise Refused(_("This plan is made known already, or was thrown away."))


@transaction.atomic
def lock_planned(*, by: Viewer, run: PlanRun, parties: Sequence[int], locked: bool) -> int:
    """Let these parties (keys) keep their time when the rest is planned again, or let go of that; return how many
    changed."""
    require(can_plan_all(by, run.round))
    _hold(run)
    rows = PlannedMeeting.objects.filter(run=run, party__in=list(parties), is_locked=not locked)
    return rows.update(is_locked=locked)
