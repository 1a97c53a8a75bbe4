"""Planning a round all at once, with the database: what the search is given, and what becomes of its plan."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from kring.core.access import Refused
from kring.meetings import actions, planning
from kring.meetings.actions import planning as searching
from kring.meetings.models import Booking, Party, PlannedMeeting, PlanRun, Round, Wish, WishSet
from kring.meetings.rules import RunState, WishAnswer, tick_of
from kring.meetings.solver.whole import AGAINST, RATHER_NOT, Result, plan_round
from kring.people.models import Child, KeepApart
from tests import factories as make
from tests.cast import NOW, Cast
from tests.meetings.planning import THURSDAY, TUESDAY, a_round, at, book, party, session, slots

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def to_plan(cast: Cast, **more: object) -> Round:
    made = a_round(cast, **more)  # type: ignore[arg-type]
    made.filling = "school"
    made.save(update_fields=["filling"])
    return made


def wish(cast: Cast, made: Round, child: Child, answer: WishAnswer, start: int, end: int) -> None:
    found = WishSet.objects.create(school=cast.school, round=made, party=party(made, child), given_at=NOW)
    Wish.objects.create(wish_set=found, starts_at=at(TUESDAY, start), ends_at=at(TUESDAY, end), answer=answer)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let searches end by a number of moves, so that tests neither wait nor depend on the machine."""

    def by_moves(given: object, *, seconds: float, **more: object) -> Result:
        return plan_round(given, moves=300, compiled=False, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(searching, "plan_round", by_moves)


def planned(cast: Cast, made: Round, **more: object) -> PlanRun:
    run = actions.start_plan(by=cast.viewer("office"), round=made, seconds=10, **more)  # type: ignore[arg-type]
    searching.run_search(run.pk)
    run.refresh_from_db()
    return run


def begins(run: PlanRun) -> dict[str, str]:
    rows = run.planned.for_pages()
    return {row.party.child.first_name: f"{timezone.localtime(row.slot.starts_at):%H:%M}" for row in rows}


def test_everybody_gets_a_time_and_children_of_one_house_come_one_after_the_other(cast: Cast, quick: None) -> None:
    run = planned(cast, made := to_plan(cast))
    assert run.state == RunState.DONE
    assert (run.figures["served"], run.figures["total"], run.figures["without"]) == (6, 6, {})
    assert run.figures["families"] == run.figures["adjoining"] > 0
    assert set(begins(run)) == {"Bo", "Joep", "Kik", "Mila", "Noor", "Saar"}
    assert not Booking.objects.filter(round=made).exists()


def test_a_plan_can_be_booked_as_it_is(cast: Cast, quick: None) -> None:
    run = planned(cast, to_plan(cast, sessions=[session(), session(THURSDAY)]))
    office = cast.viewer("office")
    for row in run.planned.for_pages():
        one = Party.objects.for_pages().get(pk=row.party_id)
        slot = next(slot for slot in slots(run.round, one.group) if slot.pk == row.slot_id)
        actions.book_for_family(by=office, party=one, slot=slot)
    assert Booking.objects.of_families().count() == 6


def test_wishes_are_heard(cast: Cast, quick: None) -> None:
    made = to_plan(cast, sessions=[session(start=15, end=17)])
    wish(cast, made, cast.child, WishAnswer.CANNOT, 15, 16)
    whole = planning.whole_round(made, now=NOW)
    place = whole.place_of()[party(made, cast.child).pk]
    later = {tick_of(at(TUESDAY, 16, minute)) for minute in range(0, 60, 10)}
    assert {way.start for way in whole.given.talks[place].ways} == later
    assert {way.cost for way in whole.against[party(made, cast.child).pk]} == {AGAINST}
    assert begins(planned(cast, made))[cast.child.first_name] >= "16:00"


def test_rather_not_costs_and_is_told_in_the_figures(cast: Cast, quick: None) -> None:
    made = to_plan(cast)
    wish(cast, made, cast.child, WishAnswer.RATHER_NOT, 15, 16)
    whole = planning.whole_round(made, now=NOW)
    assert {way.cost for way in whole.given.talks[whole.place_of()[party(made, cast.child).pk]].ways} == {RATHER_NOT}
    assert planned(cast, made).figures["rather_not"] == 1


def test_who_can_never_come_is_named_with_the_reason(cast: Cast, quick: None) -> None:
    made = to_plan(cast)
    wish(cast, made, cast.child, WishAnswer.CANNOT, 15, 16)
    run = planned(cast, made)
    assert run.figures["without"] == {party(made, cast.child).public_id: planning.NO_WISH}
    assert cast.child.first_name not in begins(run)


def test_what_is_booked_stays_and_its_moment_is_given_to_nobody(cast: Cast, quick: None) -> None:
    made = to_plan(cast)
    held = slots(made, cast.five)[2]
    actions.book_for_family(by=cast.viewer("office"), party=party(made, cast.child), slot=held)
    run = planned(cast, made)
    assert not run.planned.filter(slot=held).exists()
    assert cast.child.first_name not in begins(run)
    assert run.figures["served"] == 6


def test_a_moment_that_is_kept_free_is_given_to_nobody(cast: Cast, quick: None) -> None:
    made = to_plan(cast)
    first = slots(made, cast.five)[0]
    actions.block(by=cast.viewer("office"), slot=first)
    assert not planned(cast, made).planned.filter(slot=first).exists()


def test_who_is_elsewhere_in_another_round_is_not_asked_for_that_time(cast: Cast, quick: None) -> None:
    other = a_round(cast, cast.infants)
    book(cast, other, cast.sibling, slots(other, cast.infants)[0])
    made = to_plan(cast, sessions=[session()])
    run = planned(cast, made)
    # She is taken from 15:00 to 15:10 and walks until 15:15.
    assert begins(run)[cast.child.first_name] >= "15:20"


def test_a_double_conversation_takes_two_moments_and_nobody_gets_the_second(cast: Cast, quick: None) -> None:
    made = to_plan(cast)
    actions.set_length(by=cast.viewer("office"), party=party(made, cast.child), is_double=True, note="")
    run = planned(cast, made)
    row = run.planned.for_pages().get(party=party(made, cast.child))
    same = run.planned.for_pages().filter(slot__sitting=row.slot.sitting).exclude(pk=row.pk)
    assert not same.filter(slot__starts_at=row.slot.ends_at).exists()


@pytest.mark.parametrize("apart", [True, False])
def test_who_is_kept_apart_comes_on_another_day(cast: Cast, quick: None, apart: bool) -> None:
    father = make.PersonFactory(school=cast.school, user=make.UserFactory(), first_name="Vader", last_name="Cast")
    make.GuardianshipFactory(child=cast.child, person=father)
    if apart:
        low, high = sorted((cast.people["guardian"].pk, father.pk))
        KeepApart.objects.create(school=cast.school, child=cast.child, first_id=low, second_id=high)
    run = planned(cast, to_plan(cast, sessions=[session(), session(THURSDAY)]))
    rows = run.planned.for_pages().filter(party__child=cast.child)
    assert len({timezone.localtime(row.slot.starts_at).date() for row in rows}) == (2 if apart else 1)
    assert run.figures["without"] == {}


def test_locked_times_stay_and_the_rest_is_planned_again(cast: Cast, quick: None) -> None:
    first = planned(cast, made := to_plan(cast))
    row = first.planned.for_pages().get(party__child=cast.child)
    free = [slot for slot in slots(made, cast.five) if not first.planned.filter(slot=slot).exists()]
    PlannedMeeting.objects.filter(pk=row.pk).update(slot=free[-1], is_locked=True, by_hand=True)
    again = planned(cast, made, based_on=first)
    kept = again.planned.get(party__child=cast.child)
    assert (kept.slot_id, kept.is_locked, kept.by_hand) == (free[-1].pk, True, True)
    assert again.figures["served"] == 6


def test_locked_times_that_cannot_all_stay_end_the_search_with_the_reason(cast: Cast, quick: None) -> None:
    first = planned(cast, made := to_plan(cast))
    one, other = slots(made, cast.five)[0], slots(made, cast.infants)[0]
    for child, slot in ((cast.child, one), (cast.sibling, other)):  # one guardian, twice at three
        first.planned.filter(slot=slot).exclude(party__child=child).delete()
        first.planned.filter(party__child=child).update(slot=slot, is_locked=True)
    again = planned(cast, made, based_on=first)
    assert (again.state, again.figures) == (RunState.FAILED, {"reason": "locked"})


@pytest.mark.parametrize("is_free", [True, False])
def test_a_locked_time_that_is_kept_free_meanwhile_ends_the_search_with_the_reason(
    cast: Cast, quick: None, is_free: bool
) -> None:
    first = planned(cast, made := to_plan(cast))
    first.planned.filter(party__child=cast.child).update(is_locked=True)
    if not is_free:
        office = cast.viewer("office")
        slot = next(one for one in slots(made, cast.five) if first.planned.filter(slot=one, is_locked=True).exists())
        actions.block(by=office, slot=slot)
    again = planned(cast, made, based_on=first)
    assert again.state == (RunState.DONE if is_free else RunState.FAILED)
    assert again.figures.get("reason") == (None if is_free else "locked")


def test_a_search_that_breaks_says_so_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_given: object, **_more: object) -> Result:
        raise RuntimeError

    monkeypatch.setattr(searching, "plan_round", breaks)
    run = actions.start_plan(by=cast.viewer("office"), round=to_plan(cast), seconds=10)
    with pytest.raises(RuntimeError):
        searching.run_search(run.pk)
    run.refresh_from_db()
    assert (run.state, run.figures) == (RunState.FAILED, {"reason": "broken"})


def test_who_is_elsewhere_right_after_the_last_moment_does_not_get_it(cast: Cast, quick: None) -> None:
    other = a_round(cast, cast.infants, sessions=[session(start=16, end=17)])
    book(cast, other, cast.sibling, slots(other, cast.infants)[0])
    made = to_plan(cast)
    whole = planning.whole_round(made, now=NOW)
    own = whole.given.talks[whole.place_of()[party(made, cast.child).pk]]
    last = slots(made, cast.five)[-1]
    assert last.pk not in {way.key for way in own.ways}
    assert slots(made, cast.five)[-2].pk in {way.key for way in own.ways}


def test_the_job_may_run_twice(cast: Cast, quick: None) -> None:
    run = planned(cast, to_plan(cast))
    before = begins(run)
    searching.run_search(run.pk)
    run.refresh_from_db()
    assert (run.state, begins(run)) == (RunState.DONE, before)


def test_a_search_that_was_given_up_meanwhile_writes_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(given: object, **more: object) -> Result:
        PlanRun.objects.update(beat_at=NOW - timedelta(hours=1))
        assert searching.give_up_silent(now=timezone.now()) == 1
        return plan_round(given, moves=50, compiled=False)  # type: ignore[arg-type]

    monkeypatch.setattr(searching, "plan_round", slow)
    run = planned(cast, to_plan(cast))
    assert (run.state, run.figures) == (RunState.FAILED, {"reason": "silent"})
    assert not run.planned.exists()


def test_a_search_can_be_stopped_with_the_best_plan_so_far(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "EVERY", 0.0)
    office, made = cast.viewer("office"), to_plan(cast)
    run = actions.start_plan(by=office, round=made, seconds=60)
    seen = []

    def watch(self: searching._Beat, progress: object, tell: object = searching._Beat.tell) -> None:
        if len(seen) == 3:
            actions.stop_plan(by=office, run=run)
        seen.append(progress)
        tell(self, progress)  # type: ignore[operator]

    monkeypatch.setattr(searching._Beat, "tell", watch)
    searching.run_search(run.pk)
    run.refresh_from_db()
    assert (run.state, run.figures["stopped"], run.figures["served"]) == (RunState.DONE, True, 6)
    assert 3 < len(seen) < 20


def test_one_that_did_not_begin_is_stopped_without_a_plan(cast: Cast) -> None:
    run = actions.start_plan(by=cast.viewer("office"), round=to_plan(cast), seconds=60)
    actions.stop_plan(by=cast.viewer("management"), run=run)
    searching.run_search(run.pk)
    run.refresh_from_db()
    assert (run.state, run.figures) == (RunState.FAILED, {"reason": "stopped"})


def test_a_round_has_one_search_at_a_time(cast: Cast) -> None:
    made = to_plan(cast)
    actions.start_plan(by=cast.viewer("office"), round=made, seconds=10)
    with pytest.raises(Refused, match="wordt al een planning"):
        actions.start_plan(by=cast.viewer("management"), round=made, seconds=10)


@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_who_begin_at_once_the_database_lets_one(cast: Cast, guarded: bool) -> None:
    made = to_plan(cast)
    if not guarded:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX one_plan_at_a_time")
    begun = 0
    for role in ("office", "management"):
        with suppress(Refused):
            actions.start_plan(by=cast.viewer(role), round=made, seconds=10)
            begun += 1
    assert begun == PlanRun.objects.going().filter(round=made).count() == (1 if guarded else 2)


@pytest.mark.parametrize(
    ("role", "may"),
    [("office", True), ("management", True), ("teacher", False), ("guardian", False), ("second_office", False)],
)
def test_who_begins_stops_and_throws_away(cast: Cast, quick: None, role: str, may: bool) -> None:
    run = planned(cast, made := to_plan(cast))
    by = cast.viewer(role)
    deeds = (
        lambda: actions.start_plan(by=by, round=made, seconds=10),
        lambda: actions.stop_plan(by=by, run=run),
        lambda: actions.discard_plan(by=by, run=run),
    )
    for deed in deeds:
        if may:
            deed()
        else:
            with pytest.raises(PermissionDenied):
                deed()
    assert PlanRun.objects.filter(pk=run.pk).exists() != may


def test_a_round_that_families_fill_is_not_planned_all_at_once(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        actions.start_plan(by=cast.viewer("office"), round=a_round(cast), seconds=10)


@pytest.mark.parametrize("by_video", [False, True])
def test_reading_a_round_asks_as_often_whatever_its_size(
    cast: Cast, django_assert_num_queries: object, by_video: bool
) -> None:
    from tests.meetings.planning import families

    made = to_plan(cast, by_video=by_video)
    with django_assert_num_queries(7):  # type: ignore[operator]
        planning.whole_round(made, now=NOW)
    families(cast, cast.five, 30)
    for child in Child.objects.filter(first_name__startswith="Kind"):
        make_party(cast, made, child)
    with django_assert_num_queries(7):  # type: ignore[operator]
        assert len(planning.whole_round(made, now=NOW).parties) == 36


def make_party(cast: Cast, made: Round, child: Child) -> Party:
    return Party.objects.create(
        school=cast.school, round=made, child=child, group=cast.five, audience=party(made, cast.child).audience
    )


def test_figures_follow_a_change_by_hand(cast: Cast, quick: None) -> None:
    run = planned(cast, to_plan(cast))
    run.planned.filter(party__child=cast.child).delete()
    told = planning.figures_of(planning.whole_round(run.round, now=NOW), run.planned.all())
    assert (told["served"], list(told["without"].values())) == (5, [planning.LEFT_OVER])


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_a_family_whose_planned_time_the_school_cancels_chooses_another_one_itself(
    cast: Cast, is_cancelled: bool
) -> None:
    made, office = to_plan(cast), cast.viewer("office")
    one, other = slots(made, cast.five)[:2]
    booking = actions.book_for_family(by=office, party=party(made, cast.child), slot=one)
    if is_cancelled:
        actions.cancel_booking(by=office, booking=booking)
    page = cast.client("guardian").get(f"/meetings/{made.public_id}/").content.decode()
    assert (f'data-slots="{other.public_id}"' in page) == is_cancelled
    if is_cancelled:
        assert book(cast, made, cast.child, other).slot == other
    else:
        with pytest.raises(PermissionDenied):
            book(cast, made, cast.child, other)
