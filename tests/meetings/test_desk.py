"""The pages on which office and management plan a round at once, change a plan and make it known."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from kring.meetings.actions import block
from kring.meetings.models import Booking, Party, PlannedMeeting, PlanRun, Round
from tests.cast import Cast, answers, expected
from tests.meetings.made_plans import a_plan, wish
from tests.meetings.planning import a_round, families, party, slots
from tests.meetings.test_publishing import left_of, planned

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
OFFICE = {"office", "management"}


def at(name: str, made: Round, *more: object) -> str:
    keys = [getattr(one, "public_id", one) for one in more]
    return reverse(f"meetings:{name}", args=[made.school.public_id, made.public_id, *keys])


def read(cast: Cast, address: str, **more: str) -> str:
    response = cast.client("office").get(address, more)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def send(cast: Cast, address: str, status: int = 200, **data: str) -> str:
    response = cast.client("office").post(address, data, follow=True)
    assert response.status_code == status, response.status_code
    return response.content.decode()


def test_the_round_leads_to_its_plans_only_where_the_school_fills_it(cast: Cast) -> None:
    own = a_round(cast, cast.five, filling="school")
    theirs = a_round(cast, cast.five, filling="families", name="Zelf")
    assert at("plans", own) in read(cast, at("round", own))
    assert at("plans", theirs) not in read(cast, at("round", theirs))
    assert cast.client("office").get(at("plans", theirs)).status_code == 404
    assert at("plans", own) not in cast.client("teacher").get(at("round", own)).content.decode()


def test_who_gets_to_the_pages(cast: Cast) -> None:
    run, made = planned(cast)
    for name in ("plans", "whole_plan", "publish_plan"):
        more = () if name == "plans" else (run,)
        assert answers(cast, at(name, made, *more)) == expected(404, _200=OFFICE), name
    assert answers(cast, at("move_time", made, run, party(made, cast.child))) == expected(404, _200=OFFICE)


def test_a_plan_is_begun_stopped_and_taken_away(cast: Cast) -> None:
    made = a_round(cast, cast.five, filling="school")
    wish(party(made, cast.child), slots(made, cast.five)[0])
    empty = read(cast, at("plans", made))
    assert "opgegeven: 1 van de" in empty
    html = send(cast, at("start_plan", made), seconds="10")
    run = PlanRun.objects.get()
    assert run.seconds == 10
    assert "<progress" in html
    assert "every 2s" in html
    again = send(cast, at("start_plan", made), seconds="10")
    assert PlanRun.objects.count() == 1
    assert "every 2s" in again
    send(cast, at("stop_plan", made, run))
    html = send(cast, at("discard_plan", made, run))
    assert not PlanRun.objects.exists()
    assert "every 2s" not in html


def test_plans_stand_beside_each_other_with_the_best_marked(cast: Cast) -> None:
    made = a_round(cast, cast.five, filling="school")
    base = {"total": 9, "families": 3, "rather_not": 1, "against": 0, "idle": 20, "extra_visits": 0}
    a_plan(made, {}, figures={**base, "served": 9, "adjoining": 2, "waiting": 40})
    a_plan(made, {}, figures={**base, "served": 8, "adjoining": 3, "waiting": 40})
    html = read(cast, at("plans", made))
    assert html.count("plan__best") == 2 + 1, "served and as wished of one, adjoining of the other; the rest is equal"
    assert html.count('<span class="tag tag--done">') == 1


def test_a_plan_shows_who_has_no_time_every_time_and_what_does_not_go(cast: Cast) -> None:
    run, made = planned(cast)
    block(by=cast.viewer("office"), slot=slots(made, cast.five)[1])
    html = read(cast, at("whole_plan", made, run))
    assert html.count("planline--fault") == 1
    for child in (cast.child, cast.sibling, cast.shielded):
        assert child.name in html
    by_day = read(cast, at("whole_plan", made, run), by="day")
    assert "Teacher Cast" in by_day


@pytest.mark.parametrize("value", ["party", "group", "sitting", "all"])
def test_times_are_locked_one_by_one_by_group_by_session_and_all(cast: Cast, value: str) -> None:
    run, made = planned(cast)
    own = party(made, cast.child)
    keys = {
        "party": own.public_id, "group": cast.five.public_id,
        "sitting": slots(made, cast.five)[0].sitting.public_id, "all": "",
    }  # fmt: skip
    number = {"party": 1, "group": 2, "sitting": 2, "all": 3}[value]
    send(cast, at("lock_times", made, run), lock=f"{value}:{keys[value]}", by="day", at="group-x")
    assert run.planned.filter(is_locked=True).count() == number
    send(cast, at("lock_times", made, run), free=f"{value}:{keys[value]}")
    assert not run.planned.filter(is_locked=True).exists()


def test_another_time_shows_conflicts_before_it_is_chosen(cast: Cast) -> None:
    run, made = planned(cast)
    own = party(made, cast.child)
    block(by=cast.viewer("office"), slot=slots(made, cast.five)[2])
    page = at("move_time", made, run, own)
    html = read(cast, page)
    assert cast.shielded.name in html, "who sits at the other moment"
    assert html.count("planline--fault") == 3, "kept free, and twice too near to the conversation of the sibling"
    free = slots(made, cast.five)[3]
    send(cast, page, slot=free.public_id)
    assert run.planned.get(party=own).slot == free
    refused = send(cast, page, 409, slot=slots(made, cast.five)[2].public_id)
    assert 'role="alert"' in refused
    assert run.planned.get(party=own).slot == free
    send(cast, at("take_out", made, run, own))
    assert not run.planned.filter(party=own).exists()


def test_the_rest_is_planned_again_from_a_plan(cast: Cast) -> None:
    run, made = planned(cast)
    send(cast, at("start_plan", made), seconds="30", based_on=run.public_id)
    assert PlanRun.objects.get(state="queued").based_on == run


def test_publishing_asks_to_confirm_who_has_no_time(cast: Cast) -> None:
    run, made = planned(cast)
    left = str(left_of(run))
    page = at("publish_plan", made, run)
    assert f'name="without" value="{left}"' in read(cast, page)
    send(cast, page, 409, without=left)
    send(cast, page, 409, without="0")
    assert not Booking.objects.exists()
    html = send(cast, page, without=left, confirmed="yes")
    assert Booking.objects.count() == 3
    assert at("plans", made) in html
    for name in ("plans", "whole_plan", "publish_plan"):
        read(cast, at(name, made, *(() if name == "plans" else (run,))))


def test_a_conflict_at_publishing_names_the_family(cast: Cast) -> None:
    run, made = planned(cast)
    left = str(left_of(run))
    block(by=cast.viewer("office"), slot=slots(made, cast.five)[1])
    html = send(cast, at("publish_plan", made, run), 409, without=left, confirmed="yes")
    assert cast.shielded.name in html
    assert 'name="without"' not in html, "no button while somebody stands in the way"


def test_an_empty_plan_and_one_that_failed_say_so(cast: Cast) -> None:
    made = a_round(cast, cast.five, filling="school")
    run = a_plan(made, {})
    a_plan(made, {}, state="failed", figures={"reason": "silent"})
    for name in ("whole_plan", "publish_plan"):
        assert "hint" in read(cast, at(name, made, run))
    assert "hint--advice" in read(cast, at("plans", made))
    failed = PlanRun.objects.get(state="failed")
    assert cast.client("office").get(at("whole_plan", made, failed)).status_code == 404


def test_the_pages_cost_the_same_for_many_families(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    families(cast, cast.six, 40)
    made = a_round(cast, cast.six, filling="school")
    parties = list(Party.objects.filter(round=made))
    run = a_plan(made, {})
    PlannedMeeting.objects.bulk_create(
        PlannedMeeting(run=run, party=one, slot=slot) for one, slot in zip(parties, slots(made, cast.six), strict=False)
    )
    client = cast.client("office")
    pages = {
        at("round", made): 31, at("plans", made): 18, at("whole_plan", made, run): 26,
        at("whole_plan", made, run) + "?by=day": 26, at("publish_plan", made, run): 26,
        at("move_time", made, run, parties[0]): 28,
    }  # fmt: skip
    for address, most in pages.items():
        client.get(address)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
