"""A plan becomes conversations all at once or not at all, and a plan is changed by hand without holding what could not
be booked."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation

from kring.core.access import Refused
from kring.meetings import actions
from kring.meetings.actions import publishing
from kring.meetings.actions.by_hand import lock_planned, move_planned, take_out
from kring.meetings.actions.publishing import InTheWay, publish_plan
from kring.meetings.faults import Code, Facts
from kring.meetings.models import Booking, Occupied, Party, PlannedMeeting, PlanRun, Round, Slot
from kring.meetings.notices import NoTimeYet, PlanForTeam, PlanKnown
from kring.notifications.models import Notice
from tests.cast import NOW, ROLES, Cast
from tests.meetings.made_plans import a_plan, wish
from tests.meetings.planning import a_round, families, party, slots
from tests.meetings.test_booking import second_parent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def planned(cast: Cast) -> tuple[PlanRun, Round]:
    """Return a plan with the guardian's two children and the shielded one, of a round that the school fills."""
    made = a_round(cast, filling="school")
    five, infants = slots(made, cast.five), slots(made, cast.infants)
    times = {
        party(made, cast.child): five[0],
        party(made, cast.sibling): infants[5],
        party(made, cast.shielded): five[1],
    }
    return a_plan(made, times), made


def fresh(run: PlanRun) -> PlanRun:
    return PlanRun.objects.select_related("round__school", "round__audience").get(pk=run.pk)


def left_of(run: PlanRun) -> int:
    return len(Facts(fresh(run), now=NOW).without_time())


def test_every_planned_time_becomes_a_conversation_and_everybody_is_told_her_own(cast: Cast) -> None:
    run, made = planned(cast)
    left = left_of(run)
    assert publish_plan(by=cast.viewer("office"), run=fresh(run), without=left) == 3
    assert fresh(run).state == "published"
    booked = dict(Booking.objects.values_list("party_id", "slot_id"))
    assert booked == dict(PlannedMeeting.objects.values_list("party_id", "slot_id"))
    changed = Party.objects.filter(pk__in=booked, talk_version=1, talk_changed_at__isnull=False)
    assert changed.count() == 3, "calendars outside hear of it"
    assert Occupied.objects.filter(person=cast.people["guardian"]).count() == 6, "two times ten minutes and the walk"
    assert set(Notice.objects.values_list("kind", flat=True)) >= {PlanKnown.name, NoTimeYet.name, PlanForTeam.name}
    known = {role for role in ROLES if PlanKnown(made).may_see(cast.viewer(role))}
    assert known == {"guardian", "shielded_guardian"}
    assert "guardian" not in {role for role in ROLES if NoTimeYet(made).may_see(cast.viewer(role))}
    page = cast.client("guardian").get(reverse("meetings:choose", args=[made.public_id])).content.decode()
    assert "15.00" in page


def test_who_has_no_time_is_counted_and_confirmed(cast: Cast) -> None:
    run, _made = planned(cast)
    left = left_of(run)
    assert left
    with pytest.raises(Refused):
        publish_plan(by=cast.viewer("office"), run=fresh(run), without=left - 1)
    assert not Booking.objects.exists()
    publish_plan(by=cast.viewer("office"), run=fresh(run), without=left)


def test_one_moment_taken_meanwhile_stops_all_of_it_and_names_the_family(cast: Cast) -> None:
    run, made = planned(cast)
    left = left_of(run)
    actions.block(by=cast.viewer("office"), slot=slots(made, cast.five)[1])
    with pytest.raises(InTheWay) as caught:
        publish_plan(by=cast.viewer("office"), run=fresh(run), without=left)
    assert cast.shielded.name in caught.value.sentence
    assert [fault.code for row in caught.value.faults.values() for fault in row] == [Code.KEPT]
    assert not Booking.objects.of_families().exists()
    assert fresh(run).state == "done"
    assert not Notice.objects.filter(kind=PlanKnown.name).exists()


@pytest.mark.parametrize("step", ["write_down", "notify", "refuse_meeting"])
def test_a_crash_in_the_middle_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    run, _made = planned(cast)
    left = left_of(run)

    def fall(*_args: object, **_more: object) -> None:
        raise RuntimeError(step)

    monkeypatch.setattr(publishing, step, fall)
    with pytest.raises(RuntimeError):
        publish_plan(by=cast.viewer("office"), run=fresh(run), without=left)
    assert not Booking.objects.exists()
    assert not Occupied.objects.exists()
    assert fresh(run).state == "done"


def test_a_plan_is_made_known_once_and_no_other_after_it(cast: Cast) -> None:
    run, made = planned(cast)
    other = a_plan(made, {party(made, cast.child): slots(made, cast.five)[3]})
    publish_plan(by=cast.viewer("office"), run=fresh(run), without=left_of(run))
    for again in (run, other):
        with pytest.raises(Refused):
            publish_plan(by=cast.viewer("office"), run=fresh(again), without=left_of(other))
    assert Booking.objects.count() == 3


def test_what_comes_between_looking_and_writing_is_answered_clearly(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, made = planned(cast)
    left = left_of(run)
    free = slots(made, cast.five)[1]

    def somebody_books(places: object) -> None:
        if not Booking.objects.filter(slot=free).exists():
            Booking.objects.create(
                school=cast.school, round=made, slot=free, starts_at=free.starts_at, ends_at=free.ends_at, booked_at=NOW
            )

    monkeypatch.setattr(publishing, "refuse_meeting", somebody_books)
    with pytest.raises(Refused) as caught, translation.override("en"):
        publish_plan(by=cast.viewer("office"), run=fresh(run), without=left)
    assert "Nothing is made known yet" in caught.value.sentence
    assert not Booking.objects.exists(), "theirs was in the same transaction here"


def test_guardians_kept_apart_since_the_plan_was_made_stop_it(cast: Cast) -> None:
    second_parent(cast, apart=True)
    made = a_round(cast, cast.five, filling="school")
    moments = slots(made, cast.five)
    run = a_plan(
        made,
        {
            party(made, cast.child, cast.people["guardian"]): moments[0],
            party(made, cast.child, cast.people["father"]): moments[5],
        },
    )
    with pytest.raises(InTheWay) as caught:
        publish_plan(by=cast.viewer("office"), run=fresh(run), without=left_of(run))
    assert {fault.code for row in caught.value.faults.values() for fault in row} == {Code.APART}


def test_five_hundred_families_are_published_in_a_few_statements(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    families(cast, cast.six, 500)
    made = a_round(cast, cast.six, filling="school")
    sitting = made.sittings.get()
    start = sitting.starts_at + timedelta(days=1)
    Slot.objects.bulk_create(
        Slot(
            school=cast.school, round=made, sitting=sitting, starts_at=start + timedelta(minutes=10 * n),
            ends_at=start + timedelta(minutes=10 * n + 10),
        )
        for n in range(510)
    )  # fmt: skip
    rows = list(Party.objects.filter(round=made).order_by("pk"))
    free = list(Slot.objects.filter(round=made, starts_at__gte=start).order_by("pk"))
    run = a_plan(made, {})
    PlannedMeeting.objects.bulk_create(
        PlannedMeeting(run=run, party=one, slot=slot) for one, slot in zip(rows, free, strict=False)
    )
    office, plan = cast.viewer("office"), fresh(run)
    began = time.monotonic()
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        assert publish_plan(by=office, run=plan) == len(rows)
    assert time.monotonic() - began < 5
    assert len(rows) >= 500


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"office", "management"}))
def test_only_office_and_management_change_and_publish(cast: Cast, role: str) -> None:
    run, made = planned(cast)
    own, free = party(made, cast.child), slots(made, cast.five)[3]
    nobody, viewer = cast.viewer(role), cast.viewer("management")
    left = left_of(run)
    with pytest.raises(PermissionDenied):
        move_planned(by=nobody, run=fresh(run), party=own, slot=free)
    with pytest.raises(PermissionDenied):
        lock_planned(by=nobody, run=fresh(run), parties=[own.pk], locked=True)
    with pytest.raises(PermissionDenied):
        take_out(by=nobody, run=fresh(run), party=own)
    with pytest.raises(PermissionDenied):
        publish_plan(by=nobody, run=fresh(run), without=left)
    move_planned(by=viewer, run=fresh(run), party=own, slot=free)
    assert lock_planned(by=viewer, run=fresh(run), parties=[own.pk], locked=True) == 1
    publish_plan(by=viewer, run=fresh(run), without=left)


def times(run: PlanRun) -> dict[int, int]:
    return dict(run.planned.values_list("party_id", "slot_id"))


def test_moved_by_hand_it_stands_there_with_new_figures(cast: Cast) -> None:
    run, made = planned(cast)
    own, free = party(made, cast.child), slots(made, cast.five)[3]
    move_planned(by=cast.viewer("office"), run=fresh(run), party=own, slot=free)
    row = run.planned.get(party=own)
    assert (row.slot_id, row.by_hand) == (free.pk, True)
    assert fresh(run).figures["served"] == 3


def test_two_families_change_places_and_who_had_none_takes_a_place(cast: Cast) -> None:
    run, made = planned(cast)
    own, theirs = party(made, cast.child), party(made, cast.shielded)
    first, second = slots(made, cast.five)[:2]
    lock_planned(by=cast.viewer("office"), run=fresh(run), parties=[theirs.pk], locked=True)
    move_planned(by=cast.viewer("office"), run=fresh(run), party=own, slot=second)
    assert times(run)[own.pk] == second.pk
    assert times(run)[theirs.pk] == first.pk
    assert run.planned.get(party=theirs).is_locked
    take_out(by=cast.viewer("office"), run=fresh(run), party=own)
    assert own.pk not in times(run)
    move_planned(by=cast.viewer("office"), run=fresh(run), party=own, slot=first)
    assert times(run)[own.pk] == first.pk
    assert theirs.pk not in times(run)


def test_a_move_that_does_not_go_says_all_that_is_wrong_and_changes_nothing(cast: Cast) -> None:
    run, made = planned(cast)
    before = times(run)
    actions.block(by=cast.viewer("office"), slot=slots(made, cast.five)[2])
    with pytest.raises(Refused) as caught:
        move_planned(
            by=cast.viewer("office"), run=fresh(run), party=party(made, cast.child), slot=slots(made, cast.five)[2]
        )
    assert cast.child.first_name in caught.value.sentence
    assert times(run) == before


def test_against_a_wish_it_is_done_and_said(cast: Cast) -> None:
    run, made = planned(cast)
    own, free = party(made, cast.child), slots(made, cast.five)[3]
    wish(own, free)
    found = move_planned(by=cast.viewer("office"), run=fresh(run), party=own, slot=free)
    assert [one.code for one in found] == [Code.CANNOT]
    assert times(run)[own.pk] == free.pk


def test_what_is_known_is_not_changed_by_hand_any_more(cast: Cast) -> None:
    run, made = planned(cast)
    own = party(made, cast.child)
    publish_plan(by=cast.viewer("office"), run=fresh(run), without=left_of(run))
    with pytest.raises(Refused):
        move_planned(by=cast.viewer("office"), run=fresh(run), party=own, slot=slots(made, cast.five)[3])
    with pytest.raises(Refused):
        lock_planned(by=cast.viewer("office"), run=fresh(run), parties=[own.pk], locked=True)
