"""Who may do what in a round. The actions enforce it; views and templates ask before they show a button."""

from __future__ import annotations

from datetime import datetime

from kring.agreements.current import policies_seen_by
from kring.agreements.policy import Policy
from kring.core.viewer import Level, Span, Viewer
from kring.meetings.models import Ask, Booking, Party, PlanRun, Round, Sitting
from kring.meetings.rules import Filling, Phase, RoundState, booking_opens_at, phase_of
from kring.school.models import School


def can_plan(viewer: Viewer, school: School) -> bool:
    """Say whether she prepares rounds: office and management."""
    return viewer.is_manager(school.pk)


def can_change_round(viewer: Viewer, round: Round) -> bool:
    """Say whether she changes what is planned: office and management, until it is cancelled."""
    return viewer.is_manager(round.school_id) and round.state != RoundState.CANCELLED


def can_see_families(viewer: Viewer, round: Round, group_id: int) -> bool:
    """Say whether she sees who is asked to come and who booked: office, management, and the teachers of the group."""
    if viewer.is_manager(round.school_id):
        return True
    return round.state == RoundState.READY and viewer.teaches(group_id)


def can_help(viewer: Viewer, party: Party) -> bool:
    """Say whether she books, moves and gives back for a family: who sees it, in a round that is set ready."""
    return party.round.state == RoundState.READY and can_see_families(viewer, party.round, party.group_id)


def can_invite(viewer: Viewer, party: Party) -> bool:
    """Say whether she decides who is asked to come, how long, and with whom: the same, in preparation too."""
    return party.round.state != RoundState.CANCELLED and can_see_families(viewer, party.round, party.group_id)


def belongs_to(viewer: Viewer, party: Party) -> bool:
    """Say whether a party that she was shown is her own: as a full guardian of the child, or as the one named in it."""
    if party.person_id is not None:
        return party.person_id in viewer.persons.values() and any(_is_about(span, party) for span in viewer.spans)
    return any(_is_about(span, party) and span.level == Level.FULL for span in viewer.spans)


def _is_about(span: Span, party: Party) -> bool:
    return span.is_current and span.child_id == party.child_id


def children_at(viewer: Viewer, school_id: int) -> int:
    """Return how many enrolled children she has at the school: all of them, not only those in a round (C3)."""
    return len({span.child_id for span in viewer.spans if span.is_current and span.school_id == school_id})


def policy_of(viewer: Viewer, round: Round) -> Policy:
    """Return the agreement that counts for the round, at the viewer's moment."""
    return policies_seen_by(viewer, [round.school_id])[round.school_id]


def opens_for(viewer: Viewer, round: Round) -> datetime:
    """Return the moment from which this guardian may book in the round (C2, C3), by the clock of the server.
    Everybody can give wishes from the same moment on."""
    policy = policy_of(viewer, round)
    if not families_fill(round, policy):
        return round.opens_at  # who gives wishes earlier gets no better time
    priority = policy.sibling_priority
    return booking_opens_at(
        round.opens_at,
        children=children_at(viewer, round.school_id),
        is_early=round.is_early,
        days=priority.days,
        least=priority.children,
        zone=round.school.zone,
    )


def phase_for(viewer: Viewer, round: Round, party: Party | None = None) -> Phase:
    """Return what this guardian can do in the round now; longer for a party whose conversation was cancelled."""
    closes_at = round.closes_at
    if party is not None and party.choose_until is not None:
        closes_at = max(closes_at, party.choose_until)
    return phase_of(opens_at=opens_for(viewer, round), closes_at=closes_at, now=viewer.now)


def families_fill(round: Round, policy: Policy) -> bool:
    """Say whether families choose their time themselves: as the round says, otherwise as the agreement does (C2)."""
    if round.filling != Filling.AGREED:
        return round.filling == Filling.FAMILIES
    return policy.booking_opening.chosen_by == "parents"


def is_chosen_by_families(viewer: Viewer, round: Round) -> bool:
    """Say the same by the agreement that counts at the viewer's moment."""
    return families_fill(round, policy_of(viewer, round))


def can_plan_all(viewer: Viewer, round: Round) -> bool:
    """Say whether she plans all conversations of the round at once: office and management, in a round that is set
    ready and that the school fills (C2)."""
    return (
        viewer.is_manager(round.school_id)
        and round.state == RoundState.READY
        and not is_chosen_by_families(viewer, round)
    )


def can_book(viewer: Viewer, party: Party) -> bool:
    """Say whether she may take a moment for this visible party now: her own, asked to come, in an open round.

    In a round that the school fills she chooses only when the school cancelled the time that she had.
    """
    return (
        party.round.state == RoundState.READY
        and not party.not_needed
        and belongs_to(viewer, party)
        and (party.choose_until is not None or is_chosen_by_families(viewer, party.round))
        and phase_for(viewer, party.round, party) == Phase.OPEN
    )


def can_change(viewer: Viewer, booking: Booking) -> bool:
    """Say whether a guardian may change or give back what was booked: until the round closes, where C2 says so."""
    if booking.party is None or booking.starts_at <= viewer.now:
        return False
    may_change = policy_of(viewer, booking.round).booking_opening.change_until_closing
    return may_change and can_book(viewer, booking.party)


def is_planned(round: Round) -> bool:
    """Say whether families know the times of a plan of all conversations. One query."""
    return PlanRun.objects.published().filter(round=round).exists()


def takes_wishes(viewer: Viewer, round: Round) -> bool:
    """Say whether families give their wishes in the round now: it is open, the school fills it, no plan is published.
    One query where the first two hold."""
    return (
        round.state == RoundState.READY
        and not is_chosen_by_families(viewer, round)
        and phase_for(viewer, round) == Phase.OPEN
        and not is_planned(round)
    )


def can_wish(viewer: Viewer, party: Party) -> bool:
    """Say whether she may say when this visible party can come: her own, asked to come, while wishes are taken."""
    return not party.not_needed and belongs_to(viewer, party) and takes_wishes(viewer, party.round)


def can_ask(viewer: Viewer, party: Party) -> bool:
    """Say whether she may ask for another time than the published plan gave this visible party. Asking goes on after
    the round has closed for wishes."""
    return can_ask_once_planned(viewer, party) and is_planned(party.round)


def can_ask_once_planned(viewer: Viewer, party: Party) -> bool:
    """Say the same of a round whose plan is known: her own party, asked to come, its conversation still ahead."""
    booking = party.booked
    return (
        party.round.state == RoundState.READY
        and not party.not_needed
        and (booking is None or booking.starts_at > viewer.now)
        and belongs_to(viewer, party)
        and not is_chosen_by_families(viewer, party.round)
    )


def can_withdraw(viewer: Viewer, ask: Ask) -> bool:
    """Say whether she may take a visible question back: of her own party."""
    return ask.party.round.state == RoundState.READY and belongs_to(viewer, ask.party)


def can_answer(viewer: Viewer, ask: Ask) -> bool:
    """Say whether she may answer a visible question: who helps the family."""
    return can_help(viewer, ask.party)


def can_come_apart(viewer: Viewer, party: Party) -> bool:
    """Say whether she may ask for a conversation of her own: a full guardian, before the round closes."""
    return party.person_id is None and can_book(viewer, party)


def can_keep_free(viewer: Viewer, sitting: Sitting) -> bool:
    """Say whether she keeps moments of a visible sitting free: office, management, its teachers, and who sits there."""
    round = sitting.round
    if round.state == RoundState.CANCELLED:
        return False
    if can_see_families(viewer, round, sitting.group_id):
        return True
    person_id = viewer.person_at(round.school_id)
    is_there = person_id in {teacher.pk for teacher in sitting.teachers.all()}
    return round.state == RoundState.READY and viewer.is_staff_at(round.school_id) and is_there
