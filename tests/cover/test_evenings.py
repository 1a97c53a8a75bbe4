"""A colleague is away on an evening of conversations: what becomes of the families who come (F1, C1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from kring.core.access import Refused
from kring.cover import actions
from kring.cover.plan import Way, plan_of
from kring.meetings import actions as meeting
from kring.meetings.models import Booking, Occupied, Party, Round, Sitting
from kring.notifications.models import Notice
from kring.people.models import StaffAbsence
from tests.absences.reporting import told
from tests.cast import TODAY, Cast
from tests.meetings.planning import THURSDAY, TUESDAY, a_round, book, fresh, session, sittings, slots

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def booked(cast: Cast) -> tuple[Round, Booking]:
    made = a_round(cast, sessions=[session(), session(THURSDAY)])
    return made, book(cast, made, cast.child, slots(made, cast.five)[1])


def away(cast: Cast, *, by: str = "office", substitute: str | None = "other_teacher", **ways: Way) -> StaffAbsence:
    return actions.cover_absence(
        by=cast.viewer(by),
        person=cast.people["teacher"],
        starts_on=TUESDAY,
        ends_on=TUESDAY,
        substitute=cast.people[substitute] if substitute else None,
        evenings=ways,
    )


def evening(cast: Cast, made: Round) -> Sitting:
    return next(one for one in sittings(made, cast.five) if one.school.today(one.starts_at) == TUESDAY)


def test_the_plan_names_the_sessions_of_these_days_with_how_many_come(cast: Cast) -> None:
    booked(cast)
    person, other = cast.people["teacher"], cast.people["other_teacher"]
    found = plan_of(cast.viewer("office"), person, TUESDAY, TUESDAY, other).evenings
    assert [(one.coming, one.ways) for one in found] == [(1, [Way.HAND_OVER, Way.CANCEL, Way.LEAVE])]
    alone = plan_of(cast.viewer("office"), person, TUESDAY, TUESDAY, None).evenings
    assert [one.ways for one in alone] == [[Way.CANCEL, Way.LEAVE]]
    assert not plan_of(cast.viewer("office"), person, TODAY, TODAY + timedelta(days=1), other).evenings


def test_cancelled_families_are_told_and_choose_again_and_nobody_takes_the_empty_chair(cast: Cast) -> None:
    made, row = booked(cast)
    away(cast, **{evening(cast, made).public_id: Way.CANCEL})
    assert told(cast, "meetings.cancelled") == {"guardian"}
    assert Party.objects.get(child=cast.child, round=made).choose_until is not None
    assert not Booking.objects.of_families().exists()
    tuesday = [slot for slot in slots(made, cast.five) if made.school.today(slot.starts_at) == TUESDAY]
    assert all(Booking.objects.filter(slot=slot).exists() for slot in tuesday)
    assert book(cast, made, cast.child, slots(made, cast.five)[-1]).pk != row.pk


def test_the_substitute_receives_them_at_the_same_times(cast: Cast) -> None:
    made, row = booked(cast)
    away(cast, **{evening(cast, made).public_id: Way.HAND_OVER})
    assert fresh(row).starts_at == row.starts_at
    assert set(evening(cast, made).teachers.all()) == {cast.people["other_teacher"]}
    there = set(Occupied.objects.filter(booking=row).values_list("person", flat=True))
    assert there == {cast.people["other_teacher"].pk, cast.people["guardian"].pk}
    assert told(cast, "meetings.host_changed") == {"guardian"}


def test_of_a_duo_the_other_goes_on_alone(cast: Cast) -> None:
    made, row = booked(cast)
    sitting = evening(cast, made)
    sitting.teachers.add(cast.people["duo"])
    away(cast, **{sitting.public_id: Way.ALONE})
    assert set(sitting.teachers.all()) == {cast.people["duo"]}
    assert not Occupied.objects.filter(booking=row, person=cast.people["teacher"]).exists()


def test_left_as_it_is_nobody_is_told(cast: Cast) -> None:
    made, row = booked(cast)
    away(cast, **{evening(cast, made).public_id: Way.LEAVE})
    assert fresh(row).party is not None
    assert not Notice.objects.filter(kind__in=["meetings.host_changed", "meetings.cancelled"]).exists()


@pytest.mark.parametrize("is_taken", [True, False])
def test_a_substitute_who_is_taken_then_is_refused_and_nothing_of_it_happened(cast: Cast, is_taken: bool) -> None:
    made, row = booked(cast)
    if is_taken:
        tick = Occupied.objects.filter(booking=row).order_by("tick").first()
        assert tick is not None
        kept = meeting.block(by=cast.viewer("office"), slot=slots(made, cast.infants)[0])
        Occupied.objects.create(person=cast.people["other_teacher"], tick=tick.tick, booking=kept)
    ways = {evening(cast, made).public_id: Way.HAND_OVER}
    if not is_taken:
        away(cast, **ways)
        assert StaffAbsence.objects.exists()
        return
    with pytest.raises(Refused, match="een ander gesprek"):
        away(cast, **ways)
    assert not StaffAbsence.objects.exists()
    assert set(evening(cast, made).teachers.all()) == {cast.people["teacher"]}


def test_somebody_of_another_school_receives_nobody(cast: Cast) -> None:
    made, _row = booked(cast)
    hands = {"by": cast.viewer("office"), "sitting": evening(cast, made), "away": cast.people["teacher"]}
    with pytest.raises(Refused, match="werkt die dag niet op school"):
        meeting.hand_over(**hands, to=cast.people["second_teacher"])
    with pytest.raises(Refused, match="niemand meer"):
        meeting.hand_over(**hands)
    assert meeting.hand_over(**hands, to=cast.people["other_teacher"]) == 1
    with pytest.raises(Refused, match="zit daar niet meer klaar"):
        meeting.hand_over(**hands, to=cast.people["other_teacher"])


@pytest.mark.parametrize(
    ("role", "may"),
    [("office", True), ("management", True), ("duo", True), ("other_teacher", False), ("guardian", False)],
)
def test_who_hands_a_session_over(cast: Cast, role: str, may: bool) -> None:
    made, _row = booked(cast)
    hands = {"sitting": evening(cast, made), "away": cast.people["teacher"], "to": cast.people["other_teacher"]}
    if may:
        assert meeting.hand_over(by=cast.viewer(role), **hands) == 1
    else:
        with pytest.raises(PermissionDenied):
            meeting.hand_over(by=cast.viewer(role), **hands)


def test_the_page_asks_for_each_session_and_does_what_was_chosen(cast: Cast) -> None:
    made, row = booked(cast)
    office = cast.client("office")
    path = f"/school/{cast.school.public_id}/away/"
    given = {
        "person": cast.people["teacher"].public_id, "substitute": cast.people["other_teacher"].public_id,
        "starts_on": TUESDAY.isoformat(), "ends_on": TUESDAY.isoformat(),
    }  # fmt: skip
    shown = office.get(path, given)
    key = f"evening-{evening(cast, made).public_id}"
    words = shown.content.decode()
    assert shown.status_code == 200
    assert f'name="{key}" value="hand_over" checked' in words
    assert "Er komt 1 gezin." in words
    sent = office.post(path, {**given, key: "cancel"})
    assert sent.status_code == 302
    assert not Booking.objects.filter(pk=row.pk, party__isnull=False).exists()


def test_a_session_that_was_changed_meanwhile_stops_everything(cast: Cast) -> None:
    made, _row = booked(cast)
    key = evening(cast, made).public_id
    meeting.hand_over(
        by=cast.viewer("office"), sitting=evening(cast, made), away=cast.people["teacher"],
        to=cast.people["other_teacher"],
    )  # fmt: skip
    with pytest.raises(Refused, match="intussen veranderd"):
        away(cast, **{key: Way.CANCEL})
    assert not StaffAbsence.objects.exists()
