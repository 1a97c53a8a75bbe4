"""Making a plan known: all its times become conversations in one transaction, or none does (decision 0024)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.meetings.actions.marking import mark_planned
from kring.meetings.actions.placing import JustTaken, booking_for, refuse_meeting, rows_for, write_down
from kring.meetings.faults import Facts, Fault, in_the_way
from kring.meetings.models import Booking, Party, PlannedMeeting, PlanRun, Round, Waiting
from kring.meetings.notices import NoTimeYet, PlanForTeam, PlanKnown, RoundChanged
from kring.meetings.permissions import can_plan_all
from kring.meetings.rules import RoundState, RunState
from kring.notifications.actions import notify
from kring.notifications.live import hint

MOST_NAMED = 5  # families in one sentence; the page lists all of them


class InTheWay(Refused):
    """A plan cannot be made known as it is. `faults` is party key -> what is wrong with its time."""

    def __init__(self, sentence: str, *, faults: Mapping[int, list[Fault]]) -> None:
        super().__init__(sentence)
        self.faults = faults


def publish_plan(*, by: Viewer, run: PlanRun, without: int = 0) -> int:
    """Make a plan known: every planned time becomes a booking, families and team are told; return how many.

    `without` is how many families have no time, as the one who publishes was told: who comes later to that list is not
    passed over in silence. All or nothing. Raises InTheWay when a time does not go any more, with the families and why;
    Refused when another number has no time, or when this plan or another one is known already.
    """
    require(can_plan_all(by, run.round))
    # Everything is read before the transaction, so that on SQLite the one writer is kept waiting for nothing.
    facts = Facts(run, now=by.now)
    _refuse(facts, without)
    places = facts.places()
    try:
        with transaction.atomic():
            _claim(by, run, facts)
            refuse_meeting(places)  # locks the marks of who is kept apart, before anything is written
            bookings = Booking.objects.bulk_create(booking_for(place, by=by) for place in places)
            write_down(row for booking, place in zip(bookings, places, strict=True) for row in rows_for(booking, place))
            refuse_meeting(places)  # and now each sees the others
            mark_planned([place.party.pk for place in places], now=by.now)
            Waiting.objects.filter(party__round=run.round_id, party__booking__isnull=False).delete()
            audit.record(by=by, what="meeting.plan_published", about=run, number=len(bookings), without=without)
            _tell(by, run.round, some=bool(bookings), none=bool(without))
            hint(RoundChanged, run.round.public_id)
    except (IntegrityError, JustTaken):
        raise _why(by, run) from None
    return len(bookings)


def _refuse(facts: Facts, without: int) -> None:
    found = in_the_way(facts.faults())
    if found:
        raise InTheWay(_sentence(facts, found), faults=found)
    left = len(facts.without_time())
    if not facts.plan:
        raise Refused(_("There is no time in this plan, so there is nothing to make known."))
    if left != without:
        words = ngettext(
            "Meanwhile %(n)s family has no time. Look again, and confirm that.",
            "Meanwhile %(n)s families have no time. Look again, and confirm that.",
            left,
        )
        raise Refused(words % {"n": left})


def _sentence(facts: Facts, found: Mapping[int, list[Fault]]) -> str:
    names = [f"{facts.parties[key].child.name} ({facts.parties[key].group.name})" for key in found]
    shown = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
    words = ngettext(
        "Nothing is made known yet: the time of %(n)s family does not go any more: %(names)s.",
        "Nothing is made known yet: the times of %(n)s families do not go any more: %(names)s.",
        len(names),
    )
    return words % {"n": len(names), "names": shown}


def _claim(by: Viewer, run: PlanRun, facts: Facts) -> None:
    """Take the plan for publishing, once; nobody changes it by hand from here on."""
    mine = PlanRun.objects.filter(pk=run.pk, state=RunState.DONE)
    if not mine.update(state=RunState.PUBLISHED, published_at=by.now):
        raise Refused(_("This plan is made known already, or was thrown away."))
    now = set(PlannedMeeting.objects.filter(run=run).order_by().values_list("party_id", "slot_id"))
    asked = Party.objects.filter(round=run.round_id, not_needed=False, pk__in=[key for key, _slot in now]).count()
    is_ready = Round.objects.filter(pk=run.round_id, state=RoundState.READY).exists()
    if now != {(key, slot.pk) for key, slot in facts.plan.items()} or asked != len(now) or not is_ready:
        raise Refused(_("This plan was changed meanwhile. Look again."))


def _tell(by: Viewer, round: Round, *, some: bool, none: bool) -> None:
    kinds = [PlanForTeam(round), *([PlanKnown(round)] if some else []), *([NoTimeYet(round)] if none else [])]
    for kind in kinds:
        notify(kind, audience=round.audience, school=round.school, not_before=by.now, by=by)


def _why(by: Viewer, run: PlanRun) -> Refused:
    """Return what to say after a unique key refused: asked of the database as it is now."""
    if PlanRun.objects.filter(round=run.round_id, state=RunState.PUBLISHED).exists():
        return Refused(_("A plan of this round was made known already."))
    facts = Facts(run, now=by.now)
    found = in_the_way(facts.faults())
    if found:
        return InTheWay(_sentence(facts, found), faults=found)
    return Refused(_("Somebody changed a time at this very moment. Nothing is made known yet: try it once more."))
