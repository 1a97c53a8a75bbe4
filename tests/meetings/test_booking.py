"""Taking moments, changing them and giving them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kring.core.access import Refused
from kring.meetings import actions
from kring.meetings.actions import JustTaken
from kring.meetings.choosing import own_sheet
from kring.meetings.models import Booking, Occupied, Party, Waiting
from kring.notifications.models import Notice
from tests import factories as make
from tests.cast import NOW, Cast
from tests.meetings.planning import (
    THURSDAY,
    TUESDAY,
    a_round,
    at,
    book,
    fresh,
    party,
    second_parent,
    session,
    setup,
    sittings,
    slots,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def told(kind: str) -> int:
    return Notice.objects.filter(kind=f"meetings.{kind}").count()


def test_a_prepared_round_invites_every_child_once_and_gives_each_group_its_moments(cast: Cast) -> None:
    made = a_round(cast)
    names = sorted(Party.objects.filter(round=made).values_list("child__first_name", flat=True))
    assert names == ["Bo", "Joep", "Kik", "Mila", "Noor", "Saar"]
    assert [slot.starts_at for slot in slots(made, cast.five)] == [at(TUESDAY, 15, 10 * n) for n in range(6)]
    assert actions.complete_round(round=made, now=NOW) == 0


def test_a_guardian_takes_moments_for_all_her_children_at_once(cast: Cast) -> None:
    made = a_round(cast)
    choices = [
        (party(made, cast.child), slots(made, cast.five)[0], False),
        (party(made, cast.sibling), slots(made, cast.infants)[2], False),
    ]
    assert len(actions.book_slots(by=cast.viewer("guardian"), choices=choices)) == 2
    # Each conversation: teacher two ticks, guardian two and one to walk.
    assert Occupied.objects.count() == 2 * (2 + 3)


def test_of_several_all_or_nothing(cast: Cast) -> None:
    made = a_round(cast)
    taken = slots(made, cast.five)[0]
    book(cast, made, party(made, cast.shielded).child, taken, by="shielded_guardian")
    choices = [
        (party(made, cast.child), taken, False),
        (party(made, cast.sibling), slots(made, cast.infants)[2], False),
    ]
    with pytest.raises(JustTaken):
        actions.book_slots(by=cast.viewer("guardian"), choices=choices)
    assert Booking.objects.count() == 1


def test_who_comes_too_late_keeps_no_writer_waiting_and_who_is_first_writes(cast: Cast) -> None:
    made = a_round(cast)
    slot = slots(made, cast.five)[0]
    with CaptureQueriesContext(connection) as first:
        book(cast, made, party(made, cast.shielded).child, slot, by="shielded_guardian")
    with CaptureQueriesContext(connection) as late, pytest.raises(JustTaken):
        book(cast, made, cast.child, slot)
    written = [[row["sql"].split()[0] for row in seen if row["sql"][:4] in {"INSE", "SAVE"}] for seen in (first, late)]
    assert "INSERT" in written[0]
    assert not written[1], "no transaction was begun for her"
    asked = " ".join(row["sql"] for row in late)
    assert "people_guardianship" not in asked.partition('FROM "meetings_booking"')[2], "who else comes is not asked"


def test_a_guardian_is_not_in_two_places_nor_without_time_to_walk(cast: Cast) -> None:
    made = a_round(cast)
    book(cast, made, cast.child, slots(made, cast.five)[0])
    for too_near in (0, 1):
        with pytest.raises(JustTaken, match=r"gesprek|conversation"):
            book(cast, made, cast.sibling, slots(made, cast.infants)[too_near])
    book(cast, made, cast.sibling, slots(made, cast.infants)[2])


def test_a_parent_with_children_at_two_schools_is_not_in_two_places(cast: Cast) -> None:
    other = make.PersonFactory(school=cast.second_school, user=cast.user("guardian"))
    make.GuardianshipFactory(child=cast.second_child, person=other)
    office = cast.viewer("second_office")
    there = actions.prepare_round(
        by=office, school=cast.second_school, setup=setup(), groups=[cast.second_group], sessions=[session()], duo="one"
    )
    actions.open_round(by=office, round=there)
    here = a_round(cast)
    book(cast, here, cast.child, slots(here, cast.five)[0])
    with pytest.raises(JustTaken):
        book(cast, there, cast.second_child, slots(there, cast.second_group)[0])
    book(cast, there, cast.second_child, slots(there, cast.second_group)[3])


def test_a_teacher_of_two_rounds_is_not_in_two_places(cast: Cast) -> None:
    first, second = a_round(cast, cast.five), a_round(cast, cast.five, name="Nog een")
    book(cast, first, cast.child, slots(first, cast.five)[0])
    with pytest.raises(JustTaken):
        book(cast, second, cast.shielded, slots(second, cast.five)[0], by="shielded_guardian")


def test_booking_opens_on_the_second_by_the_clock_of_the_server(cast: Cast) -> None:
    made = a_round(cast, opens_at=NOW + timedelta(hours=1), is_early=False)
    place = slots(made, cast.six)[0]
    early = cast.viewer("other_guardian")
    choice = [(party(made, cast.other_child), place, False)]
    with pytest.raises(PermissionDenied):
        actions.book_slots(by=replace(early, now=made.opens_at - timedelta(seconds=1)), choices=choice)
    actions.book_slots(by=replace(early, now=made.opens_at), choices=choice)


def test_a_family_with_two_children_at_the_school_chooses_a_day_earlier(cast: Cast) -> None:
    # Only groep 5 is in the round: her other child counts too (C3).
    made = a_round(cast, cast.five, opens_at=NOW + timedelta(hours=2))
    with pytest.raises(PermissionDenied):
        book(cast, made, cast.shielded, slots(made, cast.five)[1], by="shielded_guardian")
    book(cast, made, cast.child, slots(made, cast.five)[0])


def test_changing_gives_the_old_moment_back(cast: Cast) -> None:
    made = a_round(cast)
    first, second = slots(made, cast.five)[:2]
    booking = fresh(book(cast, made, cast.child, first))
    actions.change_booking(by=cast.viewer("guardian"), booking=booking, slot=second)
    book(cast, made, cast.shielded, first, by="shielded_guardian")
    assert set(Occupied.objects.filter(booking=booking).values_list("tick", flat=True)) == {
        int(at(TUESDAY, 15, minute).timestamp()) // 300 for minute in (10, 15, 20)
    }
    assert told("changed_for_team") == 1


def test_changing_to_a_taken_moment_keeps_the_old_one(cast: Cast) -> None:
    made = a_round(cast)
    first, second = slots(made, cast.five)[:2]
    booking = fresh(book(cast, made, cast.child, first))
    book(cast, made, cast.shielded, second, by="shielded_guardian")
    with pytest.raises(JustTaken):
        actions.change_booking(by=cast.viewer("guardian"), booking=booking, slot=second)
    assert fresh(booking).slot_id == first.pk
    assert Occupied.objects.filter(booking=booking).count() == 5


def test_after_closing_a_family_changes_nothing_and_the_office_does(cast: Cast) -> None:
    made = a_round(cast, closes_at=NOW + timedelta(minutes=1))
    booking = fresh(book(cast, made, cast.child, slots(made, cast.five)[0]))
    later = NOW + timedelta(minutes=1)
    with pytest.raises(PermissionDenied):
        actions.give_back(by=replace(cast.viewer("guardian"), now=later), booking=booking)
    office = replace(cast.viewer("office"), now=later)
    actions.move_booking(by=office, booking=booking, slot=slots(made, cast.five)[3])
    assert told("moved") == 1


def test_what_is_given_back_is_offered_to_who_waits_and_kept_for_her(cast: Cast) -> None:
    made = a_round(cast)
    slot = slots(made, cast.five)[0]
    booking = fresh(book(cast, made, cast.child, slot))
    actions.wait_for_moment(by=cast.viewer("shielded_guardian"), party=party(made, cast.shielded))
    actions.give_back(by=cast.viewer("guardian"), booking=booking)
    held = Booking.objects.get(slot=slot)
    assert (held.party_id, held.held_for_id) == (None, party(made, cast.shielded).pk)
    with pytest.raises(JustTaken):
        book(cast, made, cast.child, slot)
    offered = Booking.objects.select_related("held_for__round__school", "slot__sitting").get(pk=held.pk)
    actions.accept_offer(by=cast.viewer("shielded_guardian"), booking=offered)
    assert not Waiting.objects.exists()
    assert Occupied.objects.filter(booking=held).count() == 5


def test_an_offer_that_is_over_goes_to_the_next_and_is_free_after_that(cast: Cast) -> None:
    made = a_round(cast)
    slot = slots(made, cast.five)[0]
    booking = fresh(book(cast, made, cast.child, slot))
    actions.wait_for_moment(by=cast.viewer("shielded_guardian"), party=party(made, cast.shielded))
    actions.give_back(by=cast.viewer("guardian"), booking=booking)
    held = Booking.objects.select_related("slot__sitting", "round").get(slot=slot)
    actions.stop_waiting(by=cast.viewer("shielded_guardian"), party=party(made, cast.shielded))
    assert not Booking.objects.filter(pk=held.pk).exists()
    book(cast, made, cast.child, slot)


def test_a_moment_that_is_kept_free_cannot_be_taken_nor_a_taken_one_kept_free(cast: Cast) -> None:
    made = a_round(cast)
    first, second = slots(made, cast.five)[:2]
    actions.block(by=cast.viewer("teacher"), slot=first)
    with pytest.raises(JustTaken):
        book(cast, made, cast.child, first)
    book(cast, made, cast.child, second)
    with pytest.raises(JustTaken):
        actions.block(by=cast.viewer("teacher"), slot=second)
    actions.unblock(by=cast.viewer("teacher"), slot=first)
    book(cast, made, cast.shielded, first, by="shielded_guardian")


def test_a_teacher_who_falls_ill_lets_families_choose_again_also_after_closing(cast: Cast) -> None:
    made = a_round(cast, sessions=[session(), session(THURSDAY)], closes_at=NOW + timedelta(minutes=1))
    book(cast, made, cast.child, slots(made, cast.five)[0])
    assert actions.close_sitting(by=cast.viewer("office"), sitting=sittings(made, cast.five)[0]) == 1
    assert told("cancelled") == 1
    later = replace(cast.viewer("guardian"), now=NOW + timedelta(days=1))
    thursday = slots(made, cast.five)[-1]
    actions.book_slots(by=later, choices=[(party(made, cast.child), thursday, False)])
    other = replace(cast.viewer("shielded_guardian"), now=NOW + timedelta(days=1))
    with pytest.raises(PermissionDenied):
        actions.book_slots(by=other, choices=[(party(made, cast.shielded), slots(made, cast.five)[-2], False)])


def test_a_session_with_families_in_it_is_not_taken_away(cast: Cast) -> None:
    made = a_round(cast)
    booking = fresh(book(cast, made, cast.child, slots(made, cast.five)[0]))
    with pytest.raises(Refused):
        actions.remove_sitting(by=cast.viewer("office"), sitting=sittings(made, cast.five)[0])
    actions.cancel_booking(by=cast.viewer("office"), booking=booking)
    actions.remove_sitting(by=cast.viewer("office"), sitting=sittings(made, cast.five)[0])


def test_twice_the_time_takes_two_moments_in_a_row(cast: Cast) -> None:
    made = a_round(cast)
    actions.set_length(by=cast.viewer("teacher"), party=party(made, cast.child), is_double=True, note="tolk")
    booking = book(cast, made, cast.child, slots(made, cast.five)[1])
    assert booking.ends_at - booking.starts_at == timedelta(minutes=20)
    with pytest.raises(JustTaken):
        book(cast, made, cast.shielded, slots(made, cast.five)[2], by="shielded_guardian")
    with pytest.raises(JustTaken):
        book(cast, made, cast.shielded, slots(made, cast.five)[1], by="shielded_guardian")
    book(cast, made, cast.shielded, slots(made, cast.five)[0], by="shielded_guardian")


def test_parents_come_together_and_the_other_is_told(cast: Cast) -> None:
    father = second_parent(cast)
    made = a_round(cast)
    book(cast, made, cast.child, slots(made, cast.five)[0])
    assert told("booked") == 1
    with pytest.raises(JustTaken):
        book(cast, made, cast.child, slots(made, cast.five)[3], by=father)


def test_parents_may_come_apart_and_each_has_a_moment(cast: Cast) -> None:
    father = second_parent(cast)
    made = a_round(cast)
    own = actions.come_apart(by=cast.viewer(father), party=party(made, cast.child))
    book(cast, made, cast.child, slots(made, cast.five)[0])
    actions.book_slots(by=cast.viewer(father), choices=[(own, slots(made, cast.five)[1], False)])
    assert not Booking.objects.visible_to(cast.viewer(father)).filter(party__person__isnull=True).exists()


def test_who_is_kept_apart_is_invited_apart_and_never_in_one_visit(cast: Cast) -> None:
    father = second_parent(cast, apart=True)
    made = a_round(cast, sessions=[session(), session(THURSDAY)])
    assert not Party.objects.filter(round=made, child=cast.child, person__isnull=True).exists()
    hers = party(made, cast.child, cast.people["guardian"])
    his = party(made, cast.child, cast.people["father"])
    actions.book_slots(by=cast.viewer("guardian"), choices=[(hers, slots(made, cast.five)[0], False)])
    with pytest.raises(JustTaken):
        actions.book_slots(by=cast.viewer(father), choices=[(his, slots(made, cast.five)[5], False)])
    # Her other child counts too: she is at school on that afternoon.
    actions.book_slots(by=cast.viewer(father), choices=[(his, slots(made, cast.five)[6], False)])
    with pytest.raises(JustTaken):
        book(cast, made, cast.sibling, slots(made, cast.infants)[7])
    book(cast, made, cast.sibling, slots(made, cast.infants)[2])
    assert not Party.objects.visible_to(cast.viewer(father)).filter(pk=hers.pk).exists()


@pytest.mark.parametrize("apart", [True, False])
def test_nothing_is_offered_in_the_afternoon_of_who_is_kept_apart(cast: Cast, apart: bool) -> None:
    father = second_parent(cast, apart=apart)
    made = a_round(cast, sessions=[session(), session(THURSDAY)])
    if not apart:
        actions.come_apart(by=cast.viewer(father), party=party(made, cast.child))
    hers = Party.objects.own_of(cast.viewer("guardian")).for_pages().get(round=made, child=cast.child)
    first = slots(made, cast.five)[0]
    actions.book_slots(by=cast.viewer("guardian"), choices=[(hers, first, False)])
    talk = own_sheet(cast.viewer(father), made).talks[0]
    free = {day: sum(offered.is_free for offered in row) for day, row in talk.days}
    assert free == {TUESDAY: 0 if apart else 5, THURSDAY: 6}
    assert talk.is_apart == apart


def test_a_limited_guardian_books_when_the_school_invites_her_and_not_before(cast: Cast) -> None:
    made = a_round(cast)
    with pytest.raises(PermissionDenied):
        book(cast, made, cast.child, slots(made, cast.five)[0], by="limited")
    own = actions.invite_apart(by=cast.viewer("office"), party=party(made, cast.child), person=cast.people["limited"])
    actions.book_slots(by=cast.viewer("limited"), choices=[(own, slots(made, cast.five)[0], False)])
    with pytest.raises(Refused):
        actions.invite_apart(by=cast.viewer("office"), party=party(made, cast.child), person=cast.people["none"])


def test_a_child_that_comes_later_is_invited_by_the_clock(cast: Cast) -> None:
    made = a_round(cast)
    make.EnrolmentFactory(child=make.ChildFactory(school=cast.school), group=cast.six)
    assert actions.complete_round(round=made, now=NOW) == 1


def test_a_cancelled_round_takes_nobody_any_more(cast: Cast) -> None:
    made = a_round(cast)
    book(cast, made, cast.child, slots(made, cast.five)[0])
    actions.cancel_round(by=cast.viewer("office"), round=made)
    assert not Booking.objects.exists()
    assert not Occupied.objects.exists()
    assert told("cancelled_round") == 1
