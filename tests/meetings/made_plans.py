"""Short ways to a plan of a round, as a search leaves it, and to what families wished."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from kring.meetings.models import Party, PlannedMeeting, PlanRun, Round, Slot, Wish, WishSet
from kring.meetings.rules import RunState, WishAnswer
from tests.cast import NOW


def a_plan(made: Round, times: Mapping[Party, Slot], *, state: str = RunState.DONE, **more: object) -> PlanRun:
    """Return a plan of the round with these times."""
    values = {"made_at": NOW, "began_at": NOW, "ended_at": NOW, "progress": 1000, "state": state, **more}
    run = PlanRun.objects.create(school_id=made.school_id, round=made, **values)
    for party, slot in times.items():
        PlannedMeeting.objects.create(run=run, party=party, slot=slot)
    return run


def wish(party: Party, slot: Slot, answer: WishAnswer = WishAnswer.CANNOT, *, by_video: bool = False) -> WishSet:
    """Let a family say how one moment suits."""
    found, _made = WishSet.objects.get_or_create(
        party=party, defaults={"school_id": party.school_id, "round": party.round, "given_at": NOW}
    )
    if by_video:
        WishSet.objects.filter(pk=found.pk).update(by_video=True)
    ends_at = slot.starts_at + timedelta(minutes=10)
    Wish.objects.create(wish_set=found, starts_at=slot.starts_at, ends_at=ends_at, answer=answer)
    return found
