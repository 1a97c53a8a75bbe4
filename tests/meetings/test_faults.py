"""What is wrong with a plan is said by party, in the number of queries that a small plan needs too."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kring.meetings import actions
from kring.meetings.faults import Code, Facts, NoTime, in_the_way
from kring.meetings.models import Booking, Occupied, Party, PlanRun, Round
from kring.meetings.rules import tick_of
from tests import factories as make
from tests.cast import NOW, Cast
from tests.meetings.made_plans import a_plan, wish
from tests.meetings.planning import THURSDAY, a_round, book, families, party, session, slots
from tests.meetings.test_booking import second_parent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def facts(run: PlanRun) -> Facts:
    return Facts(PlanRun.objects.select_related("round__school").get(pk=run.pk), now=NOW)


def codes(run: PlanRun) -> dict[str, set[str]]:
    """Return first name of the child -> what is wrong."""
    found = facts(run)
    return {found.parties[key].child.first_name: {one.code for one in row} for key, row in found.faults().items()}


def test_a_plan_that_fits_has_no_fault_and_who_has_no_time_is_listed(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    own, theirs = party(made, cast.child), party(made, cast.shielded)
    first = slots(made, cast.five)[0]
    run = a_plan(made, {own: first})
    assert codes(run) == {}
    left = facts(run).without_time()
    assert theirs in left
    assert own not in left
    assert facts(run).why_none(theirs) == NoTime.FREE


def test_a_moment_booked_or_kept_free_meanwhile_is_named(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    own, theirs = party(made, cast.child), party(made, cast.shielded)
    first, second, third = slots(made, cast.five)[:3]
    run = a_plan(made, {own: first, theirs: second})
    actions.block(by=cast.viewer("office"), slot=first)
    book(cast, made, cast.shielded, third, by="shielded_guardian")
    assert codes(run) == {cast.child.first_name: {Code.KEPT}, cast.shielded.first_name: {Code.HAS_TIME}}


def test_a_family_in_two_places_in_the_plan_itself_is_seen_from_both(cast: Cast) -> None:
    made = a_round(cast)
    same = {party(made, cast.child): slots(made, cast.five)[0], party(made, cast.sibling): slots(made, cast.infants)[0]}
    run = a_plan(made, same)
    assert codes(run) == {cast.child.first_name: {Code.FAMILY}, cast.sibling.first_name: {Code.FAMILY}}
    after = {
        party(made, cast.child): slots(made, cast.five)[0],
        party(made, cast.sibling): slots(made, cast.infants)[1],
    }
    assert set(codes(a_plan(made, after))) == {cast.child.first_name, cast.sibling.first_name}, "no time to walk"
    later = {
        party(made, cast.child): slots(made, cast.five)[0],
        party(made, cast.sibling): slots(made, cast.infants)[2],
    }
    assert codes(a_plan(made, later)) == {}


def test_a_family_or_a_teacher_at_another_round_is_taken(cast: Cast) -> None:
    other, made = a_round(cast, cast.five, name="Eerder"), a_round(cast, cast.five)
    book(cast, other, cast.child, slots(other, cast.five)[0])
    at_once, *_between, later = slots(made, cast.five)
    run = a_plan(made, {party(made, cast.child): at_once, party(made, cast.shielded): later})
    assert codes(run) == {cast.child.first_name: {Code.TEACHER, Code.FAMILY}}


def test_a_guardian_at_another_school_is_taken_there(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    slot = slots(made, cast.five)[0]
    run = a_plan(made, {party(made, cast.child): slot})
    elsewhere = make.PersonFactory(school=cast.second_school, user=cast.user("guardian"))
    kept = Booking.objects.create(
        school=cast.school, round=made, slot=slots(made, cast.five)[5], starts_at=slot.starts_at,
        ends_at=slot.ends_at, booked_at=NOW,
    )  # fmt: skip
    Occupied.objects.create(person=elsewhere, user=elsewhere.user, tick=tick_of(slot.starts_at), booking=kept)
    assert codes(run) == {cast.child.first_name: {Code.FAMILY}}


def test_guardians_who_are_kept_apart_are_not_planned_in_one_visit(cast: Cast) -> None:
    father = second_parent(cast, apart=True)
    made = a_round(cast, cast.five, sessions=[session(), session(THURSDAY)])
    hers, his = (party(made, cast.child, cast.people[role]) for role in ("guardian", father))
    moments = slots(made, cast.five)
    assert codes(a_plan(made, {hers: moments[0], his: moments[5]})) == {cast.child.first_name: {Code.APART}}
    assert codes(a_plan(made, {hers: moments[0], his: moments[-1]})) == {}


def test_a_wish_is_a_warning_and_nothing_that_stops(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    own, slot = party(made, cast.child), slots(made, cast.five)[0]
    wish(own, slot)
    run = a_plan(made, {own: slot})
    assert codes(run) == {cast.child.first_name: {Code.CANNOT}}
    assert in_the_way(facts(run).faults()) == {}


def test_a_double_length_needs_two_moments(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    own, theirs = party(made, cast.child), party(made, cast.shielded)
    Party.objects.filter(pk=own.pk).update(is_double=True)
    *_rest, before, last = slots(made, cast.five)
    assert codes(a_plan(made, {own: last})) == {cast.child.first_name: {Code.TOO_SHORT}}
    assert codes(a_plan(made, {own: before})) == {}
    overlapping = codes(a_plan(made, {own: before, theirs: last}))
    assert overlapping == {cast.child.first_name: {Code.GIVEN}, cast.shielded.first_name: {Code.GIVEN}}


def test_who_is_not_asked_any_more_another_group_and_a_cancelled_round(cast: Cast) -> None:
    made = a_round(cast)
    own, theirs = party(made, cast.child), party(made, cast.shielded)
    run = a_plan(made, {own: slots(made, cast.five)[0], theirs: slots(made, cast.infants)[5]})
    Party.objects.filter(pk=own.pk).update(not_needed=True)
    assert codes(run) == {cast.child.first_name: {Code.NOT_ASKED}, cast.shielded.first_name: {Code.OTHER_GROUP}}
    Round.objects.filter(pk=made.pk).update(state="cancelled")
    assert all(Code.CANCELLED in found for found in codes(run).values())


def test_why_a_family_has_no_time(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    own, theirs = party(made, cast.child), party(made, cast.shielded)
    moments = slots(made, cast.five)
    for slot in moments[1:]:
        actions.block(by=cast.viewer("office"), slot=slot)
    wish(own, moments[0])
    run = a_plan(made, {})
    assert facts(run).why_none(own) == NoTime.ONLY_CANNOT
    assert facts(a_plan(made, {theirs: moments[0]})).why_none(own) == NoTime.FULL
    empty = a_round(cast, cast.five, name="Leeg")
    empty.sittings.all().delete()
    assert facts(a_plan(empty, {})).why_none(party(empty, cast.child)) == NoTime.NO_SESSION


def test_an_exchange_is_looked_at_as_a_whole_and_writes_nothing(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    own, theirs = party(made, cast.child), party(made, cast.shielded)
    first, second = slots(made, cast.five)[:2]
    found = facts(a_plan(made, {own: first, theirs: second}))
    alone = found.at(own, second)
    assert [one.code for one in alone] == [Code.GIVEN]
    assert alone[0].other == theirs.pk
    assert found.exchanged({own.pk: second, theirs.pk: first}) == {own.pk: [], theirs.pk: []}
    assert found.plan == {own.pk: first, theirs.pk: second}


def test_five_hundred_parties_cost_the_queries_of_two(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    run = a_plan(made, {party(made, cast.child): slots(made, cast.five)[0]})
    with CaptureQueriesContext(
        connection,
    ) as few:
        facts(run).faults()
    families(cast, cast.six, 500)
    large = a_round(cast, cast.six, name="Groot")
    moments = slots(large, cast.six)
    parties = list(Party.objects.for_pages().filter(round=large, booking__isnull=True))
    assert len(parties) > 490
    many = a_plan(large, dict(zip(parties, moments, strict=False)))
    with CaptureQueriesContext(connection) as found:
        whole = facts(many)
        whole.faults()
        assert len(whole.without_time()) == len(parties) - len(moments)
        for one in whole.without_time():
            assert whole.why_none(one) == NoTime.FULL
    assert len(found) == len(few) == 10
